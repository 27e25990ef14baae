/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console shares with its guest: the clipboard, its size, files; and whether it may. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-console-guest.h"
#include "app/xeno-file-sender.h"
#include "dialogs/xeno-usb-dialog.h"
#include "virt/xeno-machine.h"

/* What is noted on a machine. */
#define NOTE_CLIPBOARD "clipboard"
#define NOTE_FOLLOWS "screen-follows-window"
#define NOTE_UNTRUSTED "untrusted"
#define NOTE_VOLUME "volume"
#define NOTE_MUTED "muted"

/* Where the kernel lists USB devices. */
#define SYSFS_USB "/sys/bus/usb/devices"

/* A volume is noted when it has not been turned for this long. */
#define VOLUME_REST_MS 1000

struct _XenoConsoleGuest
{
  GObject             parent_instance;
  XenoConsole        *console; /* outlives it */
  XenoConsoleSession *session;
  GSettings          *settings;
  GActionMap         *actions; /* of the view, which outlives it */
  XenoClipboard      *clipboard;
  XenoUsbPlugs       *plugs;
  GSignalGroup       *guest_signals;
  GtkWindow          *window; /* weak: where the console is */
  XenoJob            *job;
  gboolean            is_untrusted;
  double              volume;
  gboolean            is_muted;
  guint               volume_id;
};

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

static XenoGuest *
get_guest (XenoConsoleGuest *self)
{
  XenoConsoleBackend *backend = xeno_console_get_backend (self->console);

  return backend != NULL ? xeno_console_backend_get_guest (backend) : NULL;
}

static gboolean
can (XenoConsoleGuest   *self,
     XenoDisplayAbility  ability)
{
  XenoGuest *guest = get_guest (self);

  return guest != NULL && xeno_guest_can (guest, ability);
}

static gboolean
has_clipboard (XenoConsoleGuest *self)
{
  return can (self, XENO_DISPLAY_ABILITY_TEXT) || can (self, XENO_DISPLAY_ABILITY_PICTURES);
}

static GSimpleAction *
get_action (XenoConsoleGuest *self,
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
static void
note (XenoConsoleGuest *self,
      const char       *key,
      const char       *value)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  if (machine != NULL)
    xeno_machine_set_note_async (machine, key, value, NULL, noted_cb, NULL);
}

static char *
dup_note (XenoConsoleGuest *self,
          const char       *key)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  return machine != NULL ? xeno_machine_dup_note (machine, key) : NULL;
}

static void
show_policy (XenoConsoleGuest *self)
{
  const char *nick = policies[xeno_clipboard_get_policy (self->clipboard)].nick;

  g_simple_action_set_state (get_action (self, "clipboard"), g_variant_new_string (nick));
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
  note (self, NOTE_CLIPBOARD, policies[policy].nick);
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
  note (self, NOTE_FOLLOWS, follows ? NULL : "no");
}

static void
set_sound (XenoConsoleGuest *self)
{
  XenoGuest *guest = get_guest (self);

  g_simple_action_set_state (get_action (self, "mute"), g_variant_new_boolean (self->is_muted));
  if (guest != NULL)
    xeno_guest_set_volume (guest, self->is_muted ? 0.0 : self->volume);
}

