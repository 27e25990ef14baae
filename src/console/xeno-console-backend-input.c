/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person does, on its way to the guest: nothing comes up that did not go down. */
#include "config.h"

#include "console/xeno-console-backend-private.h"
#include "console/xeno-qnum.h"

static gboolean
find_pressed (XenoConsoleBackendPrivate *priv,
              guint                      qnum,
              guint                     *index)
{
  for (guint i = 0; i < priv->pressed_keys->len; i++)
    {
      if (g_array_index (priv->pressed_keys, XenoBackendKey, i).qnum != qnum)
        continue;
      *index = i;
      return TRUE;
    }
  return FALSE;
}

/* Repeats and releases carry the keysym of their press: of “a” held while Shift goes down the keyboard says
 * “A”, which a display that takes no scancodes would hold for another key, and never see come up. */
static gboolean
note_key (XenoConsoleBackendPrivate *priv,
          guint                      qnum,
          guint                     *keyval,
          gboolean                   pressed)
{
  guint index;
  gboolean was_pressed = find_pressed (priv, qnum, &index);

  if (pressed && !was_pressed)
    {
      XenoBackendKey key = { .qnum = qnum, .keyval = *keyval };

      g_array_append_val (priv->pressed_keys, key);
    }
  else if (was_pressed)
    {
      *keyval = g_array_index (priv->pressed_keys, XenoBackendKey, index).keyval;
      if (!pressed)
        g_array_remove_index (priv->pressed_keys, index);
    }
  return pressed || was_pressed;
}

static gboolean
note_button (XenoConsoleBackendPrivate *priv,
             guint                      button,
             gboolean                   pressed)
{
  guint bit = 1u << button;
  gboolean was_pressed = (priv->pressed_buttons & bit) != 0;

  priv->pressed_buttons = pressed ? priv->pressed_buttons | bit : priv->pressed_buttons & ~bit;
  return pressed != was_pressed;
}

static void
release_keys (XenoConsoleBackend *self,
              gboolean            are_modifiers)
{
  GArray *keys = xeno_console_backend_get_private (self)->pressed_keys;

  for (guint i = keys->len; i > 0; i--)
    {
      XenoBackendKey key = g_array_index (keys, XenoBackendKey, i - 1);

      if (xeno_qnum_is_modifier (key.qnum) == are_modifiers)
        xeno_console_backend_key (self, key.qnum, key.keyval, FALSE);
    }
}

/**
 * xeno_console_backend_key:
 * @self: a backend
 * @qnum: the scancode, XT set 1 with the e0 prefix as 0x80
 * @keyval: the X keysym, for displays that take no scancodes
 * @pressed: pressed (again, for a repeat) or released
 *
 * Sends a key. A release whose press was never sent is dropped.
 */
void
xeno_console_backend_key (XenoConsoleBackend *self,
                          guint               qnum,
                          guint               keyval,
                          gboolean            pressed)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (qnum > 0 && qnum <= 0xff);

  if (note_key (xeno_console_backend_get_private (self), qnum, &keyval, pressed))
    XENO_CONSOLE_BACKEND_GET_CLASS (self)->key (self, qnum, keyval, pressed);
}

/**
 * xeno_console_backend_pointer_moved:
 * @self: a backend
 * @x: in guest pixels
 * @y: in guest pixels
 *
 * Sends a position; for an absolute pointer.
 */
void
xeno_console_backend_pointer_moved (XenoConsoleBackend *self,
                                    guint               x,
                                    guint               y)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->pointer_moved (self, x, y);
}

/**
 * xeno_console_backend_pointer_moved_by:
 * @self: a backend
 * @dx: to the right
 * @dy: down
 *
 * Sends a movement; for a relative pointer.
 */
void
xeno_console_backend_pointer_moved_by (XenoConsoleBackend *self,
                                       int                 dx,
                                       int                 dy)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->pointer_moved_by (self, dx, dy);
}

/**
 * xeno_console_backend_button:
 * @self: a backend
 * @button: as GDK counts: 1 left, 2 middle, 3 right, 8 back, 9 forward
 * @pressed: pressed or released
 *
 * Sends a pointer button. Others than those five are dropped.
 */
void
xeno_console_backend_button (XenoConsoleBackend *self,
                             guint               button,
                             gboolean            pressed)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  if (!(button >= 1 && button <= 3) && button != 8 && button != 9)
    return;
  if (note_button (xeno_console_backend_get_private (self), button, pressed))
    XENO_CONSOLE_BACKEND_GET_CLASS (self)->button (self, button, pressed);
}

/**
 * xeno_console_backend_wheel:
 * @self: a backend
 * @dx: clicks to the right
 * @dy: clicks down
 *
 * Turns the wheel.
 */
void
xeno_console_backend_wheel (XenoConsoleBackend *self,
                            int                 dx,
                            int                 dy)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->wheel (self, dx, dy);
}

/**
 * xeno_console_backend_set_locks:
 * @self: a backend
 * @locks: how the person's lock keys stand: 1 scroll, 2 num, 4 caps
 *
 * Brings the guest's lock keys in line, where the display tells how they stand.
 */
void
xeno_console_backend_set_locks (XenoConsoleBackend *self,
                                guint               locks)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  if (XENO_CONSOLE_BACKEND_GET_CLASS (self)->set_locks != NULL)
    XENO_CONSOLE_BACKEND_GET_CLASS (self)->set_locks (self, locks);
}

/**
 * xeno_console_backend_has_side_wheel:
 * @self: a backend
 *
 * Returns: whether a wheel can be turned to the side; what speaks SPICE cannot say so
 */
gboolean
xeno_console_backend_has_side_wheel (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), FALSE);

  return !xeno_console_backend_get_private (self)->lacks_side_wheel;
}

/**
 * xeno_console_backend_set_side_wheel:
 * @self: a backend
 * @has_side_wheel: whether a wheel can be turned to the side
 *
 * Without this it can.
 */
void
xeno_console_backend_set_side_wheel (XenoConsoleBackend *self,
                                     gboolean            has_side_wheel)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  xeno_console_backend_get_private (self)->lacks_side_wheel = !has_side_wheel;
}

/**
 * xeno_console_backend_release_all:
 * @self: a backend
 *
 * Releases every key and button, the last pressed first and modifiers after all others. For when the
 * person looks away: no release will come any more.
 */
void
xeno_console_backend_release_all (XenoConsoleBackend *self)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = xeno_console_backend_get_private (self);
  release_keys (self, FALSE);
  release_keys (self, TRUE);
  while (priv->pressed_buttons != 0)
    xeno_console_backend_button (self, g_bit_nth_lsf (priv->pressed_buttons, -1), FALSE);
}
