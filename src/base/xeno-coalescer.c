/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns a storm of requests into one call per interval. */
#include "config.h"

#include "base/xeno-coalescer.h"

struct _XenoCoalescer
{
  GObject            parent_instance;
  guint              interval_ms;
  XenoCoalescerFunc  func;
  gpointer           user_data;
  guint              source_id;
  gint64             last_call_us;
};

G_DEFINE_FINAL_TYPE (XenoCoalescer, xeno_coalescer, G_TYPE_OBJECT)

static gboolean
call_cb (gpointer user_data)
{
  XenoCoalescer *self = user_data;

  self->source_id = 0;
  self->last_call_us = g_get_monotonic_time ();
  self->func (self->user_data);
  return G_SOURCE_REMOVE;
}

static void
xeno_coalescer_dispose (GObject *object)
{
  xeno_coalescer_cancel (XENO_COALESCER (object));

  G_OBJECT_CLASS (xeno_coalescer_parent_class)->dispose (object);
}

static void
xeno_coalescer_class_init (XenoCoalescerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_coalescer_dispose;
}

static void
xeno_coalescer_init (XenoCoalescer *self)
{
}

/**
 * xeno_coalescer_new:
 * @interval_ms: the least time between two calls, in milliseconds
 * @func: (scope forever): what to call
 * @user_data: passed to @func; it must outlive the coalescer
 *
 * Makes a coalescer. A first trigger calls at the next turn of the main loop; those that follow
 * within the interval share one call at its end.
 *
 * Returns: (transfer full): the coalescer
 */
XenoCoalescer *
xeno_coalescer_new (guint              interval_ms,
                    XenoCoalescerFunc  func,
                    gpointer           user_data)
{
  XenoCoalescer *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (XENO_TYPE_COALESCER, NULL);
  self->interval_ms = interval_ms;
  self->func = func;
  self->user_data = user_data;
  self->last_call_us = g_get_monotonic_time () - (gint64) interval_ms * 1000;
  return self;
}

/**
 * xeno_coalescer_trigger:
 * @self: a coalescer
 *
 * Asks for a call. Cheap, however often it is done.
 */
void
xeno_coalescer_trigger (XenoCoalescer *self)
{
  gint64 elapsed_ms;

  g_return_if_fail (XENO_IS_COALESCER (self));

  if (self->source_id != 0)
    return;

  elapsed_ms = (g_get_monotonic_time () - self->last_call_us) / 1000;
  if (elapsed_ms >= self->interval_ms)
    self->source_id = g_idle_add_full (G_PRIORITY_DEFAULT, call_cb, self, NULL);
  else
    self->source_id = g_timeout_add (self->interval_ms - elapsed_ms, call_cb, self);
}

/**
 * xeno_coalescer_cancel:
 * @self: a coalescer
 *
 * Forgets a call that was asked for and has not happened.
 */
void
xeno_coalescer_cancel (XenoCoalescer *self)
{
  g_return_if_fail (XENO_IS_COALESCER (self));

  g_clear_handle_id (&self->source_id, g_source_remove);
}
