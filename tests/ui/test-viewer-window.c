/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses in the application: opened from a text and from a file, with the questions of their servers. */
#include "config.h"

#include <glib/gstdio.h>

#include "app-rig.h"
#include "app/xeno-application-private.h"
#include "app/xeno-console-window-private.h"
#include "console/xeno-combination.h"
#include "dialogs/xeno-address-dialog.h"
#include "dialogs/xeno-password-dialog.h"
#include "dialogs/xeno-trust-dialog.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"
#include "viewer/xeno-address-memory.h"

static DisplayRig *rig;

static void
start_server (const char *mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "rfb-server.py", NULL);
  const char *argv[] = { program, display_rig_get_path (rig), mode, NULL };

  display_rig_stop_server (rig);
  display_rig_start_server (rig, argv);
}

static char *
dup_uri (void)
{
  return g_strconcat ("vnc+unix://", display_rig_get_path (rig), NULL);
}

static gboolean
shows_picture (gpointer data)
{
  XenoConsoleView *view = xeno_console_window_get_view (data);

  return view != NULL && xeno_console_view_is_clear (view);
}

static void
close_consoles (void)
{
  GtkWindow *window = find_window (XENO_TYPE_CONSOLE_WINDOW);

  if (window != NULL)
    gtk_window_close (window);
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CONSOLE_WINDOW));
}

static void
answer (GType       type,
        const char *response)
{
  AdwMessageDialog *dialog = await_window (type);

  adw_message_dialog_response (dialog, response);
  gtk_window_close (GTK_WINDOW (dialog));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (type));
}

static void
open_uri (gboolean view_only)
{
  g_autofree char *uri = dup_uri ();
  g_autoptr (GError) error = NULL;

  xeno_application_open_uri (application, uri, view_only, &error);
  g_assert_no_error (error);
}

static void
test_shows_what_is_there (void)
{
  XenoConsoleWindow *window;
  XenoConsoleSession *session;

  start_server ("good");
  open_uri (FALSE);
  window = await_window (XENO_TYPE_CONSOLE_WINDOW);
  xeno_test_until (shows_picture, window);
  session = xeno_console_view_get_session (xeno_console_window_get_view (window));
  g_assert_null (xeno_console_session_get_machine (session));
  /* Its name begins with bytes that are no text, and ends there. */
  g_assert_cmpstr (xeno_console_session_get_title (session), ==, "\xef\xbf\xbd\xef\xbf\xbd");

  /* Once more is the same window. */
  open_uri (FALSE);
  g_assert_true (find_window (XENO_TYPE_CONSOLE_WINDOW) == window);
  close_consoles ();
}

static void
test_asks_over_its_window (void)
{
  XenoConsoleWindow *window;
  XenoPasswordDialog *dialog;

  start_server ("tls-plain");
  open_uri (FALSE);
  window = await_window (XENO_TYPE_CONSOLE_WINDOW);
  g_assert_true (gtk_window_get_transient_for (await_window (XENO_TYPE_TRUST_DIALOG)) == GTK_WINDOW (window));
  answer (XENO_TYPE_TRUST_DIALOG, "trust");

  dialog = await_window (XENO_TYPE_PASSWORD_DIALOG);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "connect"));
  gtk_editable_set_text (get_child (dialog, "username"), "somebody");
  gtk_editable_set_text (get_child (dialog, "password"), "geheim1");
  answer (XENO_TYPE_PASSWORD_DIALOG, "connect");
  xeno_test_until (shows_picture, window);
  close_consoles ();
}

static void
test_closing_the_window_withdraws_the_question (void)
{
  start_server ("password");
  open_uri (FALSE);
  await_window (XENO_TYPE_PASSWORD_DIALOG);
  close_consoles ();
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_PASSWORD_DIALOG));
}

static gboolean
is_view_only (gpointer window)
{
  gboolean view_only;

  g_object_get (xeno_console_window_get_view (window), "view-only", &view_only, NULL);
  return view_only;
}

static void
test_lets_nothing_through_where_one_only_looks (void)
{
  start_server ("good");
  open_uri (TRUE);
  g_assert_true (is_view_only (await_window (XENO_TYPE_CONSOLE_WINDOW)));
  close_consoles ();
}

