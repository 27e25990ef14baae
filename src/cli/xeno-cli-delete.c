/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno delete: says what becomes of each disk, asks, and deletes so that it can be undone. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"
#include "virt/xeno-delete-plan.h"
#include "virt/xeno-trash.h"

#define MAX_PATH_CHARS 300

static GPtrArray *
plan (XenoCli     *cli,
      XenoMachine *machine,
      GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  xeno_machine_plan_delete_async (machine, cli->cancellable, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_machine_plan_delete_finish (machine, result, error);
}

static gboolean
goes (const XenoDiskFate *fate,
      gboolean            delete_disks)
{
  return delete_disks && fate->may_remove && fate->remove;
}

static char *
describe (XenoMachine *machine,
          GPtrArray   *fates,
          gboolean     delete_disks)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("“%s” will be deleted."), xeno_machine_get_title (machine));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < fates->len; i++)
    {
      const XenoDiskFate *fate = g_ptr_array_index (fates, i);
      g_autofree char *path = xeno_text_clean (fate->path, -1, MAX_PATH_CHARS);
      g_autofree char *size = xeno_units_format_size (fate->size_bytes);

      if (goes (fate, delete_disks))
        g_string_append_printf (text, _("  goes to the trash: %s (%s)"), path, size);
      else
        g_string_append_printf (text, _("  stays: %s (%s)"), path, size);
      if (fate->reason != NULL && (delete_disks || !fate->may_remove))
        g_string_append_printf (text, " – %s", fate->reason);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

/* Asks on the terminal; whatever is not a yes is a no. */
static gboolean
ask (const char *description)
{
  char line[16] = "";

  fputs (description, stderr);
  fputs (_("Delete it? [y/N] "), stderr);
  if (fgets (line, sizeof line, stdin) == NULL)
    {
      fputc ('\n', stderr);
      return FALSE;
    }
  return g_ascii_tolower (line[0]) == 'y';
}

static XenoCliStatus
delete_machine (XenoCli     *cli,
                XenoMachine *machine,
                GPtrArray   *fates,
                gboolean     delete_disks)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  g_autofree char *trash_id = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  for (guint i = 0; i < fates->len; i++)
    {
      const XenoDiskFate *fate = g_ptr_array_index (fates, i);

      if (goes (fate, delete_disks))
        g_strv_builder_add (builder, fate->path);
    }
  paths = g_strv_builder_end (builder);

  xeno_machine_delete_async (machine, (const char * const *) paths, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  trash_id = xeno_machine_delete_finish (machine, result, &error);
  return trash_id != NULL ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_cli_run_delete (XenoCli   *cli,
                     char    ***args)
{
  gboolean yes = FALSE;
  gboolean delete_disks = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask"), NULL },
    { "delete-disks", 0, 0, G_OPTION_ARG_NONE, &delete_disks,
      N_("Move the disks that are its own to the trash"), NULL },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (GPtrArray) fates = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;
  if (!yes && !isatty (STDIN_FILENO))
    return xeno_cli_misuse (cli, _("Nobody can be asked here; say --yes."));

  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  fates = plan (cli, machine, &error);
  if (fates == NULL)
    return xeno_cli_fail (cli, error);

  description = describe (machine, fates, delete_disks);
  if (!yes && !ask (description))
    {
      error = xeno_error_new (XENO_ERROR_FAILED, NULL, _("Nothing was deleted."));
      return xeno_cli_fail (cli, error);
    }
  return delete_machine (cli, machine, fates, delete_disks);
}
