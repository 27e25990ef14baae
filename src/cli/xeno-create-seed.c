/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person says on the line about who logs in to a cloud image. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "cli/xeno-create-seed.h"
#include "create/xeno-ssh-key.h"

#define MAX_LINE_BYTES 1024

/* More than any seed may hold; what is longer is refused with its own sentence. */
#define MAX_FILE_BYTES (1024 * 1024)

void
xeno_create_seed_clear (XenoCreateSeed *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->user);
  g_free (self->hostname);
  g_strfreev (self->ssh_keys);
  g_strfreev (self->packages);
  g_free (self->script);
  g_free (self->user_data);
}

/* Whether anything was said at all. */
gboolean
xeno_create_seed_is_said (const XenoCreateSeed *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->user != NULL || self->has_password || self->hostname != NULL || self->ssh_keys != NULL
         || self->packages != NULL || self->script != NULL || self->user_data != NULL;
}

/* Whether something was said that no installer can be told. */
gboolean
xeno_create_seed_is_only_for_cloud (const XenoCreateSeed *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->packages != NULL || self->script != NULL || self->user_data != NULL;
}

static void
interrupted_cb (int number)
{
}

/* Byte by byte, so that nothing of it stays in a buffer of somebody else's. */
static gboolean
read_line (char  *line,
           gsize  size)
{
  gsize length = 0;

  while (length < size)
    {
      gssize n = read (STDIN_FILENO, line + length, 1);

      if (n < 0)
        return FALSE;
      if (n == 0 || line[length] == '\n')
        {
          line[length] = '\0';
          return TRUE;
        }
      length++;
    }
  return FALSE;
}

static gboolean
read_password (XenoSeed  *seed,
               GError   **error)
{
  char line[MAX_LINE_BYTES] = "";
  struct termios before, quiet;
  const struct sigaction interrupted = { .sa_handler = interrupted_cb }; /* the terminal gets its echo back first */
  struct sigaction usual;
  gboolean is_terminal = tcgetattr (STDIN_FILENO, &before) == 0;
  gboolean is_read;

  if (is_terminal)
    {
      quiet = before;
      quiet.c_lflag &= ~(tcflag_t) ECHO;
      fputs (_("Password: "), stderr);
      sigaction (SIGINT, &interrupted, &usual);
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
    }
  is_read = read_line (line, sizeof line);
  if (is_terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
      sigaction (SIGINT, &usual, NULL);
      fputc ('\n', stderr);
    }

  if (is_read && *line != '\0')
    xeno_seed_set_password (seed, line);
  else if (is_read)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("There is no password on standard input. Write it there, on a line of its own."));
  else
    xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                    _("The password on standard input cannot be read, or is too long."));
  explicit_bzero (line, sizeof line);
  return seed->password != NULL;
}

static gboolean
read_text (const char  *path,
           char       **text,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &problem);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *bytes = g_malloc (MAX_FILE_BYTES + 1);
  gsize length = 0;

  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), bytes, MAX_FILE_BYTES, &length, NULL, &problem))
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, problem->message,
                    _("The file “%s” cannot be read. Look whether it is there."), shown);
  else if (length == MAX_FILE_BYTES || memchr (bytes, '\0', length) != NULL)
    xeno_set_error (error, XENO_ERROR_INVALID, NULL, _("The file “%s” is no text, or too long."), shown);
  else
    {
      bytes[length] = '\0';
      *text = g_steal_pointer (&bytes);
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_keys (XenoSeed  *seed,
           GStrv      paths,
           GError   **error)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autoptr (XenoSshKey) key = xeno_ssh_key_read (paths[i], error);

      if (key == NULL)
        return FALSE;
      g_strv_builder_add (keys, key->line);
    }
  seed->ssh_keys = g_strv_builder_end (keys);
  return TRUE;
}

/* Reads what the line names: files, and the password. Nothing of it was checked yet. */
XenoSeed *
xeno_create_seed_read (const XenoCreateSeed  *self,
                       GError               **error)
{
  g_autoptr (XenoSeed) seed = xeno_seed_new ();

  g_return_val_if_fail (self != NULL, NULL);

  seed->user = self->user != NULL ? g_strdup (self->user) : xeno_seed_make_user ();
  seed->hostname = g_strdup (self->hostname);
  seed->packages = g_strdupv (self->packages);
  if (!read_keys (seed, self->ssh_keys, error)
      || (self->script != NULL && !read_text (self->script, &seed->script, error))
      || (self->user_data != NULL && !read_text (self->user_data, &seed->user_data, error))
      || (self->has_password && !read_password (seed, error)))
    return NULL;
  return g_steal_pointer (&seed);
}
