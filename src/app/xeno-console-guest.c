/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console shares with its guest: the clipboard, its size, files; and whether it may. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-console-guest-private.h"
#include "app/xeno-machine-actions.h"
#include "virt/xeno-machine.h"

/* What is noted on a machine. */
#define NOTE_CLIPBOARD "clipboard"
#define NOTE_FOLLOWS "screen-follows-window"

enum
{
  PROP_0,
  PROP_CLIPBOARD_ICON,
  PROP_CLIPBOARD_WORDS,
  PROP_CAN_SHARE,
  PROP_JOB,
  PROP_HAS_SOUND,
  PROP_VOLUME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* By policy. */
static const struct
{
  const char *nick;
  const char *icon;
  const char *words;
} policies[] = {
  { "off", "xeno-clipboard-off-symbolic", N_("Clipboard: not shared") },
  { "to-guest", "xeno-clipboard-to-guest-symbolic", N_("Clipboard: to the guest") },
  { "from-guest", "xeno-clipboard-from-guest-symbolic", N_("Clipboard: from the guest") },
  { "both", "xeno-clipboard-both-symbolic", N_("Clipboard: both ways") },
};

G_DEFINE_FINAL_TYPE (XenoConsoleGuest, xeno_console_guest, G_TYPE_OBJECT)

XenoGuest *
xeno_console_guest_get_guest (XenoConsoleGuest *self)
{
  XenoConsoleBackend *backend = xeno_console_get_backend (self->console);

  return backend != NULL ? xeno_console_backend_get_guest (backend) : NULL;
}

gboolean
xeno_console_guest_can (XenoConsoleGuest   *self,
                        XenoDisplayAbility  ability)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);

  return guest != NULL && xeno_guest_can (guest, ability);
}

/* An untrusted machine gets no more than what a person types and points at. */
gboolean
xeno_console_guest_may_share (XenoConsoleGuest   *self,
                              XenoDisplayAbility  ability)
{
  return !self->is_untrusted && xeno_console_guest_can (self, ability);
}

static gboolean
may_share_clipboard (XenoConsoleGuest *self)
{
  return xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_TEXT) ||
         xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_PICTURES);
}

GSimpleAction *
xeno_console_guest_get_action (XenoConsoleGuest *self,
                               const char       *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, name));
}

static void
noted_cb (GObject      *machine,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  GApplication *application = g_application_get_default ();

  if (!xeno_machine_set_note_finish (XENO_MACHINE (machine), result, &error) && application != NULL)
    xeno_application_show_error (XENO_APPLICATION (application), NULL, error);
}

/* What is no machine's is not remembered. */
void
xeno_console_guest_note (XenoConsoleGuest *self,
                         const char       *key,
                         const char       *value)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  if (machine != NULL)
    xeno_machine_set_note_async (machine, key, value, NULL, noted_cb, NULL);
}

char *
xeno_console_guest_dup_note (XenoConsoleGuest *self,
                             const char       *key)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  return machine != NULL ? xeno_machine_dup_note (machine, key) : NULL;
}

void
xeno_console_guest_notify_volume (XenoConsoleGuest *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

void
xeno_console_guest_notify_words (XenoConsoleGuest *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIPBOARD_WORDS]);
}

void
xeno_console_guest_notify_job (XenoConsoleGuest *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOB]);
}

static void
show_policy (XenoConsoleGuest *self)
{
  const char *nick = policies[xeno_clipboard_get_policy (self->clipboard)].nick;

  g_simple_action_set_state (xeno_console_guest_get_action (self, "clipboard"), g_variant_new_string (nick));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIPBOARD_ICON]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIPBOARD_WORDS]);
}

static gboolean
find_policy (const char          *nick,
             XenoClipboardPolicy *policy)
{
  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    if (g_strcmp0 (policies[i].nick, nick) == 0)
      {
        *policy = i;
        return TRUE;
      }
  return FALSE;
}

static void
clipboard_cb (GSimpleAction *action,
              GVariant      *state,
              gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  XenoClipboardPolicy policy;

  if (self->is_untrusted || !find_policy (g_variant_get_string (state, NULL), &policy))
    return;

  xeno_clipboard_set_policy (self->clipboard, policy);
  show_policy (self);
  xeno_console_guest_note (self, NOTE_CLIPBOARD, policies[policy].nick);
}

static void
follow_cb (GSimpleAction *action,
           GVariant      *state,
           gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  gboolean follows = g_variant_get_boolean (state);

  xeno_console_set_resizes_guest (self->console, follows);
  g_simple_action_set_state (action, state);
  xeno_console_guest_note (self, NOTE_FOLLOWS, follows ? NULL : "no");
}

static void
update_abilities (XenoConsoleGuest *self)
{
  gboolean takes_input = !xeno_console_is_view_only (self->console);

  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "clipboard"), may_share_clipboard (self));
  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "follow-window"),
                               takes_input && xeno_console_guest_can (self, XENO_DISPLAY_ABILITY_RESIZE));
  xeno_console_guest_update_card (self);
  xeno_console_guest_update_files (self);
  xeno_console_guest_update_folder (self);
  xeno_console_guest_update_sound (self);
  xeno_console_guest_update_usb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_SHARE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_SOUND]);
  xeno_console_guest_notify_words (self);
}

