/* Private to expr: what can be called.
 *
 * A function is a row of the list in the file that has its kernels; the lists are named in
 * functions.c. The kernels of core/stats are functions over all rows besides. */
#ifndef BR_EXPR_FUNCTIONS_H
#define BR_EXPR_FUNCTIONS_H

#include "expr/build.h"

typedef struct br_expr_def br_expr_def;
typedef br_code (*br_expr_builder)(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                                   br_expr_ref *out, br_err *err);

struct br_expr_def {
  br_expr_function help; /* name, signature, help */
  size_t min, max;       /* arguments */
  br_expr_builder build;
  const char *types; /* br_expr_build_typed: a letter an argument, f i b s t */
  const void *what;  /* br_expr_build_typed: a br_expr_op */
};

enum { BR_EXPR_ANY = 100000 }; /* as many arguments as there are */

typedef struct br_expr_list {
  const br_expr_def *defs;
  size_t n;
} br_expr_list;
extern const br_expr_list br_expr_of_numbers, br_expr_of_values, br_expr_of_text, br_expr_of_times,
    br_expr_of_columns;

/* Converts the arguments to def's types and calls its op. */
br_code br_expr_build_typed(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                            br_expr_ref *out, br_err *err) BR_MUST_USE;
/* A statistic over all rows; BR_ENOTFOUND where site->name is none. */
br_code br_expr_build_kernel(br_expr *e, const br_expr_site *site, br_expr_ref *out,
                             br_err *err) BR_MUST_USE;
/* min and max of one argument. */
br_code br_expr_build_extreme(br_expr *e, const br_expr_site *site, br_expr_ref *out,
                              br_err *err) BR_MUST_USE;
/* Builds the call that the site describes. */
br_code br_expr_build_call(br_expr *e, const br_expr_site *site, br_expr_ref *out,
                           br_err *err) BR_MUST_USE;
bool br_expr_is_function(const char *name);

#endif
