/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key combinations of one's own: recorded from the keyboard, listed, removed and brought back. */
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <X11/Xlib.h>
#include <gdk/x11/gdkx.h>
#include <gio/gsettingsbackend.h>

#include "console/xeno-key-recorder.h"
#include "dialogs/xeno-combination-dialog.h"
#include "dialogs/xeno-keys-group.h"
#include "find-widget.h"
#include "support/xeno-test.h"
#include "ui/xdotool.h"

typedef struct
{
  GSettings  *settings;
  GtkWidget  *window;
  GtkWidget  *group;
  const char *wanted;
} Fixture;

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (XENO_IS_COMBINATION_DIALOG (l->data) && gtk_widget_get_mapped (l->data))
      return l->data;

  return NULL;
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog () != NULL;
}

static gboolean
has_no_dialog (gpointer data)
{
  return find_dialog () == NULL;
}

static gboolean
has_focus (gpointer widget)
{
  return gtk_widget_has_focus (widget) && gtk_window_is_active (GTK_WINDOW (gtk_widget_get_root (widget)));
}

/* There is no window manager to give the focus. */
static void
give_focus (GtkWidget *window,
            GtkWidget *widget)
{
  Display *display = gdk_x11_display_get_xdisplay (gdk_display_get_default ());

  XSetInputFocus (display, gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))), RevertToNone,
                  CurrentTime);
  XSync (display, False);
  xeno_test_until (has_focus, widget);
}

static char *
dup_settings (Fixture *fixture)
{
  g_autoptr (GVariant) value = g_settings_get_value (fixture->settings, "console-combinations");

  return g_variant_print (value, FALSE);
}

static gboolean
is_as_wanted (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = dup_settings (fixture);

  return g_str_equal (text, fixture->wanted);
}

static void
await_settings (Fixture    *fixture,
                const char *wanted)
{
  fixture->wanted = wanted;
  xeno_test_until (is_as_wanted, fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GSettingsBackend) memory = g_memory_settings_backend_new ();
  GtkWidget *page = adw_preferences_page_new ();

  fixture->settings = g_settings_new_with_backend (XENO_APP_ID, memory);
  fixture->window = adw_preferences_window_new ();
  fixture->group = g_object_new (XENO_TYPE_KEYS_GROUP, NULL);
  xeno_keys_group_set_settings (XENO_KEYS_GROUP (fixture->group), fixture->settings);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (fixture->group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (fixture->window), ADW_PREFERENCES_PAGE (page));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->settings);
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  if (GTK_IS_BUTTON (widget) && (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0 ||
                                 g_strcmp0 (gtk_widget_get_tooltip_text (widget), label) == 0))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
record (Fixture *fixture)
{
  GtkWidget *dialog, *recorder;

  g_signal_emit_by_name (find_button (fixture->group, "Add a combination"), "clicked");
  xeno_test_until (has_dialog, NULL);
  dialog = find_dialog ();
  recorder = find_widget (dialog, XENO_TYPE_KEY_RECORDER);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "add"));
  give_focus (dialog, recorder);
  xdotool ("keydown", "Control_L", "keydown", "Alt_L", "key", "k", "keyup", "Alt_L", "keyup", "Control_L", NULL);
  xeno_test_until (has_focus, gtk_editable_get_delegate (find_widget (dialog, GTK_TYPE_ENTRY)));
  g_assert_cmpstr (gtk_editable_get_text (find_widget (dialog, GTK_TYPE_ENTRY)), ==, "Ctrl+Alt+K");
}

static void
test_is_recorded (Fixture       *fixture,
                  gconstpointer  data)
{
  record (fixture);
  xdotool ("type", "Klaus", NULL);
  xdotool ("key", "Return", NULL);
  await_settings (fixture, "[('Klaus', [29, 56, 37])]");
  xeno_test_until (has_no_dialog, NULL);
}

/* What closes other dialogs and walks among widgets is a key to record here. */
static void
test_records_every_key (Fixture       *fixture,
                        gconstpointer  data)
{
  GtkWidget *dialog, *recorder;

  g_signal_emit_by_name (find_button (fixture->group, "Add a combination"), "clicked");
  xeno_test_until (has_dialog, NULL);
  dialog = find_dialog ();
  recorder = find_widget (dialog, XENO_TYPE_KEY_RECORDER);
  give_focus (dialog, recorder);
  xdotool ("keydown", "Shift_L", "key", "Escape", "keyup", "Shift_L", NULL);
  xeno_test_until (has_focus, gtk_editable_get_delegate (find_widget (dialog, GTK_TYPE_ENTRY)));
  gtk_widget_grab_focus (recorder);
  xdotool ("keydown", "Super_L", "key", "Tab", "keyup", "Super_L", NULL);
  xeno_test_until (has_focus, gtk_editable_get_delegate (find_widget (dialog, GTK_TYPE_ENTRY)));
  xdotool ("key", "Return", NULL);
  await_settings (fixture, "[('Super+Tab', [219, 15])]");
  xeno_test_until (has_no_dialog, NULL);
}

static gboolean
offers_undo (gpointer window)
{
  GtkWidget *button = find_button (window, "_Undo");

  return button != NULL && gtk_widget_get_mapped (button);
}

static void
test_is_removed_and_comes_back (Fixture       *fixture,
                                gconstpointer  data)
{
  g_settings_set_value (fixture->settings, "console-combinations",
                        g_variant_new_parsed ("[('one', [uint32 1]), ('two <b>', [2])]"));
  xeno_keys_group_set_settings (XENO_KEYS_GROUP (fixture->group), fixture->settings);
  g_signal_emit_by_name (find_button (fixture->group, "Remove “one”"), "clicked");
  await_settings (fixture, "[('two <b>', [2])]");
  xeno_test_until (offers_undo, fixture->window);
  g_signal_emit_by_name (find_button (fixture->window, "_Undo"), "clicked");
  await_settings (fixture, "[('one', [1]), ('two <b>', [2])]");
}

#define ADD(path, func) g_test_add ("/xeno/own-keys/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("is-recorded", test_is_recorded);
  ADD ("records-every-key", test_records_every_key);
  ADD ("is-removed-and-comes-back", test_is_removed_and_comes_back);

  return g_test_run ();
}
