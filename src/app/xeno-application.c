/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application: one process, its connections, its windows, and what the command line asks for. */
#include "config.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "app/xeno-application-private.h"
#include "base/xeno-read-only-list.h"
#include "console/xeno-renderer.h"
#include "create/xeno-os-db.h"
#include "dialogs/xeno-create-dialog.h"
#include "widgets/xeno-toast.h"

struct _XenoApplication
{
  AdwApplication      parent_instance;
  GSettings          *settings;
  XenoConnectionList *connections;
  XenoOsDb           *os_db;
  GListStore         *jobs;
  GListModel         *jobs_facade;
  GPtrArray          *wishes;
  int                 exit_status;
};

/* A machine somebody asked for before its connection had told its machines. */
typedef struct
{
  char                    *uri;
  char                    *reference;
  char                    *action;
  GApplicationCommandLine *command_line; /* who asked, waiting for an exit status */
} Wish;

G_DEFINE_FINAL_TYPE (XenoApplication, xeno_application, ADW_TYPE_APPLICATION)

static void
wish_free (Wish *wish)
{
  g_free (wish->uri);
  g_free (wish->reference);
  g_free (wish->action);
  g_clear_object (&wish->command_line);
  g_free (wish);
}

/* Says it to who asked, and in the window. */
static void
refuse (XenoApplication         *self,
        GApplicationCommandLine *command_line,
        const GError            *error)
{
  g_application_command_line_printerr (command_line, "%s\n", error->message);
  g_application_command_line_set_exit_status (command_line, EXIT_FAILURE);
  self->exit_status = EXIT_FAILURE;
  xeno_application_show_error (self, NULL, error);
}

static gboolean
grant (XenoApplication *self,
       const Wish      *wish)
{
  g_autoptr (GError) error = NULL;
  XenoMachine *machine;

  machine = xeno_connection_list_find_machine (self->connections, wish->uri, wish->reference, &error);
  if (machine != NULL)
    {
      g_action_group_activate_action (G_ACTION_GROUP (self), wish->action,
                                      g_variant_new_string (xeno_machine_get_uuid (machine)));
      return TRUE;
    }
  if (!xeno_connection_list_is_settled (self->connections))
    return FALSE;

  refuse (self, wish->command_line, error);
  return TRUE;
}

static void
grant_wishes_cb (XenoApplication *self)
{
  for (guint i = self->wishes->len; i > 0; i--)
    if (grant (self, g_ptr_array_index (self->wishes, i - 1)))
      {
        g_ptr_array_remove_index (self->wishes, i - 1);
        g_application_release (G_APPLICATION (self));
      }
}

/* The process lives until its last window is closed and its last job has ended. */
static void
job_state_cb (XenoApplication *self,
              GParamSpec      *pspec,
              XenoJob         *job)
{
  if (xeno_job_get_state (job) == XENO_JOB_RUNNING)
    return;

  g_signal_handlers_disconnect_by_func (job, job_state_cb, self);
  g_application_release (G_APPLICATION (self));
}

static void
dialog_job_cb (XenoApplication *self,
               XenoJob         *job)
{
  xeno_application_add_job (self, job);
}

static void
dialog_created_cb (XenoApplication *self,
                   XenoMachine     *machine,
                   gboolean         started,
                   const GError    *error)
{
  if (started)
    xeno_application_open_console (self, machine);
  else
    xeno_window_show_machine (xeno_application_present_window (self), machine);
  if (error != NULL)
    xeno_application_show_error (self, NULL, error);
  xeno_application_watch_installation (self, machine);
}

static void
trouble_cb (XenoApplication *self,
            const GError    *error)
{
  xeno_application_show_error (self, NULL, error);
}

/* GTK reads its own theme as soon as anybody asks for settings, only for libadwaita to replace it: a
 * twentieth of a window's start, unless a person wants a certain theme. */
static void
leave_out_default_theme (void)
{
  if (g_getenv ("GTK_THEME") != NULL)
    return;

  g_setenv ("GTK_THEME", "Empty", TRUE);
  gtk_settings_get_default ();
  g_unsetenv ("GTK_THEME");
}

