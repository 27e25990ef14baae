/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno cloud-seed: the disc a cloud image looks for at its first start, alone. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "cli/xeno-cli-output.h"
#include "cli/xeno-create-commands.h"
#include "cli/xeno-create-seed.h"

#define NAME        "seed.iso"
#define FILE_MODE   0600
#define FOLDER_MODE 0700

static gboolean
write_all (int     fd,
           GBytes *disc)
{
  gsize length;
  const char *bytes = g_bytes_get_data (disc, &length);

  while (length > 0)
    {
      gssize n = write (fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      bytes += n;
      length -= n;
    }
  return fsync (fd) == 0;
}

/* Nobody else ever reads it, and nothing is written over. */
static gboolean
write_disc (GBytes      *disc,
            const char  *path,
            GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *shown = g_filename_display_name (path);
  gboolean is_written;
  int number;
  int fd;

  g_mkdir_with_parents (folder, FOLDER_MODE);
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
  number = errno;
  if (fd < 0 && number == EEXIST)
    xeno_set_error (error, XENO_ERROR_EXISTS, NULL,
                    _("“%s” is there already. Remove it, or choose another folder."), shown);
  if (fd < 0 && number != EEXIST)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (number), _("“%s” cannot be written: %s."), shown,
                    g_strerror (number));
  if (fd < 0)
    return FALSE;

  is_written = write_all (fd, disc);
  number = errno;
  if (close (fd) != 0 && is_written)
    {
      number = errno;
      is_written = FALSE;
    }
  if (is_written)
    return TRUE;

  g_unlink (path);
  xeno_set_error (error, number == ENOSPC ? XENO_ERROR_NO_SPACE : XENO_ERROR_FAILED, g_strerror (number),
                  _("“%s” cannot be written: %s."), shown, g_strerror (number));
  return FALSE;
}

static gboolean
make_seed (const XenoCreateSeed  *wish,
           const char            *path,
           GError               **error)
{
  g_autoptr (XenoSeed) seed = xeno_create_seed_read (wish, error);
  g_autofree char *instance_id = g_uuid_string_random ();
  g_autoptr (GBytes) disc = NULL;

  if (seed != NULL)
    disc = xeno_seed_make_disc (seed, instance_id, error);
  return disc != NULL && write_disc (disc, path, error);
}

XenoCliStatus
xeno_create_run_cloud_seed (XenoCli   *cli,
                            char    ***args)
{
  g_auto (XenoCreateSeed) wish = { NULL };
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    XENO_CREATE_SEED_OPTIONS (&wish),
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, N_("Where to write “seed.iso”"), N_("FOLDER") },
    { NULL }
  };
  XenoCliStatus status = XENO_CLI_DONE;
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  if (!xeno_cli_parse (cli, entries, 0, 0, args, &status))
    return status;
  if (output == NULL)
    return xeno_cli_misuse (cli, _("Say where to write it: --output FOLDER."));

  path = g_build_filename (output, NAME, NULL);
  if (!make_seed (&wish, path, &error))
    return xeno_cli_fail (cli, error);

  line = g_strconcat (path, "\n", NULL);
  return xeno_cli_print (line, &error) ? XENO_CLI_DONE : xeno_cli_fail (cli, error);
}
