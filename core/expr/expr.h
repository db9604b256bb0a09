/* Expressions over the columns of a frame, given as text in the syntax of Lua 5.4.
 *
 * Text is compiled once against a frame: names become columns, types are checked, constants folded.
 * Evaluation works on blocks of rows, on all cores, and calls no Lua.
 *
 * Names: a column by its name (letters, digits, _, bytes from 0x80 on, and dots between them), by
 * `any name` in backquotes or by col("any name"). Values: numbers, strings and long strings as in
 * Lua, true, false, nil. Operators with Lua's precedence: or and < > <= >= ~= == .. + - * / // %
 * not # - ^. Calls: f(a, b) or a:f(b). Functions: br_expr_function_at.
 *
 * Types: f64, i64, bool, string, timestamp. + - * // % of two i64 are i64, and a result that does
 * not fit is BR_ERANGE and names the row; / and ^ are f64; an i64 and an f64 meet as f64. // and %
 * round down as in Lua; by the i64 0 they give null, by the f64 0 what IEEE 754 says. i64 and f64
 * compare exactly. Strings compare by byte. A string constant beside a timestamp is read as one;
 * timestamp - timestamp is seconds, timestamp ± seconds a timestamp. .. writes what is no string as
 * str() does.
 *
 * A string column of nulls only, such as an empty column of a CSV file, meets any type.
 *
 * Nulls: an operator or function gives null where an argument is null. Exceptions: x == nil and
 * x ~= nil ask for it; null and false is false; `a or b` is b where a is null (or, of bools, false).
 * For b that is no bool, `a and b` is b where a is true (no bool: not null), else null; so
 * `c and x or y` works as in Lua. NaN is no null: it compares as IEEE 754 says. */
#ifndef BR_EXPR_EXPR_H
#define BR_EXPR_EXPR_H

#include "frame/frame.h"

/* Limits: what is beyond them is BR_EPARSE, so that no text exhausts the stack or memory. */
#define BR_EXPR_TEXT_MAX 65536
#define BR_EXPR_DEPTH_MAX 200
#define BR_EXPR_NODES_MAX 16384

/* A compiled expression. Ends in br_expr_free. Holds the columns that it names, so the frame may go
 * before it. Not changed by evaluation. */
typedef struct br_expr br_expr;

/* BR_EPARSE for what is no expression, BR_ENOTFOUND for an unknown column or function (the message
 * names a near one), BR_ETYPE, BR_ERANGE where a constant part overflows. Messages read "expression
 * 'TEXT', column N: what is wrong". text need not be NUL-terminated. */
br_code br_expr_compile(br_expr **out, const char *text, size_t len, const br_frame *frame,
                        br_err *err) BR_MUST_USE;
void br_expr_free(br_expr *expr); /* NULL is fine */

/* Of the result. Of nil alone: BR_F64. */
br_type br_expr_type(const br_expr *expr);

/* A column of as many rows as the frame has. An expression that only names a column gives that
 * column. BR_ERANGE names the first row whose value does not fit. The codes of a string column are
 * numbered by first use, or as in the column that the strings were made from; the result does not
 * depend on the number of threads. */
br_code br_expr_eval(br_column **out, const br_expr *expr, br_err *err) BR_MUST_USE;

/* The frame's rows where the expression is true; BR_ETYPE unless it is a bool. The frame is the one
 * that it was compiled for, or one of as many rows (BR_EINVAL). */
br_code br_expr_where(br_frame **out, const br_expr *expr, const br_frame *frame,
                      br_err *err) BR_MUST_USE;

/* What can be called, for help: sorted by name. */
typedef struct br_expr_function {
  const char *name;
  const char *signature; /* "(x, digits)" */
  const char *help;      /* a sentence or two */
} br_expr_function;
size_t br_expr_function_count(void);
br_expr_function br_expr_function_at(size_t i); /* i < count */

#endif