static void
xeno_application_startup (GApplication *application)
{
  XenoApplication *self = XENO_APPLICATION (application);

  /* GTK would end the process as well, and say less. */
  if (!gtk_init_check ())
    {
      g_printerr ("%s\n", _("Xenolith needs a display for its windows. Without one, use the command “xeno”."));
      exit (EXIT_FAILURE);
    }

  /* libvirt lists its machines while libadwaita reads its styles. What goes into the environment comes
   * first, for other threads read it. */
  xeno_renderer_choose ();
  leave_out_default_theme ();
  self->settings = g_settings_new (XENO_APP_ID);
  self->connections = xeno_connection_list_new (self->settings);
  G_APPLICATION_CLASS (xeno_application_parent_class)->startup (application);

  self->os_db = xeno_os_db_new ();
  g_signal_connect_object (self->connections, "changed", G_CALLBACK (grant_wishes_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connections, "trouble", G_CALLBACK (trouble_cb),
                           self, G_CONNECT_SWAPPED);
  xeno_application_add_actions (self);
}

static void
xeno_application_shutdown (GApplication *application)
{
  XenoApplication *self = XENO_APPLICATION (application);

  g_clear_object (&self->connections);
  G_APPLICATION_CLASS (xeno_application_parent_class)->shutdown (application);
}

static void
xeno_application_activate (GApplication *application)
{
  xeno_application_present_window (XENO_APPLICATION (application));
}

/* A display's address, a file that describes one, or else what a machine could be made of. */
static gboolean
open_any (XenoApplication  *self,
          XenoConnection   *connection,
          const char       *text,
          GFile            *file,
          gboolean          view_only,
          GError          **error)
{
  if (xeno_address_is_address (text))
    return xeno_application_open_uri (self, text, view_only, error);

  if (xeno_address_is_file (file))
    xeno_application_open_address_file (self, file, view_only);
  else
    xeno_application_review (self, connection, file);
  return TRUE;
}

static void
xeno_application_open (GApplication  *application,
                       GFile        **files,
                       int            n_files,
                       const char    *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);
      g_autoptr (GError) error = NULL;

      if (!open_any (XENO_APPLICATION (application), NULL, uri, files[i], FALSE, &error))
        xeno_application_show_error (XENO_APPLICATION (application), NULL, error);
    }
}

static int
xeno_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;

  g_print ("Xenolith %s\n", XENO_VERSION);
  return 0;
}

/* As soon as the connection has told its machines. */
static void
ask_for (XenoApplication         *self,
         const char              *uri,
         const char              *reference,
         const char              *action,
         GApplicationCommandLine *command_line)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->uri = g_strdup (uri);
  wish->reference = g_strdup (reference);
  wish->action = g_strdup (action);
  wish->command_line = g_object_ref (command_line);
  g_ptr_array_add (self->wishes, wish);
  g_application_hold (G_APPLICATION (self));
  grant_wishes_cb (self);
}

static gboolean
open_machines (XenoApplication         *self,
               const char              *uri,
               GApplicationCommandLine *command_line)
{
  static const struct
  {
    const char *option;
    const char *action;
  } table[] = {
    { "show-domain-console", "open-console" },
    { "show-domain-editor", "show-hardware" },
    { "show-domain-performance", "show-machine" },
    { "open-uuid", "open-console" },
  };
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  gboolean any = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const char *reference;

      if (!g_variant_dict_lookup (options, table[i].option, "&s", &reference))
        continue;
      ask_for (self, uri, reference, table[i].action, command_line);
      any = TRUE;
    }
  return any;
}

static gboolean
open_files (XenoApplication         *self,
            XenoConnection          *connection,
            GVariantDict            *options,
            GApplicationCommandLine *command_line)
{
  g_autofree const char **paths = NULL;
  gboolean view_only = g_variant_dict_contains (options, "view-only");

  if (!g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&ay", &paths))
    return FALSE;

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (command_line, paths[i]);
      g_autoptr (GError) error = NULL;

      if (!open_any (self, connection, paths[i], file, view_only, &error))
        refuse (self, command_line, error);
    }
  return TRUE;
}

static int
xeno_application_command_line (GApplication            *application,
                               GApplicationCommandLine *command_line)
{
  XenoApplication *self = XENO_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  XenoConnection *connection = xeno_connection_list_get_default (self->connections);
  const char *uri = NULL;
  const char *text;
  gboolean any;

  if (g_variant_dict_lookup (options, "connect", "&s", &uri))
    connection = xeno_connection_list_open (self->connections, uri);

  any = open_machines (self, uri, command_line);
  any = open_files (self, connection, options, command_line) || any;
  if (g_variant_dict_contains (options, "show-domain-creator"))
    xeno_application_choose_file (self);
  else if (g_variant_dict_contains (options, "open-address"))
    xeno_application_ask_for_address (self);
  else if (g_variant_dict_contains (options, "show-host-summary"))
    xeno_window_show_connection (xeno_application_present_window (self), connection);
  else if (g_variant_dict_lookup (options, "search", "&s", &text))
    xeno_window_search (xeno_application_present_window (self), text);
  else if (!any)
    g_application_activate (application);
  return g_application_command_line_get_exit_status (command_line);
}

