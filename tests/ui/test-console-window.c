/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console window: says what keeps a machine's screen away, and comes back by itself. */
#include "config.h"

#include <string.h>

#include "app/xeno-console-view-private.h"
#include "app/xeno-console-window-private.h"
#include "console/xeno-combination.h"
#include "console/xeno-guest-monitors.h"
#include "console-rig.h"
#include "dialogs/xeno-layout-dialog.h"
#include "dialogs/xeno-log-dialog.h"
#include "dialogs/xeno-preferences-window.h"
#include "support/xeno-guest-fake.h"
#include "support/xeno-test.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-verb.h"

typedef struct
{
  XenoConnection       *connection;
  char                 *path;
  XenoConsoleWindow    *window;
  XenoConsoleView      *view;
  XenoConsoleSituation  wanted;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->connection = open_machines (&fixture->path);
}

static void
close_window (Fixture *fixture)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  await_gone (g_steal_pointer (&fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    close_window (fixture);
  close_machines (fixture->connection, fixture->path);
}

static void
open_window (Fixture    *fixture,
             const char *name)
{
  g_autoptr(XenoConsoleSession) session = open_session (fixture->connection, name);

  fixture->window = XENO_CONSOLE_WINDOW (xeno_console_window_new (NULL, session));
  fixture->view = xeno_console_window_get_view (fixture->window);
  g_object_ref (fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static gboolean
is_as_wanted (gpointer data)
{
  Fixture *fixture = data;

  return xeno_console_session_get_situation (fixture->view->session) == fixture->wanted;
}

static void
await_situation (Fixture              *fixture,
                 XenoConsoleSituation  situation)
{
  fixture->wanted = situation;
  xeno_test_until (is_as_wanted, fixture);
}

/* What may be over in a moment is said a little later. */
static gboolean
shows_notice (gpointer data)
{
  Fixture *fixture = data;

  return gtk_widget_get_visible (fixture->view->notice);
}

static void
assert_notice (Fixture    *fixture,
               const char *title,
               const char *label,
               const char *action)
{
  XenoConsoleView *view = fixture->view;

  g_assert_false (xeno_console_view_is_clear (view));
  xeno_test_until (shows_notice, fixture);
  g_assert_cmpstr (adw_status_page_get_title (view->page), ==, title);
  g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (view->help_button)), ==, label != NULL);
  if (label == NULL)
    return;

  g_assert_cmpstr (gtk_button_get_label (view->help_button), ==, label);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (view->help_button)), ==, action);
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (view->help_button)));
}

/* Nothing is in view, and nothing is said of it. */
static void
assert_silent (Fixture *fixture)
{
  g_assert_false (xeno_console_view_is_clear (fixture->view));
  g_assert_false (shows_notice (fixture));
}

static void
press_help (Fixture *fixture)
{
  g_signal_emit_by_name (fixture->view->help_button, "clicked");
}

static void
test_says_what_state_the_machine_is_in (Fixture       *fixture,
                                        gconstpointer  data)
{
  static const struct { const char *machine, *title, *label, *action; } states[] = {
    { "off", "The machine is off", "_Start", "machine.start" },
    { "paused", "The machine is paused", "_Resume", "machine.resume" },
    { "saved", "The machine is saved", "_Restore", "machine.restore" },
    { "crashed", "The machine crashed", "_Start", "machine.start" },
    { "headless", "The machine has no screen", "Show _Text Console", "console.shows-text" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      open_window (fixture, states[i].machine);
      assert_notice (fixture, states[i].title, states[i].label, states[i].action);
      g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, states[i].machine);
      g_assert_cmpint (gtk_widget_get_visible (fixture->view->log_button), ==,
                       g_str_equal (states[i].machine, "crashed"));
      close_window (fixture);
    }
}

/* Hints lie over all of a console, even when they say nothing. */
static void
assert_can_be_clicked (Fixture   *fixture,
                       GtkWidget *button)
{
  double x, y;
  GtkWidget *picked;

  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_widget_translate_coordinates (button, GTK_WIDGET (fixture->window), gtk_widget_get_width (button) / 2.0,
                                    gtk_widget_get_height (button) / 2.0, &x, &y);
  picked = gtk_widget_pick (GTK_WIDGET (fixture->window), x, y, GTK_PICK_DEFAULT);
  g_assert_true (picked == button || gtk_widget_is_ancestor (picked, button));
}

