/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno create: from a file to a machine, with progress, and undone by Ctrl+C. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-answers.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-install.h"
#include "cli/xeno-create-progress.h"
#include "cli/xeno-create-seed.h"
#include "cli/xeno-create-wish.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"
#include "create/xeno-restore.h"
#include "spec/xeno-name.h"

#define MAX_NAME_CHARS 60

/* What the line says beside the table of wishes. */
typedef struct
{
  XenoWish        wish;
  XenoSeed       *told; /* NULL where nobody is told who logs in */
  char           *recipe;
  char           *product_key;
  GAsyncResult   *built; /* it may come when nobody waits any more */
  gboolean        no_wait;
  gboolean        no_start;
  gboolean        dry_run;
} Order;

static void
order_clear (Order *order)
{
  xeno_wish_clear (&order->wish);
  g_clear_pointer (&order->told, xeno_seed_free);
  g_free (order->recipe);
  g_free (order->product_key);
  g_clear_object (&order->built);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

/* A disk is looked at, so that its format can be stated; a folder is shared as it is. */
static gboolean
take_root (XenoCli     *cli,
           const char  *root,
           XenoRecipe  *recipe,
           GError     **error)
{
  g_autofree char *path = g_canonicalize_filename (root, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoMedia) media = NULL;
  GAsyncResult *slot = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      xeno_direct_boot_set_root_folder (xeno_recipe_get_direct_boot (recipe), path);
      return TRUE;
    }

  xeno_media_open_async (file, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  media = xeno_media_open_finish (result, error);
  if (media == NULL)
    return FALSE;
  if (!(xeno_media_get_ways (media) & XENO_DISK_IN_PLACE))
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("Root: “%s” is neither a disk (qcow2 or raw) nor a folder."), path);
      return FALSE;
    }

  xeno_direct_boot_set_root_disk (xeno_recipe_get_direct_boot (recipe), media);
  return TRUE;
}