static void
recall_trust (XenoConsoleGuest *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  gboolean was_untrusted = self->is_untrusted;

  self->is_untrusted = machine != NULL && xeno_machine_is_untrusted (machine);
  if (self->is_untrusted != was_untrusted)
    {
      xeno_console_guest_give_card (self);
      xeno_console_guest_give_folder (self);
    }
  xeno_console_guest_recall_card (self);
  xeno_console_guest_recall_folder (self);
  update_abilities (self);
}

/* What was noted on the machine holds, whoever noted it. */
static void
recall (XenoConsoleGuest *self)
{
  g_autofree char *clipboard = xeno_console_guest_dup_note (self, NOTE_CLIPBOARD);
  g_autofree char *follows = xeno_console_guest_dup_note (self, NOTE_FOLLOWS);
  gboolean is_following = g_strcmp0 (follows, "no") != 0;
  XenoClipboardPolicy policy = g_settings_get_enum (self->settings, "console-clipboard");

  recall_trust (self);
  if (self->is_untrusted)
    policy = XENO_CLIPBOARD_OFF;
  else
    find_policy (clipboard, &policy);
  xeno_clipboard_set_policy (self->clipboard, policy);
  show_policy (self);

  xeno_console_guest_recall_sound (self);
  xeno_console_set_resizes_guest (self->console, is_following);
  g_simple_action_set_state (xeno_console_guest_get_action (self, "follow-window"),
                             g_variant_new_boolean (is_following));
}

/* Somebody is at a console that is in view, in the window that has the focus. */
static void
update_presence (XenoConsoleGuest *self)
{
  xeno_clipboard_set_active (self->clipboard,
                             self->window != NULL && gtk_window_is_active (self->window) &&
                             gtk_widget_get_mapped (GTK_WIDGET (self->console)) &&
                             !xeno_console_is_view_only (self->console));
}

static void
root_cb (XenoConsoleGuest *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->console));

  if (self->window != NULL)
    g_signal_handlers_disconnect_by_func (self->window, update_presence, self);
  g_set_weak_pointer (&self->window, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  if (self->window != NULL)
    g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (update_presence), self,
                             G_CONNECT_SWAPPED);
  update_presence (self);
}

static void
backend_cb (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);

  xeno_clipboard_set_guest (self->clipboard, guest);
  xeno_usb_plugs_set_guest (self->plugs, guest);
  g_signal_group_set_target (self->guest_signals, guest);
  xeno_console_guest_set_sound (self);
  self->is_card_given = FALSE;
  xeno_console_guest_give_card (self);
  self->is_folder_given = FALSE;
  xeno_console_guest_give_folder (self);
  update_abilities (self);
}

static void
view_only_cb (XenoConsoleGuest *self)
{
  update_presence (self);
  update_abilities (self);
}

static gboolean
has_abilities (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);

  return guest != NULL && xeno_guest_get_abilities (guest) != 0;
}

static void
append_folder (XenoConsoleGuest *self,
               GString          *words)
{
  g_autofree char *name = g_filename_display_basename (self->folder);

  g_string_append_c (words, '\n');
  g_string_append_printf (words, self->is_folder_writable ? _("Folder “%s”, which the machine may change")
                                                          : _("Folder “%s”, which the machine may read"), name);
}

static char *
dup_words (XenoConsoleGuest *self)
{
  GString *words;

  if (self->is_untrusted)
    return g_strdup (_("Nothing is shared with this machine"));

  words = g_string_new (_(policies[xeno_clipboard_get_policy (self->clipboard)].words));
  if (self->folder != NULL && xeno_console_guest_can (self, XENO_DISPLAY_ABILITY_FOLDER))
    append_folder (self, words);
  if (xeno_console_guest_has_card (self))
    g_string_append_printf (words, "\n%s", _("A smart card, which the machine has"));
  return g_string_free (words, FALSE);
}

static void
xeno_console_guest_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  XenoConsoleGuest *self = XENO_CONSOLE_GUEST (object);

  switch (prop_id)
    {
    case PROP_CLIPBOARD_ICON:
      g_value_set_static_string (value, self->is_untrusted
                                          ? "security-high-symbolic"
                                          : policies[xeno_clipboard_get_policy (self->clipboard)].icon);
      break;

    case PROP_CLIPBOARD_WORDS:
      g_value_take_string (value, dup_words (self));
      break;

    case PROP_CAN_SHARE:
      g_value_set_boolean (value, self->is_untrusted || has_abilities (self));
      break;

    case PROP_JOB:
      g_value_set_object (value, self->job);
      break;

    case PROP_HAS_SOUND:
      g_value_set_boolean (value, xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_SOUND));
      break;

    case PROP_VOLUME:
      g_value_set_double (value, xeno_console_guest_get_volume (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_guest_dispose (GObject *object)
{
  XenoConsoleGuest *self = XENO_CONSOLE_GUEST (object);

  xeno_console_guest_dispose_card (self);
  xeno_console_guest_dispose_files (self);
  xeno_console_guest_dispose_folder (self);
  xeno_console_guest_dispose_sound (self);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->guest_signals);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->usb_rules);
  g_clear_object (&self->plugs);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (xeno_console_guest_parent_class)->dispose (object);
}

