/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application with real libvirt and QEMU behind it, and virsh as the other program. */
#include "config.h"

#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>

#include <adwaita.h>
#include <libvirt/libvirt.h>

#include "app-rig.h"
#include "app/xeno-console-window.h"
#include "app/xeno-sidebar.h"
#include "dialogs/xeno-create-dialog.h"
#include "dialogs/xeno-delete-dialog.h"
#include "dialogs/xeno-rename-dialog.h"
#include "dialogs/xeno-review-page.h"
#include "machine/installer-disc.h"
#include "support/xeno-test.h"

#define STOPPED_US (3 * G_USEC_PER_SEC)
/* Nobody calls a window frozen that answers within. Where every allocation is instrumented the same
 * work takes thirty times as long; a call that waits for a stopped daemon takes longer still. */
#ifdef __SANITIZE_ADDRESS__
#define LONGEST_GAP_US (STOPPED_US - G_USEC_PER_SEC / 2)
#else
#define LONGEST_GAP_US (G_USEC_PER_SEC / 5)
#endif
#define MAX_TRIES 3

static gint n_asked; /* how often libvirt had to look at its emulators */

char *
virConnectGetDomainCapabilities (virConnectPtr  connection,
                                 const char    *emulator,
                                 const char    *arch,
                                 const char    *machine,
                                 const char    *virt_type,
                                 unsigned int   flags)
{
  char *(*real) (virConnectPtr, const char *, const char *, const char *, const char *, unsigned int) =
    dlsym (RTLD_NEXT, "virConnectGetDomainCapabilities");

  g_atomic_int_inc (&n_asked);
  return real (connection, emulator, arch, machine, virt_type, flags);
}

/* Looking */

static gboolean
is_paused (gpointer reference)
{
  return xeno_machine_get_state (find_machine (reference)) == XENO_MACHINE_PAUSED;
}

static gboolean
is_saved (gpointer reference)
{
  return xeno_machine_get_state (find_machine (reference)) == XENO_MACHINE_SAVED;
}

static guint
count_rows (void)
{
  XenoSidebar *sidebar = get_child (get_main_window (), "sidebar");
  GtkListView *list = get_child (sidebar, "list");

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list)));
}

static gboolean
has_rows (gpointer n_rows)
{
  return count_rows () == GPOINTER_TO_UINT (n_rows);
}

/* Acting */

/* Destructive ones ask first: the answer is what the dialog's button says. */
static void
act_and_answer (const char *action,
                const char *response)
{
  AdwMessageDialog *dialog;

  act_in_window (action);
  dialog = await_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_cmpint (adw_message_dialog_get_response_appearance (dialog, response), ==,
                   ADW_RESPONSE_DESTRUCTIVE);
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
select_machine (void)
{
  xeno_window_show_machine (get_main_window (), find_machine (UUID));
}

/* Tests, in the order of a day */

static void
test_empty (void)
{
  g_application_activate (G_APPLICATION (application));
  xeno_test_until (shows_page, (gpointer) "empty");
  xeno_test_until (offers, (gpointer) "_Open an ISO…");
}

static void
test_outside (void)
{
  GtkButton *primary = get_child (get_main_window (), "primary_button");
  AdwWindowTitle *title = get_child (get_main_window (), "title");

  define_machine ();
  xeno_test_until (shows_page, (gpointer) "machines");
  g_assert_cmpuint (count_rows (), ==, 1);
  select_machine ();
  g_assert_cmpstr (adw_window_title_get_title (title), ==, "Erste Maschine");
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (primary)), ==, "machine.start");

  virsh ("start", "one");
  xeno_test_until (is_running, (gpointer) UUID);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (primary)), ==, "machine.open-console");
  virsh ("destroy", "one");
  xeno_test_until (is_off, (gpointer) UUID);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (primary)), ==, "machine.start");
}

