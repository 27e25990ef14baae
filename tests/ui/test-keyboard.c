/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole day without a pointer: from a disc to a machine, and to its end and back. */
#include "config.h"

#include <adwaita.h>

#include "app-rig.h"
#include "app/xeno-console-window.h"
#include "dialogs/xeno-create-dialog.h"
#include "dialogs/xeno-delete-dialog.h"
#include "dialogs/xeno-preferences-window.h"
#include "dialogs/xeno-rename-dialog.h"
#include "support/xeno-test.h"

/* More than any window has to tab through. */
#define MOST_TABS 60

static char *machine_uuid;

static GtkWidget *
get_focus (gpointer window)
{
  return gtk_window_get_focus (GTK_WINDOW (window));
}

static const char *
get_label (GtkWidget *widget)
{
  const char *label = NULL;

  if (GTK_IS_BUTTON (widget))
    label = gtk_button_get_label (GTK_BUTTON (widget));
  return label;
}

/* What the item of a menu says that has the focus. */
static char *
dup_item_label (gpointer window)
{
  GtkWidget *focus = get_focus (window);
  char *text = NULL;

  if (focus != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (focus), "text") != NULL)
    g_object_get (focus, "text", &text, NULL);
  return text;
}

typedef struct
{
  gpointer   window;
  GtkWidget *before;
} Move;

static gboolean
has_moved (gpointer data)
{
  Move *move = data;

  return get_focus (move->window) != move->before;
}

static void
press_and_move (gpointer    window,
                const char *key)
{
  Move move = { window, get_focus (window) };

  press (window, key);
  xeno_test_until (has_moved, &move);
}

/* Tabs on until a button has the focus, and presses it. */
static void
press_button (gpointer    window,
              const char *label)
{
  for (guint i = 0; i < MOST_TABS; i++)
    {
      if (g_strcmp0 (get_label (get_focus (window)), label) == 0)
        {
          press (window, "space");
          return;
        }
      press_and_move (window, "Tab");
    }
  g_error ("The keyboard does not reach “%s”", label);
}

static gboolean
shows_menu (gpointer window)
{
  GtkWidget *focus = get_focus (window);

  return focus != NULL && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER_MENU) != NULL;
}

static gboolean
shows_no_menu (gpointer window)
{
  return !shows_menu (window);
}

/* Walks down a menu that is open. */
static void
choose_item (gpointer    window,
             const char *label)
{
  for (guint i = 0; i < MOST_TABS; i++)
    {
      g_autofree char *item = dup_item_label (window);

      if (g_strcmp0 (item, label) == 0)
        {
          press (window, "Return");
          return;
        }
      press_and_move (window, "Down");
    }
  g_error ("The menu has no “%s”", label);
}

static gboolean
has_focus_in_list (gpointer data)
{
  GtkWidget *list = get_child (get_child (get_main_window (), "sidebar"), "list");
  GtkWidget *focus = get_focus (get_main_window ());

  return focus != NULL && gtk_widget_is_ancestor (focus, list);
}

static gboolean
reviews (gpointer data)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (get_child (await_window (XENO_TYPE_CREATE_DIALOG), "stack")),
                    "review") == 0;
}