static void
mute_cb (GSimpleAction *action,
         GVariant      *state,
         gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;

  self->is_muted = g_variant_get_boolean (state);
  set_sound (self);
  note (self, NOTE_MUTED, self->is_muted ? "yes" : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

/* Never noted: it is off whenever a console is opened. */
static void
microphone_cb (GSimpleAction *action,
               GVariant      *state,
               gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  XenoGuest *guest = get_guest (self);

  if (guest != NULL)
    xeno_guest_set_listens (guest, g_variant_get_boolean (state));
  g_simple_action_set_state (action, g_variant_new_boolean (guest != NULL && xeno_guest_listens (guest)));
}

static gboolean
note_volume_cb (gpointer user_data)
{
  XenoConsoleGuest *self = user_data;
  g_autofree char *percent = g_strdup_printf ("%d", (int) (100 * self->volume + 0.5));

  self->volume_id = 0;
  note (self, NOTE_VOLUME, percent);
  return G_SOURCE_REMOVE;
}

static void
recall_sound (XenoConsoleGuest *self)
{
  g_autofree char *volume = dup_note (self, NOTE_VOLUME);
  g_autofree char *muted = dup_note (self, NOTE_MUTED);
  guint64 percent = 100;

  if (self->volume_id != 0)
    return;

  if (volume != NULL)
    g_ascii_string_to_unsigned (volume, 10, 0, 100, &percent, NULL);
  self->volume = percent / 100.0;
  self->is_muted = g_strcmp0 (muted, "yes") == 0;
  set_sound (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

/* What was noted on the machine holds, whoever noted it. */
static void
recall (XenoConsoleGuest *self)
{
  g_autofree char *untrusted = dup_note (self, NOTE_UNTRUSTED);
  g_autofree char *clipboard = dup_note (self, NOTE_CLIPBOARD);
  g_autofree char *follows = dup_note (self, NOTE_FOLLOWS);
  gboolean is_following = g_strcmp0 (follows, "no") != 0;
  XenoClipboardPolicy policy = g_settings_get_enum (self->settings, "console-clipboard");

  self->is_untrusted = g_strcmp0 (untrusted, "yes") == 0;
  if (self->is_untrusted)
    policy = XENO_CLIPBOARD_OFF;
  else
    find_policy (clipboard, &policy);
  xeno_clipboard_set_policy (self->clipboard, policy);
  show_policy (self);

  recall_sound (self);
  xeno_console_set_resizes_guest (self->console, is_following);
  g_simple_action_set_state (get_action (self, "follow-window"), g_variant_new_boolean (is_following));
}

static void
update_abilities (XenoConsoleGuest *self)
{
  gboolean takes_input = !xeno_console_is_view_only (self->console);

  g_simple_action_set_enabled (get_action (self, "clipboard"), has_clipboard (self) && !self->is_untrusted);
  g_simple_action_set_enabled (get_action (self, "follow-window"),
                               takes_input && can (self, XENO_DISPLAY_ABILITY_RESIZE));
  g_simple_action_set_enabled (get_action (self, "send-files"),
                               takes_input && self->job == NULL && can (self, XENO_DISPLAY_ABILITY_FILES));
  g_simple_action_set_enabled (get_action (self, "usb-devices"),
                               takes_input && can (self, XENO_DISPLAY_ABILITY_USB));
  g_simple_action_set_enabled (get_action (self, "mute"), can (self, XENO_DISPLAY_ABILITY_SOUND));
  g_simple_action_set_enabled (get_action (self, "microphone"), can (self, XENO_DISPLAY_ABILITY_MICROPHONE));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_SHARE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_SOUND]);
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
  XenoGuest *guest = get_guest (self);

  xeno_clipboard_set_guest (self->clipboard, guest);
  xeno_usb_plugs_set_guest (self->plugs, guest);
  g_signal_group_set_target (self->guest_signals, guest);
  set_sound (self);
  g_simple_action_set_state (get_action (self, "microphone"),
                             g_variant_new_boolean (guest != NULL && xeno_guest_listens (guest)));
  update_abilities (self);
}

static void
view_only_cb (XenoConsoleGuest *self)
{
  update_presence (self);
  update_abilities (self);
}

static void
job_cb (XenoConsoleGuest *self)
{
  if (xeno_job_get_state (self->job) == XENO_JOB_RUNNING)
    return;

  g_clear_object (&self->job);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOB]);
  update_abilities (self);
}

static void
chosen_cb (GtkFileChooserNative *chooser,
           int                   response,
           XenoConsoleGuest     *self)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT)
    xeno_console_guest_send_files (self, files);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
  g_object_unref (chooser);
}

static void
send_files_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Send Files"), self->window, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Send"), NULL);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
usb_devices_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;

  gtk_window_present (GTK_WINDOW (xeno_usb_dialog_new (self->window, self->plugs, SYSFS_USB)));
}

