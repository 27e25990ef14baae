/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notices that another window has the focus, where GTK does not: on X11 while we hold the keyboard. */
#include "config.h"

#ifdef XENO_WITH_X11
#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>
#endif

#include "console/xeno-focus-watch.h"

struct _XenoFocusWatch
{
  GObject     parent_instance;
  GdkSurface *surface;
};

G_DEFINE_FINAL_TYPE (XenoFocusWatch, xeno_focus_watch, G_TYPE_OBJECT)

enum { LOST, N_SIGNALS };

static guint signals[N_SIGNALS];

#ifdef XENO_WITH_X11

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/* GDK's own window for the focus lies within the surface's. */
static gboolean
has_focus (XenoFocusWatch *self)
{
  Display *display = gdk_x11_display_get_xdisplay (gdk_surface_get_display (self->surface));
  Window window = gdk_x11_surface_get_xid (self->surface);
  Window focus, root, parent = None;
  Window *children = NULL;
  unsigned int n_children;
  int revert_to;

  XGetInputFocus (display, &focus, &revert_to);
  if (focus == window)
    return TRUE;
  if (focus == None || focus == PointerRoot)
    return FALSE;

  gdk_x11_display_error_trap_push (gdk_surface_get_display (self->surface));
  if (XQueryTree (display, focus, &root, &parent, &children, &n_children) && children != NULL)
    XFree (children);
  gdk_x11_display_error_trap_pop_ignored (gdk_surface_get_display (self->surface));
  return parent == window;
}

/* GDK takes the focus to be where the grab is, and so ignores this one. Window managers are known to take
 * the focus away and give it back. */
static gboolean
event_cb (XenoFocusWatch *self,
          XEvent         *event)
{
  const XIFocusOutEvent *focus = event->type == GenericEvent ? event->xcookie.data : NULL;

  if (focus != NULL && event->xcookie.evtype == XI_FocusOut && focus->mode == XINotifyWhileGrabbed &&
      focus->event == gdk_x11_surface_get_xid (self->surface) && !has_focus (self))
    g_signal_emit (self, signals[LOST], 0);
  return FALSE;
}

static void
watch (XenoFocusWatch *self)
{
  GdkDisplay *display = gdk_surface_get_display (self->surface);

  if (GDK_IS_X11_DISPLAY (display))
    g_signal_connect_object (display, "xevent", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
}

G_GNUC_END_IGNORE_DEPRECATIONS

#else

static void
watch (XenoFocusWatch *self)
{
}

#endif

static void
xeno_focus_watch_finalize (GObject *object)
{
  g_object_unref (XENO_FOCUS_WATCH (object)->surface);

  G_OBJECT_CLASS (xeno_focus_watch_parent_class)->finalize (object);
}

static void
xeno_focus_watch_class_init (XenoFocusWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_focus_watch_finalize;

  signals[LOST] =
    g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_focus_watch_init (XenoFocusWatch *self)
{
}

/**
 * xeno_focus_watch_new:
 * @surface: the surface of a window that has the focus
 *
 * Watches as long as it lives.
 *
 * Returns: (transfer full): the watch
 */
XenoFocusWatch *
xeno_focus_watch_new (GdkSurface *surface)
{
  XenoFocusWatch *self;

  g_return_val_if_fail (GDK_IS_SURFACE (surface), NULL);

  self = g_object_new (XENO_TYPE_FOCUS_WATCH, NULL);
  self->surface = g_object_ref (surface);
  watch (self);
  return self;
}