static void
test_verbs (void)
{
  select_machine ();
  g_assert_false (offers_action ((gpointer) "machine.pause"));
  act_in_window ("machine.start");
  xeno_test_until (is_running, (gpointer) UUID);
  g_assert_false (offers_action ((gpointer) "machine.rename"));
  act_in_window ("machine.pause");
  xeno_test_until (is_paused, (gpointer) UUID);
  act_in_window ("machine.resume");
  xeno_test_until (is_running, (gpointer) UUID);
  act_and_answer ("machine.reset", "reset");
  act_in_window ("machine.save");
  xeno_test_until (is_saved, (gpointer) UUID);
  act_in_window ("machine.restore");
  xeno_test_until (is_running, (gpointer) UUID);
  act_in_window ("machine.shut-down");
  act_and_answer ("machine.force-off", "force-off");
  xeno_test_until (is_off, (gpointer) UUID);
}

static void
test_search (void)
{
  XenoWindow *window = get_main_window ();
  XenoSidebar *sidebar = get_child (window, "sidebar");
  GtkStack *stack = get_child (sidebar, "stack");

  select_machine ();
  xeno_window_search (window, "no such machine");
  xeno_test_until (has_rows, GUINT_TO_POINTER (0));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "nothing");
  g_assert_cmpstr (adw_window_title_get_title (get_child (window, "title")), ==, "Erste Maschine");

  xeno_window_search (window, "ERSTE");
  xeno_test_until (has_rows, GUINT_TO_POINTER (1));
  g_assert_true (xeno_sidebar_get_selected (sidebar) == G_OBJECT (find_machine (UUID)));
  g_object_set (sidebar, "search-mode", FALSE, NULL);
}

/* From the list, which has the focus when the window opens, without a pointer. */
static gboolean
has_focus_in_list (gpointer data)
{
  GtkWidget *list = get_child (get_child (get_main_window (), "sidebar"), "list");
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (get_main_window ()));

  return focus != NULL && gtk_widget_is_ancestor (focus, list);
}

static gboolean
shows_menu (gpointer data)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (get_main_window ()));

  return focus != NULL && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER_MENU) != NULL;
}

static gboolean
searches (gpointer data)
{
  GtkWidget *entry = get_child (get_child (get_main_window (), "sidebar"), "search_entry");
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (get_main_window ()));

  return focus != NULL && gtk_widget_is_ancestor (focus, entry);
}

static void
press_and_escape (const char *key,
                  GType       type)
{
  g_test_message ("pressing %s", key);
  xeno_test_until (has_focus_in_list, NULL);
  press (get_main_window (), key);
  press (await_window (type), "Escape");
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (type));
}

static void
test_keyboard (void)
{
  XenoWindow *window;

  gtk_window_close (GTK_WINDOW (get_main_window ()));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_WINDOW));
  g_application_activate (G_APPLICATION (application));
  window = get_main_window ();
  xeno_test_until (shows_page, (gpointer) "machines");
  g_assert_true (xeno_sidebar_get_selected (get_child (window, "sidebar")) == G_OBJECT (find_machine (UUID)));

  press_and_escape ("F2", XENO_TYPE_RENAME_DIALOG);
  press_and_escape ("Delete", XENO_TYPE_DELETE_DIALOG);
  press_and_escape ("ctrl+n", GTK_TYPE_FILE_CHOOSER_DIALOG);

  press (window, "Menu");
  xeno_test_until (shows_menu, NULL);
  press (window, "Escape");
  xeno_test_until (has_focus_in_list, NULL);

  press (window, "ctrl+f");
  xeno_test_until (searches, NULL);
  press (window, "Escape");

  gtk_widget_grab_focus (get_child (window, "sidebar"));
  xeno_test_until (has_focus_in_list, NULL);
  press (window, "Return");
  gtk_window_destroy (await_window (XENO_TYPE_CONSOLE_WINDOW));
}

static gboolean
is_renamed (gpointer title)
{
  return g_strcmp0 (xeno_machine_get_title (find_machine (UUID)), title) == 0;
}

