/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes machines, as the command sees it: the work is in a program of its own. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "cli/xeno-cli-command.h"

#define PROGRAM "xeno-create"

/* Beside this program while it is built, in libexec once it is installed. */
static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, PROGRAM, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_build_filename (XENO_LIBEXECDIR, PROGRAM, NULL);
}

/* The database of operating systems costs every program that links it more time to start than
 * listing a hundred machines takes; so only this one does. */
XenoCliStatus
xeno_cli_run_apart (XenoCli   *cli,
                    char    ***args)
{
  g_autofree char *program = find_program ();
  g_autoptr (GPtrArray) line = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (line, program);
  g_ptr_array_add (line, (*args)[0]);
  g_ptr_array_add (line, (char *) "--connect");
  g_ptr_array_add (line, cli->uri);
  if (cli->is_verbose)
    g_ptr_array_add (line, (char *) "--verbose");
  for (guint i = 1; (*args)[i] != NULL; i++)
    g_ptr_array_add (line, (*args)[i]);
  g_ptr_array_add (line, NULL);

  execv (program, (char **) line->pdata);
  error = xeno_error_new (XENO_ERROR_NOT_INSTALLED, NULL, _("“%s” could not be run: %s."), program,
                          g_strerror (errno));
  return xeno_cli_fail (cli, error);
}
