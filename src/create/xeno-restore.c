/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine out of an archive of ours, as it was. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "create/xeno-archive.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-restore.h"
#include "create/xeno-small-file.h"
#include "spec/xeno-name.h"
#include "spec/xeno-spec-copy.h"

#define MAX_SHOWN_CHARS 60

struct _XenoRestore
{
  GObject    parent_instance;
  XenoMedia *media;
  char      *title;
  char      *own_title; /* NULL: its name is all it has */
  char      *uuid;      /* NULL: it says none that it could have */
  char      *name;
  GStrv      snapshots; /* NULL before the document was made */
};

static void xeno_restore_plan_init (XenoPlanInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XenoRestore, xeno_restore, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_PLAN, xeno_restore_plan_init))

static const XenoArchive *
get_archive (XenoRestore *self)
{
  return xeno_media_get_facts (self->media)->archive;
}

static const char *
get_title (XenoPlan *plan)
{
  return XENO_RESTORE (plan)->title;
}

static void
set_title (XenoPlan   *plan,
           const char *title)
{
  XenoRestore *self = XENO_RESTORE (plan);
  char *copy = g_strdup (title);

  g_free (self->title);
  self->title = copy;
}

static const char *
get_arch (XenoPlan *plan)
{
  return NULL; /* the document says it, and libvirt whether it can be had */
}

static const char *
get_uuid (XenoPlan *plan)
{
  return XENO_RESTORE (plan)->uuid;
}

static const char *
get_name (XenoPlan *plan)
{
  XenoRestore *self = XENO_RESTORE (plan);

  /* Who gave it another title means another machine. */
  return g_strcmp0 (self->title, get_archive (self)->title) == 0 ? self->name : NULL;
}

static XenoPlanFile *
plan_disk (XenoRestore           *self,
           const XenoArchiveFile *disk,
           gboolean               is_only)
{
  g_autofree char *suffix = is_only ? g_strdup_printf (".%s", disk->format)
                                    : g_strdup_printf ("-%s.%s", disk->target, disk->format);
  XenoPlanFile *file = xeno_plan_file_new (disk->target, suffix, "restore");

  file->source_path = g_strdup (xeno_media_get_path (self->media));
  file->source_member = g_strdup (disk->name);
  file->source_format = g_strdup (disk->format);
  file->member_bytes = disk->n_bytes;
  file->member_checksum = g_strdup (disk->checksum);
  file->capacity_bytes = disk->capacity_bytes;
  file->room_bytes = disk->data_bytes;
  return file;
}

static gboolean
has_tpm (const XenoArchive *archive)
{
  g_autoptr (GPtrArray) tpms = xeno_spec_list_devices (archive->spec, "tpm");

  return tpms->len > 0 && xeno_archive_find (archive, XENO_ARCHIVE_TPM, NULL) != NULL;
}

static GPtrArray *
list_files (XenoPlan *plan)
{
  XenoRestore *self = XENO_RESTORE (plan);
  const XenoArchive *archive = get_archive (self);
  const char *path = xeno_media_get_path (self->media);
  const XenoArchiveFile *nvram = xeno_archive_find (archive, XENO_ARCHIVE_NVRAM, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_plan_file_free);
  guint n_disks = 0;

  for (guint i = 0; i < archive->files->len; i++)
    n_disks += ((XenoArchiveFile *) archive->files->pdata[i])->target != NULL ? 1 : 0;
  for (guint i = 0; i < archive->files->len; i++)
    {
      const XenoArchiveFile *file = g_ptr_array_index (archive->files, i);

      if (file->target != NULL)
        g_ptr_array_add (files, plan_disk (self, file, n_disks == 1));
    }
  if (nvram != NULL && xeno_spec_is_uefi (archive->spec))
    g_ptr_array_add (files, xeno_small_file_plan_nvram (path, nvram));
  if (has_tpm (archive))
    {
      g_autoptr (GPtrArray) tpms = xeno_spec_list_devices (archive->spec, "tpm");
      g_autofree char *version = xeno_device_dup_string (tpms->pdata[0], "version");

      g_ptr_array_add (files, xeno_small_file_plan_tpm (path, xeno_archive_find (archive, XENO_ARCHIVE_TPM, NULL),
                                                        version));
    }
  return files;
}

