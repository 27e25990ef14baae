/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's monitors follow the consoles that show them. */
#include "config.h"

#include "console/xeno-console-private.h"

static GdkMonitor *
get_monitor (XenoConsole *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return surface != NULL ? gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface) : NULL;
}

/* A window that fills a monitor stands where that does; nobody says where others stand. */
static void
read_monitor (XenoConsole     *self,
              XenoMonitorWish *wish,
              GtkWidget       *room,
              int              factor)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GdkMonitor *monitor = get_monitor (self);
  GdkRectangle area;

  if (monitor == NULL)
    return;

  gdk_monitor_get_geometry (monitor, &area);
  wish->has_place = GTK_IS_WINDOW (root) && gtk_window_is_fullscreen (GTK_WINDOW (root));
  if (wish->has_place)
    {
      wish->x = factor * area.x;
      wish->y = factor * area.y;
    }
  if (area.width > 0 && area.height > 0)
    {
      wish->width_mm = MAX (gdk_monitor_get_width_mm (monitor), 0) * gtk_widget_get_width (room) / area.width;
      wish->height_mm = MAX (gdk_monitor_get_height_mm (monitor), 0) * gtk_widget_get_height (room) / area.height;
    }
}

/*
 * Says what this console shows and how large it is. In a scrolled window it is the part that is seen: the
 * console itself never gets smaller than the guest's screen there. Device pixels, so that one of the
 * guest's is one of the monitor's.
 */
void
xeno_console_want_size (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkWidget *viewport = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  GtkWidget *room = viewport != NULL ? viewport : widget;
  int factor = gtk_widget_get_scale_factor (widget);
  XenoMonitorWish wish = { .head = self->head, .follows = self->resizes_guest };

  if (self->backend == NULL || gtk_widget_get_width (room) <= 0 || gtk_widget_get_height (room) <= 0)
    return;

  wish.width = factor * gtk_widget_get_width (room);
  wish.height = factor * gtk_widget_get_height (room);
  read_monitor (self, &wish, room, factor);
  if (xeno_guest_monitors_want (xeno_guest_monitors_get (self->backend), self, &wish))
    g_signal_emit_by_name (self, "size-wanted", wish.width, wish.height);
}

/*
 * To be called before the console gets another display, or goes.
 */
void
xeno_console_forget_size (XenoConsole *self)
{
  if (self->backend != NULL)
    xeno_guest_monitors_forget (xeno_guest_monitors_get (self->backend), self);
}

/**
 * xeno_console_could_have_head:
 * @self: a console
 *
 * Returns: whether the guest has the monitor that the console shows, or can be asked to turn it on
 */
gboolean
xeno_console_could_have_head (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->backend != NULL && xeno_guest_monitors_has (xeno_guest_monitors_get (self->backend), self->head);
}

/**
 * xeno_console_ask_for_head:
 * @self: a console
 *
 * Asks the guest again to turn the monitor on that the console shows.
 */
void
xeno_console_ask_for_head (XenoConsole *self)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->backend != NULL)
    xeno_guest_monitors_repeat (xeno_guest_monitors_get (self->backend));
}

/**
 * xeno_console_resizes_guest:
 * @self: a console
 *
 * Returns: whether the guest's screen follows the size of the console, where it can
 */
gboolean
xeno_console_resizes_guest (XenoConsole *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE (self), FALSE);

  return self->resizes_guest;
}

/**
 * xeno_console_set_resizes_guest:
 * @self: a console
 * @resizes_guest: whether the guest's screen follows the size of the console, where it can
 */
void
xeno_console_set_resizes_guest (XenoConsole *self,
                                gboolean     resizes_guest)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));

  if (self->resizes_guest == !!resizes_guest)
    return;

  self->resizes_guest = !!resizes_guest;
  xeno_console_want_size (self);
  g_object_notify (G_OBJECT (self), "resizes-guest");
}