static gboolean
can_create (gpointer dialog)
{
  GtkWidget *button = find_button (GTK_WIDGET (dialog), "Create and _Run");

  return button != NULL && gtk_widget_is_sensitive (button);
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

/* Ctrl+N, the file's path, the review page, and there it runs. */
static void
test_create (void)
{
  const char *disc = g_getenv ("XENO_TEST_SCREEN_ISO");
  gpointer dialog;
  XenoConsoleWindow *console;

  g_application_activate (G_APPLICATION (application));
  xeno_test_until (shows_page, (gpointer) "empty");
  press (get_main_window (), "ctrl+n");
  dialog = await_window (GTK_TYPE_FILE_CHOOSER_DIALOG);
  xeno_test_until (is_mapped, dialog);
  press (dialog, "ctrl+l");
  run ("xdotool", "type", "--delay", "5", disc, NULL);
  /* What GTK 4.18 completed on the way stands behind what was typed. */
  run ("xdotool", "key", "shift+End", "key", "Delete", "key", "Return", NULL);

  xeno_test_until (reviews, NULL);
  dialog = find_window (XENO_TYPE_CREATE_DIALOG);
  xeno_test_until (can_create, dialog);
  press_button (dialog, "Create and _Run");
  console = await_window (XENO_TYPE_CONSOLE_WINDOW);
  machine_uuid = g_strdup (xeno_machine_get_uuid (xeno_console_window_get_machine (console)));
  xeno_test_until (is_running, machine_uuid);

  /* In a console keys are the guest's: it is the window manager's that close it. */
  gtk_window_close (GTK_WINDOW (console));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CONSOLE_WINDOW));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CREATE_DIALOG));
}

static void
test_force_off (void)
{
  XenoWindow *window = get_main_window ();
  gpointer dialog;

  xeno_window_show_machine (window, find_machine (machine_uuid));
  gtk_widget_grab_focus (get_child (window, "sidebar"));
  xeno_test_until (has_focus_in_list, NULL);
  press (window, "Menu");
  xeno_test_until (shows_menu, window);
  choose_item (window, "Force Off…");
  dialog = await_window (ADW_TYPE_MESSAGE_DIALOG);
  xeno_test_until (is_mapped, dialog);
  press_button (dialog, "_Force Off");
  xeno_test_until (is_off, machine_uuid);
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (ADW_TYPE_MESSAGE_DIALOG));
}

static gboolean
shows_hardware (gpointer data)
{
  GtkWidget *page = gtk_stack_get_visible_child (get_child (get_main_window (), "pages"));

  return g_str_equal (G_OBJECT_TYPE_NAME (page), "XenoHardwarePage");
}

static gboolean
shows_no_hardware (gpointer data)
{
  return !shows_hardware (data);
}

static void
test_hardware (void)
{
  press (get_main_window (), "alt+Return");
  xeno_test_until (shows_hardware, NULL);
  press (get_main_window (), "alt+Left");
  xeno_test_until (shows_no_hardware, NULL);
}

static gboolean
is_renamed (gpointer title)
{
  return g_strcmp0 (xeno_machine_get_title (find_machine (machine_uuid)), title) == 0;
}

static void
test_rename (void)
{
  gpointer dialog;

  press (get_main_window (), "F2");
  dialog = await_window (XENO_TYPE_RENAME_DIALOG);
  xeno_test_until (is_mapped, dialog);
  run ("xdotool", "type", "Another name", NULL);
  press (dialog, "Return");
  xeno_test_until (is_renamed, (gpointer) "Another name");
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_RENAME_DIALOG));
}

static gboolean
can_delete (gpointer dialog)
{
  return adw_message_dialog_get_response_enabled (dialog, "delete");
}

static void
test_delete (void)
{
  gpointer dialog;

  press (get_main_window (), "Delete");
  dialog = await_window (XENO_TYPE_DELETE_DIALOG);
  xeno_test_until (is_mapped, dialog);
  xeno_test_until (can_delete, dialog);
  press_button (dialog, "_Delete");
  xeno_test_until (has_no_machine, machine_uuid);
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_DELETE_DIALOG));

  xeno_test_until (offers, (gpointer) "_Undo");
  press_button (get_main_window (), "_Undo");
  xeno_test_until (has_machine, machine_uuid);
  g_assert_true (is_renamed ((gpointer) "Another name"));
}

static gboolean
searches (gpointer sidebar)
{
  gboolean is_searching;

  g_object_get (sidebar, "search-mode", &is_searching, NULL);
  return is_searching;
}

static gboolean
searches_not (gpointer sidebar)
{
  return !searches (sidebar);
}

