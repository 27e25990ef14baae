/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno events: what happens to machines, one JSON object a line, until somebody stops it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-json.h"
#include "cli/xeno-cli-output.h"

typedef struct
{
  XenoCli    *cli;
  GMainLoop  *loop;
  GHashTable *changed; /* machines to tell of once all that changed with them is known */
  GError     *error; /* the output is gone */
} Watch;

static void
print_event (Watch       *watch,
             const char  *event,
             XenoMachine *machine)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autofree char *line = NULL;

  json_builder_begin_object (builder);
  xeno_cli_json_add_string (builder, "time", time);
  xeno_cli_json_add_string (builder, "event", event);
  if (machine != NULL)
    {
      xeno_cli_json_add_machine (builder, machine);
      xeno_cli_json_add_string (builder, "reason", xeno_machine_get_state_reason (machine));
    }
  json_builder_end_object (builder);

  line = xeno_cli_json_format (builder, FALSE);
  if (watch->error == NULL && !xeno_cli_print (line, &watch->error))
    g_main_loop_quit (watch->loop);
}

static void
state_cb (XenoMachine *machine,
          GParamSpec  *pspec,
          gpointer     user_data)
{
  print_event (user_data, "state", machine);
}

/* That it is over tells the state. */
static void
panic_cb (XenoMachine *machine,
          GParamSpec  *pspec,
          gpointer     user_data)
{
  if (xeno_machine_get_panic (machine) != NULL)
    print_event (user_data, "panic", machine);
}

static gboolean
print_changed_cb (gpointer user_data)
{
  Watch *watch = user_data;
  GHashTableIter iter;
  gpointer machine;

  g_hash_table_iter_init (&iter, watch->changed);
  while (g_hash_table_iter_next (&iter, &machine, NULL))
    print_event (watch, "changed", machine);
  g_hash_table_remove_all (watch->changed);
  return G_SOURCE_REMOVE;
}

/* A new name is often a new title, too: that is one change. */
static void
changed_cb (XenoMachine *machine,
            GParamSpec  *pspec,
            gpointer     user_data)
{
  Watch *watch = user_data;

  if (g_hash_table_size (watch->changed) == 0)
    g_idle_add_full (G_PRIORITY_DEFAULT, print_changed_cb, watch, NULL);
  g_hash_table_add (watch->changed, g_object_ref (machine));
}

static void
watch_machine (Watch       *watch,
               XenoMachine *machine)
{
  static const char * const details[] = {
    "notify::name", "notify::title", "notify::has-autostart", "notify::memory-bytes",
    "notify::n-cpus", "notify::os-id",
  };

  g_signal_connect (machine, "notify::state", G_CALLBACK (state_cb), watch);
  g_signal_connect (machine, "notify::panic", G_CALLBACK (panic_cb), watch);
  for (guint i = 0; i < G_N_ELEMENTS (details); i++)
    g_signal_connect (machine, details[i], G_CALLBACK (changed_cb), watch);
}

static void
added_cb (XenoConnection *connection,
          XenoMachine    *machine,
          gpointer        user_data)
{
  watch_machine (user_data, machine);
  print_event (user_data, "added", machine);
}

static void
removed_cb (XenoConnection *connection,
            XenoMachine    *machine,
            gpointer        user_data)
{
  Watch *watch = user_data;

  g_signal_handlers_disconnect_by_data (machine, user_data);
  g_hash_table_remove (watch->changed, machine);
  print_event (user_data, "removed", machine);
}

static void
connection_state_cb (XenoConnection *connection,
                     GParamSpec     *pspec,
                     gpointer        user_data)
{
  if (xeno_connection_get_state (connection) == XENO_CONNECTION_OPEN)
    print_event (user_data, "connected", NULL);
  else if (xeno_connection_get_state (connection) == XENO_CONNECTION_LOST)
    print_event (user_data, "disconnected", NULL);
}

static void
watch_connection (Watch *watch)
{
  XenoConnection *connection = watch->cli->connection;
  GListModel *machines = xeno_connection_get_machines (connection);

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      watch_machine (watch, machine);
    }
  g_signal_connect (connection, "machine-added", G_CALLBACK (added_cb), watch);
  g_signal_connect (connection, "machine-removed", G_CALLBACK (removed_cb), watch);
  g_signal_connect (connection, "notify::state", G_CALLBACK (connection_state_cb), watch);
}

static void
unwatch_connection (Watch *watch)
{
  GListModel *machines = xeno_connection_get_machines (watch->cli->connection);

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (machines, i);

      g_signal_handlers_disconnect_by_data (machine, watch);
    }
  g_signal_handlers_disconnect_by_data (watch->cli->connection, watch);
}

XenoCliStatus
xeno_cli_run_events (XenoCli   *cli,
                     char    ***args)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GHashTable) changed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  Watch watch = { cli, loop, changed, NULL };
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_parse (cli, NULL, 0, 0, args, &status))
    return status;
  xeno_cli_watch_signals (cli);
  if (!xeno_cli_connect (cli, &status))
    return status;

  xeno_connection_open (cli->connection);
  watch_connection (&watch);
  g_signal_connect_swapped (cli->cancellable, "cancelled", G_CALLBACK (g_main_loop_quit), loop);
  print_event (&watch, "connected", NULL);
  if (watch.error == NULL)
    g_main_loop_run (loop);

  g_signal_handlers_disconnect_by_data (cli->cancellable, loop);
  unwatch_connection (&watch);
  g_source_remove_by_user_data (&watch);
  error = watch.error;
  return error != NULL ? xeno_cli_fail (cli, error) : XENO_CLI_DONE;
}