/* What a person agreed to is what is made. */
static gboolean
is_the_same (const XenoArchive *one,
             const XenoArchive *other)
{
  if (other == NULL || one->files->len != other->files->len)
    return FALSE;

  for (guint i = 0; i < one->files->len; i++)
    {
      const XenoArchiveFile *a = g_ptr_array_index (one->files, i);
      const XenoArchiveFile *b = g_ptr_array_index (other->files, i);

      if (!g_str_equal (a->name, b->name) || !g_str_equal (a->checksum, b->checksum))
        return FALSE;
    }
  return TRUE;
}

static void
media_looked_at_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoRestore *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMedia) media = xeno_media_open_finish (result, &error);

  if (media == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!is_the_same (get_archive (self), xeno_media_get_facts (media)->archive))
    g_task_return_error (task, xeno_error_new (XENO_ERROR_BAD_MEDIA, NULL,
                                               _("The file “%s” is another one than before. Open it again."),
                                               xeno_media_get_path (media)));
  else
    g_task_return_boolean (task, TRUE);
}

static void
look_async (XenoPlan            *plan,
            XenoConnection      *connection,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  XenoRestore *self = XENO_RESTORE (plan);
  g_autoptr (GTask) task = g_task_new (plan, cancellable, callback, user_data);
  g_autoptr (GFile) file = NULL;

  g_task_set_source_tag (task, look_async);
  if (!xeno_connection_is_local (connection))
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_SUPPORTED, NULL,
                                                 _("The file is on this computer, and “%s” is not. Copy it there, and "
                                                   "make the machine there."),
                                                 xeno_connection_get_title (connection)));
      return;
    }

  file = g_file_new_for_path (xeno_media_get_path (self->media));
  xeno_media_open_async (file, cancellable, media_looked_at_cb, g_steal_pointer (&task));
}

static gboolean
look_finish (XenoPlan      *plan,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* A card per number, so that a snapshot has those of its machine. */
static GStrv
make_addresses (XenoSpec *spec)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");
  GStrv addresses = g_new0 (char *, nics->len + 1);

  for (guint i = 0; i < nics->len; i++)
    addresses[i] = g_strdup_printf ("52:54:00:%02x:%02x:%02x", g_random_int_range (0, 256), g_random_int_range (0, 256),
                                    g_random_int_range (0, 256));
  return addresses;
}

static void
put_addresses (XenoSpec *spec,
               GStrv     addresses)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (spec, "interface");

  for (guint i = 0; i < nics->len && addresses[i] != NULL; i++)
    xeno_device_set_string (nics->pdata[i], "mac", addresses[i]);
}

/* The machine of today, or as it was when a snapshot was made; it stands on the same files. */
typedef struct
{
  XenoRestore *self;
  GPtrArray   *files;
  const char  *name;
  const char  *uuid;
  GStrv        addresses; /* NULL: it is who it was */
} Placing;

static gboolean
place (const Placing *placing,
       XenoSpec      *spec)
{
  const XenoArchive *archive = get_archive (placing->self);
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");

  if (placing->addresses != NULL)
    {
      g_strfreev (xeno_spec_make_another (spec));
      put_addresses (spec, placing->addresses);
    }
  xeno_spec_set_name (spec, placing->name);
  xeno_spec_set_uuid (spec, placing->uuid);
  if (xeno_spec_is_uefi (spec))
    xeno_spec_set_value (spec, "os/nvram", xeno_plan_find_path (placing->files, XENO_SMALL_FILE_NVRAM));

  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *target = xeno_device_dup_string (disks->pdata[i], "target-dev");
      const XenoArchiveFile *disk = target != NULL ? xeno_archive_find (archive, XENO_ARCHIVE_DISK, target) : NULL;
      const char *path = disk != NULL ? xeno_plan_find_path (placing->files, target) : NULL;

      if (path != NULL && !xeno_spec_restore_file (spec, target, path, disk->format))
        return FALSE;
    }
  return xeno_spec_get_refused (spec) == NULL;
}

