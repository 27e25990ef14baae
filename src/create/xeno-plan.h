/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the builder is told to make: a machine on paper, and the files it needs. */
#pragma once

#include "spec/xeno-caps.h"
#include "spec/xeno-spec.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/* What the memory of another machine comes through, for one that goes on from it. */
#define XENO_PLAN_ROLE_PIPE "pipe"

/**
 * XenoPlanWriteFunc:
 * @author: the file's author
 * @uuid: the machine it is for
 * @error: why there is nothing to write
 *
 * Writes what is in a file, in a thread of its own.
 *
 * Returns: (transfer full): the contents, or %NULL
 */
typedef GBytes *(*XenoPlanWriteFunc) (gconstpointer   author,
                                      const char     *uuid,
                                      GError        **error);

/**
 * XenoPlanPart:
 * @path: a file
 * @offset: where in it the part begins
 * @n_bytes: how long it is
 * @checksum: (nullable): what its bytes must sum up to
 * @checksum_type: how that was made
 *
 * A part of what a file is made from.
 */
typedef struct
{
  char          *path;
  guint64        offset;
  guint64        n_bytes;
  char          *checksum;
  GChecksumType  checksum_type;
} XenoPlanPart;

/**
 * XenoPlanPlaceFunc:
 * @author: the file's author
 * @uri: where the machine will live
 * @uuid: the machine it is for
 *
 * Says where a file is kept that does not lie with the disks.
 *
 * Returns: (transfer full) (nullable): the path, or %NULL if it is to be left out
 */
typedef char *(*XenoPlanPlaceFunc) (gconstpointer  author,
                                    const char    *uri,
                                    const char    *uuid);

/**
 * XenoPlanFile:
 * @role: what the file is to the machine: "disk"; once in a plan
 * @suffix: what its name ends in, behind the machine's UUID: ".qcow2"; once in a plan
 * @maker: the row of the table of makers that makes it: "empty", "overlay", "clone", "copy", "unpack", "send",
 *   "restore", "written", "placed", or "later" for what others make while the machine is there
 * @capacity_bytes: how much the guest will see of it
 * @room_bytes: how much must be free where it is made
 * @source_path: (nullable): what it is made from
 * @source_format: (nullable): the format of that, which is never probed; for a copy, %NULL where it is
 *   only known once the source is there
 * @source_below: (nullable): what that stands on, as xeno_image_describe() says it
 * @source_role: (nullable): the file of the same plan that it is made from instead
 * @parts: (nullable) (element-type XenoPlanPart): what it is made from, one after the other, where that is not
 *   the whole of one file
 * @source_member: (nullable): which file of an archive of ours, @source_path, it is
 * @member_bytes: how long that is
 * @member_checksum: (nullable): what it sums up to, as xeno_archive_sum() does it
 * @is_temporary: it goes as soon as all files are made
 * @is_shared: it is named by what is in @source_path, and made for all machines that are made from that
 * @is_there: it was there before, so it is neither made nor removed
 * @fd: what is in it, where we may not write ourselves: open on a file without a name, or -1
 * @is_for_first_start: it goes as soon as the machine runs, and with it the kernel the document names
 * @write: (nullable): writes what is in it
 * @place: (nullable): says where it is kept, where that is not with the disks
 * @author: (nullable): what @write and @place are called with
 * @free_author: (nullable): frees that
 * @path: (nullable): where it is, once its place is known
 *
 * A file that is made for a machine, and removed when the machine comes to nothing.
 */
typedef struct
{
  char              *role;
  char              *suffix;
  char              *maker;
  guint64            capacity_bytes;
  guint64            room_bytes;
  char              *source_path;
  char              *source_format;
  char              *source_below;
  char              *source_role;
  GPtrArray         *parts;
  char              *source_member;
  guint64            member_bytes;
  char              *member_checksum;
  gboolean           is_temporary;
  gboolean           is_shared;
  gboolean           is_there;
  int                fd;
  gboolean           is_for_first_start;
  XenoPlanWriteFunc  write;
  XenoPlanPlaceFunc  place;
  gpointer           author;
  GDestroyNotify     free_author;
  char              *path;
} XenoPlanFile;

XenoPlanFile *xeno_plan_file_new  (const char    *role,
                                   const char    *suffix,
                                   const char    *maker);
void          xeno_plan_file_free (XenoPlanFile  *file);

