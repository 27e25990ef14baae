/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file the person gave, of which a decoder has nothing but an open descriptor. */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "display/xeno-display-given-file.h"

struct _XenoDisplayGivenFile
{
  GObject  parent_instance;
  int      fd;
  char    *name;
  guint64  size;
};

static void file_iface_init (GFileIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoDisplayGivenFile, xeno_display_given_file, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_FILE, file_iface_init))

#define XENO_TYPE_GIVEN_STREAM (xeno_given_stream_get_type ())
G_DECLARE_FINAL_TYPE (XenoGivenStream, xeno_given_stream, XENO, GIVEN_STREAM, GFileInputStream)

struct _XenoGivenStream
{
  GFileInputStream      parent_instance;
  XenoDisplayGivenFile *file;
  guint64               n_left;
};

G_DEFINE_FINAL_TYPE (XenoGivenStream, xeno_given_stream, G_TYPE_FILE_INPUT_STREAM)

/* What the guest was told is how much it gets: a file that grows is cut, and one that shrinks fails,
 * or the guest would wait for the rest of it. */
static gssize
xeno_given_stream_read (GInputStream  *stream,
                        void          *buffer,
                        gsize          count,
                        GCancellable  *cancellable,
                        GError       **error)
{
  XenoGivenStream *self = XENO_GIVEN_STREAM (stream);
  gssize n_read;

  count = MIN (count, self->n_left);
  if (count == 0)
    return 0;

  n_read = TEMP_FAILURE_RETRY (read (self->file->fd, buffer, count));
  if (n_read < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  else if (n_read == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the file became shorter");
  else
    self->n_left -= n_read;
  return n_read > 0 ? n_read : -1;
}

static void
xeno_given_stream_finalize (GObject *object)
{
  g_object_unref (XENO_GIVEN_STREAM (object)->file);

  G_OBJECT_CLASS (xeno_given_stream_parent_class)->finalize (object);
}

static void
xeno_given_stream_class_init (XenoGivenStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_given_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = xeno_given_stream_read;
}

static void
xeno_given_stream_init (XenoGivenStream *self)
{
}

static GFile *
dup_file (GFile *file)
{
  return g_object_ref (file);
}

static guint
hash_file (GFile *file)
{
  return g_direct_hash (file);
}

static gboolean
is_equal (GFile *file,
          GFile *other)
{
  return file == other;
}

static gboolean
is_native (GFile *file)
{
  return FALSE;
}

static gboolean
has_uri_scheme (GFile      *file,
                const char *scheme)
{
  return FALSE;
}

static char *
get_nothing (GFile *file)
{
  return NULL;
}

static GFile *
get_parent (GFile *file)
{
  return NULL;
}

static char *
get_name (GFile *file)
{
  return g_strdup (XENO_DISPLAY_GIVEN_FILE (file)->name);
}

static GFileInfo *
query_info (GFile                *file,
            const char           *attributes,
            GFileQueryInfoFlags   flags,
            GCancellable         *cancellable,
            GError              **error)
{
  XenoDisplayGivenFile *self = XENO_DISPLAY_GIVEN_FILE (file);
  GFileInfo *info = g_file_info_new ();

  g_file_info_set_file_type (info, G_FILE_TYPE_REGULAR);
  g_file_info_set_name (info, self->name);
  g_file_info_set_display_name (info, self->name);
  g_file_info_set_size (info, self->size);
  return info;
}

static GFileInputStream *
read_file (GFile         *file,
           GCancellable  *cancellable,
           GError       **error)
{
  XenoGivenStream *stream = g_object_new (XENO_TYPE_GIVEN_STREAM, NULL);

  stream->file = g_object_ref (XENO_DISPLAY_GIVEN_FILE (file));
  stream->n_left = stream->file->size;
  return G_FILE_INPUT_STREAM (stream);
}

static void
file_iface_init (GFileIface *iface)
{
  iface->dup = dup_file;
  iface->hash = hash_file;
  iface->equal = is_equal;
  iface->is_native = is_native;
  iface->has_uri_scheme = has_uri_scheme;
  iface->get_uri_scheme = get_nothing;
  iface->get_basename = get_name;
  iface->get_path = get_nothing;
  iface->get_uri = get_name;
  iface->get_parse_name = get_name;
  iface->get_parent = get_parent;
  iface->query_info = query_info;
  iface->read_fn = read_file;
}

static void
xeno_display_given_file_finalize (GObject *object)
{
  XenoDisplayGivenFile *self = XENO_DISPLAY_GIVEN_FILE (object);

  g_close (self->fd, NULL);
  g_free (self->name);

  G_OBJECT_CLASS (xeno_display_given_file_parent_class)->finalize (object);
}

static void
xeno_display_given_file_class_init (XenoDisplayGivenFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_display_given_file_finalize;
}

static void
xeno_display_given_file_init (XenoDisplayGivenFile *self)
{
}

/**
 * xeno_display_given_file_new:
 * @fd: (transfer full): the file, open for reading
 * @name: what the guest shall call it
 * @size: how much of it there is
 *
 * Makes a file that can be read once, from where @fd stands, by a process that can open none.
 *
 * Returns: (transfer full): the file
 */
GFile *
xeno_display_given_file_new (int         fd,
                             const char *name,
                             guint64     size)
{
  XenoDisplayGivenFile *self;

  g_return_val_if_fail (fd >= 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_GIVEN_FILE, NULL);
  self->fd = fd;
  self->name = g_strdup (name);
  self->size = size;
  return G_FILE (self);
}
