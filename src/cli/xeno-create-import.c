/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno import: a disk or appliance that somebody made elsewhere becomes a machine. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/xeno-create-commands.h"

/* It is xeno create with the choices made that fit. */
XenoCliStatus
xeno_create_run_import (XenoCli   *cli,
                        char    ***args)
{
  g_autofree char *name = NULL;
  gboolean in_place = FALSE;
  gboolean no_start = FALSE;
  gboolean anyway = FALSE;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, N_("What to call it"), N_("NAME") },
    { "in-place", 0, 0, G_OPTION_ARG_NONE, &in_place, N_("Do not copy the disk but use it"), NULL },
    { "no-start", 0, 0, G_OPTION_ARG_NONE, &no_start, N_("Do not start it"), NULL },
    { "anyway", 0, 0, G_OPTION_ARG_NONE, &anyway, N_("Use an image that seems damaged"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray) line = g_ptr_array_new_with_free_func (g_free);
  XenoCliStatus status = XENO_CLI_DONE;
  char **words;

  if (!xeno_cli_parse (cli, entries, 1, 1, args, &status))
    return status;

  g_ptr_array_add (line, g_strdup ("create"));
  g_ptr_array_add (line, g_strconcat ("--import=", (*args)[1], NULL));
  if (name != NULL)
    g_ptr_array_add (line, g_strconcat ("--name=", name, NULL));
  if (in_place)
    g_ptr_array_add (line, g_strdup ("--in-place"));
  if (no_start)
    g_ptr_array_add (line, g_strdup ("--no-start"));
  if (anyway)
    g_ptr_array_add (line, g_strdup ("--anyway"));
  g_ptr_array_add (line, NULL);

  words = g_strdupv ((char **) line->pdata);
  status = xeno_create_run_machine (cli, &words);
  g_strfreev (words);
  return status;
}