static gboolean
place_snapshots (XenoRestore   *self,
                 const Placing *placing)
{
  const XenoArchive *archive = get_archive (self);
  g_autoptr (GStrvBuilder) documents = g_strv_builder_new ();

  for (guint i = 0; i < archive->snapshots->len; i++)
    {
      g_autoptr (XenoSnapshot) snapshot = xeno_snapshot_copy (archive->snapshots->pdata[i]);
      GPtrArray *specs = xeno_snapshot_list_specs (snapshot);
      g_autofree char *xml = NULL;

      for (guint j = 0; j < specs->len; j++)
        if (!place (placing, specs->pdata[j]))
          return FALSE;
      xml = xeno_snapshot_to_xml (snapshot);
      g_strv_builder_add (documents, xml);
    }
  g_strfreev (self->snapshots);
  self->snapshots = g_strv_builder_end (documents);
  return TRUE;
}

static XenoSpec *
make_spec (XenoPlan        *plan,
           XenoConnection  *connection,
           XenoCaps        *caps,
           const char      *name,
           const char      *uuid,
           GPtrArray       *files,
           GError         **error)
{
  XenoRestore *self = XENO_RESTORE (plan);
  const XenoArchive *archive = get_archive (self);
  g_autoptr (XenoSpec) spec = xeno_spec_copy (archive->spec);
  g_auto (GStrv) addresses = g_strcmp0 (uuid, self->uuid) != 0 ? make_addresses (spec) : NULL;
  const Placing placing = { self, files, name, uuid, addresses };

  if (self->own_title != NULL || g_strcmp0 (self->title, name) != 0)
    xeno_spec_set_title (spec, self->title);
  if (place (&placing, spec) && place_snapshots (self, &placing))
    return g_steal_pointer (&spec);

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, xeno_spec_get_refused (spec),
                  _("The machine in “%s” makes no sense: its description was damaged or changed."),
                  xeno_media_get_path (self->media));
  return NULL;
}

static GStrv
list_snapshots (XenoPlan    *plan,
                const char **current)
{
  XenoRestore *self = XENO_RESTORE (plan);

  *current = get_archive (self)->current_snapshot;
  return self->snapshots != NULL ? g_strdupv (self->snapshots) : g_new0 (char *, 1);
}

static void
xeno_restore_plan_init (XenoPlanInterface *iface)
{
  iface->get_title = get_title;
  iface->set_title = set_title;
  iface->get_arch = get_arch;
  iface->get_uuid = get_uuid;
  iface->get_name = get_name;
  iface->list_files = list_files;
  iface->list_snapshots = list_snapshots;
  iface->look_async = look_async;
  iface->look_finish = look_finish;
  iface->make_spec = make_spec;
}

static void
xeno_restore_finalize (GObject *object)
{
  XenoRestore *self = XENO_RESTORE (object);

  g_clear_object (&self->media);
  g_strfreev (self->snapshots);
  g_free (self->title);
  g_free (self->own_title);
  g_free (self->uuid);
  g_free (self->name);

  G_OBJECT_CLASS (xeno_restore_parent_class)->finalize (object);
}

static void
xeno_restore_class_init (XenoRestoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_restore_finalize;
}

static void
xeno_restore_init (XenoRestore *self)
{
}

/* Without disks nothing would tell our machine from one of the same UUID, should it have to be undone. */
static void
take_identity (XenoRestore *self)
{
  const XenoArchive *archive = get_archive (self);
  gboolean has_disks = FALSE;

  for (guint i = 0; i < archive->files->len; i++)
    has_disks |= ((XenoArchiveFile *) archive->files->pdata[i])->target != NULL;

  self->own_title = xeno_spec_dup_title (archive->spec);
  self->name = xeno_spec_dup_name (archive->spec);
  self->uuid = xeno_spec_dup_uuid (archive->spec);
  if (!has_disks || self->uuid == NULL || !g_uuid_string_is_valid (self->uuid))
    g_clear_pointer (&self->uuid, g_free);
  if (self->name == NULL || !xeno_name_is_slug (self->name))
    g_clear_pointer (&self->name, g_free);
  self->title = g_strdup (archive->title);
}

/**
 * xeno_restore_new:
 * @media: an archive of ours
 *
 * Plans a machine as it was when it was exported: with its UUID, unless there is a machine of that, its disks,
 * their snapshots, and what its firmware and its TPM keep.
 *
 * Returns: (transfer full): the plan
 */
XenoRestore *
xeno_restore_new (XenoMedia *media)
{
  XenoRestore *self;

  g_return_val_if_fail (XENO_IS_MEDIA (media), NULL);
  g_return_val_if_fail (xeno_media_get_facts (media)->archive != NULL, NULL);

  self = g_object_new (XENO_TYPE_RESTORE, NULL);
  self->media = g_object_ref (media);
  take_identity (self);
  return self;
}