static void
xeno_application_finalize (GObject *object)
{
  XenoApplication *self = XENO_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->os_db);
  g_clear_object (&self->jobs);
  g_clear_object (&self->jobs_facade);
  g_clear_pointer (&self->wishes, g_ptr_array_unref);

  G_OBJECT_CLASS (xeno_application_parent_class)->finalize (object);
}

static void
xeno_application_class_init (XenoApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = xeno_application_finalize;

  application_class->startup = xeno_application_startup;
  application_class->shutdown = xeno_application_shutdown;
  application_class->activate = xeno_application_activate;
  application_class->open = xeno_application_open;
  application_class->handle_local_options = xeno_application_handle_local_options;
  application_class->command_line = xeno_application_command_line;
}

static void
xeno_application_init (XenoApplication *self)
{
  const GOptionEntry entries[] = {
    { "connect", 'c', 0, G_OPTION_ARG_STRING, NULL,
      N_("Use this connection as well, and look for NAME on it"), N_("URI") },
    { "show-domain-console", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Open the console of a machine"), N_("NAME|UUID") },
    { "show-domain-editor", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Show a machine and its hardware"), N_("NAME|UUID") },
    { "show-domain-performance", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Show a machine and its graphs"), N_("NAME|UUID") },
    { "show-domain-creator", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("Choose a file to make a machine from"), NULL },
    { "open-address", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("Ask for the address of a display"), NULL },
    { "show-host-summary", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("Show the computer machines run on"), NULL },
    { "open-uuid", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Open the console of the machine with this UUID"), N_("UUID") },
    { "search", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Search the machines"), N_("TEXT") },
    { "view-only", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("Let nothing reach the display of an ADDRESS"), NULL },
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL,
      N_("Print the version and exit"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_("[FILE or ADDRESS…]") },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  self->jobs = g_list_store_new (XENO_TYPE_JOB);
  self->jobs_facade = xeno_read_only_list_new (G_LIST_MODEL (self->jobs));
  self->wishes = g_ptr_array_new_with_free_func ((GDestroyNotify) wish_free);
}

/**
 * xeno_application_new:
 *
 * Makes the application, to be run once.
 *
 * Returns: (transfer full): the application
 */
XenoApplication *
xeno_application_new (void)
{
  return g_object_new (XENO_TYPE_APPLICATION,
                       "application-id", XENO_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/org/unaos/Xenolith",
                       NULL);
}

/**
 * xeno_application_get_settings:
 * @self: the application
 *
 * Gets what the person prefers.
 *
 * Returns: (transfer none): the settings
 */
GSettings *
xeno_application_get_settings (XenoApplication *self)
{
  g_return_val_if_fail (XENO_IS_APPLICATION (self), NULL);

  return self->settings;
}

/**
 * xeno_application_get_exit_status:
 * @self: the application
 *
 * Gets what the process shall end with, once it has run.
 *
 * Returns: 0, or 1 if a machine that its command line named is not there
 */
int
xeno_application_get_exit_status (XenoApplication *self)
{
  g_return_val_if_fail (XENO_IS_APPLICATION (self), EXIT_FAILURE);

  return self->exit_status;
}

/**
 * xeno_application_get_connections:
 * @self: the application
 *
 * Gets the connections.
 *
 * Returns: (transfer none) (nullable): the connections, or %NULL once it shuts down
 */
XenoConnectionList *
xeno_application_get_connections (XenoApplication *self)
{
  g_return_val_if_fail (XENO_IS_APPLICATION (self), NULL);

  return self->connections;
}

/**
 * xeno_application_get_jobs:
 * @self: the application
 *
 * Gets what is at work, and what has ended since the person last cleared the list.
 *
 * Returns: (transfer none): a list of #XenoJob
 */
GListModel *
xeno_application_get_jobs (XenoApplication *self)
{
  g_return_val_if_fail (XENO_IS_APPLICATION (self), NULL);

  return self->jobs_facade;
}

/**
 * xeno_application_add_job:
 * @self: the application
 * @job: a job that runs
 *
 * Shows @job in every window, and keeps the process alive until it has ended.
 */
void
xeno_application_add_job (XenoApplication *self,
                          XenoJob         *job)
{
  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (XENO_IS_JOB (job));

  g_application_hold (G_APPLICATION (self));
  g_signal_connect_object (job, "notify::state", G_CALLBACK (job_state_cb), self, G_CONNECT_SWAPPED);
  g_list_store_insert (self->jobs, 0, job);
}

/**
 * xeno_application_remove_ended_jobs:
 * @self: the application
 *
 * Forgets the jobs that have ended.
 */
void
xeno_application_remove_ended_jobs (XenoApplication *self)
{
  g_return_if_fail (XENO_IS_APPLICATION (self));

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->jobs)); i > 0; i--)
    {
      g_autoptr (XenoJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i - 1);

      if (xeno_job_get_state (job) != XENO_JOB_RUNNING)
        g_list_store_remove (self->jobs, i - 1);
    }
}

static XenoWindow *
find_window (XenoApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (XENO_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

/**
 * xeno_application_get_os_db:
 * @self: the application
 *
 * Gets the operating systems that are known.
 *
 * Returns: (transfer none): the database
 */
XenoOsDb *
xeno_application_get_os_db (XenoApplication *self)
{
  g_return_val_if_fail (XENO_IS_APPLICATION (self), NULL);

  return self->os_db;
}

/**
 * xeno_application_present_window:
 * @self: the application
 *
 * Presents the main window, made at the first call.
 *
 * Returns: (transfer none): the main window
 */
XenoWindow *
xeno_application_present_window (XenoApplication *self)
{
  XenoWindow *window = find_window (self);

  if (window == NULL)
    window = xeno_window_new (self);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static XenoCreateDialog *
present_dialog (XenoApplication *self,
                XenoConnection  *connection)
{
  GtkWindow *dialog;

  if (connection == NULL)
    connection = xeno_connection_list_get_default (self->connections);
  dialog = GTK_WINDOW (xeno_create_dialog_new (GTK_WINDOW (xeno_application_present_window (self)), connection,
                                               self->os_db));
  g_signal_connect_object (dialog, "job-started", G_CALLBACK (dialog_job_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "created", G_CALLBACK (dialog_created_cb), self, G_CONNECT_SWAPPED);
  return XENO_CREATE_DIALOG (dialog);
}

/**
 * xeno_application_review:
 * @self: the application
 * @connection: (nullable): where the machine shall live, or %NULL for this computer
 * @file: what somebody wants to run
 *
 * Shows the review page for @file. Nothing is made before the person agrees.
 */
void
xeno_application_review (XenoApplication *self,
                         XenoConnection  *connection,
                         GFile           *file)
{
  XenoCreateDialog *dialog;

  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (connection == NULL || XENO_IS_CONNECTION (connection));
  g_return_if_fail (G_IS_FILE (file));

  dialog = present_dialog (self, connection);
  xeno_create_dialog_look_at_file (dialog, file);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * xeno_application_review_recipe:
 * @self: the application
 * @recipe: a machine that is made from no file
 *
 * Shows the review page for @recipe on this computer. Nothing is made before the person agrees.
 */
void
xeno_application_review_recipe (XenoApplication *self,
                                XenoRecipe      *recipe)
{
  XenoCreateDialog *dialog;

  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));

  dialog = present_dialog (self, NULL);
  xeno_create_dialog_look_at_recipe (dialog, recipe);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The window's own overlay, else the main window's. */
static AdwToastOverlay *
get_overlay (XenoApplication *self,
             GtkWindow       *window)
{
  GtkWidget *content = NULL;

  if (ADW_IS_APPLICATION_WINDOW (window))
    content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));
  if (!ADW_IS_TOAST_OVERLAY (content))
    {
      /* A window that is there is not raised for it: the person may be answering a dialog. */
      window = GTK_WINDOW (find_window (self));
      if (window == NULL)
        window = GTK_WINDOW (xeno_application_present_window (self));
      content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));
    }
  return ADW_TOAST_OVERLAY (content);
}

/**
 * xeno_application_show_toast:
 * @self: the application
 * @window: (nullable): where the person is; a window whose content is an #AdwToastOverlay, or
 *   %NULL for the main window
 * @toast: (transfer full): what to say
 *
 * Says something where the person looks.
 */
void
xeno_application_show_toast (XenoApplication *self,
                             GtkWindow       *window,
                             AdwToast        *toast)
{
  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (window == NULL || GTK_IS_WINDOW (window));
  g_return_if_fail (ADW_IS_TOAST (toast));

  xeno_toast_show (get_overlay (self, window), toast);
}

/**
 * xeno_application_show_error:
 * @self: the application
 * @window: (nullable): where the person is, as for xeno_application_show_toast()
 * @error: what went wrong
 *
 * Says what went wrong, where the person looks.
 */
void
xeno_application_show_error (XenoApplication *self,
                             GtkWindow       *window,
                             const GError    *error)
{
  g_return_if_fail (XENO_IS_APPLICATION (self));
  g_return_if_fail (window == NULL || GTK_IS_WINDOW (window));
  g_return_if_fail (error != NULL);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xeno_toast_show_error (get_overlay (self, window), error);
}
