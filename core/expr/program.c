/* Names, messages and memory of expressions; see program.h. */
#include "expr/program.h"

#include "base/vec.h"
#include "frame/text.h"

#include <stdio.h>

const char *br_expr_type_name(br_xtype type)
{
  return type == BR_X_NIL ? "nil" : br_type_name((br_type)type);
}

/* The column of an editor: characters of UTF-8, from 1. */
static size_t column_at(const br_expr_program *program, size_t at)
{
  size_t column = 1;
  for (size_t i = 0; i < at && i < program->len; i++)
    column += ((unsigned char)program->text[i] & 0xC0) != 0x80;
  return column;
}

br_code br_expr_fail(const br_expr_program *program, size_t at, br_code code, br_err *err,
                     const char *fmt, ...)
{
  char message[BR_ERR_MSG_MAX];
  char shown[BR_SHOWN_MAX];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(message, sizeof message, fmt, args);
  va_end(args);
  return br_fail(err, code, "expression '%s', column %zu: %s",
                 br_shown(shown, program->text, program->len), column_at(program, at), message);
}

br_code br_expr_fail_row(const br_expr_call *call, size_t i, br_err *err, const char *fmt, ...)
{
  char message[BR_ERR_MSG_MAX];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(message, sizeof message, fmt, args);
  va_end(args);
  if (call->program->constant)
    return br_expr_fail(call->program, call->node->at, BR_ERANGE, err, "%s", message);
  return br_expr_fail(call->program, call->node->at, BR_ERANGE, err, "row %zu: %s",
                      call->first + i + 1, message);
}

/* Chunks double up to a limit, so that few are made. */
struct br_expr_chunk {
  struct br_expr_chunk *next;
  size_t used, size;
  char bytes[];
};

enum { FIRST_CHUNK = 8192, LARGE_CHUNK = 1 << 20 };

static struct br_expr_chunk *add_chunk(br_expr_arena *arena, size_t size)
{
  size_t usual = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
  usual = usual < LARGE_CHUNK ? usual : LARGE_CHUNK;
  size_t wanted = size > usual ? size : usual;
  if (wanted > SIZE_MAX - sizeof(struct br_expr_chunk))
    return NULL;
  struct br_expr_chunk *chunk = br_alloc(sizeof *chunk + wanted);
  if (!chunk)
    return NULL;
  *chunk = (struct br_expr_chunk){.next = arena->chunks, .size = wanted};
  arena->chunks = chunk;
  return chunk;
}

void *br_expr_arena_take(br_expr_arena *arena, size_t size)
{
  struct br_expr_chunk *chunk = arena->chunks;
  if (size > SIZE_MAX - 8)
    return NULL;
  size = (size + 7) & ~(size_t)7;
  if (!chunk || chunk->size - chunk->used < size)
    chunk = add_chunk(arena, size);
  if (!chunk)
    return NULL;
  void *taken = chunk->bytes + chunk->used;
  chunk->used += size;
  return taken;
}

static void free_chunks(struct br_expr_chunk *chunk)
{
  while (chunk) {
    struct br_expr_chunk *next = chunk->next;
    br_free(chunk);
    chunk = next;
  }
}

void br_expr_arena_reset(br_expr_arena *arena)
{
  if (!arena->chunks)
    return;
  free_chunks(arena->chunks->next);
  arena->chunks->next = NULL;
  arena->chunks->used = 0;
}

void br_expr_arena_clear(br_expr_arena *arena)
{
  free_chunks(arena->chunks);
  arena->chunks = NULL;
}
