/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno create: from a file to a machine, with progress, and undone by Ctrl+C. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-answers.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-install.h"
#include "cli/xeno-create-progress.h"
#include "cli/xeno-create-seed.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"

#define UNSAID         G_MININT
#define MAX_NAME_CHARS 60

/* The line, as it was typed. */
typedef struct
{
  char     *iso;
  char     *import;
  char     *cloud;
  char     *name;
  char     *memory;
  char     *disk_size;
  char     *os;
  char     *firmware;
  char     *accel;
  char     *graphics;
  int       n_cpus;       /* UNSAID where nothing was said */
  gboolean  no_start;
  gboolean  anyway;
  gboolean  in_place;
  XenoCreateSeed seed;
  XenoCreateInstall install;

  /* What the words mean. */
  const char *file;       /* what to make it from, borrowed */
  guint     firmware_index;
  guint     accel_index;
  guint     graphics_index;
  guint64   memory_bytes;
  guint64   disk_bytes;
  XenoSeed *told;         /* NULL where nobody is told who logs in */
} Wish;

static const char * const firmwares[] = { "auto", "bios", "uefi", NULL };
static const char * const accels[] = { "auto", "kvm", "tcg", NULL };
static const char * const graphics_types[] = { "auto", "dbus", "spice", "vnc", NULL };

static void
wish_clear (Wish *wish)
{
  g_free (wish->iso);
  g_free (wish->import);
  g_free (wish->cloud);
  xeno_create_seed_clear (&wish->seed);
  xeno_create_install_clear (&wish->install);
  g_clear_pointer (&wish->told, xeno_seed_free);
  g_free (wish->name);
  g_free (wish->memory);
  g_free (wish->disk_size);
  g_free (wish->os);
  g_free (wish->firmware);
  g_free (wish->accel);
  g_free (wish->graphics);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* Where @value stands in a list of words; 0, "auto", where nothing was said. */
static gboolean
find_word (const char         *value,
           const char * const *words,
           const char         *option,
           guint              *index,
           GError            **error)
{
  g_autofree char *list = NULL;

  for (*index = 0; words[*index] != NULL; (*index)++)
    {
      if (value == NULL || strcmp (words[*index], value) == 0)
        return TRUE;
    }

  list = g_strjoinv (", ", (char **) words);
  /* Translators: the first %s is an option as "--accel", the second a list of words */
  xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("%s is one of %s."), option, list);
  return FALSE;
}

/* Finds out what the words of the line mean, before anything is asked of libvirt. */
static gboolean
read_words (Wish    *wish,
            GError **error)
{
  return find_word (wish->firmware, firmwares, "--firmware", &wish->firmware_index, error)
         && find_word (wish->accel, accels, "--accel", &wish->accel_index, error)
         && find_word (wish->graphics, graphics_types, "--graphics", &wish->graphics_index, error)
         && (wish->memory == NULL
             || xeno_units_parse_size (wish->memory, &wish->memory_bytes, error))
         && (wish->disk_size == NULL
             || xeno_units_parse_size (wish->disk_size, &wish->disk_bytes, error));
}

static gboolean
choose_way (XenoRecipe  *recipe,
            const Wish  *wish,
            GError     **error)
{
  XenoMedia *media = xeno_recipe_get_media (recipe);
  XenoDiskWay way = wish->in_place ? XENO_DISK_IN_PLACE : wish->cloud != NULL ? XENO_DISK_OVERLAY : XENO_DISK_COPY;

  if (wish->iso != NULL && !wish->in_place)
    return TRUE;

  if (xeno_media_get_ways (media) & way)
    {
      xeno_recipe_set_disk_way (recipe, way);
      return TRUE;
    }
  if (wish->in_place)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” cannot be used in place, for it is none a machine could write to: %s. Leave "
                      "--in-place out, and it is copied."), xeno_media_get_path (media),
                    xeno_media_get_kind_label (media));
  else if (wish->cloud != NULL)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” is no disk of a format that a cloud image has: %s. Those are qcow2 and raw."),
                    xeno_media_get_path (media), xeno_media_get_kind_label (media));
  else
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” is nothing to import: %s. Use “xeno create --iso” with it."),
                    xeno_media_get_path (media), xeno_media_get_kind_label (media));
  return FALSE;
}

