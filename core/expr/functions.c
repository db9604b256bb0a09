/* The list of functions, and calls by name; see functions.h. */
#include "expr/functions.h"

#include "base/nearest.h"
#include "base/vec.h"
#include "frame/text.h"
#include "stats/kernel.h"

#include <stdlib.h>
#include <string.h>

enum { LISTS = 5, FUNCTIONS_MAX = 256 };

static const br_expr_list *const lists[LISTS] = {
    &br_expr_of_numbers, &br_expr_of_values,  &br_expr_of_text,
    &br_expr_of_times,   &br_expr_of_columns,
};

static const br_expr_def *find(const char *name)
{
  for (size_t i = 0; i < LISTS; i++)
    for (size_t k = 0; k < lists[i]->n; k++)
      if (strcmp(lists[i]->defs[k].help.name, name) == 0)
        return &lists[i]->defs[k];
  return NULL;
}

bool br_expr_is_function(const char *name)
{
  return find(name) || br_kernel_find(name);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(((const br_expr_function *)a)->name, ((const br_expr_function *)b)->name);
}

/* All of them in order of name; returns how many. */
static size_t list_all(br_expr_function all[FUNCTIONS_MAX])
{
  size_t n = 0;
  size_t nkernels = 0;
  const br_kernel *const *kernels = br_kernel_list(&nkernels);
  for (size_t i = 0; i < LISTS; i++)
    for (size_t k = 0; k < lists[i]->n && n < FUNCTIONS_MAX; k++)
      all[n++] = lists[i]->defs[k].help;
  for (size_t i = 0; i < nkernels && n < FUNCTIONS_MAX; i++)
    if (!find(kernels[i]->name))
      all[n++] = (br_expr_function){kernels[i]->name, "(x)", kernels[i]->help};
  qsort(all, n, sizeof *all, by_name);
  return n;
}

size_t br_expr_function_count(void)
{
  br_expr_function all[FUNCTIONS_MAX];
  return list_all(all);
}

br_expr_function br_expr_function_at(size_t i)
{
  br_expr_function all[FUNCTIONS_MAX];
  (void)list_all(all);
  return all[i];
}

static br_code fail_unknown(br_expr *e, const br_expr_site *site, br_err *err)
{
  br_expr_function all[FUNCTIONS_MAX];
  const char *names[FUNCTIONS_MAX];
  char shown[BR_SHOWN_MAX];
  size_t n = list_all(all);
  for (size_t i = 0; i < n; i++)
    names[i] = all[i].name;
  size_t near = br_nearest(site->name, names, n);
  br_shown(shown, site->name, strlen(site->name));
  if (near == n)
    return br_expr_fail(&e->program, site->at, BR_ENOTFOUND, err, "no function '%s'", shown);
  return br_expr_fail(&e->program, site->at, BR_ENOTFOUND, err,
                      "no function '%s'; did you mean '%s'?", shown, names[near]);
}

/* math.floor and string.lower are floor and lower. */
static const char *without_library(const char *name)
{
  if (strncmp(name, "math.", 5) == 0)
    return name + 5;
  return strncmp(name, "string.", 7) == 0 ? name + 7 : name;
}

br_code br_expr_build_call(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_expr_site own = *site;
  own.name = without_library(site->name);
  const br_expr_def *def = find(own.name);
  if (!def)
    return br_kernel_find(own.name) ? br_expr_build_kernel(e, &own, out, err)
                                    : fail_unknown(e, site, err);
  if (own.nargs < def->min || own.nargs > def->max)
    return br_expr_fail(&e->program, site->at, BR_EPARSE, err, "call it as %s%s", own.name,
                        def->help.signature);
  return def->build(e, &own, def, out, err);
}

static br_xtype type_of_letter(char letter)
{
  switch (letter) {
  case 'f':
    return BR_X_F64;
  case 'i':
    return BR_X_I64;
  case 'b':
    return BR_X_BOOL;
  case 's':
    return BR_X_STR;
  default:
    return BR_X_TIME;
  }
}

br_code br_expr_build_typed(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                            br_expr_ref *out, br_err *err)
{
  for (size_t k = 0; k < site->nargs; k++)
    BR_TRY(br_expr_want(e, site, k, type_of_letter(def->types[k]), err));
  return br_expr_call_op(e, def->what, site, out, err);
}
