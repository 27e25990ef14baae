/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The actions of the application, reachable from menus, the keyboard and D-Bus. None starts a machine. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application-private.h"
#include "dialogs/xeno-media-chooser.h"
#include "dialogs/xeno-preferences-window.h"

static void
file_chosen_cb (GtkNativeDialog *chooser,
                int              response,
                XenoApplication *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
  if (file != NULL)
    xeno_application_review (self, NULL, file);
}

static void
choose (XenoApplication *self,
        gboolean         kernel)
{
  GtkWindow *window = GTK_WINDOW (xeno_application_present_window (self));
  GtkNativeDialog *chooser = kernel ? xeno_media_chooser_new_for_kernel (window) : xeno_media_chooser_new (window);

  g_signal_connect_object (chooser, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (chooser);
}

static void
create_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  xeno_application_choose_file (user_data);
}

static void
review_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  xeno_application_review (user_data, NULL, file);
}

static void
download_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  xeno_media_window_show_downloads (xeno_application_present_media (user_data));
}

static void
media_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  xeno_media_window_show_library (xeno_application_present_media (user_data));
}

static void
create_kernel_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  choose (user_data, TRUE);
}

static void
create_network_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);

  xeno_recipe_set_boots_network (recipe, TRUE);
  xeno_application_review_recipe (user_data, recipe);
}

static void
create_empty_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);

  xeno_application_review_recipe (user_data, recipe);
}

static void
open_address_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  xeno_application_ask_for_address (user_data);
}

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  XenoApplication *self = user_data;
  XenoConnectionList *connections = xeno_application_get_connections (self);
  GtkWidget *window;

  window = xeno_preferences_window_new (gtk_application_get_active_window (GTK_APPLICATION (self)),
                                        xeno_application_get_settings (self),
                                        xeno_connection_list_get_connections (connections));
  gtk_window_present (GTK_WINDOW (window));
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  xeno_application_show_about (user_data);
}

static void
shortcuts_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/unaos/Xenolith/xeno-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, gtk_application_get_active_window (user_data));
  gtk_window_present (window);
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  GList *windows;

  /* Each window keeps its size as it closes; running jobs hold the process. */
  windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  g_list_free (windows);
}

static XenoMachine *
find_machine (XenoApplication *self,
              GVariant        *uuid)
{
  g_autoptr (GError) error = NULL;
  XenoMachine *machine;

  machine = xeno_connection_list_find_machine (xeno_application_get_connections (self), NULL,
                                               g_variant_get_string (uuid, NULL), &error);
  if (machine == NULL)
    xeno_application_show_error (self, NULL, error);
  return machine;
}

static void
open_console_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  XenoMachine *machine = find_machine (user_data, parameter);

  if (machine != NULL)
    xeno_application_open_console (user_data, machine);
}

static void
show_machine_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  XenoMachine *machine = find_machine (user_data, parameter);

  if (machine != NULL)
    xeno_window_show_machine (xeno_application_present_window (user_data), machine);
}

static void
show_hardware_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  XenoMachine *machine = find_machine (user_data, parameter);

  if (machine != NULL)
    xeno_window_show_hardware (xeno_application_present_window (user_data), machine);
}

static void
show_host_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  XenoConnectionList *connections = xeno_application_get_connections (user_data);

  xeno_window_show_connection (xeno_application_present_window (user_data),
                               xeno_connection_list_get_default (connections));
}

static void
clear_jobs_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  xeno_application_remove_ended_jobs (user_data);
}

/**
 * xeno_application_choose_file:
 * @self: the application
 *
 * Asks for a file and shows the review page for it.
 */
void
xeno_application_choose_file (XenoApplication *self)
{
  g_return_if_fail (XENO_IS_APPLICATION (self));

  choose (self, FALSE);
}

/**
 * xeno_application_add_actions:
 * @self: the application
 *
 * Adds the actions. Their keys belong to the main window: in a console they are the guest's.
 */
void
xeno_application_add_actions (XenoApplication *self)
{
  static const GActionEntry entries[] = {
    { "create", create_cb },
    { "review", review_cb, "s" },
    { "download", download_cb },
    { "media", media_cb },
    { "create-empty", create_empty_cb },
    { "create-kernel", create_kernel_cb },
    { "create-network", create_network_cb },
    { "open-address", open_address_cb },
    { "preferences", preferences_cb },
    { "shortcuts", shortcuts_cb },
    { "about", about_cb },
    { "quit", quit_cb },
    { "open-console", open_console_cb, "s" },
    { "show-machine", show_machine_cb, "s" },
    { "show-hardware", show_hardware_cb, "s" },
    { "show-host", show_host_cb },
    { "clear-jobs", clear_jobs_cb },
  };
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
