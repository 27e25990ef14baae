/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an installer is told so that it asks nobody anything: where it looks for that. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-disc-file.h"
#include "create/xeno-install-script.h"
#include "create/xeno-small-disc.h"
#include "create/xeno-small-floppy.h"

#define ALIGNMENT 4 /* of an archive behind another, in an initial RAM disk */

#define VOLUME_ID "ANSWERS"

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

static GBytes *
take_from_disc (const XenoInstallScript  *self,
                const char               *path,
                GError                  **error)
{
  g_autofree char *name = g_path_get_basename (self->disc_path);
  GBytes *bytes = xeno_disc_file_read (self->disc_path, path);

  if (bytes == NULL)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, path,
                    _("The installer on “%s” is not where it should be, so it cannot be told what to do. Install "
                      "it yourself, or download the disc again."), name);
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
write_file (Archive    *archive,
            const char *name,
            const char *text)
{
  g_autoptr (ArchiveEntry) entry = archive_entry_new ();
  gsize length = strlen (text);

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, length);
  return archive_write_header (archive, entry) == ARCHIVE_OK
         && archive_write_data (archive, text, length) == (la_ssize_t) length;
}

static gboolean
write_files (const XenoInstallScript *self,
             Archive                 *archive,
             GByteArray              *image)
{
  gboolean is_good = archive_write_set_format_cpio_newc (archive) == ARCHIVE_OK
                     && archive_write_set_bytes_per_block (archive, 0) == ARCHIVE_OK
                     && archive_write_open (archive, image, NULL, take_bytes, NULL) == ARCHIVE_OK;

  for (guint i = 0; is_good && self->names[i] != NULL; i++)
    is_good = write_file (archive, self->names[i], self->texts[i]);
  return is_good && archive_write_close (archive) == ARCHIVE_OK;
}

/* Linux unpacks one archive after the other. */
static gboolean
append_files (const XenoInstallScript  *self,
              GByteArray               *image,
              GError                  **error)
{
  static const guint8 zeros[ALIGNMENT] = { 0 };
  Archive *archive = archive_write_new ();
  gboolean is_good;

  g_byte_array_append (image, zeros, (ALIGNMENT - image->len % ALIGNMENT) % ALIGNMENT);
  is_good = write_files (self, archive, image);
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
  copy->method = self->method;
  copy->names = g_strdupv (self->names);
  copy->texts = g_strdupv (self->texts);
  copy->command_line = g_strdup (self->command_line);
  copy->disc_path = g_strdup (self->disc_path);
  copy->kernel_path = g_strdup (self->kernel_path);
  copy->initrd_path = g_strdup (self->initrd_path);
  copy->loads_drivers = self->loads_drivers;
  copy->needs_bios = self->needs_bios;
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

  for (guint i = 0; self->texts != NULL && self->texts[i] != NULL; i++)
    explicit_bzero (self->texts[i], strlen (self->texts[i]));
  g_strfreev (self->names);
  g_strfreev (self->texts);
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
 * Takes the installer's initial RAM disk from its disc, and puts the files into it. Blocks for as long as
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
  return append_files (self, image, error) ? g_byte_array_free_to_bytes (g_steal_pointer (&image)) : NULL;
}

/**
 * xeno_install_script_make_answers:
 * @self: a script
 * @error: %XENO_ERROR_FAILED, most likely because there is no room for temporary files
 *
 * Makes the disc or the floppy that the installer looks for.
 *
 * Returns: (transfer full): the image
 */
GBytes *
xeno_install_script_make_answers (const XenoInstallScript  *self,
                                  GError                  **error)
{
  g_autofree XenoSmallFile *files = NULL;
  guint n_files;

  g_return_val_if_fail (self != NULL && self->method != XENO_INSTALL_INITRD, NULL);

  n_files = g_strv_length (self->names);
  files = g_new0 (XenoSmallFile, n_files);
  for (guint i = 0; i < n_files; i++)
    files[i] = (XenoSmallFile) { self->names[i], self->texts[i] };
  return self->method == XENO_INSTALL_FLOPPY ? xeno_small_floppy_make (VOLUME_ID, files, n_files, error)
                                             : xeno_small_disc_make (VOLUME_ID, files, n_files, error);
}