/**
 * xeno_restore_get_media:
 * @self: a machine from an archive
 *
 * Gets the archive.
 *
 * Returns: (transfer none): the medium
 */
XenoMedia *
xeno_restore_get_media (XenoRestore *self)
{
  g_return_val_if_fail (XENO_IS_RESTORE (self), NULL);

  return self->media;
}

/**
 * xeno_restore_list_disks:
 * @self: a machine from an archive
 *
 * Lists its disks, with what the guest sees of each and what it takes here.
 *
 * Returns: (transfer full): a line for each
 */
GStrv
xeno_restore_list_disks (XenoRestore *self)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  const XenoArchive *archive;

  g_return_val_if_fail (XENO_IS_RESTORE (self), NULL);

  archive = get_archive (self);
  for (guint i = 0; i < archive->files->len; i++)
    {
      const XenoArchiveFile *file = g_ptr_array_index (archive->files, i);
      g_autofree char *capacity = xeno_units_format_size (file->capacity_bytes);
      g_autofree char *size = xeno_units_format_size (file->data_bytes);
      g_autofree char *line = NULL;

      if (file->target == NULL)
        continue;
      /* Translators: a disk, "vda", and two sizes */
      line = g_strdup_printf (_("%s: the guest sees %s, takes %s"), file->target, capacity, size);
      g_strv_builder_add (lines, line);
    }
  return g_strv_builder_end (lines);
}

/**
 * xeno_restore_list_snapshots:
 * @self: a machine from an archive
 *
 * Lists its snapshots.
 *
 * Returns: (transfer full): their names, cleaned
 */
GStrv
xeno_restore_list_snapshots (XenoRestore *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const XenoArchive *archive;

  g_return_val_if_fail (XENO_IS_RESTORE (self), NULL);

  archive = get_archive (self);
  for (guint i = 0; i < archive->snapshots->len; i++)
    {
      g_autofree char *name = xeno_text_clean (xeno_snapshot_get_name (archive->snapshots->pdata[i]), -1,
                                               MAX_SHOWN_CHARS);

      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

/**
 * xeno_restore_list_left_out:
 * @self: a machine from an archive
 *
 * Lists what is said of the machine but does not become part of it, because a file may not decide on it.
 *
 * Returns: (transfer full): what it is, cleaned
 */
GStrv
xeno_restore_list_left_out (XenoRestore *self)
{
  g_return_val_if_fail (XENO_IS_RESTORE (self), NULL);

  return g_strdupv (get_archive (self)->left_out);
}

/**
 * xeno_restore_list_missing:
 * @self: a machine from an archive
 *
 * Lists what the machine had when it was exported and the archive has not.
 *
 * Returns: (transfer full): what it is, translated where it is known
 */
GStrv
xeno_restore_list_missing (XenoRestore *self)
{
  g_return_val_if_fail (XENO_IS_RESTORE (self), NULL);

  return xeno_archive_list_missing (get_archive (self)->missing);
}

/**
 * xeno_restore_get_room_bytes:
 * @self: a machine from an archive
 *
 * Gets how much room its disks take.
 *
 * Returns: bytes
 */
guint64
xeno_restore_get_room_bytes (XenoRestore *self)
{
  g_return_val_if_fail (XENO_IS_RESTORE (self), 0);

  return xeno_archive_get_data (get_archive (self));
}

/**
 * xeno_restore_get_memory_bytes:
 * @self: a machine from an archive
 *
 * Gets the memory of the machine.
 *
 * Returns: bytes
 */
guint64
xeno_restore_get_memory_bytes (XenoRestore *self)
{
  g_return_val_if_fail (XENO_IS_RESTORE (self), 0);

  return xeno_spec_get_memory_bytes (get_archive (self)->spec);
}

/**
 * xeno_restore_get_n_cpus:
 * @self: a machine from an archive
 *
 * Gets the processors of the machine.
 *
 * Returns: how many
 */
guint
xeno_restore_get_n_cpus (XenoRestore *self)
{
  g_return_val_if_fail (XENO_IS_RESTORE (self), 0);

  return xeno_spec_get_n_cpus (get_archive (self)->spec);
}
