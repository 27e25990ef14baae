/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine's hypervisor wrote down. libvirt has no call for it, but a place for each driver. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-machine-log.h"

/* What a person reads of it is its end. */
#define MAX_BYTES (64 * 1024)
#define MAX_LINE_CHARS 4000

#define SYSTEM_LOGS "/var/log/libvirt"

typedef struct
{
  char *path;
  char *title;
} Log;

static void
log_free (gpointer data)
{
  Log *log = data;

  g_free (log->path);
  g_free (log->title);
  g_free (log);
}

/* A driver is the scheme of its address, perhaps with how one gets there: “qemu+unix”. */
static char *
find_path (XenoConnection *connection,
           const char     *name)
{
  g_autofree char *scheme = NULL;
  g_autofree char *place = NULL;
  g_autofree char *file = g_strconcat (name, ".log", NULL);

  if (!xeno_connection_is_local (connection) || strchr (name, '/') != NULL ||
      !g_uri_split (connection->uri, G_URI_FLAGS_NON_DNS, &scheme, NULL, NULL, NULL, &place, NULL, NULL, NULL))
    return NULL;

  scheme[strcspn (scheme, "+")] = '\0';
  if (g_str_equal (place, "/session"))
    return g_build_filename (g_get_user_cache_dir (), "libvirt", scheme, "log", file, NULL);
  return g_build_filename (SYSTEM_LOGS, scheme, file, NULL);
}

static void
describe_failure (const Log  *log,
                  int         number,
                  GError    **error)
{
  if (number == ENOENT)
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, log->path,
                    _("There is no log of “%s”. It is begun when the machine starts."), log->title);
  else if (number == EACCES || number == EPERM)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, log->path,
                    /* Translators: a machine's title, and the path of a file */
                    _("You may not read the log of “%s”. Whoever administers this computer finds it in %s."),
                    log->title, log->path);
  else
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (number),
                    /* Translators: a machine's title, and the path of a file */
                    _("The log of “%s” could not be read. Look for it in %s."), log->title, log->path);
}

/* What a guest can make its hypervisor write is the guest's word. */
static char *
clean_lines (char *text)
{
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *clean = xeno_text_clean (lines[i], -1, MAX_LINE_CHARS);

      g_free (lines[i]);
      lines[i] = clean;
    }
  return g_strjoinv ("\n", lines);
}

static char *
read_end (int fd)
{
  g_autofree char *text = g_malloc (MAX_BYTES + 1);
  struct stat info;
  off_t start;
  gssize n;
  char *first;

  if (fstat (fd, &info) != 0)
    return NULL;
  if (!S_ISREG (info.st_mode))
    {
      errno = EINVAL;
      return NULL;
    }

  start = MAX (info.st_size - MAX_BYTES, 0);
  n = pread (fd, text, MAX_BYTES, start);
  if (n < 0)
    return NULL;

  text[n] = '\0';
  first = start > 0 ? strchr (text, '\n') : NULL;
  return clean_lines (first != NULL ? first + 1 : text);
}

static gpointer
read_log (gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Log *log = data;
  int fd = open (log->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  char *text = fd >= 0 ? read_end (fd) : NULL;

  if (text == NULL)
    describe_failure (log, errno, error);
  if (fd >= 0)
    close (fd);
  return text;
}

/**
 * xeno_machine_read_log_async:
 * @self: a machine
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the text
 * @user_data: passed to @callback
 *
 * Reads the last lines of what the machine's hypervisor wrote down.
 */
void
xeno_machine_read_log_async (XenoMachine         *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  XenoConnection *connection;
  g_autoptr (GTask) task = NULL;
  g_autofree char *path = NULL;
  Log *log;

  g_return_if_fail (XENO_IS_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_read_log_async);
  connection = xeno_machine_get_connection (self);
  path = connection != NULL ? find_path (connection, xeno_machine_get_name (self)) : NULL;
  if (path == NULL)
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL,
                                                 _("The log of “%s” is kept on its host. Look for it there."),
                                                 xeno_machine_get_title (self)));
      return;
    }

  log = g_new (Log, 1);
  log->path = g_steal_pointer (&path);
  log->title = g_strdup (xeno_machine_get_title (self));
  xeno_worker_run (connection->worker, NULL, XENO_CALL_MS, task, read_log, log, log_free, g_free);
}

/**
 * xeno_machine_read_log_finish:
 * @self: a machine
 * @result: what the callback got
 * @error: where to say why there is none
 *
 * Finishes xeno_machine_read_log_async(). Codes: %XENO_ERROR_NOT_FOUND, %XENO_ERROR_NO_PERMISSION,
 * %XENO_ERROR_NOT_SUPPORTED where this computer has none.
 *
 * Returns: (transfer full) (nullable): plain lines, the newest last
 */
char *
xeno_machine_read_log_finish (XenoMachine   *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
