/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Public keys for SSH: those a person has, and whether a line is one. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-worker.h"
#include "create/xeno-ssh-key.h"

#define MAX_KEY_BYTES     16384
#define MAX_COMMENT_CHARS 80
#define MAX_KEYS          32
#define DEADLINE_MS       5000

/* The key itself begins with the name of its kind, its length before it. */
static gboolean
is_key_of (const char *type,
           const char *encoded)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (encoded, &length);
  gsize type_length = strlen (type);
  guint32 said;

  if (bytes == NULL || length < sizeof said + type_length + sizeof said)
    return FALSE;

  memcpy (&said, bytes, sizeof said);
  return GUINT32_FROM_BE (said) == type_length && memcmp (bytes + sizeof said, type, type_length) == 0;
}

/**
 * xeno_ssh_key_parse:
 * @line: what should be a public key, as in the files that end in ".pub"
 * @error: %XENO_ERROR_INVALID when it is none
 *
 * Reads a public key. Neither options before it nor another line after it are taken.
 *
 * Returns: (transfer full): the key, or %NULL
 */
XenoSshKey *
xeno_ssh_key_parse (const char  *line,
                    GError     **error)
{
  g_autofree char *stripped = NULL;
  g_auto (GStrv) words = NULL;
  XenoSshKey *self;

  g_return_val_if_fail (line != NULL, NULL);

  if (strstr (line, "PRIVATE KEY") != NULL)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("SSH key: this is a private key, which stays with its owner. Give the file that ends in "
                        "“.pub”."));
      return NULL;
    }

  stripped = g_strstrip (g_strdup (line));
  words = g_strsplit (stripped, " ", 3);
  if (!g_utf8_validate (stripped, -1, NULL) || strlen (stripped) > MAX_KEY_BYTES
      || strpbrk (stripped, "\n\r\t\v\f") != NULL || g_strv_length (words) < 2
      || words[0][strspn (words[0], G_CSET_a_2_z G_CSET_DIGITS "-@.")] != '\0'
      || words[1][strspn (words[1], G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "+/=")] != '\0'
      || !is_key_of (words[0], words[1]))
    {
      xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                      _("SSH key: this is no public key. Those are one line that begins with “ssh-ed25519”, for "
                        "example."));
      return NULL;
    }

  self = g_new0 (XenoSshKey, 1);
  self->type = g_strdup (words[0]);
  self->comment = xeno_text_clean (words[2] != NULL ? words[2] : "", -1, MAX_COMMENT_CHARS);
  self->line = g_strjoin (" ", words[0], words[1], *self->comment != '\0' ? self->comment : NULL, NULL);
  return self;
}

/**
 * xeno_ssh_key_read:
 * @path: a file
 * @error: why there is no key
 *
 * Reads a public key from its file. It blocks.
 *
 * Returns: (transfer full): the key, or %NULL
 */
XenoSshKey *
xeno_ssh_key_read (const char  *path,
                   GError     **error)
{
  g_autofree char *text = g_malloc0 (MAX_KEY_BYTES + 2);
  g_autofree char *name = NULL;
  struct stat info;
  gssize length = -1;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    length = read (fd, text, MAX_KEY_BYTES + 1);
  else if (fd >= 0)
    errno = EINVAL;
  if (length < 0)
    {
      name = g_filename_display_name (path);
      xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (errno),
                      _("SSH key: the file “%s” cannot be read. Look whether it is there."), name);
    }
  if (fd >= 0)
    close (fd);
  return length < 0 ? NULL : xeno_ssh_key_parse (text, error);
}

/**
 * xeno_ssh_key_free:
 * @self: (transfer full): a key
 *
 * Frees a key.
 */
void
xeno_ssh_key_free (XenoSshKey *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->line);
  g_free (self->type);
  g_free (self->comment);
  g_free (self);
}

static int
compare_names (gconstpointer first,
               gconstpointer second)
{
  return strcmp (*(const char * const *) first, *(const char * const *) second);
}

static gpointer
list_keys (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  const char *path = data;
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_ssh_key_free);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".pub"))
      g_ptr_array_add (names, g_build_filename (path, name, NULL));

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len && keys->len < MAX_KEYS; i++)
    {
      XenoSshKey *key = xeno_ssh_key_read (g_ptr_array_index (names, i), NULL);

      if (key != NULL)
        g_ptr_array_add (keys, key);
    }
  return keys;
}

/**
 * xeno_ssh_key_list_async:
 * @folder: (nullable): where they are, or %NULL for the person's own
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are known
 * @user_data: for @callback
 *
 * Looks for the public keys a person has. What is none is passed over, and so is a folder that is not there.
 */
void
xeno_ssh_key_list_async (const char          *folder,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  char *path = folder != NULL ? g_strdup (folder) : g_build_filename (g_get_home_dir (), ".ssh", NULL);

  g_task_set_source_tag (task, xeno_ssh_key_list_async);
  xeno_worker_run (worker, NULL, DEADLINE_MS, task, list_keys, path, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_ssh_key_list_finish:
 * @result: what the callback was given
 * @error: %XENO_ERROR_TIMEOUT where the folder's drive does not answer
 *
 * Ends xeno_ssh_key_list_async().
 *
 * Returns: (transfer full) (element-type XenoSshKey): the keys, in the order of their files' names
 */
GPtrArray *
xeno_ssh_key_list_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_ssh_key_list_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
