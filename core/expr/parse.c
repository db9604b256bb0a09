/* The parser: Lua's expressions by precedence climbing, built as they are read. See expr.h. */
#include "expr/build.h"
#include "expr/functions.h"
#include "expr/lex.h"

#include "base/nearest.h"
#include "base/vec.h"
#include "frame/text.h"

#include <string.h>

struct parser {
  br_expr *e;
  br_expr_lexer lexer;
  br_expr_token token; /* the next one */
  size_t depth;
  br_expr_ref *args; /* of the calls that are being read, innermost last */
  size_t nargs, cap;
};

static br_code parse_expr(struct parser *p, int limit, br_expr_ref *out, br_err *err);

static br_code advance(struct parser *p, br_err *err)
{
  return br_expr_lex(&p->lexer, &p->token, err);
}

static bool sees(const struct parser *p, const char *op)
{
  return p->token.kind == BR_T_OP && strcmp(p->token.value.str.s, op) == 0;
}

static br_code fail_unexpected(const struct parser *p, const char *wanted, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  const br_expr_program *program = &p->e->program;
  if (p->token.kind == BR_T_END)
    return br_expr_fail(program, p->token.at, BR_EPARSE, err, "%s expected, but it ends here",
                        wanted);
  br_shown(shown, program->text + p->token.at, p->token.len);
  return br_expr_fail(program, p->token.at, BR_EPARSE, err, "%s expected, not '%s'", wanted, shown);
}

static br_code expect(struct parser *p, const char *op, br_err *err)
{
  char wanted[8] = {'\'', op[0], '\'', '\0'};
  return sees(p, op) ? advance(p, err) : fail_unexpected(p, wanted, err);
}

/* Columns. */

static br_code fail_column(const br_expr *e, const char *name, size_t at, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  size_t ncol = br_frame_ncol(e->frame);
  br_shown(shown, name, strlen(name));
  if (br_expr_is_function(name))
    return br_expr_fail(&e->program, at, BR_ENOTFOUND, err,
                        "no column '%s'; the function is called as %s(...)", shown, shown);
  const char **names = br_calloc(ncol, sizeof *names);
  if (!names)
    return br_fail_nomem(err);
  for (size_t i = 0; i < ncol; i++)
    names[i] = br_frame_name(e->frame, i);
  size_t i = br_nearest(name, names, ncol);
  const char *near = i < ncol ? names[i] : NULL;
  br_free(names);
  if (!near)
    return br_expr_fail(&e->program, at, BR_ENOTFOUND, err, "no column '%s'", shown);
  char shown_near[BR_SHOWN_MAX];
  return br_expr_fail(&e->program, at, BR_ENOTFOUND, err, "no column '%s'; did you mean '%s'?",
                      shown, br_shown(shown_near, near, strlen(near)));
}

/* A column that is named twice is one node. */
static bool find_node(const br_expr *e, const br_column *column, br_expr_ref *out)
{
  for (size_t i = 0; i < e->program.n; i++) {
    *out = (br_expr_ref)i;
    if (e->program.nodes[i].kind == BR_NODE_COLUMN && e->program.nodes[i].column == column)
      return true;
  }
  return false;
}

static br_code add_column(br_expr *e, const br_expr_span *name, size_t at, br_expr_ref *out,
                          br_err *err)
{
  size_t number = 0;
  if (strlen(name->s) != name->len)
    return br_expr_fail(&e->program, at, BR_ENOTFOUND, err, "a column's name holds no NUL");
  if (!br_frame_has(e->frame, name->s))
    return fail_column(e, name->s, at, err);
  BR_TRY(br_frame_find(e->frame, name->s, &number, err));
  br_column *column = br_frame_column(e->frame, number);
  if (find_node(e, column, out))
    return BR_OK;
  br_expr_node node = {.kind = BR_NODE_COLUMN, .at = at, .stable = true};
  node.type = (br_xtype)br_column_type(column);
  node.may_null = br_column_null_count(column) > 0;
  node.blank = node.type == BR_X_STR && br_column_null_count(column) == br_column_len(column);
  node.column = column;
  BR_TRY(br_expr_add(e, &node, out, err));
  br_column_retain(column);
  return BR_OK;
}

/* Calls. */

static br_code push_arg(struct parser *p, br_expr_ref ref, br_err *err)
{
  BR_TRY(br_vec_reserve(&p->args, &p->cap, p->nargs + 1, err));
  p->args[p->nargs++] = ref;
  return BR_OK;
}

/* Behind '('. */
static br_code parse_args(struct parser *p, br_err *err)
{
  if (sees(p, ")"))
    return advance(p, err);
  for (;;) {
    br_expr_ref arg = 0;
    BR_TRY(parse_expr(p, 0, &arg, err));
    BR_TRY(push_arg(p, arg, err));
    if (!sees(p, ","))
      return expect(p, ")", err);
    BR_TRY(advance(p, err));
  }
}