static gboolean
drop_cb (XenoConsoleGuest *self,
         const GValue     *value)
{
  GSList *dropped = g_value_get_boxed (value);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (!g_action_get_enabled (G_ACTION (get_action (self, "send-files"))))
    return FALSE;

  for (; dropped != NULL; dropped = dropped->next)
    g_list_store_append (files, dropped->data);
  xeno_console_guest_send_files (self, G_LIST_MODEL (files));
  return TRUE;
}

static GdkDragAction
enter_cb (XenoConsoleGuest *self)
{
  return g_action_get_enabled (G_ACTION (get_action (self, "send-files"))) ? GDK_ACTION_COPY : 0;
}

static void
add_drop_target (XenoConsoleGuest *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "enter", G_CALLBACK (enter_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "motion", G_CALLBACK (enter_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->console), GTK_EVENT_CONTROLLER (target));
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
      g_value_set_static_string (value, policies[xeno_clipboard_get_policy (self->clipboard)].icon);
      break;

    case PROP_CLIPBOARD_WORDS:
      g_value_set_string (value, _(policies[xeno_clipboard_get_policy (self->clipboard)].words));
      break;

    case PROP_CAN_SHARE:
      g_value_set_boolean (value, get_guest (self) != NULL && xeno_guest_get_abilities (get_guest (self)) != 0);
      break;

    case PROP_JOB:
      g_value_set_object (value, self->job);
      break;

    case PROP_HAS_SOUND:
      g_value_set_boolean (value, can (self, XENO_DISPLAY_ABILITY_SOUND));
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

  g_clear_handle_id (&self->volume_id, g_source_remove);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->guest_signals);
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  g_clear_object (&self->clipboard);
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
   * Which way the clipboard goes, as an icon.
   */
  properties[PROP_CLIPBOARD_ICON] = g_param_spec_string ("clipboard-icon", NULL, NULL, NULL, flags);

  /**
   * XenoConsoleGuest:clipboard-words:
   *
   * Which way the clipboard goes, in words.
   */
  properties[PROP_CLIPBOARD_WORDS] = g_param_spec_string ("clipboard-words", NULL, NULL, NULL, flags);

  /**
   * XenoConsoleGuest:can-share:
   *
   * Whether there is anything one could share with the guest.
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
xeno_console_guest_init (XenoConsoleGuest *self)
{
  self->settings = g_settings_new (XENO_APP_ID);
  self->plugs = xeno_usb_plugs_new ();
  self->guest_signals = g_signal_group_new (XENO_TYPE_GUEST);
  g_signal_group_connect_swapped (self->guest_signals, "notify::abilities", G_CALLBACK (update_abilities), self);
}

/**
 * xeno_console_guest_new:
 * @console: the screen; it outlives the object
 * @session: what it shows
 * @actions: gets what a person can do: "clipboard", "follow-window", "send-files", "mute",
 *   "microphone", "usb-devices"; outlives the object
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
    { "send-files", send_files_cb },
    { "usb-devices", usb_devices_cb },
    { "mute", NULL, NULL, "false", mute_cb },
    { "microphone", NULL, NULL, "false", microphone_cb },
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
  add_drop_target (self);

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
    note (self, NOTE_MUTED, NULL);
  self->is_muted = FALSE;
  self->volume = volume;
  set_sound (self);
  g_clear_handle_id (&self->volume_id, g_source_remove);
  self->volume_id = g_timeout_add (VOLUME_REST_MS, note_volume_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

/**
 * xeno_console_guest_send_files:
 * @self: a console's guest
 * @files: a list of #GFile
 *
 * Sends them into the guest, one after the other.
 */
void
xeno_console_guest_send_files (XenoConsoleGuest *self,
                               GListModel       *files)
{
  GApplication *application = g_application_get_default ();

  g_return_if_fail (XENO_IS_CONSOLE_GUEST (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  if (self->job != NULL || get_guest (self) == NULL || g_list_model_get_n_items (files) == 0)
    return;

  self->job = xeno_file_sender_start (get_guest (self), xeno_console_session_get_title (self->session), files);
  g_signal_connect_object (self->job, "notify::state", G_CALLBACK (job_cb), self, G_CONNECT_SWAPPED);
  if (application != NULL)
    xeno_application_add_job (XENO_APPLICATION (application), self->job);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOB]);
  update_abilities (self);
}
