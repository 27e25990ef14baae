/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers what changed on the guest's screen and decides when it is worth a repaint. */
#include "config.h"

#include "console/xeno-frame.h"

/* More rectangles than this cost more to keep apart than to repaint between. */
#define MAX_RECTANGLES 64

/* A paint that took longer than this is followed by a rest of half its time: the main loop serves
 * the frame clock before everything else, and input would starve. */
#define SLOW_PAINT_US 10000

/* A guest that repaints its whole screen does so in many pieces. When the last frame was one of
 * those (an eighth of the screen or more), wait this long for the rest of the next. */
#define GATHER_US     8000
#define LARGE_DIVISOR 8

/* What is shown past GTK is shown at once, but no more often than this. */
#define SHOW_INTERVAL_US 8000

struct _XenoFrame
{
  GObject         parent_instance;

  GtkWidget      *widget;
  cairo_region_t *damage;
  gint64          screen_area;
  gboolean        is_queued;
  guint           rest_id;
  gint64          rest_until_us;
  gint64          gather_us;
  XenoFrameShow   show;
  gpointer        show_data;

  GdkToplevel    *toplevel; /* while the widget is mapped */
  gulong          state_id;
  GdkFrameClock  *clock;
  gulong          after_paint_id;
  gint64          begin_us;
};

G_DEFINE_FINAL_TYPE (XenoFrame, xeno_frame, G_TYPE_OBJECT)