static gboolean
has_size (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

static GtkWindow *
find_log (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (XENO_IS_LOG_DIALOG (l->data))
      return l->data;
  return NULL;
}

static gboolean
has_problem (gpointer dialog)
{
  GtkStack *stack = GTK_STACK (gtk_widget_get_template_child (dialog, XENO_TYPE_LOG_DIALOG, "stack"));

  return g_strcmp0 (gtk_stack_get_visible_child_name (stack), "problem") == 0;
}

/* The driver that tests use writes none. */
static void
test_a_crash_has_a_log (Fixture       *fixture,
                        gconstpointer  data)
{
  GtkWindow *dialog;
  AdwStatusPage *problem;

  open_window (fixture, "crashed");
  assert_notice (fixture, "The machine crashed", "_Start", "machine.start");
  xeno_test_until (has_size, fixture->view->log_button);
  assert_can_be_clicked (fixture, fixture->view->log_button);
  g_signal_emit_by_name (fixture->view->log_button, "clicked");
  dialog = find_log ();
  g_assert_true (gtk_window_get_transient_for (dialog) == GTK_WINDOW (fixture->window));
  xeno_test_until (has_problem, dialog);
  problem = ADW_STATUS_PAGE (gtk_widget_get_template_child (GTK_WIDGET (dialog), XENO_TYPE_LOG_DIALOG, "problem"));
  g_assert_cmpstr (adw_status_page_get_description (problem), ==,
                   "There is no log of “crashed”. It is begun when the machine starts.");
  gtk_window_close (dialog);
}

/* As when its daemon went away: what was known of the machine is not said for true. */
static void
test_a_lost_host_is_said_and_tried_again (Fixture       *fixture,
                                          gconstpointer  data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "The host is away.");

  open_window (fixture, "off");
  assert_notice (fixture, "The machine is off", "_Start", "machine.start");
  xeno_connection_stop_refreshing (fixture->connection);
  g_clear_object (&fixture->connection->pool);
  g_clear_object (&fixture->connection->link);
  xeno_connection_set_state (fixture->connection, XENO_CONNECTION_LOST, error);
  xeno_machine_set_stale (xeno_console_window_get_machine (fixture->window), TRUE);
  assert_notice (fixture, "The machine cannot be reached", "_Reconnect", "console.reconnect");
  g_assert_cmpstr (adw_status_page_get_description (fixture->view->page), ==, "The host is away.");

  press_help (fixture);
  await_situation (fixture, XENO_SITUATION_OFF);
  assert_notice (fixture, "The machine is off", "_Start", "machine.start");
}

static void
test_a_running_machine_shows_its_screen (Fixture       *fixture,
                                         gconstpointer  data)
{
  double x, y;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  g_assert_true (xeno_console_view_is_clear (fixture->view));
  g_assert_false (gtk_widget_get_visible (fixture->view->notice));
  g_assert_true (xeno_console_get_backend (fixture->view->console) == last_backend);
  g_assert_cmpstr (adw_window_title_get_subtitle (fixture->window->title), ==, "Running");

  /* Where a hint would be, the guest is clicked while there is none. */
  xeno_test_until (has_size, GTK_WIDGET (fixture->view->hint));
  gtk_widget_translate_coordinates (GTK_WIDGET (fixture->view->hint), GTK_WIDGET (fixture->window),
                                    gtk_widget_get_width (GTK_WIDGET (fixture->view->hint)) / 2.0,
                                    gtk_widget_get_height (GTK_WIDGET (fixture->view->hint)) / 2.0, &x, &y);
  g_assert_true (gtk_widget_pick (GTK_WIDGET (fixture->window), x, y, GTK_PICK_DEFAULT) ==
                 GTK_WIDGET (fixture->view->console));
}

