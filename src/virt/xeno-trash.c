/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deletes machines so that it can be undone until somebody empties the trash. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "spec/xeno-document.h"
#include "virt/xeno-delete-plan-private.h"
#include "virt/xeno-gvir.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-pool.h"
#include "virt/xeno-trash-record.h"
#include "virt/xeno-trash.h"
#include "virt/xeno-upload.h"
#include "virt/xeno-virt-error.h"
#include "virt/xeno-warm-note.h"

#define LANE "storage"

#define KEEP_SECONDS (7 * 24 * 60 * 60)

/* A younger record may be of a deletion that another process is at. */
#define SETTLE_SECONDS 60

typedef struct
{
  char     *uri;
  char     *uuid;
  char     *title;
  char     *trash_id;
  GStrv     paths;
  gboolean  is_local;
  gboolean  has_autostart;
} Request;

static Request *
request_new (XenoConnection *connection,
             const char     *trash_id)
{
  Request *request = g_new0 (Request, 1);

  request->uri = g_strdup (xeno_connection_get_uri (connection));
  request->is_local = xeno_connection_is_local (connection);
  request->trash_id = g_strdup (trash_id);
  return request;
}

static void
request_free (Request *request)
{
  g_free (request->uri);
  g_free (request->uuid);
  g_free (request->title);
  g_free (request->trash_id);
  g_strfreev (request->paths);
  g_free (request);
}

static gboolean
can_move (const Request *request,
          const char    *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return request->is_local && g_access (folder, W_OK) == 0;
}

static gboolean
move (const char *from,
      const char *to)
{
  g_autofree char *folder = g_path_get_dirname (to);

  if (g_str_equal (from, to) || !g_file_test (from, G_FILE_TEST_EXISTS))
    return TRUE;
  return !g_file_test (to, G_FILE_TEST_EXISTS) && g_mkdir_with_parents (folder, 0700) == 0
         && g_rename (from, to) == 0;
}

static void
move_all (virConnectPtr          handle,
          const XenoTrashRecord *record,
          gboolean               is_back)
{
  for (guint i = 0; i < record->files->len; i++)
    {
      const XenoTrashFile *file = record->files->pdata[i];

      if (!move (is_back ? file->to : file->from, is_back ? file->from : file->to))
        g_info ("%s stays where it is: %s", is_back ? file->to : file->from, g_strerror (errno));
      xeno_pool_refresh_of (handle, file->from);
    }
}

static const XenoDiskFate *
find_fate (GPtrArray  *fates,
           const char *path)
{
  for (guint i = 0; i < fates->len; i++)
    {
      const XenoDiskFate *fate = fates->pdata[i];

      if (g_str_equal (fate->path, path))
        return fate;
    }
  return NULL;
}

static gboolean
note_disks (const Request    *request,
            virConnectPtr     handle,
            virDomainPtr      domain,
            XenoTrashRecord  *record,
            GError          **error)
{
  g_autoptr (GPtrArray) fates = xeno_delete_plan_make (handle, domain, error);

  if (fates == NULL)
    return FALSE;

  for (char **path = request->paths; *path != NULL; path++)
    {
      const XenoDiskFate *fate = find_fate (fates, *path);

      if (fate == NULL || !fate->may_remove)
        {
          xeno_set_error (error, XENO_ERROR_IN_USE, NULL,
                          _("“%s” is not deleted, because its disk “%s” must stay. %s"),
                          request->title, *path,
                          fate != NULL ? fate->reason : _("It is not a disk of this machine."));
          return FALSE;
        }
      xeno_trash_record_add_file (record, *path, can_move (request, *path));
    }
  return TRUE;
}

/* A copy that is kept ready is of no use without what it is a copy of. */
static void
note_warm_copy (const Request   *request,
                XenoTrashRecord *record)
{
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (record->xml, NULL);
  g_autofree char *text = spec != NULL ? xeno_spec_dup_note (spec, XENO_SPEC_NOTE_WARM) : NULL;
  g_autoptr (XenoWarmNote) note = xeno_warm_note_parse (text, request->uuid);
  g_auto (GStrv) paths = note != NULL ? xeno_warm_note_list_paths (note) : NULL;

  for (char **path = paths; path != NULL && *path != NULL; path++)
    xeno_trash_record_add_file (record, *path, can_move (request, *path));
}

static XenoTrashRecord *
make_record (const Request  *request,
             virConnectPtr   handle,
             virDomainPtr    domain,
             guint          *undefine_flags,
             GError        **error)
{
  g_autoptr (XenoTrashRecord) record = xeno_trash_record_new ();
  g_autofree char *nvram = NULL;

  record->uri = g_strdup (request->uri);
  record->uuid = g_strdup (request->uuid);
  record->title = g_strdup (request->title);
  record->has_autostart = request->has_autostart;
  record->xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  if (record->xml == NULL)
    {
      xeno_virt_set_error (error, _("“%s” is not deleted: it cannot be read, so it could not be "
                                    "brought back."),
                           request->title);
      return NULL;
    }
  if (!note_disks (request, handle, domain, record, error))
    return NULL;

  note_warm_copy (request, record);
  nvram = xeno_document_dup_value (record->xml, "domain", "os/nvram");
  *undefine_flags = VIR_DOMAIN_UNDEFINE_NVRAM;
  if (nvram != NULL && can_move (request, nvram))
    {
      xeno_trash_record_add_file (record, nvram, TRUE);
      *undefine_flags = VIR_DOMAIN_UNDEFINE_KEEP_NVRAM;
    }
  return g_steal_pointer (&record);
}

