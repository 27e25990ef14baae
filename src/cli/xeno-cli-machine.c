/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno rename, autostart, screenshot, show: what is done to one machine and is no verb. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "cli/xeno-cli-command.h"
#include "cli/xeno-cli-output.h"

XenoCliStatus
xeno_cli_run_rename (XenoCli   *cli,
                     char    ***args)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  if (!xeno_cli_parse (cli, NULL, 2, 2, args, &status))
    return status;
  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  xeno_machine_rename_async (machine, (*args)[2], NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_machine_rename_finish (machine, result, &error) ? XENO_CLI_DONE
                                                              : xeno_cli_fail (cli, error);
}

static XenoCliStatus
set_autostart (XenoCli     *cli,
               XenoMachine *machine,
               gboolean     autostart)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  xeno_machine_set_autostart_async (machine, autostart, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  return xeno_machine_set_autostart_finish (machine, result, &error) ? XENO_CLI_DONE
                                                                     : xeno_cli_fail (cli, error);
}

XenoCliStatus
xeno_cli_run_autostart (XenoCli   *cli,
                        char    ***args)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  const char *wanted;

  if (!xeno_cli_parse (cli, NULL, 1, 2, args, &status))
    return status;
  wanted = (*args)[2];
  if (wanted != NULL && strcmp (wanted, "on") != 0 && strcmp (wanted, "off") != 0)
    return xeno_cli_misuse (cli, _("Autostart is “on” or “off”."));

  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;
  if (wanted != NULL)
    return set_autostart (cli, machine, strcmp (wanted, "on") == 0);
  return xeno_cli_print (xeno_machine_has_autostart (machine) ? "on\n" : "off\n", &error)
           ? XENO_CLI_DONE
           : xeno_cli_fail (cli, error);
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= n;
    }
  return TRUE;
}

static gboolean
write_stream (const guint8  *data,
              gsize          length,
              GError       **error)
{
  if (write_all (STDOUT_FILENO, data, length))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_FAILED, NULL, _("The output cannot be written: %s."),
                  g_strerror (errno));
  return FALSE;
}

/* A file is replaced whole or not at all; a device, a pipe, is written to and stays what it is. */
static gboolean
write_file (const guint8  *data,
            gsize          length,
            const char    *path,
            GError       **error)
{
  struct stat status;
  gboolean is_written;
  int fd;

  if (stat (path, &status) != 0 || S_ISREG (status.st_mode))
    return g_file_set_contents_full (path, (const char *) data, length,
                                     G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);

  fd = open (path, O_WRONLY | O_CLOEXEC);
  is_written = fd >= 0 && write_all (fd, data, length);
  if (!is_written)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return is_written;
}

static gboolean
write_picture (const guint8  *data,
               gsize          length,
               const char    *path,
               GError       **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *shown = NULL;

  if (write_file (data, length, path, &reason))
    return TRUE;

  shown = g_filename_display_name (path);
  xeno_set_error (error, XENO_ERROR_FAILED, reason->message,
                  _("The picture could not be written to “%s”: %s."), shown, reason->message);
  return FALSE;
}

/* QEMU of old gives PPM; a file that says it is PNG has to be one. */
static gboolean
check_format (const guint8  *data,
              gsize          length,
              const char    *path,
              GError       **error)
{
  static const guint8 magic[] = { 0x89, 'P', 'N', 'G' };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  if ((length >= sizeof magic && memcmp (data, magic, sizeof magic) == 0)
      || !g_str_has_suffix (lower, ".png"))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                  _("This host gives pictures in the PPM format alone. Name the file with “.ppm”."));
  return FALSE;
}

XenoCliStatus
xeno_cli_run_screenshot (XenoCli   *cli,
                         char    ***args)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  const guint8 *data;
  const char *path;
  gsize length;

  if (!xeno_cli_parse (cli, NULL, 2, 2, args, &status))
    return status;
  path = (*args)[2];
  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  xeno_machine_screenshot_async (machine, 0, NULL, xeno_cli_result_cb, &slot);
  result = xeno_cli_await (&slot);
  picture = xeno_machine_screenshot_finish (machine, result, &error);
  if (picture == NULL)
    return xeno_cli_fail (cli, error);

  data = g_bytes_get_data (picture, &length);
  if (strcmp (path, "-") == 0)
    write_stream (data, length, &error);
  else if (check_format (data, length, path, &error))
    write_picture (data, length, path, &error);
  return error != NULL ? xeno_cli_fail (cli, error) : XENO_CLI_DONE;
}

XenoCliStatus
xeno_cli_run_show (XenoCli   *cli,
                   char    ***args)
{
  XenoCliStatus status = XENO_CLI_DONE;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *app = NULL;

  if (!xeno_cli_parse (cli, NULL, 1, 1, args, &status))
    return status;
  machine = xeno_cli_find (cli, (*args)[1], &status);
  if (machine == NULL)
    return status;

  app = g_find_program_in_path ("xenolith");
  if (app == NULL)
    {
      error = xeno_error_new (XENO_ERROR_NOT_INSTALLED, NULL,
                              _("The window program “xenolith” is not installed."));
      return xeno_cli_fail (cli, error);
    }

  execl (app, app, "--connect", cli->uri, "--show-domain-console", xeno_machine_get_uuid (machine),
         NULL);
  error = xeno_error_new (XENO_ERROR_FAILED, g_strerror (errno), _("“xenolith” could not start: %s."),
                          g_strerror (errno));
  return xeno_cli_fail (cli, error);
}
