/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How loud a guest is, and whether it may listen. */
#include "config.h"

#include "app/xeno-console-guest-private.h"

/* What is noted on a machine. */
#define NOTE_VOLUME "volume"
#define NOTE_MUTED "muted"

/* A volume is noted when it has not been turned for this long. */
#define VOLUME_REST_MS 1000

/* An untrusted machine is not heard, and hears nothing. */
void
xeno_console_guest_set_sound (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);

  g_simple_action_set_state (xeno_console_guest_get_action (self, "mute"), g_variant_new_boolean (self->is_muted));
  if (guest != NULL)
    {
      xeno_guest_set_volume (guest, self->is_muted || self->is_untrusted ? 0.0 : self->volume);
      xeno_guest_set_listens (guest, !self->is_untrusted && xeno_guest_listens (guest));
    }
  g_simple_action_set_state (xeno_console_guest_get_action (self, "microphone"),
                             g_variant_new_boolean (guest != NULL && xeno_guest_listens (guest)));
}

static void
mute_cb (GSimpleAction *action,
         GVariant      *state,
         gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;

  self->is_muted = g_variant_get_boolean (state);
  xeno_console_guest_set_sound (self);
  xeno_console_guest_note (self, NOTE_MUTED, self->is_muted ? "yes" : NULL);
  xeno_console_guest_notify_volume (self);
}

/* Never noted: it is off whenever a console is opened. */
static void
microphone_cb (GSimpleAction *action,
               GVariant      *state,
               gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  XenoGuest *guest = xeno_console_guest_get_guest (self);

  if (guest != NULL)
    xeno_guest_set_listens (guest, g_variant_get_boolean (state));
  xeno_console_guest_set_sound (self);
}

static gboolean
note_volume_cb (gpointer user_data)
{
  XenoConsoleGuest *self = user_data;
  g_autofree char *percent = g_strdup_printf ("%d", (int) (100 * self->volume + 0.5));

  self->volume_id = 0;
  xeno_console_guest_note (self, NOTE_VOLUME, percent);
  return G_SOURCE_REMOVE;
}

void
xeno_console_guest_recall_sound (XenoConsoleGuest *self)
{
  g_autofree char *volume = xeno_console_guest_dup_note (self, NOTE_VOLUME);
  g_autofree char *muted = xeno_console_guest_dup_note (self, NOTE_MUTED);
  guint64 percent = 100;

  if (self->volume_id != 0)
    {
      xeno_console_guest_set_sound (self);
      return;
    }

  if (volume != NULL)
    g_ascii_string_to_unsigned (volume, 10, 0, 100, &percent, NULL);
  self->volume = percent / 100.0;
  self->is_muted = g_strcmp0 (muted, "yes") == 0;
  xeno_console_guest_set_sound (self);
  xeno_console_guest_notify_volume (self);
}

void
xeno_console_guest_update_sound (XenoConsoleGuest *self)
{
  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "mute"),
                               xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_SOUND));
  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "microphone"),
                               xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_MICROPHONE));
}

void
xeno_console_guest_add_sound (XenoConsoleGuest *self)
{
  static const GActionEntry entries[] = {
    { "mute", NULL, NULL, "false", mute_cb },
    { "microphone", NULL, NULL, "false", microphone_cb },
  };

  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
}

void
xeno_console_guest_dispose_sound (XenoConsoleGuest *self)
{
  g_clear_handle_id (&self->volume_id, g_source_remove);
}

/**
 * xeno_console_guest_get_volume:
 * @self: a console's guest
 *
 * Returns: how loud the guest may be, 0 to 1; 0 while it is muted
 */
double
xeno_console_guest_get_volume (XenoConsoleGuest *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_GUEST (self), 0.0);

  return self->is_muted ? 0.0 : self->volume;
}

/**
 * xeno_console_guest_set_volume:
 * @self: a console's guest
 * @volume: how loud the guest may be, 0 to 1
 *
 * A guest that was muted is heard again. The volume is noted on the machine once it is left alone.
 */
void
xeno_console_guest_set_volume (XenoConsoleGuest *self,
                               double            volume)
{
  g_return_if_fail (XENO_IS_CONSOLE_GUEST (self));

  if (xeno_console_guest_get_volume (self) == volume)
    return;

  if (self->is_muted)
    xeno_console_guest_note (self, NOTE_MUTED, NULL);
  self->is_muted = FALSE;
  self->volume = volume;
  xeno_console_guest_set_sound (self);
  g_clear_handle_id (&self->volume_id, g_source_remove);
  self->volume_id = g_timeout_add (VOLUME_REST_MS, note_volume_cb, self);
  xeno_console_guest_notify_volume (self);
}