enum { PAINTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void schedule (XenoFrame *self);

static void
collapse (cairo_region_t *region)
{
  cairo_rectangle_int_t extents;

  cairo_region_get_extents (region, &extents);
  cairo_region_union_rectangle (region, &extents);
}

static gint64
get_area (const cairo_region_t *region)
{
  gint64 area = 0;

  for (int i = 0; i < cairo_region_num_rectangles (region); i++)
    {
      cairo_rectangle_int_t rectangle;

      cairo_region_get_rectangle (region, i, &rectangle);
      area += (gint64) rectangle.width * rectangle.height;
    }

  return area;
}

/* Past GTK, where there is such a way: without a snapshot of the window. */
static gboolean
show_at_once (XenoFrame *self)
{
  g_autoptr (XenoFrame) held = NULL;

  if (self->show == NULL || !self->show (self->show_data, self->damage))
    return FALSE;

  held = g_object_ref (self);
  cairo_region_destroy (self->damage);
  self->damage = cairo_region_create ();
  self->rest_until_us = g_get_monotonic_time () + SHOW_INTERVAL_US;
  g_signal_emit (self, signals[PAINTED], 0);
  return TRUE;
}

static void
forget_clock (XenoFrame *self)
{
  if (self->clock != NULL)
    g_clear_signal_handler (&self->after_paint_id, self->clock);
  g_clear_object (&self->clock);
}

/* A window that nobody sees is not painted; what changes meanwhile is remembered. */
static gboolean
is_seen (XenoFrame *self)
{
#if GTK_CHECK_VERSION (4, 12, 0)
  const GdkToplevelState unseen = GDK_TOPLEVEL_STATE_MINIMIZED | GDK_TOPLEVEL_STATE_SUSPENDED;
#else
  const GdkToplevelState unseen = GDK_TOPLEVEL_STATE_MINIMIZED;
#endif

  return gtk_widget_get_mapped (self->widget) &&
         (self->toplevel == NULL || (gdk_toplevel_get_state (self->toplevel) & unseen) == 0);
}

static gboolean
rest_over_cb (gpointer user_data)
{
  XenoFrame *self = user_data;

  self->rest_id = 0;
  self->rest_until_us = 0;
  schedule (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (XenoFrame *self)
{
  gint64 wait_us;

  if (self->is_queued || self->rest_id != 0 || cairo_region_is_empty (self->damage) || !is_seen (self))
    return;

  wait_us = MAX (self->gather_us, self->rest_until_us - g_get_monotonic_time ());
  self->gather_us = 0;
  if (wait_us > 0)
    {
      self->rest_id = g_timeout_add (MAX (1, wait_us / 1000), rest_over_cb, self);
      return;
    }

  if (show_at_once (self))
    return;

  self->is_queued = TRUE;
  gtk_widget_queue_draw (self->widget);
}

static void
after_paint_cb (XenoFrame     *self,
                GdkFrameClock *clock)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 cost_us = now_us - self->begin_us;

  forget_clock (self);
  if (cost_us > SLOW_PAINT_US)
    self->rest_until_us = now_us + cost_us / 2;

  g_signal_emit (self, signals[PAINTED], 0);
  schedule (self);
}

static void
forget_toplevel (XenoFrame *self)
{
  if (self->toplevel != NULL)
    g_clear_signal_handler (&self->state_id, self->toplevel);
  g_clear_object (&self->toplevel);
}

static void
follow_toplevel (XenoFrame *self)
{
  GtkNative *native = gtk_widget_get_native (self->widget);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  forget_toplevel (self);
  if (!GDK_IS_TOPLEVEL (surface))
    return;

  self->toplevel = GDK_TOPLEVEL (g_object_ref (surface));
  self->state_id = g_signal_connect_swapped (surface, "notify::state", G_CALLBACK (schedule), self);
}

static void
xeno_frame_dispose (GObject *object)
{
  XenoFrame *self = XENO_FRAME (object);

  forget_toplevel (self);
  forget_clock (self);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_weak_pointer (&self->widget);

  G_OBJECT_CLASS (xeno_frame_parent_class)->dispose (object);
}

static void
xeno_frame_finalize (GObject *object)
{
  XenoFrame *self = XENO_FRAME (object);

  cairo_region_destroy (self->damage);

  G_OBJECT_CLASS (xeno_frame_parent_class)->finalize (object);
}

static void
xeno_frame_class_init (XenoFrameClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_frame_dispose;
  object_class->finalize = xeno_frame_finalize;

  /**
   * XenoFrame::painted:
   *
   * What xeno_frame_begin() handed out is on the screen.
   */
  signals[PAINTED] = g_signal_new ("painted", XENO_TYPE_FRAME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
xeno_frame_init (XenoFrame *self)
{
  self->damage = cairo_region_create ();
}

/**
 * xeno_frame_new:
 * @widget: the widget to repaint; it owns the frame
 *
 * Returns: (transfer full): an accumulator without damage
 */
XenoFrame *
xeno_frame_new (GtkWidget *widget)
{
  XenoFrame *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  self = g_object_new (XENO_TYPE_FRAME, NULL);
  g_set_weak_pointer (&self->widget, widget);
  return self;
}

/**
 * xeno_frame_damage:
 * @self: a frame
 * @rectangle: guest pixels that changed
 *
 * Adds to what has to be repainted; xeno_frame_flush() has it done. Cheap, however often it is called.
 */
void
xeno_frame_damage (XenoFrame                   *self,
                   const cairo_rectangle_int_t *rectangle)
{
  g_return_if_fail (XENO_IS_FRAME (self));
  g_return_if_fail (rectangle != NULL);

  cairo_region_union_rectangle (self->damage, rectangle);
  if (cairo_region_num_rectangles (self->damage) > MAX_RECTANGLES)
    collapse (self->damage);
}

/**
 * xeno_frame_flush:
 * @self: a frame
 *
 * Asks for a repaint of what is damaged, once it is worth one. Without damage #XenoFrame::painted
 * follows at once.
 */
void
xeno_frame_flush (XenoFrame *self)
{
  g_return_if_fail (XENO_IS_FRAME (self));

  if (cairo_region_is_empty (self->damage))
    g_signal_emit (self, signals[PAINTED], 0);
  else
    schedule (self);
}

/**
 * xeno_frame_set_show:
 * @self: a frame
 * @show: (nullable): shows damage without a repaint of the widget, or returns %FALSE where it cannot
 * @show_data: for @show
 *
 * Gives the frame a shorter way.
 */
void
xeno_frame_set_show (XenoFrame     *self,
                     XenoFrameShow  show,
                     gpointer       show_data)
{
  g_return_if_fail (XENO_IS_FRAME (self));

  self->show = show;
  self->show_data = show_data;
}

/**
 * xeno_frame_reset:
 * @self: a frame
 * @width: width of the guest's new picture, or 0 when it has none
 * @height: height of the guest's new picture, or 0 when it has none
 *
 * Forgets the damage, which belonged to a picture that is gone; all of the new one is damaged.
 */
void
xeno_frame_reset (XenoFrame *self,
                  guint      width,
                  guint      height)
{
  const cairo_rectangle_int_t whole = { 0, 0, width, height };

  g_return_if_fail (XENO_IS_FRAME (self));

  g_clear_pointer (&self->damage, cairo_region_destroy);
  self->damage = cairo_region_create_rectangle (&whole);
  self->screen_area = (gint64) width * height;
  self->gather_us = 0;
  schedule (self);
}

/**
 * xeno_frame_resume:
 * @self: a frame
 *
 * Repaints what changed while the widget was not mapped; to be called when it is.
 */
void
xeno_frame_resume (XenoFrame *self)
{
  g_return_if_fail (XENO_IS_FRAME (self));

  follow_toplevel (self);
  self->is_queued = FALSE;
  schedule (self);
}

/**
 * xeno_frame_pause:
 * @self: a frame
 *
 * Only remembers what changes from now on; to be called when the widget is unmapped.
 */
void
xeno_frame_pause (XenoFrame *self)
{
  g_return_if_fail (XENO_IS_FRAME (self));

  forget_toplevel (self);
}

/**
 * xeno_frame_begin:
 * @self: a frame
 *
 * Takes the damage; call it inside the widget's snapshot. When the frame clock has painted it,
 * #XenoFrame::painted follows.
 *
 * Returns: (transfer full): the guest pixels that changed since the last call
 */
cairo_region_t *
xeno_frame_begin (XenoFrame *self)
{
  cairo_region_t *damage;

  g_return_val_if_fail (XENO_IS_FRAME (self), NULL);

  damage = g_steal_pointer (&self->damage);
  self->damage = cairo_region_create ();
  self->is_queued = FALSE;
  if (cairo_region_is_empty (damage))
    return damage;

  self->begin_us = g_get_monotonic_time ();
  if (self->clock == NULL)
    {
      self->clock = g_object_ref (gtk_widget_get_frame_clock (self->widget));
      self->after_paint_id = g_signal_connect_swapped (self->clock, "after-paint",
                                                       G_CALLBACK (after_paint_cb), self);
    }

  if (get_area (damage) >= self->screen_area / LARGE_DIVISOR)
    self->gather_us = GATHER_US;
  return damage;
}