static void
test_rename (void)
{
  XenoRenameDialog *dialog;
  GtkEditable *entry;

  select_machine ();
  act_in_window ("machine.rename");
  dialog = await_window (XENO_TYPE_RENAME_DIALOG);
  entry = get_child (dialog, "entry");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "rename"));
  gtk_editable_set_text (entry, "..");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "rename"));
  g_assert_cmpstr (gtk_label_get_label (get_child (dialog, "problem")), !=, "");
  gtk_editable_set_text (entry, "日本語");
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "rename"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  gtk_window_destroy (GTK_WINDOW (dialog));
  xeno_test_until (is_renamed, (gpointer) "日本語");
  g_assert_cmpstr (adw_window_title_get_title (get_child (get_main_window (), "title")), ==, "日本語");
}

static gboolean
can_delete (gpointer dialog)
{
  return adw_message_dialog_get_response_enabled (dialog, "delete");
}

static void
test_delete (void)
{
  XenoDeleteDialog *dialog;

  select_machine ();
  act_in_window ("machine.delete");
  dialog = await_window (XENO_TYPE_DELETE_DIALOG);
  xeno_test_until (can_delete, dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "delete");
  gtk_window_destroy (GTK_WINDOW (dialog));
  xeno_test_until (has_no_machine, (gpointer) UUID);
  g_assert_cmpstr (adw_window_title_get_title (get_child (get_main_window (), "title")), ==, "");

  xeno_test_until (offers, (gpointer) "_Undo");
  g_signal_emit_by_name (find_button (GTK_WIDGET (get_main_window ()), "_Undo"), "clicked");
  xeno_test_until (has_machine, (gpointer) UUID);
  g_assert_cmpstr (xeno_machine_get_title (find_machine (UUID)), ==, "日本語");

  virsh ("undefine", UUID);
  xeno_test_until (shows_page, (gpointer) "empty");
}

/* The review page */

static gboolean
has_asked (gpointer data)
{
  return g_atomic_int_get (&n_asked) > 0;
}

/* It takes seconds the first time, so it is asked before there is anything to make. */
static void
test_capabilities (void)
{
  g_assert_false (has_window (GSIZE_TO_POINTER (XENO_TYPE_CREATE_DIALOG)));
  xeno_test_until (has_asked, NULL);
}

static void
open_file (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_application_open (G_APPLICATION (application), &file, 1, "");
}

static gboolean
reviews (gpointer page)
{
  XenoCreateDialog *dialog = await_window (XENO_TYPE_CREATE_DIALOG);

  return g_strcmp0 (gtk_stack_get_visible_child_name (get_child (dialog, "stack")), page) == 0;
}

static void
close_dialog (void)
{
  gtk_window_close (await_window (XENO_TYPE_CREATE_DIALOG));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CREATE_DIALOG));
}

static void
test_bad_files (void)
{
  static const struct
  {
    const char *name;
    const char *contents;
  } files[] = {
    { "empty.iso", "" },
    { "text.iso", "This is not a disc image.\n" },
    { "missing.iso", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (g_get_tmp_dir (), files[i].name, NULL);
      g_autoptr (GError) error = NULL;

      if (files[i].contents != NULL)
        g_file_set_contents (path, files[i].contents, -1, &error);
      g_assert_no_error (error);
      open_file (path);
      xeno_test_until (reviews, (gpointer) "bad");
      g_assert_cmpstr (adw_status_page_get_description (get_child (await_window (XENO_TYPE_CREATE_DIALOG),
                                                                   "bad_page")), !=, NULL);
      close_dialog ();
    }
}

static void
test_names (void)
{
  static const struct
  {
    const char *title;
    gboolean    is_good;
  } names[] = {
    { "", FALSE },
    { " ", FALSE },
    { ".", FALSE },
    { "..", FALSE },
    { "a/b", FALSE },
    { "host", FALSE },
    { "tab\there", FALSE },
    { "日本語", TRUE },
    { "Линукс", TRUE },
    { "<b>&\"'", TRUE },
    { "Fedora 42", TRUE },
  };
  XenoReviewPage *page;

  open_file (g_getenv ("XENO_TEST_SCREEN_ISO"));
  xeno_test_until (reviews, (gpointer) "review");
  page = get_child (await_window (XENO_TYPE_CREATE_DIALOG), "review_page");
  g_assert_true (xeno_review_page_is_valid (page));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("name “%s”", names[i].title);
      gtk_editable_set_text (get_child (page, "name_row"), names[i].title);
      g_assert_cmpint (xeno_review_page_is_valid (page), ==, names[i].is_good);
      g_assert_cmpint (gtk_widget_get_visible (get_child (page, "name_problem")), ==, !names[i].is_good);
    }
  close_dialog ();
}