static void
run_verb (Fixture    *fixture,
          const char *id)
{
  GAsyncResult *pending = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  XenoMachine *machine = xeno_console_window_get_machine (fixture->window);

  xeno_machine_run_async (machine, xeno_verb_find (id), NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_machine_run_finish (machine, result, &error);
  g_assert_no_error (error);
}

static void
test_comes_back_after_off_and_on (Fixture       *fixture,
                                  gconstpointer  data)
{
  guint first;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  first = n_opened;

  run_verb (fixture, "force-off");
  await_situation (fixture, XENO_SITUATION_OFF);
  assert_notice (fixture, "The machine is off", "_Start", "machine.start");
  g_assert_nonnull (xeno_console_backend_get_surface (last_backend));
  g_assert_true (xeno_console_get_backend (fixture->view->console) == last_backend);

  press_help (fixture);
  await_situation (fixture, XENO_SITUATION_CLEAR);
  g_assert_cmpuint (n_opened, ==, first + 1);
  g_assert_true (xeno_console_get_backend (fixture->view->console) == last_backend);
  g_assert_true (xeno_console_view_is_clear (fixture->view));
  g_assert_false (gtk_widget_get_visible (fixture->view->notice));
}

static void
test_a_pause_keeps_the_display_open (Fixture       *fixture,
                                     gconstpointer  data)
{
  guint first;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  first = n_opened;
  run_verb (fixture, "pause");
  await_situation (fixture, XENO_SITUATION_PAUSED);
  press_help (fixture);
  await_situation (fixture, XENO_SITUATION_CLEAR);
  g_assert_cmpuint (n_opened, ==, first);
}

static void
test_a_lost_display_is_said_and_tried_again (Fixture       *fixture,
                                             gconstpointer  data)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                                 "It wants a <b>password</b> & \x1b[31mmore.");
  guint first;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  first = n_opened;
  xeno_console_backend_set_state (last_backend, XENO_CONSOLE_FROZEN, NULL);
  assert_silent (fixture);
  assert_notice (fixture, "The display went away", "_Try Again", "console.try-again");
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (fixture->view->help_button)));
  xeno_console_backend_set_state (last_backend, XENO_CONSOLE_CLOSED, error);
  assert_notice (fixture, "The display is closed", "_Try Again", "console.try-again");
  g_assert_nonnull (strstr (adw_status_page_get_description (fixture->view->page),
                            "&lt;b&gt;password&lt;/b&gt; &amp;"));
  g_assert_null (strchr (adw_status_page_get_description (fixture->view->page), '\x1b'));

  press_help (fixture);
  await_situation (fixture, XENO_SITUATION_CLEAR);
  g_assert_cmpuint (n_opened, ==, first + 1);
}

static void
test_keys_are_sent_from_the_menu (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *input = NULL;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  g_free (xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend)));
  gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), "console.send-keys",
                                      xeno_combination_to_variant (xeno_combination_find ("alt-tab")));
  input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend));
  g_assert_cmpstr (input, ==, "key 38 down\nkey 0f down\nkey 0f up\nkey 38 up\n");
}

typedef struct
{
  GString    *input;
  const char *wanted;
} Typed;

static gboolean
is_typed (gpointer data)
{
  Typed *typed = data;
  g_autofree char *input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend));

  g_string_append (typed->input, input);
  return g_str_has_suffix (typed->input->str, typed->wanted);
}

static void
assert_typed (const char *wanted)
{
  Typed typed = { g_string_new (NULL), wanted };

  xeno_test_until (is_typed, &typed);
  g_assert_cmpstr (typed.input->str, ==, wanted);
  g_string_free (typed.input, TRUE);
}

static gboolean
is_typing (gpointer data)
{
  return xeno_console_hint_is_typing (((Fixture *) data)->view->hint);
}

static gboolean
is_not_typing (gpointer data)
{
  return !is_typing (data);
}

static GtkWidget *
find_message_dialog (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data) && gtk_widget_get_mapped (l->data))
      return l->data;

  return NULL;
}

static gboolean
asks (gpointer data)
{
  return find_message_dialog () != NULL;
}

static void
type_text (Fixture    *fixture,
           const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), text);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.type-clipboard", NULL);
}

static void
test_the_clipboard_is_typed (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new (XENO_APP_ID);
  g_autofree char *input = NULL;

  g_settings_set_string (settings, "console-layout", "us");
  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  g_free (xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend)));
  type_text (fixture, "Hi\n");
  assert_typed ("key 2a down\nkey 23 down\nkey 23 up\nkey 2a up\nkey 17 down\nkey 17 up\nkey 1c down\nkey 1c up\n");
  xeno_test_until (is_not_typing, fixture);

  /* What no key types is asked about before the first key. */
  type_text (fixture, "a€");
  xeno_test_until (asks, NULL);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_message_dialog ())), "€"));
  input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend));
  g_assert_cmpstr (input, ==, "");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_message_dialog ()), "type");
  assert_typed ("key 1e down\nkey 1e up\n");
  xeno_test_until (is_not_typing, fixture);

  /* A layout of the person's choice has one. */
  g_settings_set_string (settings, "console-layout", "de");
  type_text (fixture, "€");
  assert_typed ("key b8 down\nkey 12 down\nkey 12 up\nkey b8 up\n");
  xeno_test_until (is_not_typing, fixture);

  type_text (fixture, "a text of some length");
  xeno_test_until (is_typing, fixture);
  xeno_console_hint_stop_typing (fixture->view->hint);
  g_assert_false (is_typing (fixture));
  g_settings_reset (settings, "console-layout");
}

static gpointer
find_layout_dialog (void)
{
  g_autoptr (GList) toplevels = gtk_window_list_toplevels ();

  for (GList *l = toplevels; l != NULL; l = l->next)
    if (XENO_IS_LAYOUT_DIALOG (l->data))
      return l->data;
  return NULL;
}

static GtkWidget *
find_search (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SEARCH_ENTRY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_search (child);
  return found;
}