/* What a key opens, Escape closes. */
static void
test_escape (void)
{
  static const struct
  {
    const char *key;
    GType     (*get_type) (void);
  } windows[] = {
    { "ctrl+n", gtk_file_chooser_dialog_get_type },
    { "ctrl+o", gtk_file_chooser_dialog_get_type },
    { "ctrl+comma", xeno_preferences_window_get_type },
    { "ctrl+question", gtk_shortcuts_window_get_type },
    { "F2", xeno_rename_dialog_get_type },
    { "Delete", xeno_delete_dialog_get_type },
  };
  static const char * const menus[] = { "F10", "shift+F10", "Menu" };
  XenoWindow *window = get_main_window ();
  GtkWidget *sidebar = get_child (window, "sidebar");

  xeno_window_show_machine (window, find_machine (machine_uuid));
  gtk_widget_grab_focus (sidebar);
  for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      GType type = windows[i].get_type ();

      g_test_message ("%s", windows[i].key);
      press (window, windows[i].key);
      xeno_test_until (is_mapped, await_window (type));
      press (find_window (type), "Escape");
      xeno_test_until (has_no_window, GSIZE_TO_POINTER (type));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (menus); i++)
    {
      g_test_message ("%s", menus[i]);
      press (window, menus[i]);
      xeno_test_until (shows_menu, window);
      press (window, "Escape");
      xeno_test_until (shows_no_menu, window);
    }
  press (window, "ctrl+f");
  xeno_test_until (searches, sidebar);
  press (window, "Escape");
  xeno_test_until (searches_not, sidebar);
}

/* The list of shortcuts leaves none out, and promises none there is not. */
static void
test_shortcuts (void)
{
  static const char * const keys[] = {
    "<Control>n", "<Control><Shift>n", "<Control>f", "F10", "<Control>comma", "<Control>question", "<Control>w", "<Control>q",
    "Return", "F2", "Delete", "Menu", "<Alt>Return", "<Alt>Left",
    /* Those of consoles, which test-console-tabs and test-serial-console press. */
    "F11", "<Control><Shift>F11", "<Control><Shift>t", "<Control><Shift>s", "<Control><Shift>r", "<Control><Shift>Page_Down",
    "<Control><Shift>Page_Up", "<Control><Shift>w", "<Control><Shift>c", "<Control><Shift>v", "<Control><Shift>a",
    "<Control><Shift>f", "<Control><Shift>g", "<Control><Shift>h", "<Control>plus", "<Control>minus", "<Control>0",
  };
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/unaos/Xenolith/xeno-shortcuts.ui");
  g_autoptr (GSList) objects = gtk_builder_get_objects (builder);
  guint n_listed = 0;

  for (GSList *l = objects; l != NULL; l = l->next)
    {
      g_autofree char *accelerator = NULL;

      if (!GTK_IS_SHORTCUTS_SHORTCUT (l->data))
        continue;
      g_object_get (l->data, "accelerator", &accelerator, NULL);
      g_test_message ("%s", accelerator);
      g_assert_true (g_strv_contains (keys, accelerator));
      n_listed++;
    }
  g_assert_cmpuint (n_listed, ==, G_N_ELEMENTS (keys));
  gtk_window_destroy (GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
}

static void
test_close (void)
{
  press (get_main_window (), "ctrl+w");
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_WINDOW));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  start_application ();

  g_test_add_func ("/xeno/keyboard/makes-a-machine-from-a-disc", test_create);
  g_test_add_func ("/xeno/keyboard/forces-it-off", test_force_off);
  g_test_add_func ("/xeno/keyboard/shows-its-hardware-and-goes-back", test_hardware);
  g_test_add_func ("/xeno/keyboard/renames-it", test_rename);
  g_test_add_func ("/xeno/keyboard/deletes-it-and-takes-it-back", test_delete);
  g_test_add_func ("/xeno/keyboard/closes-with-escape-what-a-key-opened", test_escape);
  g_test_add_func ("/xeno/keyboard/is-listed-key-by-key", test_shortcuts);
  g_test_add_func ("/xeno/keyboard/closes-the-window", test_close);
  status = g_test_run ();

  g_free (machine_uuid);
  stop_application ();
  return status;
}