static gboolean
is_deleted (gpointer path)
{
  return !g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_keeps (XenoConsoleWindow *window,
              const char        *keys,
              GVariant          *told)
{
  g_autoptr (GVariant) wanted = told != NULL ? g_variant_ref_sink (told) : NULL;
  GListModel *shortcuts = G_LIST_MODEL (window->reserved_shortcuts);
  gboolean is_there = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      g_autofree char *text = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));

      if (g_str_equal (text, keys))
        {
          GVariant *arguments = gtk_shortcut_get_arguments (shortcut);

          is_there = wanted == NULL ? arguments == NULL : arguments != NULL && g_variant_equal (arguments, wanted);
        }
    }
  g_assert_true (is_there);
}

static void
test_opens_a_file_that_is_good_for_once (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "console.vv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_auto (GStrv) known = NULL;
  g_auto (GStrv) now_known = NULL;
  XenoConsoleWindow *window;

  start_server ("password");
  known = xeno_address_memory_list (xeno_application_get_settings (application));
  text = g_strdup_printf ("[virt-viewer]\ntype=vnc\nunix-path=%s\npassword=geheim1\ntitle=Einmal\ndelete-this-file=1\n"
                          "toggle-fullscreen=ctrl+alt+f\nrelease-cursor=ctrl+alt+r\nsecure-attention=ctrl+alt+end\n",
                          display_rig_get_path (rig));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  g_application_open (G_APPLICATION (application), &file, 1, "");
  window = await_window (XENO_TYPE_CONSOLE_WINDOW);
  xeno_test_until (shows_picture, window);
  xeno_test_until (is_deleted, path);
  g_assert_cmpstr (xeno_console_session_get_title (xeno_console_view_get_session (
                     xeno_console_window_get_view (window))), ==, "Einmal");
  assert_keeps (window, "<Control><Alt>f", NULL);
  assert_keeps (window, "<Control><Alt>r", NULL);
  assert_keeps (window, "<Control><Alt>End",
                xeno_combination_to_variant (xeno_combination_find ("ctrl-alt-delete")));
  now_known = xeno_address_memory_list (xeno_application_get_settings (application));
  g_assert_true (g_strv_equal ((const char *const *) known, (const char *const *) now_known));
  close_consoles ();
}

static void
test_offers_what_was_opened_before (void)
{
  g_autofree char *uri = dup_uri ();
  XenoAddressDialog *dialog;
  GtkListBoxRow *row;

  start_server ("good");
  g_action_group_activate_action (G_ACTION_GROUP (application), "open-address", NULL);
  dialog = await_window (XENO_TYPE_ADDRESS_DIALOG);
  gtk_editable_set_text (get_child (dialog, "address"), "no such thing://");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "address.open", NULL);
  g_assert_true (gtk_widget_get_visible (get_child (dialog, "problem")));

  row = gtk_list_box_get_row_at_index (get_child (dialog, "recent"), 0);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, uri);
  g_signal_emit_by_name (get_child (dialog, "recent"), "row-activated", row);
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_ADDRESS_DIALOG));
  xeno_test_until (shows_picture, await_window (XENO_TYPE_CONSOLE_WINDOW));
  close_consoles ();
}

/* As every window that only asks something. */
static void
test_an_address_is_refused_by_escape (void)
{
  g_action_group_activate_action (G_ACTION_GROUP (application), "open-address", NULL);
  press (await_window (XENO_TYPE_ADDRESS_DIALOG), "Escape");
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_ADDRESS_DIALOG));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  start_application ();
  rig = display_rig_new ();

  g_test_add_func ("/xeno/viewer-window/shows-what-is-there", test_shows_what_is_there);
  g_test_add_func ("/xeno/viewer-window/asks-over-its-window", test_asks_over_its_window);
  g_test_add_func ("/xeno/viewer-window/closing-the-window-withdraws-the-question",
                   test_closing_the_window_withdraws_the_question);
  g_test_add_func ("/xeno/viewer-window/lets-nothing-through-where-one-only-looks",
                   test_lets_nothing_through_where_one_only_looks);
  g_test_add_func ("/xeno/viewer-window/opens-a-file-that-is-good-for-once",
                   test_opens_a_file_that_is_good_for_once);
  g_test_add_func ("/xeno/viewer-window/offers-what-was-opened-before", test_offers_what_was_opened_before);
  g_test_add_func ("/xeno/viewer-window/an-address-is-refused-by-escape", test_an_address_is_refused_by_escape);

  status = g_test_run ();
  g_object_unref (rig);
  stop_application ();
  return status;
}