static void
choose_layout (Fixture    *fixture,
               const char *words)
{
  GtkWidget *search;

  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "console.choose-layout", NULL);
  search = find_search (find_layout_dialog ());
  gtk_editable_set_text (GTK_EDITABLE (search), words);
  g_signal_emit_by_name (search, "activate");
  g_assert_null (find_layout_dialog ());
}

static gboolean
has_own_layout (gpointer data)
{
  g_autofree char *name = xeno_machine_dup_note (xeno_console_session_get_machine (((Fixture *) data)->view->session),
                                                 "keyboard-layout");

  return g_strcmp0 (name, "de+nodeadkeys") == 0;
}

static gboolean
has_no_own_layout (gpointer data)
{
  g_autofree char *name = xeno_machine_dup_note (xeno_console_session_get_machine (((Fixture *) data)->view->session),
                                                 "keyboard-layout");

  return name == NULL;
}

/* A variant, too: “^” is a key that waits for a letter on a German keyboard, and none without dead keys. */
static void
test_a_machine_has_a_keyboard_layout_of_its_own (Fixture       *fixture,
                                                 gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new (XENO_APP_ID);

  g_settings_set_string (settings, "console-layout", "us");
  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  choose_layout (fixture, "German (no dead keys)");
  xeno_test_until (has_own_layout, fixture);
  g_free (xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend)));
  type_text (fixture, "^z");
  assert_typed ("key 29 down\nkey 29 up\nkey 15 down\nkey 15 up\n");
  xeno_test_until (is_not_typing, fixture);

  choose_layout (fixture, "As in the Preferences: English (US)");
  xeno_test_until (has_no_own_layout, fixture);
  type_text (fixture, "z");
  assert_typed ("key 2c down\nkey 2c up\n");
  xeno_test_until (is_not_typing, fixture);
  g_settings_reset (settings, "console-layout");
}

static gboolean
has_text_error (gpointer data)
{
  XenoTextPage *text = xeno_console_view_get_text (((Fixture *) data)->view);

  return xeno_text_page_get_situation (text) == XENO_SITUATION_TEXT_CLOSED;
}

static void
test_the_text_console_says_why_it_is_not_there (Fixture       *fixture,
                                                gconstpointer  data)
{
  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.shows-text", NULL);
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "text");
  assert_silent (fixture);
  xeno_test_until (has_text_error, fixture);
  assert_notice (fixture, "The text console is closed", "_Try Again", "console.try-again");
  g_assert_cmpstr (adw_status_page_get_description (fixture->view->page), !=, "");
}

static void
assert_face (XenoConsoleView *view,
             int              index,
             const char      *label,
             const char      *face)
{
  GMenuModel *faces = xeno_console_view_get_faces (view);
  g_autofree char *found_label = NULL;
  g_autofree char *found_face = NULL;

  g_menu_model_get_item_attribute (faces, index, "label", "s", &found_label);
  g_menu_model_get_item_attribute (faces, index, "target", "s", &found_face);
  g_assert_cmpstr (found_label, ==, label);
  g_assert_cmpstr (found_face, ==, face);
}

