/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole texts, typed on a console's keyboard as on one with the guest's layout. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-console-view-private.h"
#include "base/xeno-text.h"
#include "console/xeno-layout-list.h"
#include "console/xeno-layout.h"
#include "console/xeno-typist.h"
#include "dialogs/xeno-layout-dialog.h"
#include "widgets/xeno-message-dialog.h"
#include "widgets/xeno-toast.h"

/* The layout of the guest's keyboard, noted on the machine: it is the guest's, whoever looks at it. */
#define NOTE_LAYOUT "keyboard-layout"

/* Of characters that cannot be typed, so many are named. */
#define MAX_NAMED_CHARS 20

/* What cannot be typed whole, until the person has decided. */
typedef struct
{
  XenoConsoleView *view;
  XenoLayout      *layout;
  char            *text;
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

static void
type (XenoConsoleView *self,
      XenoLayout      *layout,
      const char      *text)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  g_autoptr (XenoSpec) spec = machine != NULL ? xeno_machine_dup_spec (machine) : NULL;

  xeno_console_hint_type (self->hint, layout, text, spec != NULL && xeno_typist_can_be_fast (spec));
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
     XenoLayout      *layout,
     const char      *text,
     const char      *missing)
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
                                    "Choose the layout that the guest’s keyboard has in the menu of keys."), named);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"),
                                    "type", _("_Type the Rest"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), doubt,
                         (GClosureNotify) G_CALLBACK (doubt_free), 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A layout of the machine's own, or else what the person prefers for all. */
static char *
dup_own_layout (XenoConsoleView *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  return machine != NULL ? xeno_machine_dup_note (machine, NOTE_LAYOUT) : NULL;
}

static XenoLayout *
open_layout (XenoConsoleView *self)
{
  g_autofree char *own = dup_own_layout (self);
  g_autofree char *name = own != NULL ? g_steal_pointer (&own) : g_settings_get_string (self->settings, "console-layout");

  return *name != '\0' ? xeno_layout_new (name)
                       : xeno_layout_new_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
}

static void
refuse (XenoConsoleView *self,
        const char      *reason)
{
  GtkWidget *toasts = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (toasts != NULL)
    xeno_toast_show (ADW_TOAST_OVERLAY (toasts), xeno_toast_new (reason));
}

static void
type_text (XenoConsoleView *self,
           const char      *text)
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
noted_cb (GObject      *machine,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  GApplication *application = g_application_get_default ();

  if (!xeno_machine_set_note_finish (XENO_MACHINE (machine), result, &error) && application != NULL)
    xeno_application_show_error (XENO_APPLICATION (application), NULL, error);
}

static void
layout_chosen_cb (XenoConsoleView *self,
                  const char      *name)
{
  XenoMachine *machine = self->session != NULL ? xeno_console_session_get_machine (self->session) : NULL;

  if (machine != NULL)
    xeno_machine_set_note_async (machine, NOTE_LAYOUT, *name != '\0' ? name : NULL, NULL, noted_cb, NULL);
}

static char *
describe_preference (XenoConsoleView *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "console-layout");
  g_autofree char *label = *name != '\0' ? xeno_layout_dup_label (name) : g_strdup (_("As on This Computer"));

  /* Translators: %s is the name of a keyboard layout */
  return g_strdup_printf (_("As in the Preferences: %s"), label);
}

static void
choose_layout_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  XenoConsoleView *self = user_data;
  g_autofree char *own = dup_own_layout (self);
  g_autofree char *preference = describe_preference (self);
  GtkWidget *dialog = xeno_layout_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              _("What the keyboard of this machine is set to in its system. Texts "
                                                "are typed as on it."),
                                              preference, own != NULL ? own : "");

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (layout_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
xeno_console_view_add_typing (XenoConsoleView *self)
{
  static const GActionEntry entries[] = {
    { "type-clipboard", type_clipboard_cb },
    { "choose-layout", choose_layout_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

static void
enable (XenoConsoleView *self,
        const char      *name,
        gboolean         is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

/*
 * Follows the session. What is no machine's has nowhere to note a layout, and is typed into as preferred.
 */
void
xeno_console_view_update_typing (XenoConsoleView *self)
{
  enable (self, "type-clipboard", self->accepts_keys);
  enable (self, "choose-layout", xeno_console_session_get_machine (self->session) != NULL);
}

void
xeno_console_view_append_typing_to_menu (GMenu *menu)
{
  g_autoptr (GMenuItem) layout = g_menu_item_new (_("Guest’s Keyboard _Layout…"), "console.choose-layout");

  g_menu_append (menu, _("_Type the Clipboard"), "console.type-clipboard");
  g_menu_item_set_attribute (layout, "hidden-when", "s", "action-disabled");
  g_menu_append_item (menu, layout);
}
