/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smart card of this computer's that a guest is given. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-guest-private.h"
#include "app/xeno-share-memory.h"
#include "dialogs/xeno-card-dialog.h"
#include "spec/xeno-device.h"

/* What was given before is taken back at once. */
void
xeno_console_guest_give_card (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);
  const char *reader = self->is_untrusted ? NULL : self->card_reader;

  if (guest == NULL || (reader == NULL && !self->is_card_given))
    return;

  self->is_card_given = reader != NULL;
  xeno_guest_give_card (guest, reader);
}

static XenoDevice *
find_reader (XenoSpec *spec)
{
  g_autoptr (GPtrArray) readers = xeno_spec_list_devices (spec, "smartcard");

  return readers->len > 0 ? g_object_ref (readers->pdata[0]) : NULL;
}

static gboolean
has_value (XenoDevice *device,
           const char *field,
           const char *expected)
{
  g_autofree char *value = xeno_device_dup_string (device, field);

  return g_strcmp0 (value, expected) == 0;
}

static gboolean
is_ours (XenoDevice *reader)
{
  return has_value (reader, "source-channel", XENO_DISPLAY_CARD_PORT_NAME);
}

/* A reader that waits for a card from a viewer, by a channel that only libcacard speaks: no viewer of ours. */
static gboolean
can_become_ours (XenoDevice *reader)
{
  return has_value (reader, "mode", "passthrough") && has_value (reader, "type", "spicevmc");
}

/* A machine that could be given a card, if it were started with a reader for it. */
static gboolean
lacks_reader (XenoConsoleGuest *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  g_autoptr (XenoSpec) spec = machine != NULL ? xeno_machine_dup_spec (machine) : NULL;
  g_autoptr (XenoDevice) reader = spec != NULL ? find_reader (spec) : NULL;

  return spec != NULL && xeno_machine_is_persistent (machine) && xeno_console_guest_speaks_spice (spec) &&
         (reader == NULL || can_become_ours (reader));
}

void
xeno_console_guest_update_card (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);
  GtkWidget *dialog = self->card_dialog;

  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "smart-card"),
                               xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_CARD) ||
                               (!self->is_untrusted && self->lacks_reader));
  if (dialog != NULL && guest != NULL)
    xeno_card_dialog_set_report (XENO_CARD_DIALOG (dialog), xeno_guest_get_card_report (guest));
  if (dialog != NULL && self->is_untrusted)
    gtk_window_close (GTK_WINDOW (dialog));
}

void
xeno_console_guest_recall_card (XenoConsoleGuest *self)
{
  self->lacks_reader = lacks_reader (self);
  xeno_console_guest_update_card (self);
}

gboolean
xeno_console_guest_has_card (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);
  const XenoCardReport *report = guest != NULL ? xeno_guest_get_card_report (guest) : NULL;

  for (guint i = 0; report != NULL && i < report->n_readers; i++)
    if (report->readers[i].state == XENO_CARD_GIVEN)
      return TRUE;
  return FALSE;
}

/**
 * xeno_console_guest_set_card:
 * @self: a console's guest
 * @reader: (nullable): the reader of this computer's whose card it gets; "": the first that has one;
 *   %NULL: it gets none
 *
 * Lets the guest have a smart card, and remembers it for its machine.
 */
void
xeno_console_guest_set_card (XenoConsoleGuest *self,
                             const char       *reader)
{
  XenoMachine *machine;
  char *owned;

  g_return_if_fail (XENO_IS_CONSOLE_GUEST (self));

  machine = xeno_console_session_get_machine (self->session);
  owned = g_strdup (reader);
  g_free (self->card_reader);
  self->card_reader = owned;
  if (machine != NULL)
    xeno_share_memory_set_reader (self->settings, xeno_machine_get_uuid (machine), reader);
  xeno_console_guest_give_card (self);
}

static void
changed_cb (XenoConsoleGuest *self,
            const char       *reader)
{
  xeno_console_guest_set_card (self, reader);
}

/* A machine has one reader at most: QEMU knows no further ones. */
static gboolean
add_reader (XenoSpec  *spec,
            gpointer   user_data,
            GError   **error)
{
  g_autoptr (XenoDevice) reader = find_reader (spec);

  if (reader != NULL && (is_ours (reader) || !can_become_ours (reader)))
    return TRUE;

  if (reader == NULL)
    reader = xeno_spec_add_device (spec, "smartcard");
  xeno_device_set_string (reader, "mode", "passthrough");
  xeno_device_set_string (reader, "type", "spiceport");
  xeno_device_set_string (reader, "source-channel", XENO_DISPLAY_CARD_PORT_NAME);
  return TRUE;
}

static void
smart_card_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  if (!xeno_console_guest_can (self, XENO_DISPLAY_ABILITY_CARD))
    {
      heading = g_strdup_printf (_("“%s” has no smart card reader yet"),
                                 xeno_console_session_get_title (self->session));
      xeno_console_guest_offer (self, heading,
                                _("It gets one now, and has it when it was shut down and started again."),
                                _("_Add Reader"), add_reader);
      return;
    }

  dialog = xeno_card_dialog_new (self->window, self->card_reader);
  g_set_weak_pointer (&self->card_dialog, dialog);
  g_signal_connect_object (dialog, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  xeno_console_guest_update_card (self);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
xeno_console_guest_add_card (XenoConsoleGuest *self)
{
  static const GActionEntry entries[] = {
    { "smart-card", smart_card_cb },
  };
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  if (machine != NULL)
    self->card_reader = xeno_share_memory_dup_reader (self->settings, xeno_machine_get_uuid (machine));
}

void
xeno_console_guest_dispose_card (XenoConsoleGuest *self)
{
  g_clear_weak_pointer (&self->card_dialog);
  g_clear_pointer (&self->card_reader, g_free);
}