/* The machine's own, where it is of another kind than the host. */
static XenoCaps *
take_caps (XenoCli            *cli,
           XenoCreateAnswers  *answers,
           XenoRecipe         *recipe,
           GError            **error)
{
  g_autoptr (XenoCaps) caps = xeno_create_answers_take_caps (answers, cli, error);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (caps == NULL || xeno_recipe_get_arch (recipe) == NULL)
    return g_steal_pointer (&caps);

  xeno_connection_load_arch_caps_async (cli->connection, xeno_recipe_get_arch (recipe), cli->cancellable,
                                        xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_connection_load_caps_finish (cli->connection, result, error);
}

/* The guest calls itself as people do, unless they say otherwise. */
static gboolean
apply_seed (XenoRecipe         *recipe,
            Order              *order,
            XenoCreateAnswers  *answers,
            GError            **error)
{
  XenoSeed *seed = order->told;

  if (seed->hostname == NULL)
    seed->hostname = xeno_seed_make_short_hostname (xeno_recipe_get_title (recipe),
                                                    xeno_recipe_is_windows (recipe) ? XENO_INSTALL_MAX_WINDOWS_HOSTNAME
                                                                                    : XENO_INSTALL_MAX_HOSTNAME);
  if (order->wish.unattended)
    return xeno_create_install_apply (&order->wish, order->product_key, answers, recipe, seed, error);
  if (!xeno_seed_check (seed, error))
    return FALSE;

  xeno_recipe_set_seed (recipe, seed);
  return TRUE;
}

/* A kernel is what it is, and what is made from nothing has no system yet. */
static gboolean
is_unknown_disc (XenoRecipe *recipe)
{
  XenoMedia *media = xeno_recipe_get_media (recipe);

  return media != NULL && !xeno_media_is_kernel (media);
}

/* For who watches: what the disc was taken for, and how fast that will be. */
static void
explain (XenoRecipe *recipe,
         XenoCaps   *caps)
{
  g_autofree char *sentence = NULL;
  g_autofree char *name = NULL;
  XenoOs *os = xeno_recipe_get_os (recipe);

  if (!isatty (STDERR_FILENO))
    return;

  if (os != NULL)
    name = xeno_text_clean (xeno_os_get_full_name (os), -1, MAX_NAME_CHARS);
  if (name != NULL || is_unknown_disc (recipe))
    fprintf (stderr, "%s\n", name != NULL ? name
                                          : _("What is in this file is not known, so the machine suits a current system. "
                                              "Say --os unknown for an old one."));
  xeno_recipe_choose_virt_type (recipe, caps, &sentence);
  fprintf (stderr, "%s\n", sentence);
}

static void
warn (XenoRecipe       *recipe,
      XenoStoragePlace *place)
{
  g_autofree char *warning = xeno_recipe_dup_warning (recipe, place->promised_bytes);

  if (warning != NULL)
    fprintf (stderr, "xeno: %s\n", warning);
}

static XenoRecipe *
start_recipe (XenoCli            *cli,
              Order              *order,
              XenoCreateAnswers  *answers,
              XenoOs            **os,
              GError            **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (XenoRecipe) recipe = NULL;
  XenoMedia *media = xeno_create_answers_take_media (answers, order->wish.anyway, &reason);

  if (reason == NULL)
    *os = xeno_create_answers_take_os (answers, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  if (media != NULL && g_str_equal (xeno_media_get_device (media), XENO_RESTORE_DEVICE))
    {
      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("“%s” is a whole machine. Bring it back with “xeno import”."), xeno_media_get_path (media));
      return NULL;
    }

  recipe = xeno_recipe_new (media);
  if (order->wish.arch != NULL)
    xeno_recipe_set_arch (recipe, order->wish.arch);
  if (!xeno_wish_choose_way (&order->wish, recipe, error))
    return NULL;
  return g_steal_pointer (&recipe);
}

static XenoRecipe *
write_recipe (XenoCli            *cli,
              Order              *order,
              XenoCreateAnswers  *answers,
              XenoCaps          **out_caps,
              GError            **error)
{
  g_autoptr (XenoOs) os = NULL;
  g_autoptr (XenoRecipe) recipe = start_recipe (cli, order, answers, &os, error);
  g_autoptr (XenoCaps) caps = NULL;
  g_autoptr (XenoStoragePlace) place = NULL;

  if (recipe == NULL)
    return NULL;
  caps = take_caps (cli, answers, recipe, error);
  if (caps == NULL || !xeno_create_answers_take_host (answers, cli, error))
    return NULL;
  place = xeno_create_answers_take_place (answers, cli, error);
  if (place == NULL)
    return NULL;

  xeno_create_answers_take_recovery (answers, cli);
  xeno_recipe_recommend (recipe, os, xeno_connection_get_host (cli->connection), caps,
                         place->available_bytes);
  xeno_recipe_make_title_unique (recipe, xeno_connection_get_machines (cli->connection));
  if (!xeno_wish_apply (&order->wish, recipe, error)
      || (order->wish.root != NULL && !take_root (cli, order->wish.root, recipe, error))
      || !xeno_recipe_check (recipe, error) || (order->told != NULL && !apply_seed (recipe, order, answers, error)))
    return NULL;

  warn (recipe, place);
  explain (recipe, caps);
  g_set_object (out_caps, caps);
  return g_steal_pointer (&recipe);
}

static XenoMachine *
build (XenoCli     *cli,
       XenoRecipe  *recipe,
       Order       *order,
       GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  XenoMachine *machine;

  job = xeno_builder_start (cli->connection, XENO_PLAN (recipe), !order->no_start, xeno_cli_result_cb,
                            &order->built);
  result = order->no_wait ? xeno_create_await_machine (cli, job, &order->built)
                          : xeno_create_await_job (cli, job, &order->built);
  if (result != NULL)
    return xeno_builder_finish (result, error);

  machine = xeno_connection_find_machine (cli->connection, xeno_job_get_subject (job), error);
  return machine != NULL ? g_object_ref (machine) : NULL;
}

/* What would be made, and made known to libvirt; the files are not there, and their names will be others. */
static XenoCliStatus
print_document (XenoCli            *cli,
                XenoRecipe         *recipe,
                XenoCaps           *caps,
                XenoCreateAnswers  *answers)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = xeno_name_make_slug (xeno_recipe_get_title (recipe));
  g_autoptr (GPtrArray) files = xeno_plan_list_files (XENO_PLAN (recipe));
  g_autoptr (XenoSpec) spec = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = NULL;

  for (guint i = 0; i < files->len; i++)
    {
      XenoPlanFile *file = g_ptr_array_index (files, i);
      g_autofree char *base = g_strconcat (uuid, file->suffix, NULL);

      file->path = g_build_filename (xeno_create_answers_get_folder (answers), base, NULL);
    }
  spec = xeno_plan_make_spec (XENO_PLAN (recipe), cli->connection, caps, name, uuid, files, &error);
  if (spec == NULL)
    return xeno_cli_fail (cli, error);

  xml = xeno_spec_to_xml (spec);
  return xeno_cli_print (xml, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

static void
say_where_gdb_goes (XenoCli     *cli,
                    XenoMachine *machine)
{
  gboolean is_session = strstr (xeno_connection_get_uri (cli->connection), "/session") != NULL;
  g_autofree char *address = xeno_direct_boot_dup_gdb_address (xeno_machine_get_name (machine), is_session);

  fprintf (stderr, "gdb: target remote %s\n", address);
}

static XenoCliStatus
create (XenoCli *cli,
        Order   *order)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_auto (XenoCreateAnswers) answers = { NULL };
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoCaps) caps = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  xeno_cli_watch_signals (cli);
  answers.machine = g_strdup (order->wish.machine);
  xeno_create_answers_ask (&answers, cli, xeno_wish_get_file (&order->wish), order->wish.os);
  if (!xeno_cli_connect (cli, &status))
    return status;

  xeno_create_answers_ask_host (&answers, cli);
  recipe = write_recipe (cli, order, &answers, &caps, &error);
  if (recipe != NULL && order->dry_run)
    return print_document (cli, recipe, caps, &answers);
  if (recipe != NULL)
    machine = build (cli, recipe, order, &error);
  xeno_create_explain_stop (&error);
  if (machine == NULL)
    return xeno_cli_fail (cli, error);

  if (order->no_wait && isatty (STDERR_FILENO))
    fprintf (stderr, "%s\n", _("It installs itself now, and is off when it is done; it starts from its disk then."));
  if (order->wish.gdb || order->wish.gdb_wait)
    say_where_gdb_goes (cli, machine);
  line = g_strconcat (xeno_machine_get_name (machine), "\n", NULL);
  return xeno_cli_print (line, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_create_run_machine (XenoCli   *cli,
                         char    ***args)
{
  g_auto (Order) order = { 0 };
  const GOptionEntry more[] = {
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &order.recipe, N_("Read what is not said here from a file"), N_("FILE") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &order.dry_run, N_("Make nothing: print what libvirt would be told"), NULL },
    XENO_CREATE_SEED_OPTIONS (&order.wish.seed),
    { "product-key", 0, 0, G_OPTION_ARG_STRING, &order.product_key, N_("What its vendor wants to see"), N_("KEY") },
    { "no-wait", 0, 0, G_OPTION_ARG_NONE, &order.no_wait, N_("Do not wait until it has installed itself"), NULL },
    { "no-start", 0, 0, G_OPTION_ARG_NONE, &order.no_start, N_("Do not start it"), NULL },
    { NULL }
  };
  g_autofree GOptionEntry *entries = xeno_wish_make_entries (&order.wish, more);
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_parse (cli, entries, 0, 0, args, &status))
    return status;
  if ((order.recipe != NULL && !xeno_wish_read (&order.wish, order.recipe, &error))
      || !xeno_wish_check (&order.wish, &error))
    return xeno_cli_misuse (cli, error->message);
  if (order.wish.unattended && order.no_start)
    return xeno_cli_misuse (cli, _("What installs itself begins at once: leave --no-start out."));
  if (!order.wish.unattended && (order.product_key != NULL || order.no_wait))
    return xeno_cli_misuse (cli, _("--product-key and --no-wait go with --unattended: say that too."));
  if (order.wish.unattended && xeno_create_seed_is_only_for_cloud (&order.wish.seed))
    return xeno_cli_misuse (cli, _("An installer is told of no package, script or user-data: those go with --cloud."));
  if (order.wish.cloud == NULL && !order.wish.unattended && xeno_create_seed_is_said (&order.wish.seed))
    return xeno_cli_misuse (cli, _("Who logs in can be told to a cloud image, with --cloud FILE, or to an installer, "
                                   "with --unattended."));
  if (order.wish.cloud != NULL || order.wish.unattended)
    order.told = xeno_create_seed_read (&order.wish.seed, &error);
  if (error != NULL)
    return xeno_cli_fail (cli, error);
  return create (cli, &order);
}
