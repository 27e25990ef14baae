/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's screen follows the size of the console. */
#include "config.h"

#include "console/xeno-console-private.h"

static void
wanted_cb (XenoConsole *self,
           guint        width,
           guint        height)
{
  g_signal_emit_by_name (self, "size-wanted", width, height);
}

void
xeno_console_init_size (XenoConsole *self)
{
  self->sizer = xeno_guest_sizer_new ();
  g_signal_connect_swapped (self->sizer, "wanted", G_CALLBACK (wanted_cb), self);
}

/* In a scrolled window it is the part that is seen: the console itself never gets smaller than the
 * guest's screen there. Device pixels, so that one of the guest's is one of the monitor's. */
void
xeno_console_want_size (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkWidget *viewport = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  GtkWidget *room = viewport != NULL ? viewport : widget;
  int factor = gtk_widget_get_scale_factor (widget);
  guint n_heads = 0;

  /* One of several monitors is not all of the guest's screen. */
  if (self->backend != NULL)
    xeno_console_backend_get_heads (self->backend, &n_heads);
  if (n_heads > 1)
    return;

  if (gtk_widget_get_width (room) > 0 && gtk_widget_get_height (room) > 0)
    xeno_guest_sizer_want (self->sizer, factor * gtk_widget_get_width (room),
                           factor * gtk_widget_get_height (room));
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

  return xeno_guest_sizer_is_enabled (self->sizer);
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

  if (xeno_guest_sizer_is_enabled (self->sizer) == !!resizes_guest)
    return;

  xeno_guest_sizer_set_enabled (self->sizer, resizes_guest);
  xeno_console_notify (self, XENO_CONSOLE_PROP_RESIZES_GUEST);
}
