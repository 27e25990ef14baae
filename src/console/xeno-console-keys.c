/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console's keyboard: which keys the guest is told of, and that none is left behind. */
#include "config.h"

#include "console/xeno-console-private.h"
#include "console/xeno-host-keyboard.h"
#include "console/xeno-keymap.h"

/* A modifier alone may be the beginning of the desktop's own shortcut, which takes the focus away
 * within this time: the guest would see a key that was none of its business. */
#define LONE_MODIFIER_MS 30

static int
find_pressed (XenoConsole *self,
              guint        keycode)
{
  for (guint i = 0; i < self->pressed->len; i++)
    if (g_array_index (self->pressed, XenoPressedKey, i).keycode == keycode)
      return i;

  return -1;
}

static gboolean
is_wake_up (guint           keyval,
            GdkModifierType state)
{
  return (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_space) &&
         (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK | GDK_SUPER_MASK)) == 0;
}

/*
 * Tells the guest of the modifiers that were held back, in the order they went down.
 */
void
xeno_console_send_waiting (XenoConsole *self)
{
  g_clear_handle_id (&self->waiting_id, g_source_remove);
  for (guint i = 0; i < self->pressed->len; i++)
    {
      XenoPressedKey *key = &g_array_index (self->pressed, XenoPressedKey, i);

      if (!key->is_waiting)
        continue;
      key->is_waiting = FALSE;
      xeno_console_backend_key (self->backend, key->qnum, key->keyval, TRUE);
    }
}

static gboolean
send_waiting_cb (gpointer user_data)
{
  XenoConsole *self = user_data;

  self->waiting_id = 0;
  xeno_console_send_waiting (self);
  return G_SOURCE_REMOVE;
}

static void
press_key (XenoConsole    *self,
           XenoPressedKey  key)
{
  int i = find_pressed (self, key.keycode);

  xeno_console_end_sideways (self);
  if (i < 0)
    {
      key.is_waiting = xeno_qnum_is_modifier (key.qnum) && !self->has_desktop_keys;
      g_array_append_val (self->pressed, key);
      xeno_console_watch_press (self);
    }
  else
    {
      key.is_waiting = g_array_index (self->pressed, XenoPressedKey, i).is_waiting;
    }

  if (!key.is_waiting)
    {
      xeno_console_send_waiting (self);
      xeno_console_backend_key (self->backend, key.qnum, key.keyval, TRUE);
    }
  else if (self->waiting_id == 0)
    {
      self->waiting_id = g_timeout_add (LONE_MODIFIER_MS, send_waiting_cb, self);
    }
}

/* What a display that takes no scancodes is told: that Alt went down, although with Shift it means Meta here,
 * and Tab, which X11 has another name for with Shift. Other keys are what they mean, in the person's layout. */
static guint
get_meaning (XenoConsole *self,
             guint        qnum,
             guint        keyval,
             GdkEvent    *event)
{
  guint plain;

  if (keyval == GDK_KEY_ISO_Left_Tab)
    return GDK_KEY_Tab;
  if (xeno_qnum_is_modifier (qnum) &&
      gdk_display_translate_key (gtk_widget_get_display (GTK_WIDGET (self)), gdk_key_event_get_keycode (event), 0,
                                 gdk_key_event_get_layout (event), &plain, NULL, NULL, NULL))
    return plain;
  return keyval;
}

static gboolean
key_pressed_cb (XenoConsole           *self,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                GtkEventControllerKey *controller)
{
  GtkWidget *widget = GTK_WIDGET (self);
  XenoPressedKey key = { .keycode = keycode };
  GdkEvent *event;

  if (!self->is_grabbed)
    {
      if (!self->has_focus || !is_wake_up (keyval, state))
        return FALSE;

      xeno_console_grab (self);
      return self->is_grabbed;
    }

  event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  if (xeno_console_is_reserved (self, event))
    return FALSE;

  key.qnum = self->is_evdev ? xeno_keymap_from_keycode (keycode)
                            : xeno_keymap_from_meaning (gtk_widget_get_display (widget), keycode);
  if (key.qnum != 0)
    {
      key.keyval = get_meaning (self, key.qnum, keyval, event);
      press_key (self, key);
    }
  return TRUE;
}