/* col("any name") */
static br_code call_col(struct parser *p, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  const br_expr_node *arg = site->nargs == 1 ? br_expr_at(p->e, site->args[0]) : NULL;
  if (!arg || arg->kind != BR_NODE_CONST || arg->type != BR_X_STR || arg->value.null)
    return br_expr_fail(&p->e->program, site->at, BR_EPARSE, err,
                        "call it as col(\"name of a column\")");
  char *name = br_expr_arena_take(&p->e->arena, arg->value.str.len + 1);
  if (!name)
    return br_fail_nomem(err);
  memcpy(name, arg->value.str.s, arg->value.str.len);
  name[arg->value.str.len] = '\0';
  br_expr_span span = {name, arg->value.str.len};
  return add_column(p->e, &span, site->at, out, err);
}

/* The token is '('; the arguments from number `first` on belong to the call. */
static br_code parse_call(struct parser *p, const br_expr_token *name, size_t first,
                          br_expr_ref *out, br_err *err)
{
  BR_TRY(expect(p, "(", err));
  BR_TRY(parse_args(p, err));
  br_expr_ref none = 0; /* an address for no arguments */
  br_expr_site site = {.name = name->value.str.s, .at = name->at, .args = &none};
  site.nargs = p->nargs - first;
  if (site.nargs > 0)
    site.args = p->args + first;
  p->nargs = first;
  if (strcmp(site.name, "col") == 0)
    return call_col(p, &site, out, err);
  return br_expr_build_call(p->e, &site, out, err);
}

/* x:name(…) is name(x, …); the token is ':'. */
static br_code parse_method(struct parser *p, br_expr_ref *out, br_err *err)
{
  size_t first = p->nargs;
  BR_TRY(advance(p, err));
  br_expr_token name = p->token;
  if (name.kind != BR_T_NAME)
    return fail_unexpected(p, "the name of a function", err);
  BR_TRY(push_arg(p, *out, err));
  BR_TRY(advance(p, err));
  return parse_call(p, &name, first, out, err);
}

/* Values. */

static br_code parse_name(struct parser *p, br_expr_ref *out, br_err *err)
{
  br_expr_token name = p->token;
  BR_TRY(advance(p, err));
  if (name.kind == BR_T_NAME && sees(p, "("))
    return parse_call(p, &name, p->nargs, out, err);
  return add_column(p->e, &name.value.str, name.at, out, err);
}

static br_code parse_const(struct parser *p, br_xtype type, br_expr_ref *out, br_err *err)
{
  br_expr_token token = p->token;
  BR_TRY(advance(p, err));
  return br_expr_const(p->e, type, &token.value, token.at, out, err);
}

static br_code parse_word(struct parser *p, br_expr_ref *out, br_err *err)
{
  if (sees(p, "true") || sees(p, "false")) {
    p->token.value.boolean = sees(p, "true");
    return parse_const(p, BR_X_BOOL, out, err);
  }
  if (sees(p, "nil")) {
    p->token.value.null = true;
    return parse_const(p, BR_X_NIL, out, err);
  }
  if (!sees(p, "("))
    return fail_unexpected(p, "a value", err);
  BR_TRY(advance(p, err));
  BR_TRY(parse_expr(p, 0, out, err));
  return expect(p, ")", err);
}

static br_code parse_primary(struct parser *p, br_expr_ref *out, br_err *err)
{
  switch (p->token.kind) {
  case BR_T_I64:
    return parse_const(p, BR_X_I64, out, err);
  case BR_T_F64:
    return parse_const(p, BR_X_F64, out, err);
  case BR_T_STR:
    return parse_const(p, BR_X_STR, out, err);
  case BR_T_NAME:
  case BR_T_QUOTED:
    return parse_name(p, out, err);
  default:
    return parse_word(p, out, err);
  }
}

/* Operators. */

struct binary {
  const char *text;
  int left, right; /* how strongly it binds to either side; left < right: to the left first */
};

enum { UNARY_LIMIT = 12 };

static const struct binary operators[] = {
    {"or", 1, 1},  {"and", 2, 2},  {"<", 3, 3},   {">", 3, 3},   {"<=", 3, 3},  {">=", 3, 3},
    {"~=", 3, 3},  {"==", 3, 3},   {"..", 9, 8},  {"+", 10, 10}, {"-", 10, 10}, {"*", 11, 11},
    {"/", 11, 11}, {"//", 11, 11}, {"%", 11, 11}, {"^", 14, 13},
};

static const struct binary *next_operator(const struct parser *p)
{
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (sees(p, operators[i].text))
      return &operators[i];
  return NULL;
}