static void
apply_wish (XenoRecipe *recipe,
            const Wish *wish)
{
  xeno_recipe_set_firmware (recipe, (XenoFirmware) wish->firmware_index);
  xeno_recipe_set_accel (recipe, (XenoAccel) wish->accel_index);
  xeno_recipe_set_graphics (recipe, graphics_types[wish->graphics_index]);
  if (wish->name != NULL)
    xeno_recipe_set_title (recipe, wish->name);
  if (wish->n_cpus != UNSAID)
    xeno_recipe_set_n_cpus (recipe, MAX (wish->n_cpus, 0));
  if (wish->memory != NULL)
    xeno_recipe_set_memory_bytes (recipe, wish->memory_bytes);
  if (wish->disk_size != NULL)
    xeno_recipe_set_disk_bytes (recipe, wish->disk_bytes);
}

/* The guest calls itself as people do, unless they say otherwise. */
static gboolean
apply_seed (XenoRecipe         *recipe,
            const Wish         *wish,
            XenoCreateAnswers  *answers,
            GError            **error)
{
  XenoSeed *seed = wish->told;

  if (seed->hostname == NULL)
    seed->hostname = xeno_seed_make_hostname (xeno_recipe_get_title (recipe));
  if (!xeno_seed_check (seed, error))
    return FALSE;
  if (wish->install.unattended)
    return xeno_create_install_apply (&wish->install, answers, recipe, seed, error);

  xeno_recipe_set_seed (recipe, seed);
  return TRUE;
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
  fprintf (stderr, "%s\n", name != NULL ? name
                                        : _("What is in this file is not known, so the machine suits a current system. "
                                            "Say --os unknown for an old one."));
  xeno_recipe_choose_virt_type (recipe, caps, &sentence);
  fprintf (stderr, "%s\n", sentence);
}

static XenoRecipe *
write_recipe (XenoCli            *cli,
              const Wish         *wish,
              XenoCreateAnswers  *answers,
              GError            **error)
{
  XenoMedia *media = xeno_create_answers_take_media (answers, wish->anyway, error);
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoCaps) caps = NULL;
  g_autoptr (XenoStoragePlace) place = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (XenoOs) os = NULL;

  if (media == NULL)
    return NULL;
  os = xeno_create_answers_take_os (answers, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  caps = xeno_create_answers_take_caps (answers, cli, error);
  if (caps == NULL || !xeno_create_answers_take_host (answers, cli, error))
    return NULL;
  place = xeno_create_answers_take_place (answers, cli, error);
  if (place == NULL)
    return NULL;

  xeno_create_answers_take_recovery (answers, cli);
  recipe = xeno_recipe_new (media);
  if (!choose_way (recipe, wish, error))
    return NULL;
  xeno_recipe_recommend (recipe, os, xeno_connection_get_host (cli->connection), caps,
                         place->available_bytes);
  xeno_recipe_make_title_unique (recipe, xeno_connection_get_machines (cli->connection));
  apply_wish (recipe, wish);
  if (!xeno_recipe_check (recipe, error) || (wish->told != NULL && !apply_seed (recipe, wish, answers, error)))
    return NULL;

  warning = xeno_recipe_dup_warning (recipe, place->promised_bytes);
  if (warning != NULL)
    fprintf (stderr, "xeno: %s\n", warning);
  explain (recipe, caps);
  return g_steal_pointer (&recipe);
}

static XenoMachine *
build (XenoCli     *cli,
       XenoRecipe  *recipe,
       gboolean     start,
       GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *slot = NULL;

  job = xeno_builder_start (cli->connection, XENO_PLAN (recipe), start, xeno_cli_result_cb, &slot);
  result = xeno_create_await_job (cli, job, &slot);
  return xeno_builder_finish (result, error);
}