static gboolean
is_valid (gpointer page)
{
  return xeno_review_page_is_valid (page);
}

static void
test_taken_name (void)
{
  XenoReviewPage *page;

  define_machine ();
  open_file (g_getenv ("XENO_TEST_SCREEN_ISO"));
  xeno_test_until (reviews, (gpointer) "review");
  page = get_child (await_window (XENO_TYPE_CREATE_DIALOG), "review_page");
  xeno_test_until (is_valid, page);
  gtk_editable_set_text (get_child (page, "name_row"), "Erste Maschine");
  g_assert_false (xeno_review_page_is_valid (page));
  g_assert_nonnull (strstr (gtk_label_get_label (get_child (page, "name_problem")), "Erste Maschine 2"));
  close_dialog ();
}

/* In a popover that nobody has opened. */
static GtkWidget *
find_show_button (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_visible (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "_Show") == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_show_button (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_create (void)
{
  XenoCreateDialog *dialog;
  XenoReviewPage *page;
  XenoConsoleWindow *console;

  open_file (g_getenv ("XENO_TEST_SCREEN_ISO"));
  xeno_test_until (reviews, (gpointer) "review");
  dialog = await_window (XENO_TYPE_CREATE_DIALOG);
  page = get_child (dialog, "review_page");
  gtk_editable_set_text (get_child (page, "name_row"), "Вторая");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "create.run", NULL));

  console = await_window (XENO_TYPE_CONSOLE_WINDOW);
  g_assert_cmpstr (xeno_machine_get_title (xeno_console_window_get_machine (console)), ==, "Вторая");
  xeno_test_until (is_running, (gpointer) "Вторая");
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CREATE_DIALOG));
  gtk_window_destroy (GTK_WINDOW (console));

  /* What was made is a click away, also when its window was closed meanwhile. */
  g_signal_emit_by_name (find_show_button (get_child (get_main_window (), "jobs_button")), "clicked");
  console = await_window (XENO_TYPE_CONSOLE_WINDOW);
  g_assert_true (xeno_console_window_get_machine (console) == find_machine ("Вторая"));
  gtk_window_destroy (GTK_WINDOW (console));

  xeno_window_show_machine (get_main_window (), find_machine ("Вторая"));
  act_and_answer ("machine.force-off", "force-off");
  xeno_test_until (is_off, (gpointer) "Вторая");
}

/* What the desktop would hear. */
static char *notified;

void
g_application_send_notification (GApplication  *app,
                                 const char    *id,
                                 GNotification *notification)
{
  g_free (notified);
  notified = g_strdup (id);
}

static gboolean
has_notified (gpointer uuid)
{
  return g_strcmp0 (notified, uuid) == 0;
}

static gboolean
is_shown (gpointer widget)
{
  return gtk_widget_get_visible (widget);
}

