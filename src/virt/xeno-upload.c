/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that libvirt writes to its pools for us. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "spec/xeno-document.h"
#include "virt/xeno-disk-uses-private.h"
#include "virt/xeno-upload.h"
#include "virt/xeno-virt-error.h"

/* What crosses libvirt's connection at a time. */
#define PIECE_BYTES 65536

/* The headers by which libvirt knows a qcow2 disk or an ISO lie within this. */
#define HEAD_BYTES (64 * 1024)

/* A file on its way. */
typedef struct
{
  const XenoUpload *upload;
  guint64           total_bytes;
  guint64           sent_bytes;
  guint             percent;
  gboolean          is_unreadable; /* it is our end that failed */
} Sending;

static gssize
read_piece (Sending *sending,
            guint64  offset,
            char    *piece,
            gsize    length)
{
  const XenoUpload *upload = sending->upload;
  gssize n;

  if (upload->contents != NULL)
    {
      memcpy (piece, (const char *) g_bytes_get_data (upload->contents, NULL) + offset, length);
      return length;
    }

  do
    n = pread (upload->fd, piece, length, offset);
  while (n < 0 && errno == EINTR);
  sending->is_unreadable = n <= 0;
  return n;
}

static gboolean
send_piece (virStreamPtr  stream,
            const char   *piece,
            gsize         length)
{
  while (length > 0)
    {
      int n = virStreamSend (stream, piece, length);

      if (n < 0)
        return FALSE;
      piece += n;
      length -= n;
    }
  return TRUE;
}

static void
report (Sending *sending)
{
  guint percent = sending->sent_bytes * 100 / MAX (sending->total_bytes, 1);

  if (sending->upload->progress == NULL || percent == sending->percent)
    return;

  sending->percent = percent;
  sending->upload->progress (percent / 100.0, sending->upload->progress_data);
}

static gboolean
send_bytes (Sending      *sending,
            virStreamPtr  stream,
            guint64       offset,
            guint64       end)
{
  g_autofree char *piece = g_malloc (PIECE_BYTES);

  while (offset < end)
    {
      gssize n;

      if (g_cancellable_is_cancelled (sending->upload->stop))
        return FALSE;
      n = read_piece (sending, offset, piece, MIN (PIECE_BYTES, end - offset));
      if (n <= 0 || !send_piece (stream, piece, n))
        return FALSE;
      offset += n;
      sending->sent_bytes += n;
      report (sending);
    }
  return TRUE;
}

/* Libvirt's error has to be taken before anything else is asked of it. */
static void
set_problem (GError  **error,
             Sending  *sending)
{
  if (g_cancellable_set_error_if_cancelled (sending->upload->stop, error))
    return;
  if (sending->is_unreadable)
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (errno),
                    _("The file that was to be written as “%s” could not be read to its end. Its drive may be "
                      "damaged or gone."), sending->upload->name);
  else
    xeno_virt_set_error (error, _("The file “%s” could not be written. Look whether there is room for it."),
                         sending->upload->name);
}

static gboolean
send_part (Sending          *sending,
           virConnectPtr     handle,
           virStorageVolPtr  volume,
           guint64           offset,
           guint64           end,
           GError          **error)
{
  virStreamPtr stream = virStreamNew (handle, 0);
  gboolean is_begun = stream != NULL && virStorageVolUpload (volume, stream, offset, end - offset, 0) == 0;
  gboolean is_sent = is_begun && send_bytes (sending, stream, offset, end) && virStreamFinish (stream) == 0;

  if (!is_sent)
    {
      set_problem (error, sending);
      if (is_begun)
        virStreamAbort (stream);
    }
  g_clear_pointer (&stream, virStreamFree);
  return is_sent;
}

/* The beginning comes last, so that half a file never looks like a whole one. */
static gboolean
send_file (Sending           *sending,
           virConnectPtr      handle,
           virStorageVolPtr   volume,
           GError           **error)
{
  guint64 head = MIN (HEAD_BYTES, sending->total_bytes);

  return (head == sending->total_bytes || send_part (sending, handle, volume, head, sending->total_bytes, error))
         && send_part (sending, handle, volume, 0, head, error);
}

/*
 * xeno_upload_volume:
 * @pool: where to
 * @upload: what to write
 * @error: why there is no such file
 *
 * Makes a volume that its owner and the hypervisor alone may read, as libvirt makes them where nobody says
 * otherwise, wherever the pool is.
 *
 * Returns: (transfer full): its path, or %NULL with @error set; then there is no file
 */
char *
xeno_upload_volume (virConnectPtr      handle,
                    GVirStoragePool   *pool,
                    const XenoUpload  *upload,
                    GError           **error)
{
  g_autoptr (GVirConfigStorageVol) config = gvir_config_storage_vol_new ();
  g_autoptr (GVirConfigStorageVolTarget) target = gvir_config_storage_vol_target_new ();
  Sending sending = { upload, upload->contents != NULL ? g_bytes_get_size (upload->contents) : upload->n_bytes };
  g_autofree char *path = NULL;
  virStorageVolPtr volume;

  gvir_config_storage_vol_target_set_format (target, "raw");
  gvir_config_storage_vol_set_name (config, upload->name);
  gvir_config_storage_vol_set_capacity (config, sending.total_bytes);
  gvir_config_storage_vol_set_target (config, target);
  volume = xeno_pool_make_volume (pool, config, upload->name, &path, error);
  if (volume == NULL)
    return NULL;

  if (!send_file (&sending, handle, volume, error))
    {
      virStorageVolDelete (volume, 0);
      g_clear_pointer (&path, g_free);
    }
  virStorageVolFree (volume);
  return g_steal_pointer (&path);
}

/*
 * xeno_upload_look:
 * @pool: where to look
 * @name: what an upload was called
 *
 * Looks whether an upload is there. As its beginning comes last, libvirt takes half of one for a raw disk.
 *
 * Returns: how much of it is there
 */
XenoStorageFound
xeno_upload_look (virConnectPtr    handle,
                  GVirStoragePool *pool,
                  const char      *name)
{
  virStoragePoolPtr pool_handle;
  virStorageVolPtr volume;
  g_autofree char *xml = NULL;
  g_autofree char *format = NULL;

  g_object_get (pool, "handle", &pool_handle, NULL);
  virStoragePoolRefresh (pool_handle, 0); /* what was uploaded is only looked at then */
  volume = virStorageVolLookupByName (pool_handle, name);
  g_boxed_free (GVIR_TYPE_STORAGE_POOL_HANDLE, pool_handle);
  if (volume == NULL)
    return XENO_STORAGE_ABSENT;

  xml = virStorageVolGetXMLDesc (volume, 0);
  virStorageVolFree (volume);
  format = xml != NULL ? xeno_document_dup_value (xml, "volume", "target/format/@type") : NULL;
  return format != NULL && !g_str_equal (format, "raw") ? XENO_STORAGE_WHOLE : XENO_STORAGE_HALF;
}

/*
 * xeno_upload_is_needed:
 * @path: a file in a pool
 *
 * Tells whether it was uploaded for several machines, and another one was made from it meanwhile.
 *
 * Returns: whether it has to stay, which it has to where nobody knows
 */
gboolean
xeno_upload_is_needed (virConnectPtr  handle,
                       const char    *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GHashTable) uses = NULL;

  if (!g_str_has_prefix (name, XENO_STORAGE_BASE_PREFIX))
    return FALSE;

  uses = xeno_disk_uses_list (handle, NULL);
  return uses == NULL || g_hash_table_contains (uses, path) || xeno_pool_is_built_on (handle, path);
}