static void
test_every_port_of_the_machine_can_be_chosen (Fixture       *fixture,
                                              gconstpointer  data)
{
  open_window (fixture, "ports");
  g_assert_cmpint (g_menu_model_get_n_items (xeno_console_view_get_faces (fixture->view)), ==, 4);
  assert_face (fixture->view, 0, "_Screen", "screen");
  assert_face (fixture->view, 1, "Serial Port 1", "serial-0");
  assert_face (fixture->view, 2, "Serial Port 2", "serial-1");
  assert_face (fixture->view, 3, "Text Console 1", "console-0");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.show", "s", "serial-1");
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "serial-1");
  assert_notice (fixture, "The machine is off", "_Start", "machine.start");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.show", "s", "no such port");
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "serial-1");

  /* The button goes back and forth between the screen and the one that was seen last. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.shows-text", NULL);
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "screen");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.shows-text", NULL);
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "serial-1");
}

static GtkWidget *
find_actionable (GtkWidget  *widget,
                 const char *action)
{
  if (GTK_IS_ACTIONABLE (widget) &&
      g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_actionable (child, action);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_view_only_keeps_the_guest_from_input (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autofree char *input = NULL;

  open_window (fixture, "second");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.view-only", NULL);
  g_assert_cmpstr (adw_window_title_get_subtitle (fixture->window->title), ==, "Running · view only");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (fixture->window->keys_button)));
  g_assert_true (xeno_console_view_is_clear (fixture->view));
  g_assert_false (gtk_widget_get_visible (fixture->view->notice));
  g_assert_true (gtk_widget_get_visible (find_actionable (fixture->window->bar, "console.view-only")));

  g_free (xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend)));
  xeno_console_send_keys (fixture->view->console, (guint[]) { 0x1e }, 1);
  input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (last_backend));
  g_assert_cmpstr (input, ==, "");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.view-only", NULL);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (fixture->window->keys_button)));
  g_assert_false (gtk_widget_get_visible (find_actionable (fixture->window->bar, "console.view-only")));
}

/* Every button that shows only a picture has a name that can be read out. */
static void
assert_named (GtkWidget *widget)
{
  gboolean is_button;

  /* Its buttons are libadwaita's. */
  if (ADW_IS_TAB_BAR (widget))
    return;

  is_button = GTK_IS_MENU_BUTTON (widget) ||
              (GTK_IS_BUTTON (widget) && !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)));

  if (is_button && gtk_widget_get_tooltip_text (widget) != NULL &&
      !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    g_error ("%s has no name", gtk_widget_get_tooltip_text (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_named (child);
}

static void
test_every_button_has_a_name (Fixture       *fixture,
                              gconstpointer  data)
{
  open_window (fixture, "ports");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.show", "s", "serial-0");
  assert_named (fixture->window->bar);
  assert_named (GTK_WIDGET (xeno_console_view_get_terminal (fixture->view)));
}

static void
test_offers_each_of_several_monitors (Fixture       *fixture,
                                      gconstpointer  data)
{
  GListModel *real = gdk_display_get_monitors (gdk_display_get_default ());
  g_autoptr(GdkMonitor) monitor = g_list_model_get_item (real, 0);
  g_autoptr(GListStore) monitors = g_list_store_new (GDK_TYPE_MONITOR);
  g_autoptr(GVariant) target = NULL;
  g_autofree char *label = NULL;
  GMenuModel *menu;

  open_window (fixture, "off");
  menu = G_MENU_MODEL (fixture->window->monitors_menu);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 0);

  g_list_store_append (monitors, monitor);
  g_list_store_append (monitors, monitor);
  xeno_console_window_list_monitors (fixture->window, G_LIST_MODEL (monitors));
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 2);
  g_menu_model_get_item_attribute (menu, 1, "label", "s", &label);
  g_assert_true (g_str_has_prefix (label, "Full Screen on "));
  g_assert_true (g_str_has_suffix (label, "(1600 × 1200)"));
  target = g_menu_model_get_item_attribute_value (menu, 1, "target", G_VARIANT_TYPE_UINT32);
  g_assert_cmpuint (g_variant_get_uint32 (target), ==, 1);

  g_list_store_remove (monitors, 0);
  xeno_console_window_list_monitors (fixture->window, G_LIST_MODEL (monitors));
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 0);
}

static gboolean
bar_is_revealed (gpointer data)
{
  gboolean is_revealed;

  g_object_get (((Fixture *) data)->window->flap, "reveal-flap", &is_revealed, NULL);
  return is_revealed;
}

static gboolean
bar_is_hidden (gpointer data)
{
  return !bar_is_revealed (data);
}

static gboolean
is_fullscreen (gpointer data)
{
  return gtk_window_is_fullscreen (GTK_WINDOW (((Fixture *) data)->window));
}

static void
test_the_bar_hides_in_full_screen (Fixture       *fixture,
                                   gconstpointer  data)
{
  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  set_fullscreen (fixture->window, TRUE);
  xeno_test_until (is_fullscreen, fixture);
  g_assert_true (bar_is_revealed (fixture));
  xeno_test_until (bar_is_hidden, fixture);

  xeno_console_window_show_bar (fixture->window);
  g_assert_true (bar_is_revealed (fixture));
  xeno_test_until (bar_is_hidden, fixture);

  set_fullscreen (fixture->window, FALSE);
  xeno_test_until (bar_is_revealed, fixture);
}

static void
test_size_and_view_are_remembered (Fixture       *fixture,
                                   gconstpointer  data)
{
  int width, height;

  open_window (fixture, "off");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 777, 555);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.shows-text", NULL);
  close_window (fixture);

  open_window (fixture, "paused");
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, !=, 777);
  close_window (fixture);

  open_window (fixture, "off");
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, 777);
  g_assert_cmpint (height, ==, 555);
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "text");
}

/* Moves the pointer as a person does, to a place of the window. There is no window manager that would
 * have moved it away from the screen's corner; but it has a border. */
static void
move_pointer (Fixture    *fixture,
              int         y,
              const char *button)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *place = NULL;
  double left, top;

  gtk_native_get_surface_transform (GTK_NATIVE (fixture->window), &left, &top);
  place = g_strdup_printf ("%d", y + (int) top);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "xdotool", "mousemove", "300", place, button,
                              button != NULL ? "1" : NULL, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