/* The installer runs on when nobody looks, and what it installed is started. */
static void
test_install (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xeno-install-XXXXXX", NULL);
  g_autofree char *disc = make_installer_disc (folder, "Debian 11.3.0 amd64 n", NULL);
  virConnectPtr outside = virConnectOpen ("qemu:///session");
  virDomainPtr domain;
  XenoCreateDialog *dialog;
  XenoReviewPage *page;
  GtkWidget *group;
  XenoMachine *machine;
  int port;

  open_file (disc);
  xeno_test_until (reviews, (gpointer) "review");
  dialog = await_window (XENO_TYPE_CREATE_DIALOG);
  page = get_child (dialog, "review_page");
  group = get_child (page, "install_group");
  gtk_editable_set_text (get_child (page, "name_row"), "Installs");
  xeno_test_until (is_shown, group);
  gtk_switch_set_active (get_child (group, "install_switch"), TRUE);
  gtk_editable_set_text (get_child (group, "password_row"), "gehe1m");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "create.run", NULL));

  gtk_window_destroy (GTK_WINDOW (await_window (XENO_TYPE_CONSOLE_WINDOW)));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CREATE_DIALOG));
  machine = find_machine ("Installs");
  g_assert_null (notified);
  domain = virDomainLookupByUUIDString (outside, xeno_machine_get_uuid (machine));
  port = open_installer_port (domain);
  hear_installer (port, "user=");
  g_assert_cmpint (write (port, "r", 1), ==, 1);
  xeno_test_until (has_notified, (gpointer) xeno_machine_get_uuid (machine));
  close (port); /* what the guest had not read would be gone with it */
  xeno_test_until (is_running, (gpointer) "Installs");

  virDomainDestroy (domain);
  xeno_test_until (is_off, (gpointer) "Installs");
  virDomainUndefine (domain);
  xeno_test_until (has_no_machine, (gpointer) "Installs");
  virDomainFree (domain);
  virConnectClose (outside);
  xeno_test_remove_tree (folder);
  g_clear_pointer (&notified, g_free);
}

/* Other processes */

static void
test_second_instance (void)
{
  run (g_getenv ("XENO_TEST_APP"), g_getenv ("XENO_TEST_SCREEN_ISO"), NULL);
  xeno_test_until (reviews, (gpointer) "review");
  close_dialog ();

  run (g_getenv ("XENO_TEST_APP"), "--show-domain-console", "one", NULL);
  await_window (XENO_TYPE_CONSOLE_WINDOW);
  g_assert_true (is_off ((gpointer) UUID));
  gtk_window_destroy (await_window (XENO_TYPE_CONSOLE_WINDOW));
}

static gboolean
shows (const char *type_name)
{
  GtkWidget *page = gtk_stack_get_visible_child (get_child (get_main_window (), "pages"));

  return g_str_equal (G_OBJECT_TYPE_NAME (page), type_name);
}

static gboolean
shows_host (gpointer data)
{
  return shows ("XenoHostPage");
}

static gboolean
shows_hardware (gpointer data)
{
  return shows ("XenoHardwarePage");
}

static gboolean
shows_machine (gpointer data)
{
  return shows ("XenoMachinePage");
}

static void
test_options (void)
{
  const char *app = g_getenv ("XENO_TEST_APP");
  XenoSidebar *sidebar = get_child (get_main_window (), "sidebar");
  GtkEditable *entry = get_child (sidebar, "search_entry");

  run (app, "--show-host-summary", NULL);
  xeno_test_until (shows_host, NULL);

  run (app, "--search", "erste", NULL);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "erste");
  g_object_set (sidebar, "search-mode", FALSE, NULL);

  run (app, "--show-domain-editor", "one", NULL);
  xeno_test_until (shows_hardware, NULL);
  g_assert_cmpstr (adw_window_title_get_title (get_child (get_main_window (), "title")), ==, "Erste Maschine");
  activate_in_window ("win.back");
  g_assert_false (shows_hardware (NULL));

  run (app, "--show-domain-performance", "one", NULL);
  xeno_test_until (shows_machine, NULL);

  run (app, "--open-uuid", UUID, NULL);
  gtk_window_destroy (await_window (XENO_TYPE_CONSOLE_WINDOW));
  g_assert_true (is_off ((gpointer) UUID));

  run (app, "--show-domain-creator", NULL);
  gtk_window_close (await_window (GTK_TYPE_FILE_CHOOSER_DIALOG));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (GTK_TYPE_FILE_CHOOSER_DIALOG));
}

static gboolean
is_finished (gpointer process)
{
  return g_subprocess_get_identifier (process) == NULL;
}

static void
test_unknown_name (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GInputStream) said = NULL;
  char text[512];
  gsize length = 0;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("XENO_TEST_APP"),
                              "--show-domain-console", "nobody knows", NULL);
  g_assert_no_error (error);
  xeno_test_until (is_finished, process);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);

  said = g_object_ref (g_subprocess_get_stderr_pipe (process));
  g_input_stream_read_all (said, text, sizeof text - 1, &length, NULL, &error);
  g_assert_no_error (error);
  text[length] = '\0';
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "nobody knows"));
  g_assert_true (strchr (text, '\n') == text + length - 1);
}