static gboolean
undefine (GVirDomain *machine,
          guint       nvram_flag)
{
  const guint everywhere = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
                           | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
  const guint flags = everywhere | VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA;

  /* Drivers other than QEMU's know fewer flags. */
  return gvir_domain_delete (machine, flags | nvram_flag | VIR_DOMAIN_UNDEFINE_KEEP_TPM, NULL)
         || gvir_domain_delete (machine, flags | nvram_flag, NULL)
         || gvir_domain_delete (machine, everywhere, NULL);
}

static gboolean
remove_machine (virDomainPtr   domain,
                const char    *title,
                guint          nvram_flag,
                GError       **error)
{
  g_autoptr (GVirDomain) machine = g_object_new (GVIR_TYPE_DOMAIN, "handle", domain, NULL);
  gboolean is_persistent = virDomainIsPersistent (domain) == 1;

  if (virDomainIsActive (domain) == 1 && !gvir_domain_stop (machine, 0, NULL)
      && virDomainIsActive (domain) != 0)
    {
      xeno_virt_set_error (error, _("“%s” is not deleted: it could not be stopped."), title);
      return FALSE;
    }
  if (is_persistent && !undefine (machine, nvram_flag))
    {
      xeno_virt_set_error (error, _("“%s” could not be deleted. Its disks are untouched."), title);
      return FALSE;
    }
  return TRUE;
}

static gpointer
delete_work (virDomainPtr   domain,
             const char    *title,
             gpointer       data,
             GError       **error)
{
  const Request *request = data;
  virConnectPtr handle = virDomainGetConnect (domain);
  g_autoptr (XenoTrashRecord) record = NULL;
  gboolean is_removed = FALSE;
  guint nvram_flag = 0;

  record = make_record (request, handle, domain, &nvram_flag, error);
  if (record != NULL && xeno_trash_record_save (record, error))
    {
      is_removed = remove_machine (domain, title, nvram_flag, error);
      if (!is_removed)
        xeno_trash_record_forget (record);
    }
  if (!is_removed)
    return NULL;

  move_all (handle, record, FALSE);
  return g_strdup (record->id);
}

static gpointer
undo_work (virConnectPtr   handle,
           gpointer        data,
           GCancellable   *cancellable,
           GError        **error)
{
  const Request *request = data;
  g_autoptr (XenoTrashRecord) record = xeno_trash_record_load (request->trash_id, error);
  virDomainPtr domain;

  if (record == NULL)
    return NULL;

  move_all (handle, record, TRUE);
  domain = virDomainDefineXML (handle, record->xml);
  if (domain == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be brought back. It stays in the trash."),
                           record->title);
      move_all (handle, record, FALSE);
      return NULL;
    }

  if (record->has_autostart && virDomainSetAutostart (domain, TRUE) < 0)
    g_info ("%s does not start by itself any more", record->title);
  virDomainFree (domain);
  xeno_trash_record_forget (record);
  return GINT_TO_POINTER (TRUE);
}

static gboolean
is_defined (virConnectPtr  handle,
            const char    *uuid)
{
  virDomainPtr domain = virDomainLookupByUUIDString (handle, uuid);
  gboolean is_there = domain != NULL;

  g_clear_pointer (&domain, virDomainFree);
  return is_there;
}

static gboolean
purge_record (virConnectPtr           handle,
              const XenoTrashRecord  *record,
              GError                **error)
{
  for (guint i = 0; i < record->files->len; i++)
    {
      const XenoTrashFile *file = record->files->pdata[i];

      if (!g_str_equal (file->from, file->to))
        {
          if (g_unlink (file->to) == 0 || errno == ENOENT)
            continue;
          xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                          _("“%s” of the deleted machine “%s” could not be removed."), file->to,
                          record->title);
          return FALSE;
        }
      if (!xeno_upload_is_needed (handle, file->to) && !xeno_pool_delete_volume (handle, file->to, error))
        return FALSE;
    }
  xeno_trash_record_forget (record);
  return TRUE;
}

static gboolean
settle_record (virConnectPtr           handle,
               const XenoTrashRecord  *record,
               gboolean                is_asked_for,
               GError                **error)
{
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - record->deleted_at;

  if (!is_asked_for && age < SETTLE_SECONDS)
    return TRUE;

  if (is_defined (handle, record->uuid)) /* cut short before it was undefined, or defined again */
    {
      move_all (handle, record, TRUE);
      xeno_trash_record_forget (record);
      return TRUE;
    }

  move_all (handle, record, FALSE);
  return (!is_asked_for && age < KEEP_SECONDS) || purge_record (handle, record, error);
}