static br_code parse_operand(struct parser *p, br_expr_ref *out, br_err *err)
{
  br_expr_token token = p->token;
  if (sees(p, "not") || sees(p, "-") || sees(p, "#")) {
    BR_TRY(advance(p, err));
    BR_TRY(parse_expr(p, UNARY_LIMIT, out, err));
    return br_expr_unary(p->e, token.value.str.s, token.at, out, err);
  }
  br_code code = parse_primary(p, out, err);
  while (code == BR_OK && sees(p, ":"))
    code = parse_method(p, out, err);
  return code;
}

/* The token is op, *out what stands before it. */
static br_code parse_rest(struct parser *p, const struct binary *op, br_expr_ref *out, br_err *err)
{
  size_t at = p->token.at;
  br_expr_ref pair[2] = {*out, 0};
  BR_TRY(advance(p, err));
  BR_TRY(parse_expr(p, op->right, &pair[1], err));
  return br_expr_binary(p->e, op->text, at, pair, out, err);
}

static br_code parse_operators(struct parser *p, int limit, br_expr_ref *out, br_err *err)
{
  br_code code = parse_operand(p, out, err);
  while (code == BR_OK) {
    const struct binary *op = next_operator(p);
    if (!op || op->left <= limit)
      break;
    code = parse_rest(p, op, out, err);
  }
  return code;
}

/* Of operators that bind more strongly than limit. */
static br_code parse_expr(struct parser *p, int limit, br_expr_ref *out, br_err *err)
{
  if (p->depth >= BR_EXPR_DEPTH_MAX)
    return br_expr_fail(&p->e->program, p->token.at, BR_EPARSE, err,
                        "the expression is nested too deeply");
  p->depth++;
  br_code code = parse_operators(p, limit, out, err);
  p->depth--;
  return code;
}

static br_code parse_all(struct parser *p, br_err *err)
{
  BR_TRY(advance(p, err));
  if (p->token.kind == BR_T_END)
    return br_expr_fail(&p->e->program, 0, BR_EPARSE, err, "it is empty");
  BR_TRY(parse_expr(p, 0, &p->e->root, err));
  return p->token.kind == BR_T_END ? BR_OK : fail_unexpected(p, "an operator", err);
}

static br_code parse(br_expr *e, const char *text, size_t len, br_err *err)
{
  char *copy = br_expr_arena_take(&e->arena, len);
  if (!copy)
    return br_fail_nomem(err);
  if (len)
    memcpy(copy, text, len);
  e->program.text = copy;
  e->program.len = len;
  struct parser p = {.e = e, .lexer = {.program = &e->program, .arena = &e->arena}};
  br_code code = parse_all(&p, err);
  br_free(p.args);
  return code;
}

br_code br_expr_compile(br_expr **out, const char *text, size_t len, const br_frame *frame,
                        br_err *err)
{
  if (len > BR_EXPR_TEXT_MAX)
    return br_fail(err, BR_EPARSE, "an expression has at most %d bytes, this one %zu",
                   BR_EXPR_TEXT_MAX, len);
  br_expr *e = br_calloc(1, sizeof *e);
  if (!e)
    return br_fail_nomem(err);
  e->frame = frame;
  e->program.nrow = br_frame_nrow(frame);
  br_code code = parse(e, text, len, err);
  e->frame = NULL;
  if (code != BR_OK) {
    br_expr_free(e);
    return code;
  }
  *out = e;
  return BR_OK;
}

void br_expr_free(br_expr *e)
{
  if (!e)
    return;
  for (size_t i = 0; i < e->program.n; i++)
    if (e->program.nodes[i].kind == BR_NODE_COLUMN)
      br_column_release(e->program.nodes[i].column);
  for (br_expr_pattern *pattern = e->patterns; pattern;) {
    br_expr_pattern *next = pattern->next;
    regfree(&pattern->regex);
    br_free(pattern);
    pattern = next;
  }
  br_free(e->program.nodes);
  br_expr_arena_clear(&e->arena);
  br_free(e);
}

br_type br_expr_type(const br_expr *e)
{
  br_xtype type = br_expr_at(e, e->root)->type;
  return type == BR_X_NIL ? BR_F64 : (br_type)type;
}

br_code br_expr_eval(br_column **out, const br_expr *e, br_err *err)
{
  return br_expr_run(out, &e->program, e->root, err);
}

br_code br_expr_where(br_frame **out, const br_expr *e, const br_frame *frame, br_err *err)
{
  br_column *mask = NULL;
  if (br_expr_at(e, e->root)->type != BR_X_BOOL)
    return br_expr_fail(&e->program, 0, BR_ETYPE, err, "a condition is bool, this is %s",
                        br_expr_type_name(br_expr_at(e, e->root)->type));
  if (br_frame_nrow(frame) != e->program.nrow)
    return br_fail(err, BR_EINVAL, "the expression was compiled for %zu rows, the frame has %zu",
                   e->program.nrow, br_frame_nrow(frame));
  BR_TRY(br_expr_eval(&mask, e, err));
  br_code code = br_frame_filter_mask(out, frame, mask, err);
  br_column_release(mask);
  return code;
}
