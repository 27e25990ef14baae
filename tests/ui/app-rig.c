/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application in a test's own process: what stands on its screen, and hands that press keys. */
#include "config.h"

#include <gdk/x11/gdkx.h>

#include "app-rig.h"
#include "console/xeno-renderer.h"
#include "support/xeno-test.h"

XenoApplication *application;

static const char machine_xml[] =
  "<domain type='qemu'><name>one</name><uuid>" UUID "</uuid><title>Erste Maschine</title>"
  "<memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os>"
  "<features><acpi/></features>"
  "<devices><graphics type='vnc'><listen type='none'/></graphics></devices></domain>";

/* One application for all tests of a program, as a person has one. */
void
start_application (void)
{
  g_autoptr (GError) error = NULL;

  xeno_renderer_choose ();
  application = xeno_application_new ();
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_application_hold (G_APPLICATION (application));

  /* A test is quicker than any hand: a toast that was clicked while it still slid in has crashed
   * in adw_animation_skip() of libadwaita 1.2.2. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

void
stop_application (void)
{
  g_application_release (G_APPLICATION (application));
  g_clear_object (&application);
}

static void
exited_cb (GPid     pid,
           int      status,
           gpointer user_data)
{
  *(int *) user_data = status;
  g_spawn_close_pid (pid);
}

static gboolean
has_exited (gpointer data)
{
  return *(int *) data >= 0;
}

/* Runs another program while the window goes on. */
void
run (const char *program,
     ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status = -1;
  va_list args;
  GPid pid;

  va_start (args, program);
  for (const char *arg = program; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  g_spawn_async (NULL, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                 NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  g_child_watch_add (pid, exited_cb, &status);
  xeno_test_until (has_exited, &status);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
}

/* Presses keys as a person does: through the X server, wherever the focus is. */
void
press (gpointer    window,
       const char *keys)
{
  g_autofree char *id = NULL;

  id = g_strdup_printf ("%lu", gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window))));
  run ("xdotool", "windowfocus", "--sync", id, "key", keys, NULL);
}

gpointer
find_window (GType type)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (application)); l != NULL; l = l->next)
    if (g_type_is_a (G_OBJECT_TYPE (l->data), type))
      return l->data;

  /* Dialogs are not always the application's. */
  for (guint i = 0; i < g_list_model_get_n_items (gtk_window_get_toplevels ()); i++)
    {
      g_autoptr (GObject) window = g_list_model_get_item (gtk_window_get_toplevels (), i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  return NULL;
}

gboolean
has_window (gpointer type)
{
  return find_window (GPOINTER_TO_SIZE (type)) != NULL;
}

gboolean
has_no_window (gpointer type)
{
  return !has_window (type);
}

gpointer
await_window (GType type)
{
  xeno_test_until (has_window, GSIZE_TO_POINTER (type));
  return find_window (type);
}

XenoWindow *
get_main_window (void)
{
  return await_window (XENO_TYPE_WINDOW);
}

gboolean
shows_page (gpointer page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (get_child (get_main_window (), "stack")), page) == 0;
}

XenoMachine *
find_machine (const char *reference)
{
  return xeno_connection_list_find_machine (xeno_application_get_connections (application), NULL,
                                            reference, NULL);
}

gboolean
has_machine (gpointer reference)
{
  return find_machine (reference) != NULL;
}

gboolean
has_no_machine (gpointer reference)
{
  return find_machine (reference) == NULL;
}

gboolean
is_off (gpointer reference)
{
  return xeno_machine_get_state (find_machine (reference)) == XENO_MACHINE_OFF;
}

gboolean
is_running (gpointer reference)
{
  XenoMachine *machine = find_machine (reference);

  return machine != NULL && xeno_machine_get_state (machine) == XENO_MACHINE_RUNNING;
}

/* The first button in view that says so. */
GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
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

gboolean
offers (gpointer label)
{
  return find_button (GTK_WIDGET (get_main_window ()), label) != NULL;
}

void
define_machine (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "one.xml", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, machine_xml, -1, &error);
  g_assert_no_error (error);
  virsh ("define", path);
  xeno_test_until (has_machine, (gpointer) UUID);
}

void
activate_in_window (const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_main_window ()), action, NULL));
}

gboolean
offers_action (gpointer action)
{
  GtkWidget *button = g_object_ref_sink (gtk_button_new ());
  gboolean enabled;

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_insert_before (button, GTK_WIDGET (get_child (get_main_window (), "content")), NULL);
  enabled = gtk_widget_get_sensitive (button);
  gtk_widget_unparent (button);
  g_object_unref (button);
  return enabled;
}

void
act_in_window (const char *action)
{
  xeno_test_until (offers_action, (gpointer) action);
  activate_in_window (action);
}