static gpointer
purge_work (virConnectPtr   handle,
            gpointer        data,
            GCancellable   *cancellable,
            GError        **error)
{
  const Request *request = data;
  g_auto (GStrv) ids = xeno_trash_record_list ();

  for (char **id = ids; *id != NULL; id++)
    {
      gboolean is_asked_for = g_strcmp0 (request->trash_id, *id) == 0;
      g_autoptr (XenoTrashRecord) record = NULL;

      if (request->trash_id != NULL && !is_asked_for)
        continue;

      record = xeno_trash_record_load (*id, NULL);
      if (record != NULL && g_str_equal (record->uri, request->uri)
          && !settle_record (handle, record, is_asked_for, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

/**
 * xeno_machine_delete_async:
 * @self: a machine
 * @disk_paths: (nullable) (array zero-terminated=1): which disks go with it; each must be one that
 *   xeno_machine_plan_delete_async() would let go
 * @cancellable: (nullable): to give up waiting
 * @callback: called when it is deleted
 * @user_data: passed to @callback
 *
 * Deletes a machine: what is needed to bring it back is written down, it is forced off, undefined,
 * and only then its disks go to a trash folder beside them. A saved state is lost. Every disk is
 * looked at again before anything happens.
 */
void
xeno_machine_delete_async (XenoMachine         *self,
                           const char * const  *disk_paths,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  static const char * const none[] = { NULL };
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (XENO_IS_MACHINE (self));

  request = request_new (xeno_machine_get_connection (self), NULL);
  request->uuid = g_strdup (xeno_machine_get_uuid (self));
  request->title = g_strdup (xeno_machine_get_title (self));
  request->has_autostart = xeno_machine_has_autostart (self);
  request->paths = g_strdupv ((char **) (disk_paths != NULL ? disk_paths : none));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_machine_delete_async);
  xeno_machine_call (self, XENO_CALL_MACHINE, XENO_LONG_CALL_MS, task, delete_work, request,
                     (GDestroyNotify) request_free, g_free);
}

/**
 * xeno_machine_delete_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: %XENO_ERROR_IN_USE when a disk must stay, or what libvirt said; then nothing is deleted
 *
 * Ends xeno_machine_delete_async().
 *
 * Returns: (transfer full): an id for xeno_storage_undo_delete_async(), or %NULL
 */
char *
xeno_machine_delete_finish (XenoMachine   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
run_on_trash (XenoConnection      *connection,
              const char          *trash_id,
              GCancellable        *cancellable,
              gpointer             source_tag,
              XenoCallFunc         func,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (connection, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  xeno_connection_call (connection, XENO_CALL_DAEMON, LANE, XENO_LONG_CALL_MS, task, func,
                        request_new (connection, trash_id), (GDestroyNotify) request_free, NULL);
}

/**
 * xeno_storage_undo_delete_async:
 * @connection: the connection the machine was on
 * @trash_id: what xeno_machine_delete_finish() returned
 * @cancellable: (nullable): to give up waiting
 * @callback: called when the machine is back
 * @user_data: passed to @callback
 *
 * Brings a deleted machine back, its disks included.
 */
void
xeno_storage_undo_delete_async (XenoConnection      *connection,
                                const char          *trash_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (trash_id != NULL);

  run_on_trash (connection, trash_id, cancellable, xeno_storage_undo_delete_async, undo_work,
                callback, user_data);
}

/**
 * xeno_storage_undo_delete_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: %XENO_ERROR_NOT_FOUND when it was purged, or what libvirt said
 *
 * Ends xeno_storage_undo_delete_async().
 *
 * Returns: %TRUE when the machine is back
 */
gboolean
xeno_storage_undo_delete_finish (XenoConnection  *connection,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

/**
 * xeno_storage_purge_async:
 * @connection: a connection
 * @trash_id: (nullable): one deletion, or %NULL for all that are older than seven days
 * @cancellable: (nullable): to give up waiting
 * @callback: called when they are gone
 * @user_data: passed to @callback
 *
 * Empties the trash, and finishes deletions that were cut short.
 */
void
xeno_storage_purge_async (XenoConnection      *connection,
                          const char          *trash_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (XENO_IS_CONNECTION (connection));

  run_on_trash (connection, trash_id, cancellable, xeno_storage_purge_async, purge_work, callback,
                user_data);
}

/**
 * xeno_storage_purge_finish:
 * @connection: a connection
 * @result: what the callback was given
 * @error: which file could not be removed, and why
 *
 * Ends xeno_storage_purge_async().
 *
 * Returns: %TRUE when the trash is as empty as it should be
 */
gboolean
xeno_storage_purge_finish (XenoConnection  *connection,
                           GAsyncResult    *result,
                           GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
