/* Private to expr: text to tokens, by the rules of Lua 5.4 (manual, section 3.1). */
#ifndef BR_EXPR_LEX_H
#define BR_EXPR_LEX_H

#include "expr/program.h"

typedef enum br_expr_token_kind {
  BR_T_END,
  BR_T_NAME,   /* a name, maybe with dots */
  BR_T_QUOTED, /* `a column` */
  BR_T_I64,
  BR_T_F64,
  BR_T_STR,
  BR_T_OP, /* of one or two characters, and the words and or not true false nil */
} br_expr_token_kind;

typedef struct br_expr_token {
  br_expr_token_kind kind;
  size_t at;
  size_t len; /* in the text */
  br_expr_value value;
} br_expr_token;

/* Zero-initialise, set program and arena. */
typedef struct br_expr_lexer {
  const br_expr_program *program;
  br_expr_arena *arena; /* for names and strings */
  size_t at;
} br_expr_lexer;

br_code br_expr_lex(br_expr_lexer *lexer, br_expr_token *token, br_err *err) BR_MUST_USE;

#endif