static GtkDropTarget *
find_drop_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }
  g_assert_not_reached ();
}

static void
test_drop (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_getenv ("XENO_TEST_SCREEN_ISO"));
  GValue value = G_VALUE_INIT;
  GSList files = { file, NULL };
  gboolean is_taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, &files);
  g_signal_emit_by_name (find_drop_target (GTK_WIDGET (get_main_window ())), "drop", &value, 10.0, 10.0,
                         &is_taken);
  g_value_unset (&value);
  g_assert_true (is_taken);
  xeno_test_until (reviews, (gpointer) "review");
  close_dialog ();
}

static void
test_choices (void)
{
  XenoReviewPage *page;
  XenoRecipe *recipe;
  XenoFirmware firmware;
  XenoAccel accel;
  g_autofree char *graphics = NULL;
  g_autofree char *network = NULL;

  open_file (g_getenv ("XENO_TEST_SCREEN_ISO"));
  xeno_test_until (reviews, (gpointer) "review");
  page = get_child (await_window (XENO_TYPE_CREATE_DIALOG), "review_page");
  recipe = xeno_review_page_get_recipe (page);
  adw_combo_row_set_selected (get_child (page, "firmware_row"), 1);
  adw_combo_row_set_selected (get_child (page, "graphics_row"), 2);
  adw_combo_row_set_selected (get_child (page, "network_row"), 1);
  adw_combo_row_set_selected (get_child (page, "accel_choice_row"), 2);
  gtk_spin_button_set_value (get_child (page, "cpus_spin"), 1);

  g_object_get (recipe, "firmware", &firmware, "graphics", &graphics, "network", &network, "accel", &accel,
                NULL);
  g_assert_cmpint (firmware, ==, XENO_FIRMWARE_BIOS);
  g_assert_cmpstr (graphics, ==, "vnc");
  g_assert_cmpstr (network, ==, "none");
  g_assert_cmpint (accel, ==, XENO_ACCEL_TCG);
  g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, 1);
  close_dialog ();
}

static gboolean
is_unreachable (gpointer connection)
{
  return xeno_connection_get_state (connection) == XENO_CONNECTION_UNREACHABLE;
}

static void
test_unreachable (void)
{
  static const char * const uris[] = { "qemu+unix:///session?socket=/nowhere/sock", NULL };
  GSettings *settings = xeno_application_get_settings (application);
  GListModel *connections =
    xeno_connection_list_get_connections (xeno_application_get_connections (application));
  guint n_rows = count_rows ();
  g_autoptr (XenoConnection) connection = NULL;

  g_settings_set_strv (settings, "connections", uris);
  g_assert_cmpuint (g_list_model_get_n_items (connections), ==, 2);
  connection = g_list_model_get_item (connections, 1);
  xeno_test_until (is_unreachable, connection);
  g_assert_cmpuint (count_rows (), ==, n_rows + 2);

  xeno_window_show_connection (get_main_window (), connection);
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (gtk_stack_get_visible_child (get_child (get_main_window (), "pages"))),
                   ==, "XenoConnectionPage");
  g_assert_nonnull (xeno_connection_get_error (connection));

  g_settings_reset (settings, "connections");
  xeno_test_until (has_rows, GUINT_TO_POINTER (n_rows));
}

static gboolean
is_over (gpointer end_us)
{
  return g_get_monotonic_time () >= *(gint64 *) end_us;
}

/* Stops the daemon, asks for things, and lets it go on; all that was asked for comes to be.
 * Returns: the longest time in microseconds in which the window did nothing */
static gint64
be_without_daemon (GPid pid)
{
  XenoTestPulse pulse;
  gint64 longest_us;
  gint64 end_us = g_get_monotonic_time () + STOPPED_US;

  xeno_test_pulse_start (&pulse);
  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  activate_in_window ("machine.start");
  open_file (g_getenv ("XENO_TEST_SCREEN_ISO"));
  xeno_test_until (is_over, &end_us);
  g_assert_cmpint (kill (pid, SIGCONT), ==, 0);
  longest_us = xeno_test_pulse_stop (&pulse);

  xeno_test_until (is_running, (gpointer) UUID);
  close_dialog ();
  act_and_answer ("machine.force-off", "force-off");
  xeno_test_until (is_off, (gpointer) UUID);
  return longest_us;
}