XenoPlanPart *xeno_plan_file_add_part (XenoPlanFile *file,
                                       const char   *path,
                                       guint64       offset,
                                       guint64       n_bytes);

#define XENO_TYPE_PLAN (xeno_plan_get_type ())

G_DECLARE_INTERFACE (XenoPlan, xeno_plan, XENO, PLAN, GObject)

/**
 * XenoPlanInterface:
 * @get_title: what people will call the machine
 * @set_title: (nullable): calls it something else
 * @get_arch: (nullable): its architecture, where it is not the host's
 * @is_network_ours: (nullable): whether nobody but us chose its network, so that it may do without
 * @is_passing: (nullable): whether it is gone when it stops, and its files with it
 * @get_memory_path: (nullable): the memory of another machine that it goes on from, known once @look_async
 *   is done; with a file in the role %XENO_PLAN_ROLE_PIPE
 * @get_uuid: (nullable): the UUID it should have, unless another machine has it; it needs files then
 * @get_name: (nullable): the name libvirt should know it by, unless another machine has it
 * @list_snapshots: (nullable) (transfer full): what libvirt noted of the snapshots its disks hold, once @make_spec was
 *   called, each behind the one it was made after; @current is put to the name of the one it stands on
 * @list_files: (transfer full) (element-type XenoPlanFile): what has to be made for it
 * @look_async: looks whether it can be made, and whether what it is made from is still what it was
 * @look_finish: ends @look_async
 * @make_spec: writes its document; @files have their paths
 *
 * What a plan has to tell.
 */
struct _XenoPlanInterface
{
  GTypeInterface parent_iface;

  const char *(*get_title)       (XenoPlan             *self);
  void        (*set_title)       (XenoPlan             *self,
                                  const char           *title);
  const char *(*get_arch)        (XenoPlan             *self);
  gboolean    (*is_network_ours) (XenoPlan             *self);
  gboolean    (*is_passing)      (XenoPlan             *self);
  const char *(*get_memory_path) (XenoPlan             *self);
  const char *(*get_uuid)        (XenoPlan             *self);
  const char *(*get_name)        (XenoPlan             *self);
  GStrv       (*list_snapshots)  (XenoPlan             *self,
                                  const char          **current);
  GPtrArray  *(*list_files)      (XenoPlan             *self);
  void        (*look_async)      (XenoPlan             *self,
                                  XenoConnection       *connection,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
  gboolean    (*look_finish)     (XenoPlan             *self,
                                  GAsyncResult         *result,
                                  GError              **error);
  XenoSpec   *(*make_spec)       (XenoPlan             *self,
                                  XenoConnection       *connection,
                                  XenoCaps             *caps,
                                  const char           *name,
                                  const char           *uuid,
                                  GPtrArray            *files,
                                  GError              **error);
};

const char *xeno_plan_get_title      (XenoPlan             *self);
void        xeno_plan_set_title      (XenoPlan             *self,
                                      const char           *title);
const char *xeno_plan_get_arch       (XenoPlan             *self);
const char *xeno_plan_get_memory_path (XenoPlan            *self);
char       *xeno_plan_dup_free_title (XenoPlan             *self,
                                      GListModel           *machines);
gboolean    xeno_plan_is_network_ours (XenoPlan            *self);
gboolean    xeno_plan_is_passing     (XenoPlan             *self);
const char *xeno_plan_get_uuid       (XenoPlan             *self);
const char *xeno_plan_get_name       (XenoPlan             *self);
GStrv       xeno_plan_list_snapshots (XenoPlan             *self,
                                      const char          **current);
GPtrArray  *xeno_plan_list_files     (XenoPlan             *self);
XenoPlanFile *xeno_plan_find_file    (GPtrArray            *files,
                                      const char           *role);
const char *xeno_plan_find_path      (GPtrArray            *files,
                                      const char           *role);
void        xeno_plan_look_async     (XenoPlan             *self,
                                      XenoConnection       *connection,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean    xeno_plan_look_finish    (XenoPlan             *self,
                                      GAsyncResult         *result,
                                      GError              **error);
XenoSpec   *xeno_plan_make_spec      (XenoPlan             *self,
                                      XenoConnection       *connection,
                                      XenoCaps             *caps,
                                      const char           *name,
                                      const char           *uuid,
                                      GPtrArray            *files,
                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoPlanFile, xeno_plan_file_free)

G_END_DECLS
