/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console of a real machine offers beside its screen: pictures of it, and QEMU's monitor. */
#include "config.h"

#include <glib/gstdio.h>

#include "app-rig.h"
#include "app/xeno-console-view-private.h"
#include "app/xeno-console-window.h"
#include "app/xeno-monitor-page.h"
#include "find-widget.h"
#include "support/xeno-test.h"

static XenoConsoleWindow *window;

static XenoConsoleView *
get_view (void)
{
  return xeno_console_window_get_view (window);
}

static char *
get_folder (void)
{
  const char *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);

  return g_build_filename (pictures != NULL ? pictures : g_get_home_dir (), "Screenshots", NULL);
}

static gboolean
has_picture (gpointer data)
{
  g_autoptr (GdkTexture) picture = xeno_console_take_screenshot (xeno_console_view_get_console (get_view ()));

  return picture != NULL;
}

static gboolean
offers_label (gpointer label)
{
  return find_button (GTK_WIDGET (window), label) != NULL;
}

static guint
count_pictures (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GdkTexture) texture = gdk_texture_new_from_filename (path, NULL);

      g_assert_true (g_str_has_suffix (name, ".png") || strstr (name, ".png.") != NULL);
      if (texture != NULL)
        n++;
    }
  return n;
}

static gboolean
has_copy (void)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));

  return gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_TEXTURE);
}

static void
set_up_machine (void)
{
  define_machine ();
  virsh ("start", UUID);
  xeno_test_until (is_running, (gpointer) UUID);
  xeno_application_open_console (application, find_machine (UUID));
  window = await_window (XENO_TYPE_CONSOLE_WINDOW);
  xeno_test_until (has_picture, NULL);
}

static void
test_picture_that_cannot_be_kept (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GError) error = NULL;

  set_up_machine ();
  g_file_set_contents (folder, "no folder", -1, &error);
  g_assert_no_error (error);
  gtk_widget_activate_action (GTK_WIDGET (window), "console.screenshot", NULL);
  xeno_test_until (offers_label, (gpointer) "_Details");

  /* It was copied all the same. */
  g_assert_true (has_copy ());
  g_unlink (folder);
}

static gboolean
has_two_pictures (gpointer data)
{
  return count_pictures () == 2;
}

static void
test_picture (void)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "console.screenshot", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "console.screenshot", NULL);
  xeno_test_until (offers_label, (gpointer) "_Show");
  xeno_test_until (has_two_pictures, NULL);
  g_assert_true (has_copy ());
}

static gboolean
says (gpointer wanted)
{
  g_autofree char *text = xeno_terminal_dup_text (xeno_console_view_get_terminal (get_view ()));

  return strstr (text, wanted) != NULL;
}

static void
ask (const char *command,
     const char *answer)
{
  XenoMonitorPage *page = find_widget (GTK_WIDGET (window), XENO_TYPE_MONITOR_PAGE);
  GtkWidget *entry = get_child (page, "entry");

  gtk_editable_set_text (GTK_EDITABLE (entry), command);
  g_signal_emit_by_name (entry, "activate");
  xeno_test_until (says, (gpointer) answer);
}

static gboolean
is_free (gpointer entry)
{
  return gtk_editable_get_editable (entry);
}

static gboolean
has_first_command (gpointer entry)
{
  return g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "info status");
}

static void
test_monitor (void)
{
  XenoMonitorPage *page;
  GtkWidget *entry;

  gtk_widget_activate_action (GTK_WIDGET (window), "console.show", "s", "monitor");
  page = find_widget (GTK_WIDGET (window), XENO_TYPE_MONITOR_PAGE);
  g_assert_nonnull (page);

  /* Nobody comes to it unwarned. */
  g_assert_cmpstr (gtk_stack_get_visible_child_name (get_child (page, "stack")), ==, "warning");
  g_signal_emit_by_name (get_child (page, "agree_button"), "clicked");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (get_child (page, "stack")), ==, "monitor");

  entry = get_child (page, "entry");
  ask ("info status", "running");
  xeno_test_until (is_free, entry);
  ask ("no such thing", "unknown command");
  xeno_test_until (is_free, entry);

  press (window, "Up");
  press (window, "Up");
  xeno_test_until (has_first_command, entry);

  /* It answers while the guest stands still, and is gone with the machine. */
  virsh ("suspend", UUID);
  ask ("info status", "paused");
  g_assert_true (xeno_console_view_is_clear (get_view ()));
  virsh ("destroy", UUID);
  xeno_test_until (is_off, (gpointer) UUID);
  g_assert_false (xeno_console_view_is_clear (get_view ()));

  gtk_widget_activate_action (GTK_WIDGET (window), "console.show", "s", "screen");
}

static void
test_deleted_machine (void)
{
  virsh ("undefine", UUID);
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CONSOLE_WINDOW));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  start_application ();

  g_test_add_func ("/xeno/console-tools/a-picture-that-cannot-be-kept-is-said", test_picture_that_cannot_be_kept);
  g_test_add_func ("/xeno/console-tools/a-picture-is-kept-and-copied", test_picture);
  g_test_add_func ("/xeno/console-tools/the-monitor-warns-and-answers", test_monitor);
  g_test_add_func ("/xeno/console-tools/a-deleted-machine-takes-its-window-along", test_deleted_machine);

  status = g_test_run ();
  stop_application ();
  return status;
}