/* The input before it has been seen, and the time to rest has passed. */
static gboolean
has_rested (gpointer data)
{
  return g_get_monotonic_time () - *(gint64 *) data > G_USEC_PER_SEC / 2;
}

static void
rest (void)
{
  gint64 since_us = g_get_monotonic_time ();

  xeno_test_until (has_rested, &since_us);
}

static void
test_the_bar_comes_where_the_pointer_rests (Fixture       *fixture,
                                            gconstpointer  data)
{
  open_window (fixture, "second");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  xeno_console_backend_set_absolute_pointer (last_backend, TRUE);
  set_fullscreen (fixture->window, TRUE);
  xeno_test_until (is_fullscreen, fixture);
  move_pointer (fixture, 300, NULL);
  xeno_test_until (bar_is_hidden, fixture);

  /* Below the edge, and with a button held, it is the guest's. */
  move_pointer (fixture, 5, NULL);
  rest ();
  g_assert_true (bar_is_hidden (fixture));
  move_pointer (fixture, 200, "mousedown");
  move_pointer (fixture, 0, NULL);
  rest ();
  g_assert_true (bar_is_hidden (fixture));
  move_pointer (fixture, 200, "mouseup");

  move_pointer (fixture, 0, NULL);
  xeno_test_until (bar_is_revealed, fixture);
  move_pointer (fixture, 300, NULL);
  xeno_test_until (bar_is_hidden, fixture);
  set_fullscreen (fixture->window, FALSE);
  xeno_test_until (bar_is_revealed, fixture);
}

static AdwComboRow *
find_choice (GtkWidget  *widget,
             const char *title)
{
  if (ADW_IS_COMBO_ROW (widget) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return ADW_COMBO_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      AdwComboRow *found = find_choice (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
choose (GtkWidget  *preferences,
        const char *title,
        const char *choice)
{
  AdwComboRow *row = find_choice (preferences, title);
  GListModel *model = adw_combo_row_get_model (row);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), i), choice))
      {
        adw_combo_row_set_selected (row, i);
        return;
      }
  g_assert_not_reached ();
}

static gboolean
has_checks (gpointer data)
{
  return g_list_model_get_n_items (xeno_host_get_checks (xeno_connection_get_host (data))) > 0;
}

static void
test_preferences_reach_an_open_console (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new (XENO_APP_ID);
  g_autoptr(GListStore) connections = g_list_store_new (XENO_TYPE_CONNECTION);
  g_autoptr(XenoConnection) connection = xeno_connection_new ("test:///default");
  GtkWidget *preferences;
  XenoConsole *console;
  gpointer weak;

  g_list_store_append (connections, connection);
  open_window (fixture, "running");
  console = fixture->view->console;
  preferences = xeno_preferences_window_new (NULL, settings, G_LIST_MODEL (connections));

  choose (preferences, "Size of the Screen", "Fit, Never Enlarge");
  g_assert_cmpint (xeno_console_get_scale_mode (console), ==, XENO_SCALE_DOWN);
  choose (preferences, "Size of the Screen", "Original Size");
  g_assert_cmpint (xeno_console_get_scale_mode (console), ==, XENO_SCALE_ACTUAL);
  choose (preferences, "Size of the Screen", "Whole Multiples");
  g_assert_cmpint (xeno_console_get_scale_mode (console), ==, XENO_SCALE_INTEGER);
  choose (preferences, "Size of the Screen", "Stretch");
  g_assert_cmpint (xeno_console_get_scale_mode (console), ==, XENO_SCALE_STRETCH);
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "console.scale-mode", "s", "integer");
  g_assert_cmpint (g_settings_get_enum (settings, "console-scale"), ==, XENO_SCALE_INTEGER);
  choose (preferences, "Keyboard Goes to the Machine", "On a Click");
  g_assert_cmpint (xeno_console_get_grab_policy (console), ==, XENO_GRAB_ON_CLICK);
  choose (preferences, "Keyboard Goes to the Machine", "While the Pointer Is Over It");
  g_assert_cmpint (xeno_console_get_grab_policy (console), ==, XENO_GRAB_WITH_POINTER);
  choose (preferences, "Keyboard Goes to the Machine", "Without the Desktop’s Shortcuts");
  g_assert_cmpint (xeno_console_get_grab_policy (console), ==, XENO_GRAB_NEVER);
  choose (preferences, "Keys That Release the Keyboard", "Right Ctrl");
  g_assert_cmpint (xeno_console_get_release_chord (console), ==, XENO_RELEASE_CHORD_RIGHT_CTRL);

  g_settings_reset (settings, "console-scale");
  g_settings_reset (settings, "console-grab");
  g_settings_reset (settings, "console-release");
  g_assert_cmpint (xeno_console_get_scale_mode (console), ==, XENO_SCALE_FIT);
  g_assert_cmpint (xeno_console_get_grab_policy (console), ==, XENO_GRAB_WITH_FOCUS);
  g_assert_cmpint (xeno_console_get_release_chord (console), ==, XENO_RELEASE_CHORD_CTRL_ALT);

  xeno_test_until (has_checks, connection);
  g_object_add_weak_pointer (G_OBJECT (preferences), (gpointer *) &preferences);
  gtk_window_destroy (GTK_WINDOW (preferences));
  xeno_test_until (is_null, &preferences);

  weak = connections;
  g_object_add_weak_pointer (G_OBJECT (connections), &weak);
  g_clear_object (&connections);
  g_assert_null (weak);
}