static void
xeno_console_guest_class_init (XenoConsoleGuestClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_console_guest_dispose;
  object_class->get_property = xeno_console_guest_get_property;

  /**
   * XenoConsoleGuest:clipboard-icon:
   *
   * Which way the clipboard goes, as an icon; another one where nothing is shared at all.
   */
  properties[PROP_CLIPBOARD_ICON] = g_param_spec_string ("clipboard-icon", NULL, NULL, NULL, flags);

  /**
   * XenoConsoleGuest:clipboard-words:
   *
   * Which way the clipboard goes, in words, and the folder and the card that are shared, or that nothing is.
   */
  properties[PROP_CLIPBOARD_WORDS] = g_param_spec_string ("clipboard-words", NULL, NULL, NULL, flags);

  /**
   * XenoConsoleGuest:can-share:
   *
   * Whether there is anything one could share with the guest, or it was said that nothing is to be.
   */
  properties[PROP_CAN_SHARE] = g_param_spec_boolean ("can-share", NULL, NULL, FALSE, flags);

  /**
   * XenoConsoleGuest:job:
   *
   * What sends files at the moment.
   */
  properties[PROP_JOB] = g_param_spec_object ("job", NULL, NULL, XENO_TYPE_JOB, flags);

  /**
   * XenoConsoleGuest:has-sound:
   *
   * Whether the guest plays sound.
   */
  properties[PROP_HAS_SOUND] = g_param_spec_boolean ("has-sound", NULL, NULL, FALSE, flags);

  /**
   * XenoConsoleGuest:volume:
   *
   * How loud the guest may be, 0 to 1; 0 while it is muted.
   */
  properties[PROP_VOLUME] = g_param_spec_double ("volume", NULL, NULL, 0.0, 1.0, 1.0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
card_cb (XenoConsoleGuest *self)
{
  xeno_console_guest_update_card (self);
  xeno_console_guest_notify_words (self);
}

static void
xeno_console_guest_init (XenoConsoleGuest *self)
{
  self->settings = g_settings_new (XENO_APP_ID);
  self->plugs = xeno_usb_plugs_new ();
  self->guest_signals = g_signal_group_new (XENO_TYPE_GUEST);
  g_signal_group_connect_swapped (self->guest_signals, "notify::abilities", G_CALLBACK (update_abilities), self);
  g_signal_group_connect_swapped (self->guest_signals, "card-changed", G_CALLBACK (card_cb), self);
}

/**
 * xeno_console_guest_new:
 * @console: the screen; it outlives the object
 * @session: what it shows
 * @actions: gets what a person can do: "clipboard", "follow-window", "send-files", "shared-folder", "mute",
 *   "microphone", "usb-devices", "smart-card"; outlives the object
 *
 * Returns: (transfer full): what shares with the guest as far as was noted on its machine
 */
XenoConsoleGuest *
xeno_console_guest_new (XenoConsole        *console,
                        XenoConsoleSession *session,
                        GActionMap         *actions)
{
  static const GActionEntry entries[] = {
    { "clipboard", NULL, "s", "'off'", clipboard_cb },
    { "follow-window", NULL, NULL, "false", follow_cb },
  };
  XenoConsoleGuest *self;
  XenoMachine *machine;

  g_return_val_if_fail (XENO_IS_CONSOLE (console), NULL);
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_ACTION_MAP (actions), NULL);

  self = g_object_new (XENO_TYPE_CONSOLE_GUEST, NULL);
  self->console = console;
  self->session = g_object_ref (session);
  self->actions = actions;
  self->clipboard = xeno_clipboard_new (gtk_widget_get_clipboard (GTK_WIDGET (console)));
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  xeno_console_guest_add_card (self);
  xeno_console_guest_add_files (self);
  xeno_console_guest_add_folder (self);
  xeno_console_guest_add_sound (self);
  xeno_console_guest_add_usb (self);

  g_signal_connect_object (console, "notify::backend", G_CALLBACK (backend_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "notify::view-only", G_CALLBACK (view_only_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "notify::root", G_CALLBACK (root_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "map", G_CALLBACK (update_presence), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (console, "unmap", G_CALLBACK (update_presence), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  machine = xeno_console_session_get_machine (session);
  if (machine != NULL)
    g_signal_connect_object (machine, "notify::spec", G_CALLBACK (recall), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::console-clipboard", G_CALLBACK (recall), self,
                           G_CONNECT_SWAPPED);
  recall (self);
  root_cb (self);
  backend_cb (self);
  return self;
}

/**
 * xeno_console_guest_get_policy:
 * @self: a console's guest
 *
 * Returns: which way the clipboard goes
 */
XenoClipboardPolicy
xeno_console_guest_get_policy (XenoConsoleGuest *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_GUEST (self), XENO_CLIPBOARD_OFF);

  return xeno_clipboard_get_policy (self->clipboard);
}
