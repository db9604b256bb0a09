/* An interpreter: a stack machine runs a program that finds pi as the integral of 4 / (1 + x^2)
 * from 0 to 1, strip by strip.
 *
 * In the set for its dispatch: one jump through a table for each instruction, state to keep in
 * registers across it, and arithmetic that no optimisation can see through, as the program is data.
 * The count of instructions is exact (the loop counts in whole numbers); the integral may be
 * rounded differently.
 */
#include "bench.h"

enum { STRIPS = 500, STEPS = 7000, TOTAL = STRIPS * STEPS, DEPTH = 8 };

typedef enum opcode { PUSH, LOAD, STORE, ADD, MULTIPLY, DIVIDE, JUMP_IF_LESS, HALT } opcode;

typedef struct instruction {
  opcode code;
  uint32_t operand; /* a slot, or where to jump */
  REAL number;
} instruction;

enum { X, SUM, COUNT, END, SLOTS };

/* do { x = (count + 0.5) / TOTAL; sum += 4 / (1 + x * x); count += 1; } while (count < end) */
/* clang-format off */
static const instruction program[] = {
    {LOAD, COUNT, 0}, {PUSH, 0, (REAL)0.5}, {ADD, 0, 0},
    {PUSH, 0, TOTAL}, {DIVIDE, 0, 0}, {STORE, X, 0},
    {LOAD, SUM, 0}, {PUSH, 0, 4}, {PUSH, 0, 1},
    {LOAD, X, 0}, {LOAD, X, 0}, {MULTIPLY, 0, 0}, {ADD, 0, 0},
    {DIVIDE, 0, 0}, {ADD, 0, 0}, {STORE, SUM, 0},
    {LOAD, COUNT, 0}, {PUSH, 0, 1}, {ADD, 0, 0}, {STORE, COUNT, 0},
    {LOAD, COUNT, 0}, {LOAD, END, 0}, {JUMP_IF_LESS, 0, 0}, {HALT, 0, 0},
};
/* clang-format on */

/* Runs `code` to its HALT and returns the number of instructions done. */
static uint64_t run(const instruction *code, REAL *slots)
{
  REAL stack[DEPTH] = {0}, *top = stack; /* the next free place */
  const instruction *at = code;
  for (uint64_t done = 1;; done++) {
    const instruction *now = at++;
    switch (now->code) {
    case PUSH:
      *top++ = now->number;
      break;
    case LOAD:
      *top++ = slots[now->operand];
      break;
    case STORE:
      slots[now->operand] = *--top;
      break;
    case ADD:
      top--;
      top[-1] += *top;
      break;
    case MULTIPLY:
      top--;
      top[-1] *= *top;
      break;
    case DIVIDE:
      top--;
      top[-1] /= *top;
      break;
    case JUMP_IF_LESS:
      top -= 2;
      if (top[0] < top[1])
        at = code + now->operand;
      break;
    case HALT:
      return done;
    }
  }
}

int main(void)
{
  uint64_t instructions = 0;
  double pi = 0;
  for (int i = 0; i < STRIPS; i++) {
    REAL slots[SLOTS] = {[COUNT] = (REAL)(i * STEPS), [END] = (REAL)((i + 1) * STEPS)};
    instructions += run(program, slots);
    pi += (double)slots[SUM] / TOTAL;
  }
  bench_checksum("instructions", instructions);
  bench_value("pi", pi);
  return 0;
}
