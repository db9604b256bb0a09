/* See interrupt.h. A lock-free atomic is one of the few things that a handler may write. */
#include "base/interrupt.h"

#include <stdatomic.h>

static atomic_bool raised;

void br_interrupt_raise(void)
{
  atomic_store(&raised, true);
}

void br_interrupt_clear(void)
{
  atomic_store(&raised, false);
}

bool br_interrupt_is_raised(void)
{
  return atomic_load_explicit(&raised, memory_order_relaxed);
}

br_code br_interrupt_check(br_err *err)
{
  return br_interrupt_is_raised() ? br_fail(err, BR_EINTR, "interrupted") : BR_OK;
}
