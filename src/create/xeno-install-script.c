/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an installer is told so that it asks nobody anything: its kernel and its RAM disk, from its own disc. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-install-script.h"

#define MAX_FILE_BYTES (512 * 1024 * 1024)
#define MAX_LINKS      4
#define BLOCK_BYTES    (128 * 1024)
#define ALIGNMENT      4 /* of an archive behind another, in an initial RAM disk */

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

static const char *
skip_root (const char *path)
{
  while (*path == '.' || *path == '/')
    path++;
  return path;
}

static gboolean
is_called (struct archive_entry *entry,
           const char           *path)
{
  const char *name = archive_entry_pathname (entry);

  return name != NULL && g_ascii_strcasecmp (skip_root (name), skip_root (path)) == 0;
}

/* The entry, or the other name it has on a disc that keeps the same file once. */
static struct archive_entry *
find_entry (Archive    *archive,
            const char *path,
            char      **other_name)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    if (is_called (entry, path))
      {
        *other_name = g_strdup (archive_entry_hardlink (entry));
        return entry;
      }
  return NULL;
}

static GBytes *
read_entry (Archive              *archive,
            struct archive_entry *entry)
{
  gint64 size = archive_entry_size (entry);
  g_autofree char *contents = NULL;

  if (size <= 0 || size > MAX_FILE_BYTES || (contents = g_try_malloc (size)) == NULL
      || archive_read_data (archive, contents, size) != size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&contents), size);
}

static GBytes *
read_file (const char *disc_path,
           const char *path)
{
  g_autofree char *wanted = g_strdup (path);

  for (guint i = 0; i < MAX_LINKS && wanted != NULL; i++)
    {
      g_autoptr (Archive) archive = archive_read_new ();
      g_autofree char *other_name = NULL;
      struct archive_entry *entry;

      if (archive_read_support_format_iso9660 (archive) != ARCHIVE_OK
          || archive_read_open_filename (archive, disc_path, BLOCK_BYTES) != ARCHIVE_OK)
        return NULL;

      entry = find_entry (archive, wanted, &other_name);
      if (entry == NULL)
        return NULL;
      if (other_name == NULL)
        return read_entry (archive, entry);
      g_free (wanted);
      wanted = g_steal_pointer (&other_name);
    }
  return NULL;
}

static GBytes *
take_from_disc (const XenoInstallScript  *self,
                const char               *path,
                GError                  **error)
{
  g_autofree char *name = g_path_get_basename (self->disc_path);
  GBytes *bytes = read_file (self->disc_path, path);

  if (bytes == NULL)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, path,
                    _("The installer on “%s” is not where it should be, so it cannot be told what to do. Install "
                      "without --unattended, or download the disc again."), name);
  return bytes;
}

static la_ssize_t
take_bytes (struct archive *archive,
            void           *user_data,
            const void     *bytes,
            size_t          length)
{
  g_byte_array_append (user_data, bytes, length);
  return length;
}

static gboolean
write_script (const XenoInstallScript *self,
              struct archive          *archive,
              GByteArray              *image)
{
  g_autoptr (ArchiveEntry) entry = archive_entry_new ();
  gsize length = strlen (self->text);

  archive_entry_set_pathname (entry, self->file_name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, length);
  return archive_write_set_format_cpio_newc (archive) == ARCHIVE_OK
         && archive_write_set_bytes_per_block (archive, 0) == ARCHIVE_OK
         && archive_write_open (archive, image, NULL, take_bytes, NULL) == ARCHIVE_OK
         && archive_write_header (archive, entry) == ARCHIVE_OK
         && archive_write_data (archive, self->text, length) == (la_ssize_t) length
         && archive_write_close (archive) == ARCHIVE_OK;
}

/* Linux unpacks one archive after the other. */
static gboolean
append_script (const XenoInstallScript  *self,
               GByteArray               *image,
               GError                  **error)
{
  static const guint8 zeros[ALIGNMENT] = { 0 };
  struct archive *archive = archive_write_new ();
  gboolean is_good;

  g_byte_array_append (image, zeros, (ALIGNMENT - image->len % ALIGNMENT) % ALIGNMENT);
  is_good = write_script (self, archive, image);
  if (!is_good)
    xeno_set_error (error, XENO_ERROR_FAILED, archive_error_string (archive),
                    _("The answers for the installer could not be written."));
  archive_write_free (archive);
  return is_good;
}

/**
 * xeno_install_script_copy:
 * @self: a script
 *
 * Copies it.
 *
 * Returns: (transfer full): the copy
 */
XenoInstallScript *
xeno_install_script_copy (const XenoInstallScript *self)
{
  XenoInstallScript *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (XenoInstallScript, 1);
  copy->file_name = g_strdup (self->file_name);
  copy->text = g_strdup (self->text);
  copy->command_line = g_strdup (self->command_line);
  copy->disc_path = g_strdup (self->disc_path);
  copy->kernel_path = g_strdup (self->kernel_path);
  copy->initrd_path = g_strdup (self->initrd_path);
  return copy;
}

/**
 * xeno_install_script_free:
 * @self: (transfer full): a script
 *
 * Frees it, and wipes what is in it from memory.
 */
void
xeno_install_script_free (XenoInstallScript *self)
{
  g_return_if_fail (self != NULL);

  if (self->text != NULL)
    explicit_bzero (self->text, strlen (self->text));
  g_free (self->text);
  g_free (self->file_name);
  g_free (self->command_line);
  g_free (self->disc_path);
  g_free (self->kernel_path);
  g_free (self->initrd_path);
  g_free (self);
}

/**
 * xeno_install_script_make_kernel:
 * @self: a script
 * @error: %XENO_ERROR_BAD_MEDIA where the disc has none
 *
 * Takes the installer's kernel from its disc. Blocks for as long as the drive does.
 *
 * Returns: (transfer full): the kernel
 */
GBytes *
xeno_install_script_make_kernel (const XenoInstallScript  *self,
                                 GError                  **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return take_from_disc (self, self->kernel_path, error);
}

/**
 * xeno_install_script_make_initrd:
 * @self: a script
 * @error: %XENO_ERROR_BAD_MEDIA where the disc has none
 *
 * Takes the installer's initial RAM disk from its disc, and puts the script into it. Blocks for as long as
 * the drive does.
 *
 * Returns: (transfer full): the RAM disk
 */
GBytes *
xeno_install_script_make_initrd (const XenoInstallScript  *self,
                                 GError                  **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GByteArray) image = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  bytes = take_from_disc (self, self->initrd_path, error);
  if (bytes == NULL)
    return NULL;

  image = g_bytes_unref_to_array (g_steal_pointer (&bytes));
  return append_script (self, image, error) ? g_byte_array_free_to_bytes (g_steal_pointer (&image)) : NULL;
}