/* A call that waited for the daemon would be there each time; a busy computer is not. */
static void
test_stopped_daemon (void)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "libvirt", "libvirtd.pid", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gint64 longest_us = G_MAXINT64;
  GPid pid;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  pid = (GPid) g_ascii_strtoll (contents, NULL, 10);
  select_machine ();

  for (guint i = 0; i < MAX_TRIES && longest_us >= LONGEST_GAP_US; i++)
    {
      xeno_test_until (offers_action, (gpointer) "machine.start");
      longest_us = be_without_daemon (pid);
    }
  g_assert_cmpint (longest_us, <, LONGEST_GAP_US);
}

static gboolean
has_width (gpointer width)
{
  return gtk_widget_get_width (GTK_WIDGET (get_main_window ())) <= GPOINTER_TO_INT (width);
}

static void
test_narrow (void)
{
  GtkWindow *window = GTK_WINDOW (get_main_window ());
  AdwLeaflet *leaflet = get_child (window, "leaflet");

  g_assert_false (adw_leaflet_get_folded (leaflet));
  gtk_window_set_default_size (window, 360, 640);
  xeno_test_until (has_width, GINT_TO_POINTER (360));
  g_assert_true (adw_leaflet_get_folded (leaflet));
  select_machine ();
  g_assert_true (adw_leaflet_get_visible_child (leaflet) == get_child (window, "content"));
  activate_in_window ("win.back");
  g_assert_false (adw_leaflet_get_visible_child (leaflet) == get_child (window, "content"));
  gtk_window_set_default_size (window, 1040, 700);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  start_application ();

  g_test_add_func ("/xeno/application/says-what-to-do-first-without-machines", test_empty);
  g_test_add_func ("/xeno/application/asks-what-the-host-offers-before-anybody-waits", test_capabilities);
  g_test_add_func ("/xeno/application/follows-what-other-programs-do", test_outside);
  g_test_add_func ("/xeno/application/does-every-verb-by-its-action", test_verbs);
  g_test_add_func ("/xeno/application/searches-and-keeps-what-is-shown", test_search);
  g_test_add_func ("/xeno/application/obeys-the-keyboard-from-the-start", test_keyboard);
  g_test_add_func ("/xeno/application/renames-to-any-script-and-refuses-bad-names", test_rename);
  g_test_add_func ("/xeno/application/deletes-and-takes-it-back", test_delete);
  g_test_add_func ("/xeno/application/says-why-a-file-cannot-be-used", test_bad_files);
  g_test_add_func ("/xeno/application/says-what-is-wrong-with-a-name", test_names);
  g_test_add_func ("/xeno/application/proposes-another-name-for-a-taken-one", test_taken_name);
  g_test_add_func ("/xeno/application/makes-a-machine-from-a-file-and-shows-its-console", test_create);
  g_test_add_func ("/xeno/application/tells-when-a-machine-has-installed-itself", test_install);
  g_test_add_func ("/xeno/application/takes-files-and-wishes-from-a-second-start", test_second_instance);
  g_test_add_func ("/xeno/application/takes-the-options-of-a-second-start", test_options);
  g_test_add_func ("/xeno/application/says-that-a-machine-is-not-there", test_unknown_name);
  g_test_add_func ("/xeno/application/takes-a-file-that-is-dropped", test_drop);
  g_test_add_func ("/xeno/application/makes-what-the-review-page-says", test_choices);
  g_test_add_func ("/xeno/application/says-what-ails-a-connection", test_unreachable);
  g_test_add_func ("/xeno/application/goes-on-while-libvirt-is-stopped", test_stopped_daemon);
  g_test_add_func ("/xeno/application/folds-in-a-narrow-window", test_narrow);
  status = g_test_run ();

  stop_application ();
  return status;
}
