/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes and descriptors handed from one process to the other: sealed, and checked when they come. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "display/xeno-display-parcel.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

typedef struct
{
  gpointer address;
  gsize    size;
} Mapping;

static void
unmap (gpointer data)
{
  g_autofree Mapping *mapping = data;

  munmap (mapping->address, mapping->size);
}

static gboolean
write_all (int           fd,
           const guchar *data,
           gsize         size)
{
  while (size > 0)
    {
      gssize written = TEMP_FAILURE_RETRY (write (fd, data, size));

      if (written < 0)
        return FALSE;
      data += written;
      size -= written;
    }
  return TRUE;
}

/**
 * xeno_display_parcel_new:
 * @bytes: what to hand over
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Copies @bytes into memory that nobody can change any more.
 *
 * Returns: a descriptor the caller owns, or -1
 */
int
xeno_display_parcel_new (GBytes  *bytes,
                         GError **error)
{
  gsize size;
  const guchar *data;
  int fd;

  g_return_val_if_fail (bytes != NULL, -1);

  data = g_bytes_get_data (bytes, &size);
  fd = memfd_create ("xenolith", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd >= 0 && write_all (fd, data, size) && fcntl (fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) == 0)
    return fd;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  if (fd >= 0)
    g_close (fd, NULL);
  return -1;
}

/* What can still be changed, or faults when there are no huge pages, could kill whoever reads it. */
static gboolean
is_safe (int    fd,
         gsize  max_size,
         gsize *size)
{
  struct stat info;
  struct statfs system;

  if (fstat (fd, &info) != 0 || fstatfs (fd, &system) != 0)
    return FALSE;

  *size = info.st_size;
  return S_ISREG (info.st_mode) && system.f_type == TMPFS_MAGIC &&
         (fcntl (fd, F_GET_SEALS) & SEALS) == SEALS &&
         info.st_size >= 0 && (guint64) info.st_size <= max_size;
}

/**
 * xeno_display_parcel_open:
 * @fd: a descriptor, as the other end gave it
 * @max_size: the most there may be
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Maps a parcel, if nothing about it can hurt whoever reads it.
 *
 * Returns: (transfer full) (nullable): what is in it
 */
GBytes *
xeno_display_parcel_open (int      fd,
                          gsize    max_size,
                          GError **error)
{
  Mapping *mapping;
  gpointer address;
  gsize size = 0;

  if (!is_safe (fd, max_size, &size))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "what came is not sealed memory");
      return NULL;
    }
  if (size == 0)
    return g_bytes_new_static (NULL, 0);

  address = mmap (NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return NULL;
    }

  mapping = g_new (Mapping, 1);
  mapping->address = address;
  mapping->size = size;
  return g_bytes_new_with_free_func (address, size, unmap, mapping);
}

/**
 * xeno_display_parcel_take_fd:
 * @fds: (nullable): the descriptors that came with a message
 * @index: which of them the message means, as the other end gave it
 *
 * Returns: a descriptor the caller owns, or -1 if none came
 */
int
xeno_display_parcel_take_fd (GUnixFDList *fds,
                             int          index)
{
  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    return -1;

  return g_unix_fd_list_get (fds, index, NULL);
}

/**
 * xeno_display_parcel_open_reply:
 * @reply: an answer of type "(h)"
 * @fds: (nullable): the descriptors that came with it
 * @max_size: the most there may be
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Maps the parcel that somebody was asked for.
 *
 * Returns: (transfer full) (nullable): what is in it
 */
GBytes *
xeno_display_parcel_open_reply (GVariant     *reply,
                                GUnixFDList  *fds,
                                gsize         max_size,
                                GError      **error)
{
  GBytes *content;
  int index, fd;

  g_variant_get (reply, "(h)", &index);
  fd = xeno_display_parcel_take_fd (fds, index);
  content = xeno_display_parcel_open (fd, max_size, error);
  if (fd >= 0)
    g_close (fd, NULL);
  return content;
}
