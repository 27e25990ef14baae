/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate for the memory a decoder gives: what it says about it is believed when it has been checked. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "console/xeno-decoder-memory.h"
#include "display/xeno-display-protocol.h"

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

/* Memory whose size somebody can still change, or that faults when there are no huge pages, could
 * kill whoever reads it. */
static gboolean
is_safe_memory (int     fd,
                gint64 *size)
{
  const int seals = F_SEAL_SHRINK | F_SEAL_GROW;
  struct stat info;
  struct statfs system;

  if (fstat (fd, &info) != 0 || fstatfs (fd, &system) != 0)
    return FALSE;

  *size = info.st_size;
  return S_ISREG (info.st_mode) && system.f_type == TMPFS_MAGIC &&
         (fcntl (fd, F_GET_SEALS) & seals) == seals && info.st_size > 0;
}

/**
 * xeno_decoder_memory_map:
 * @fd: (transfer full): a memfd, as a decoder gave it
 * @width: in pixels, as a decoder said
 * @height: in pixels, as a decoder said
 * @stride: bytes from one row to the next, as a decoder said
 *
 * Maps a frame, if nothing about it can hurt whoever reads it.
 *
 * Returns: (transfer full) (nullable): the frame
 */
XenoSurface *
xeno_decoder_memory_map (int   fd,
                         guint width,
                         guint height,
                         guint stride)
{
  XenoSurface *surface;
  Mapping *mapping;
  gint64 size;
  gpointer address = MAP_FAILED;

  if (is_safe_memory (fd, &size) && xeno_display_is_sane_frame (width, height, stride, size))
    address = mmap (NULL, (gsize) stride * height, PROT_READ, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED)
    {
      g_close (fd, NULL);
      return NULL;
    }

  mapping = g_new (Mapping, 1);
  mapping->address = address;
  mapping->size = (gsize) stride * height;
  surface = xeno_surface_new (width, height, stride, address, unmap, mapping);
  xeno_surface_take_fd (surface, fd);
  return surface;
}
