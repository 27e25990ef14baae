/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mice have more than three buttons: lets GTK notice that the others are let go. */
#include "config.h"

#ifdef XENO_WITH_X11
#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>
#endif

#include "console/xeno-side-buttons.h"

#ifdef XENO_WITH_X11

#define N_COUNTED 3

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static gboolean
is_counted_down (const XIButtonState *buttons)
{
  for (int i = 1; i <= N_COUNTED; i++)
    if (i < buttons->mask_len * 8 && XIMaskIsSet (buttons->mask, i))
      return TRUE;
  return FALSE;
}

/* Who has a press keeps the pointer until the last button is let go, and GTK looks for that one among the
 * first three (4.18 still does): after another one the next click would go to the same widget, wherever the
 * pointer is. So the last one is told to be the first. */
static gboolean
event_cb (GdkDisplay *display,
          XEvent     *event)
{
  XIDeviceEvent *button = event->type == GenericEvent ? event->xcookie.data : NULL;

  if (button != NULL && event->xcookie.evtype == XI_ButtonRelease && button->detail > 7 &&
      button->buttons.mask_len > 0 && !is_counted_down (&button->buttons))
    XISetMask (button->buttons.mask, 1);
  return FALSE;
}

/*
 * Does it for all that there will be on @display.
 */
void
xeno_side_buttons_mend (GdkDisplay *display)
{
  g_return_if_fail (GDK_IS_DISPLAY (display));

  if (GDK_IS_X11_DISPLAY (display) &&
      g_signal_handler_find (display, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, event_cb, NULL) == 0)
    g_signal_connect (display, "xevent", G_CALLBACK (event_cb), NULL);
}

G_GNUC_END_IGNORE_DEPRECATIONS

#else

void
xeno_side_buttons_mend (GdkDisplay *display)
{
}

#endif