static XenoConsoleWindow *
find_other_window (XenoConsoleWindow *window)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (XENO_IS_CONSOLE_WINDOW (l->data) && l->data != window)
      return l->data;
  return NULL;
}

static void
test_each_of_the_guests_monitors_can_have_a_window (Fixture       *fixture,
                                                    gconstpointer  data)
{
  static const XenoDisplayHead heads[] = { { 0, 0, 0, 400, 300 }, { 1, 400, 0, 240, 300 } };
  g_autoptr(XenoConsoleWindow) other = NULL;
  g_autoptr(XenoConsoleBackend) backend = NULL;
  GMenuModel *menu;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  backend = g_object_ref (last_backend);
  menu = xeno_console_view_get_displays (fixture->view);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 0);
  xeno_console_backend_set_heads (backend, heads, G_N_ELEMENTS (heads), 0);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 1);

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.head", "u", 1);
  g_assert_cmpuint (xeno_console_get_head (fixture->view->console), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.head", "u", 0);

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.spread-displays", NULL);
  other = g_object_ref (find_other_window (fixture->window));
  g_assert_cmpuint (xeno_console_get_head (other->view->console), ==, 1);
  g_assert_true (xeno_console_get_backend (other->view->console) == backend);
  gtk_widget_activate_action (GTK_WIDGET (other), "win.spread-displays", NULL);
  g_assert_cmpuint (xeno_console_get_head (fixture->view->console), ==, 0);

  /* A window that is there already is not opened twice. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-display", "u", 1);
  gtk_widget_activate_action (GTK_WIDGET (other), "win.open-display", "u", 0);
  g_assert_true (find_other_window (fixture->window) == other);
  g_assert_true (find_other_window (other) == fixture->window);

  gtk_window_close (GTK_WINDOW (other));
  await_gone (g_steal_pointer (&other));
  g_assert_cmpint (xeno_console_backend_get_state (backend), ==, XENO_CONSOLE_LIVE);
  g_assert_null (find_other_window (fixture->window));
  xeno_console_backend_set_heads (backend, NULL, 0, 0);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 0);
  close_window (fixture);
  g_assert_cmpint (xeno_console_backend_get_state (backend), ==, XENO_CONSOLE_CLOSED);
}

static char *
list_labels (GMenuModel *menu)
{
  GString *labels = g_string_new (NULL);

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr(GMenuModel) part = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autofree char *inner = NULL;
      g_autofree char *label = NULL;

      if (part == NULL)
        part = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      if (part != NULL)
        inner = list_labels (part);
      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label) && part == NULL)
        g_string_append_printf (labels, "%s\n", label);
      g_string_append (labels, inner != NULL ? inner : "");
    }
  return g_string_free (labels, FALSE);
}

static void
assert_displays (Fixture    *fixture,
                 const char *expected)
{
  g_autofree char *labels = list_labels (xeno_console_view_get_displays (fixture->view));

  g_assert_cmpstr (labels, ==, expected);
}

/* Only a guest that can be asked for monitors is offered more than it has. */
static void
test_offers_to_turn_displays_on (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const XenoDisplayHead heads[] = { { 0, 0, 0, 640, 480 }, { 1, 640, 0, 640, 480 } };
  g_autoptr(XenoConsoleWindow) other = NULL;
  XenoGuest *guest;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  guest = xeno_console_backend_get_guest (last_backend);
  xeno_console_backend_set_heads (last_backend, heads, 1, 2);
  assert_displays (fixture, "");
  xeno_guest_set_abilities (guest, XENO_DISPLAY_ABILITY_RESIZE);
  assert_displays (fixture, "Display 1 (640 × 480)\nOpen Display 1 in New Window\n"
                            "Turn On Display 2 in New Window\n_One Window Each\n");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-display", "u", 1);
  other = g_object_ref (find_other_window (fixture->window));
  g_assert_cmpstr (other->view->subtitle, ==, "Display 2 · Running");
  g_assert_false (xeno_console_has_head (other->view->console));
  g_assert_false (xeno_console_view_is_clear (other->view));
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (last_backend), 1280, 480);
  xeno_console_backend_set_heads (last_backend, heads, 2, 2);
  g_assert_true (xeno_console_view_is_clear (other->view));
  assert_displays (fixture, "Display 1 (640 × 480)\nDisplay 2 (640 × 480)\n_Side by Side\n"
                            "Open Display 1 in New Window\nOpen Display 2 in New Window\n_One Window Each\n");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.head", "u", XENO_ALL_HEADS);
  g_assert_cmpuint (xeno_console_get_head (fixture->view->console), ==, XENO_ALL_HEADS);
  gtk_window_close (GTK_WINDOW (other));
  await_gone (g_steal_pointer (&other));
  close_window (fixture);
}