static XenoCliStatus
create (XenoCli    *cli,
        const Wish *wish)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_auto (XenoCreateAnswers) answers = { NULL };
  g_autoptr (XenoRecipe) recipe = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  xeno_cli_watch_signals (cli);
  xeno_create_answers_ask (&answers, cli, wish->file, wish->os);
  if (!xeno_cli_connect (cli, &status))
    return status;

  xeno_create_answers_ask_host (&answers, cli);
  recipe = write_recipe (cli, wish, &answers, &error);
  if (recipe != NULL)
    machine = build (cli, recipe, !wish->no_start, &error);
  xeno_create_explain_stop (&error);
  if (machine == NULL)
    return xeno_cli_fail (cli, error);

  if (wish->install.unattended && isatty (STDERR_FILENO))
    fprintf (stderr, "%s\n", _("It installs itself now, and is off when it is done; it starts from its disk then."));
  line = g_strconcat (xeno_machine_get_name (machine), "\n", NULL);
  return xeno_cli_print (line, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_create_run_machine (XenoCli   *cli,
                         char    ***args)
{
  g_auto (Wish) wish = { .n_cpus = UNSAID };
  const GOptionEntry entries[] = {
    { "iso", 0, 0, G_OPTION_ARG_FILENAME, &wish.iso, N_("The disc or disk image"), N_("FILE") },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &wish.import, N_("A disk or appliance, to be copied"), N_("FILE") },
    { "in-place", 0, 0, G_OPTION_ARG_NONE, &wish.in_place, N_("Do not copy the disk but use it"), NULL },
    { "cloud", 0, 0, G_OPTION_ARG_FILENAME, &wish.cloud, N_("The cloud image; it stays as it is"), N_("FILE") },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &wish.name, N_("What to call it"), N_("NAME") },
    { "memory", 0, 0, G_OPTION_ARG_STRING, &wish.memory, N_("Its memory"), N_("SIZE") },
    { "cpus", 0, 0, G_OPTION_ARG_INT, &wish.n_cpus, N_("Its processors"), N_("NUMBER") },
    { "disk-size", 0, 0, G_OPTION_ARG_STRING, &wish.disk_size, N_("Its disk, 0 for none"),
      N_("SIZE") },
    { "os", 0, 0, G_OPTION_ARG_STRING, &wish.os, N_("Its operating system, as libosinfo calls it"),
      N_("ID") },
    { "firmware", 0, 0, G_OPTION_ARG_STRING, &wish.firmware, N_("auto, bios or uefi"), N_("KIND") },
    { "accel", 0, 0, G_OPTION_ARG_STRING, &wish.accel, N_("auto, kvm or tcg"), N_("KIND") },
    { "graphics", 0, 0, G_OPTION_ARG_STRING, &wish.graphics, N_("auto, spice, vnc or dbus"), N_("KIND") },
    XENO_CREATE_SEED_OPTIONS (&wish.seed),
    XENO_CREATE_INSTALL_OPTIONS (&wish.install),
    { "no-start", 0, 0, G_OPTION_ARG_NONE, &wish.no_start, N_("Do not start it"), NULL },
    { "anyway", 0, 0, G_OPTION_ARG_NONE, &wish.anyway, N_("Use an image that seems damaged"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_parse (cli, entries, 0, 0, args, &status))
    return status;
  wish.file = wish.iso != NULL ? wish.iso : wish.import != NULL ? wish.import : wish.cloud;
  if ((wish.iso != NULL) + (wish.import != NULL) + (wish.cloud != NULL) != 1)
    return xeno_cli_misuse (cli, _("Say what to make it from: --iso FILE, --import FILE or --cloud FILE."));
  if (wish.install.unattended && (wish.iso == NULL || wish.no_start))
    return xeno_cli_misuse (cli, _("--unattended goes with --iso, and begins at once: leave --no-start out."));
  if (wish.install.unattended && xeno_create_seed_is_only_for_cloud (&wish.seed))
    return xeno_cli_misuse (cli, _("An installer is told of no key, package, script or user-data: those go with --cloud."));
  if (wish.cloud == NULL && !wish.install.unattended && xeno_create_seed_is_said (&wish.seed))
    return xeno_cli_misuse (cli, _("Who logs in can be told to a cloud image, with --cloud FILE, or to an installer, "
                                   "with --unattended."));
  if (!read_words (&wish, &error) || !xeno_create_install_check (&wish.install, &error))
    return xeno_cli_misuse (cli, error->message);
  if (wish.cloud != NULL || wish.install.unattended)
    wish.told = xeno_create_seed_read (&wish.seed, &error);
  if (error != NULL)
    return xeno_cli_fail (cli, error);
  return create (cli, &wish);
}
