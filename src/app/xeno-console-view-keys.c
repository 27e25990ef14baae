/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be typed on a console's keyboard: combinations, those of the person's own, and whole texts. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-console-view-private.h"
#include "base/xeno-text.h"
#include "console/xeno-combination.h"
#include "console/xeno-layout.h"
#include "console/xeno-own-combination.h"
#include "console/xeno-typist.h"
#include "widgets/xeno-message-dialog.h"
#include "widgets/xeno-toast.h"

/* Of characters that cannot be typed, so many are named. */
#define MAX_NAMED_CHARS 20

/* What libosinfo calls the systems that want Ctrl+Alt+Delete before anybody signs in. */
#define WINDOWS_PREFIX "http://microsoft.com/win"

/* What cannot be typed whole, until the person has decided. */
typedef struct
{
  XenoConsoleView *view;
  XenoLayout        *layout;
  char              *text;
} Doubt;

static void
doubt_free (gpointer data)
{
  Doubt *doubt = data;

  g_object_unref (doubt->view);
  g_object_unref (doubt->layout);
  g_free (doubt->text);
  g_free (doubt);
}

/* Of a kind of devices: whether there are any, and all have this. */
static gboolean
all_have (GPtrArray  *devices,
          const char *field,
          const char *value)
{
  for (guint i = 0; i < devices->len; i++)
    {
      g_autofree char *found = xeno_device_dup_string (g_ptr_array_index (devices, i), field);

      if (g_strcmp0 (found, value) != 0)
        return FALSE;
    }

  return devices->len > 0;
}

static gboolean
is_no_keyboard (gconstpointer device)
{
  g_autofree char *type = xeno_device_dup_string ((XenoDevice *) device, "type");

  return g_strcmp0 (type, "keyboard") != 0;
}

/* A second keyboard would be the one that counts, and a VNC server of QEMU takes its time for each key. */
static gboolean
has_fast_keyboard (XenoConsoleView *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  g_autoptr(XenoSpec) spec = machine != NULL ? xeno_machine_dup_spec (machine) : NULL;
  g_autoptr(GPtrArray) keyboards = NULL;
  g_autoptr(GPtrArray) displays = NULL;

  if (spec == NULL)
    return FALSE;

  displays = xeno_spec_list_devices (spec, "graphics");
  keyboards = xeno_spec_list_devices (spec, "input");
  for (guint i = keyboards->len; i > 0; i--)
    if (is_no_keyboard (g_ptr_array_index (keyboards, i - 1)))
      g_ptr_array_remove_index (keyboards, i - 1);

  return all_have (keyboards, "bus", "ps2") && all_have (displays, "type", "spice");
}

static void
type (XenoConsoleView *self,
      XenoLayout        *layout,
      const char        *text)
{
  xeno_console_hint_type (self->hint, layout, text, has_fast_keyboard (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->console));
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Doubt            *doubt)
{
  if (g_str_equal (response, "type"))
    type (doubt->view, doubt->layout, doubt->text);
}

/* Half a password is worse than none, so the person is asked before the first key. */
static void
ask (XenoConsoleView *self,
     XenoLayout        *layout,
     const char        *text,
     const char        *missing)
{
  g_autofree char *named = xeno_text_clean (missing, -1, MAX_NAMED_CHARS);
  Doubt *doubt = g_new (Doubt, 1);
  GtkWidget *dialog;

  doubt->view = g_object_ref (self);
  doubt->layout = g_object_ref (layout);
  doubt->text = g_strdup (text);

  dialog = xeno_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                    _("Not All of It Can Be Typed"), NULL);
  /* Translators: %s is characters, as “€ あ” */
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("The keyboard layout has no keys for these characters: %s\n"
                                    "The layout of machines is chosen in the preferences."), named);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"),
                                    "type", _("_Type the Rest"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), doubt,
                         (GClosureNotify) G_CALLBACK (doubt_free), 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static XenoLayout *
