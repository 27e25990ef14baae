/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's keyboard: what only its display server can say, or allow. */
#include "config.h"

#include <string.h>

#ifdef XENO_WITH_X11
#include <X11/XKBlib.h>
#include <gdk/x11/gdkx.h>
#endif
#ifdef XENO_WITH_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

#include "console/xeno-host-keyboard.h"
#include "console/xeno-keymap.h"

#ifdef XENO_WITH_X11

/* No property of an X server's root window that names a layout is longer. */
#define MAX_NAMES 4096

/* An X server's rules for its keyboard: five strings, one after the other. */
enum { RULES, MODEL, LAYOUT, VARIANT, OPTIONS, N_NAMES };

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static gboolean
is_evdev_server (GdkDisplay *display)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (display);
  XkbDescPtr description = XkbGetMap (xdisplay, 0, XkbUseCoreKbd);
  char *name = NULL;
  gboolean is_evdev;

  if (description == NULL)
    return FALSE;

  if (XkbGetNames (xdisplay, XkbKeycodesNameMask, description) == Success)
    name = XGetAtomName (xdisplay, description->names->keycodes);
  is_evdev = name != NULL && g_str_has_prefix (name, "evdev");
  if (name != NULL)
    XFree (name);
  XkbFreeKeyboard (description, XkbAllComponentsMask, True);
  return is_evdev;
}

static void
read_names (GdkDisplay *display,
            char       *names[N_NAMES])
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (display);
  Atom property = gdk_x11_get_xatom_by_name_for_display (display, "_XKB_RULES_NAMES");
  unsigned long n_items = 0, n_left;
  unsigned char *data = NULL;
  Atom type;
  int format;
  gsize at = 0;

  if (XGetWindowProperty (xdisplay, DefaultRootWindow (xdisplay), property, 0, MAX_NAMES / 4, False,
                          AnyPropertyType, &type, &format, &n_items, &n_left, &data) != Success)
    return;

  for (guint i = 0; i < N_NAMES && format == 8 && at < n_items; i++)
    {
      gsize length = strnlen ((const char *) data + at, n_items - at);

      names[i] = g_strndup ((const char *) data + at, length);
      at += length + 1;
    }
  if (data != NULL)
    XFree (data);
}

/* Of several layouts the one in use. */
static void
choose (char  **names,
        guint   group)
{
  g_auto (GStrv) choices = g_strsplit (*names != NULL ? *names : "", ",", -1);

  g_free (*names);
  *names = g_strdup (group < g_strv_length (choices) ? choices[group] : "");
}

static struct xkb_keymap *
dup_x11_keymap (GdkDisplay         *display,
                struct xkb_context *context)
{
  char *names[N_NAMES] = { NULL };
  struct xkb_rule_names rules;
  struct xkb_keymap *keymap;
  XkbStateRec state = { 0 };

  XkbGetState (gdk_x11_display_get_xdisplay (display), XkbUseCoreKbd, &state);
  read_names (display, names);
  choose (&names[LAYOUT], state.group);
  choose (&names[VARIANT], state.group);
  rules = (struct xkb_rule_names) { .layout = names[LAYOUT], .variant = names[VARIANT] };
  keymap = xkb_keymap_new_from_names (context, &rules, XKB_KEYMAP_COMPILE_NO_FLAGS);
  for (guint i = 0; i < N_NAMES; i++)
    g_free (names[i]);
  return keymap;
}

/* XWayland passes a grab of the keyboard on for windows that say that they mean it. */
static void
announce_grab (GdkSurface *surface)
{
  GdkDisplay *display = gdk_surface_get_display (surface);
  Display *xdisplay = gdk_x11_display_get_xdisplay (display);
  XEvent event = { 0 };

  event.xclient.type = ClientMessage;
  event.xclient.window = gdk_x11_surface_get_xid (surface);
  event.xclient.message_type = gdk_x11_get_xatom_by_name_for_display (display, "_XWAYLAND_MAY_GRAB_KEYBOARD");
  event.xclient.format = 32;
  event.xclient.data.l[0] = 1;
  XSendEvent (xdisplay, DefaultRootWindow (xdisplay), False,
              SubstructureNotifyMask | SubstructureRedirectMask, &event);
}

G_GNUC_END_IGNORE_DEPRECATIONS

#endif

/**
 * xeno_host_keyboard_is_evdev:
 * @display: a display
 *
 * Returns: whether hardware key codes are Linux's numbers plus 8: not so on some X servers
 */
gboolean
xeno_host_keyboard_is_evdev (GdkDisplay *display)
{
  g_return_val_if_fail (GDK_IS_DISPLAY (display), TRUE);

#ifdef XENO_WITH_X11
  if (GDK_IS_X11_DISPLAY (display))
    return is_evdev_server (display);
#endif
  return TRUE;
}

/**
 * xeno_host_keyboard_find_qnum:
 * @display: a display
 * @keycode: a hardware key code of it
 *
 * For now and then: it asks the display how it counts. Who is told of every key asks once.
 *
 * Returns: QEMU's number of the key, or 0 when it has none
 */
guint
xeno_host_keyboard_find_qnum (GdkDisplay *display,
                              guint       keycode)
{
  g_return_val_if_fail (GDK_IS_DISPLAY (display), 0);

  return xeno_host_keyboard_is_evdev (display) ? xeno_keymap_from_keycode (keycode)
                                               : xeno_keymap_from_meaning (display, keycode);
}

/**
 * xeno_host_keyboard_allow_grab:
 * @surface: the surface of a window
 *
 * Says that the window means it when it asks for all keys, where that has to be said.
 */
void
xeno_host_keyboard_allow_grab (GdkSurface *surface)
{
  g_return_if_fail (GDK_IS_SURFACE (surface));

#ifdef XENO_WITH_X11
  if (GDK_IS_X11_SURFACE (surface))
    announce_grab (surface);
#endif
}

/**
 * xeno_host_keyboard_dup_keymap:
 * @display: a display
 * @context: what keymaps are made in
 *
 * Returns: (transfer full) (nullable): the layout in use
 */
struct xkb_keymap *
xeno_host_keyboard_dup_keymap (GdkDisplay         *display,
                               struct xkb_context *context)
{
  const struct xkb_rule_names rules = { 0 };

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);
  g_return_val_if_fail (context != NULL, NULL);

#ifdef XENO_WITH_X11
  if (GDK_IS_X11_DISPLAY (display))
    return dup_x11_keymap (display, context);
#endif
#ifdef XENO_WITH_WAYLAND
  if (GDK_IS_WAYLAND_DISPLAY (display))
    {
      GdkDevice *keyboard = gdk_seat_get_keyboard (gdk_display_get_default_seat (display));

      return xkb_keymap_ref (gdk_wayland_device_get_xkb_keymap (keyboard));
    }
#endif
  return xkb_keymap_new_from_names (context, &rules, XKB_KEYMAP_COMPILE_NO_FLAGS);
}
