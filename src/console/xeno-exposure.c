/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether all of a widget is seen, with nothing of its window over it. */
#include "config.h"

#include <math.h>

#include "console/xeno-console-hint.h"
#include "console/xeno-console-size-hint.h"
#include "console/xeno-exposure.h"

/* The corners of a window of its own decoration are round where there is a compositor: this far from
 * them, in logical pixels, GTK has to paint. */
#define CORNER 24

/* Those that only place others paint nothing of their own. */
static gboolean
is_drawn (GtkWidget *widget)
{
  if (GTK_IS_NATIVE (widget) || !gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) <= 0)
    return FALSE;

  if (GTK_IS_REVEALER (widget))
    return gtk_revealer_get_reveal_child (GTK_REVEALER (widget)) ||
           gtk_revealer_get_child_revealed (GTK_REVEALER (widget));

  if (!XENO_IS_CONSOLE_HINT (widget) && !XENO_IS_CONSOLE_SIZE_HINT (widget) && !GTK_IS_BOX (widget))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_drawn (child))
      return TRUE;
  return FALSE;
}

static gboolean
has_sibling_over (GtkWidget             *widget,
                  GtkWidget             *native,
                  const graphene_rect_t *bounds)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  for (GtkWidget *sibling = gtk_widget_get_first_child (parent); sibling != NULL;
       sibling = gtk_widget_get_next_sibling (sibling))
    {
      graphene_rect_t place;

      if (sibling != widget && is_drawn (sibling) &&
          gtk_widget_compute_bounds (sibling, native, &place) &&
          graphene_rect_intersection (&place, bounds, NULL))
        return TRUE;
    }
  return FALSE;
}

/* Whoever stands beside the widget, or beside one it stands in, may be drawn over it; and whoever it
 * stands in may cut it. */
static gboolean
is_clear (GtkWidget             *widget,
          GtkWidget             *native,
          const graphene_rect_t *bounds)
{
  while (widget != native)
    {
      GtkWidget *parent = gtk_widget_get_parent (widget);
      graphene_rect_t place;

      if (parent == NULL || gtk_widget_get_opacity (parent) < 1 || has_sibling_over (widget, native, bounds) ||
          !gtk_widget_compute_bounds (parent, native, &place) ||
          !graphene_rect_contains_rect (&place, bounds))
        return FALSE;

      widget = parent;
    }
  return TRUE;
}

static gboolean
has_round_corners (GtkNative *native)
{
  const GdkToplevelState square = GDK_TOPLEVEL_STATE_MAXIMIZED | GDK_TOPLEVEL_STATE_FULLSCREEN |
                                  GDK_TOPLEVEL_STATE_TILED;
  GdkSurface *surface = gtk_native_get_surface (native);

  return gdk_display_is_composited (gdk_surface_get_display (surface)) && GDK_IS_TOPLEVEL (surface) &&
         (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & square) == 0;
}

static gboolean
reaches_corner (GtkWidget             *native,
                const graphene_rect_t *bounds)
{
  graphene_rect_t window;

  if (!has_round_corners (GTK_NATIVE (native)))
    return FALSE;

  if (!gtk_widget_compute_bounds (native, native, &window))
    return TRUE;

  return (bounds->origin.x < window.origin.x + CORNER ||
          bounds->origin.x + bounds->size.width > window.origin.x + window.size.width - CORNER) &&
         (bounds->origin.y < window.origin.y + CORNER ||
          bounds->origin.y + bounds->size.height > window.origin.y + window.size.height - CORNER);
}

static gboolean
to_device (double  logical,
           int     factor,
           int    *device)
{
  *device = (int) round (logical * factor);
  return fabs (*device - logical * factor) < 0.01;
}

/**
 * xeno_exposure_find:
 * @widget: a realized widget
 * @area: (out): where it is on its surface, in device pixels
 *
 * Finds out whether what is painted at @area would be seen as @widget's, and nothing else painted over.
 *
 * Returns: whether it would
 */
gboolean
xeno_exposure_find (GtkWidget             *widget,
                    cairo_rectangle_int_t *area)
{
  GtkNative *native;
  graphene_rect_t bounds;
  double x, y;
  int factor;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);
  g_return_val_if_fail (area != NULL, FALSE);

  native = gtk_widget_get_native (widget);
  if (native == NULL || !gtk_widget_get_mapped (widget) ||
      !gtk_widget_compute_bounds (widget, GTK_WIDGET (native), &bounds) ||
      !is_clear (widget, GTK_WIDGET (native), &bounds) || reaches_corner (GTK_WIDGET (native), &bounds))
    return FALSE;

  factor = gtk_widget_get_scale_factor (widget);
  gtk_native_get_surface_transform (native, &x, &y);
  return to_device (bounds.origin.x + x, factor, &area->x) &&
         to_device (bounds.origin.y + y, factor, &area->y) &&
         to_device (bounds.size.width, factor, &area->width) &&
         to_device (bounds.size.height, factor, &area->height);
}
