/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns a storm of requests into one call per interval. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XENO_TYPE_COALESCER (xeno_coalescer_get_type ())

G_DECLARE_FINAL_TYPE (XenoCoalescer, xeno_coalescer, XENO, COALESCER, GObject)

/**
 * XenoCoalescerFunc:
 * @user_data: what xeno_coalescer_new() was given
 *
 * Called in the main context, at most once an interval.
 */
typedef void (*XenoCoalescerFunc) (gpointer user_data);

XenoCoalescer *xeno_coalescer_new     (guint              interval_ms,
                                       XenoCoalescerFunc  func,
                                       gpointer           user_data);
void           xeno_coalescer_trigger (XenoCoalescer     *self);
void           xeno_coalescer_cancel  (XenoCoalescer     *self);

G_END_DECLS