open_layout (XenoConsoleView *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "console-layout");

  return *name != '\0' ? xeno_layout_new (name)
                       : xeno_layout_new_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
}

static void
refuse (XenoConsoleView *self,
        const char        *reason)
{
  GtkWidget *toasts = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (toasts != NULL)
    xeno_toast_show (ADW_TOAST_OVERLAY (toasts), xeno_toast_new (reason));
}

static void
type_text (XenoConsoleView *self,
           const char        *text)
{
  g_autoptr (XenoLayout) layout = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *message = NULL;

  if (g_utf8_strlen (text, -1) > XENO_TYPIST_MAX_CHARS)
    {
      message = g_strdup_printf (ngettext ("The clipboard has more than the %d character that can be typed.",
                                           "The clipboard has more than the %d characters that can be typed.",
                                           XENO_TYPIST_MAX_CHARS), XENO_TYPIST_MAX_CHARS);
      refuse (self, message);
      return;
    }

  layout = open_layout (self);
  missing = xeno_layout_dup_missing (layout, text);
  if (missing != NULL)
    ask (self, layout, text, missing);
  else
    type (self, layout, text);
}

static void
text_read_cb (GObject      *clipboard,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (XenoConsoleView) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (self->session == NULL || !xeno_console_accepts_input (self->console))
    return;

  if (text == NULL || *text == '\0')
    refuse (self, _("The clipboard has no text."));
  else
    type_text (self, text);
}

static void
type_clipboard_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (user_data), NULL, text_read_cb,
                                 g_object_ref (user_data));
}

static void
send_keys_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  XenoConsoleView *self = user_data;
  gsize n_qnums;
  const guint *qnums = g_variant_get_fixed_array (parameter, &n_qnums, sizeof *qnums);

  for (gsize i = 0; i < n_qnums; i++)
    if (qnums[i] == 0 || qnums[i] > 0xff)
      return;

  xeno_console_send_keys (self->console, qnums, n_qnums);
  gtk_widget_grab_focus (GTK_WIDGET (self->console));
}

void
xeno_console_view_add_keys (XenoConsoleView *self)
{
  static const GActionEntry entries[] = {
    { "send-keys", send_keys_cb, "au" },
    { "type-clipboard", type_clipboard_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

/*
 * Follows the session: what system it is decides which keys are offered over its screen.
 */
void
xeno_console_view_update_keys (XenoConsoleView *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  const char *os_id = machine != NULL ? xeno_machine_get_os_id (machine) : NULL;

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "send-keys")),
                               self->accepts_keys);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "type-clipboard")),
                               self->accepts_keys);
  xeno_console_hint_set_is_windows (self->hint, os_id != NULL && g_str_has_prefix (os_id, WINDOWS_PREFIX));
}

static void
fill_menu (GMenu      *menu,
           const char *key,
           GSettings  *settings)
{
  g_autoptr (GListModel) own = xeno_own_combination_load (settings);
  g_autoptr (GMenu) texts = g_menu_new ();

  g_menu_remove_all (menu);
  xeno_own_combination_append_to_menu (own, menu, "console.send-keys");
  xeno_combination_append_to_menu (menu, "console.send-keys");
  g_menu_append (texts, _("_Type the Clipboard"), "console.type-clipboard");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (texts));
}

/**
 * xeno_console_view_keys_menu_new:
 * @settings: the application's settings
 *
 * Makes the Send Keys menu, for actions of the view that is seen. It follows the settings.
 *
 * Returns: (transfer full): the menu
 */
GMenuModel *
xeno_console_view_keys_menu_new (GSettings *settings)
{
  GMenu *menu;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  menu = g_menu_new ();
  g_signal_connect_object (settings, "changed::console-combinations", G_CALLBACK (fill_menu), menu,
                           G_CONNECT_SWAPPED);
  fill_menu (menu, NULL, settings);
  return G_MENU_MODEL (menu);
}