static void
key_released_cb (XenoConsole           *self,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 GtkEventControllerKey *controller)
{
  int i = find_pressed (self, keycode);
  XenoPressedKey key;

  if (i < 0)
    return;

  xeno_console_send_waiting (self);
  key = g_array_index (self->pressed, XenoPressedKey, i);
  g_array_remove_index (self->pressed, i);
  xeno_console_backend_key (self->backend, key.qnum, key.keyval, FALSE);
  if (xeno_console_watch_release (self, key.qnum))
    xeno_console_ungrab (self);
}

void
xeno_console_init_keys (XenoConsole *self)
{
  self->pressed = g_array_new (FALSE, FALSE, sizeof (XenoPressedKey));
}

/* The controller belongs on the window, and last: one on the console would run after the
 * application's accelerators, and the guest would get their releases only. */
void
xeno_console_attach_keyboard (XenoConsole *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->is_evdev = xeno_host_keyboard_is_evdev (gtk_widget_get_display (widget));
  self->key_controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->key_controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->key_controller, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->key_controller, "key-released", G_CALLBACK (key_released_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->key_controller);
}

void
xeno_console_detach_keyboard (XenoConsole *self)
{
  if (self->key_controller == NULL)
    return;

  gtk_widget_remove_controller (gtk_event_controller_get_widget (self->key_controller),
                                self->key_controller);
  self->key_controller = NULL;
}

/* What still waits is dropped: the guest has not seen it go down, so it shall not see it go up. */
void
xeno_console_release_keys (XenoConsole *self)
{
  g_clear_handle_id (&self->waiting_id, g_source_remove);
  g_clear_handle_id (&self->shift_id, g_source_remove);
  g_array_set_size (self->pressed, 0);
  if (self->backend != NULL)
    xeno_console_backend_release_all (self->backend);
}

/* The person's lock keys may have changed while another window had the focus. Scroll lock is left as
 * it is: few desktops have it, and a guest's terminal stands still by it. */
void
xeno_console_sync_locks (XenoConsole *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;
  guint locks;

  if (keyboard == NULL || self->backend == NULL)
    return;

  locks = xeno_console_backend_get_leds (self->backend) & XENO_LED_SCROLL_LOCK;
  if (gdk_device_get_caps_lock_state (keyboard))
    locks |= XENO_LED_CAPS_LOCK;
  if (gdk_device_get_num_lock_state (keyboard))
    locks |= XENO_LED_NUM_LOCK;
  xeno_console_backend_set_locks (self->backend, locks);
}

/**
 * xeno_console_send_keys:
 * @self: a console
 * @qnums: (array length=n_qnums): QEMU's numbers of the keys, in the order they go down
 * @n_qnums: how many
 *
 * Presses keys together and lets them go, whoever has the keyboard.
 */
void
xeno_console_send_keys (XenoConsole *self,
                        const guint *qnums,
                        gsize        n_qnums)
{
  g_return_if_fail (XENO_IS_CONSOLE (self));
  g_return_if_fail (qnums != NULL || n_qnums == 0);

  if (!xeno_console_accepts_input (self))
    return;

  xeno_console_end_sideways (self);
  for (gsize i = 0; i < n_qnums; i++)
    xeno_console_backend_key (self->backend, qnums[i], xeno_keymap_get_keyval (qnums[i]), TRUE);
  for (gsize i = n_qnums; i > 0; i--)
    xeno_console_backend_key (self->backend, qnums[i - 1], xeno_keymap_get_keyval (qnums[i - 1]),
                              FALSE);
}