static gboolean
has_arranged (gpointer guest)
{
  g_autofree char *notes = xeno_guest_fake_take_notes (guest);

  return g_str_has_prefix (notes, "arrange 0:") && strstr (notes, " 1:") != NULL;
}

/* One click asks again, as often as a person likes; what cannot be had can be closed. */
static void
test_a_display_that_is_off_can_be_turned_on_or_closed (Fixture       *fixture,
                                                       gconstpointer  data)
{
  static const XenoDisplayHead heads[] = { { 0, 0, 0, 640, 480 } };
  XenoGuest *guest;

  open_window (fixture, "running");
  await_situation (fixture, XENO_SITUATION_CLEAR);
  guest = xeno_console_backend_get_guest (last_backend);
  xeno_console_backend_set_heads (last_backend, heads, 1, 2);
  xeno_guest_set_abilities (guest, XENO_DISPLAY_ABILITY_RESIZE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.head", "u", 1);
  xeno_test_until (has_arranged, guest);
  assert_notice (fixture, "The guest has not turned this display on", "_Turn It On", "console.turn-display-on");
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (fixture->view)));
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (fixture->view->help_button)));
  for (guint i = 0; i < 5; i++)
    {
      gtk_widget_activate (GTK_WIDGET (fixture->view->help_button));
      xeno_test_until (has_arranged, guest);
    }

  xeno_guest_set_abilities (guest, 0);
  assert_notice (fixture, "The guest has no such display", "_Close", "win.close-tab");
  gtk_widget_activate (GTK_WIDGET (fixture->view->help_button));
  await_gone (g_steal_pointer (&fixture->window));
}

#define ADD(path, func) g_test_add ("/xeno/console-window/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("says-what-state-the-machine-is-in", test_says_what_state_the_machine_is_in);
  ADD ("a-crash-has-a-log", test_a_crash_has_a_log);
  ADD ("a-lost-host-is-said-and-tried-again", test_a_lost_host_is_said_and_tried_again);
  ADD ("a-running-machine-shows-its-screen", test_a_running_machine_shows_its_screen);
  ADD ("comes-back-after-off-and-on", test_comes_back_after_off_and_on);
  ADD ("a-pause-keeps-the-display-open", test_a_pause_keeps_the_display_open);
  ADD ("a-lost-display-is-said-and-tried-again", test_a_lost_display_is_said_and_tried_again);
  ADD ("keys-are-sent-from-the-menu", test_keys_are_sent_from_the_menu);
  ADD ("the-clipboard-is-typed", test_the_clipboard_is_typed);
  ADD ("a-display-that-is-off-can-be-turned-on-or-closed",
       test_a_display_that_is_off_can_be_turned_on_or_closed);
  ADD ("a-machine-has-a-keyboard-layout-of-its-own", test_a_machine_has_a_keyboard_layout_of_its_own);
  ADD ("the-text-console-says-why-it-is-not-there", test_the_text_console_says_why_it_is_not_there);
  ADD ("every-port-of-the-machine-can-be-chosen", test_every_port_of_the_machine_can_be_chosen);
  ADD ("view-only-keeps-the-guest-from-input", test_view_only_keeps_the_guest_from_input);
  ADD ("every-button-has-a-name", test_every_button_has_a_name);
  ADD ("offers-each-of-several-monitors", test_offers_each_of_several_monitors);
  ADD ("each-of-the-guests-monitors-can-have-a-window",
       test_each_of_the_guests_monitors_can_have_a_window);
  ADD ("offers-to-turn-displays-on", test_offers_to_turn_displays_on);
  ADD ("the-bar-hides-in-full-screen", test_the_bar_hides_in_full_screen);
  ADD ("the-bar-comes-where-the-pointer-rests", test_the_bar_comes_where_the_pointer_rests);
  ADD ("preferences-reach-an-open-console", test_preferences_reach_an_open_console);
  ADD ("size-and-view-are-remembered", test_size_and_view_are_remembered);

  return g_test_run ();
}
