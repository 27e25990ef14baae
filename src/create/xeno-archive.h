/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own archives: a machine with all that belongs to it, in one file. */
#pragma once

#include "create/xeno-media-type.h"
#include "spec/xeno-snapshot.h"
#include "spec/xeno-spec.h"

G_BEGIN_DECLS

#define XENO_ARCHIVE_SUFFIX   ".xeno"
#define XENO_ARCHIVE_VERSION  1
#define XENO_ARCHIVE_MANIFEST "xenolith-machine"

/* What a file in one is. */
#define XENO_ARCHIVE_DEFINITION "definition"
#define XENO_ARCHIVE_DISK       "disk"
#define XENO_ARCHIVE_SNAPSHOT   "snapshot"
#define XENO_ARCHIVE_NVRAM      "nvram"
#define XENO_ARCHIVE_TPM        "tpm"

/* What may be missing from one beside discs, which are called by their drives. */
#define XENO_ARCHIVE_NO_SNAPSHOTS "snapshots"

/**
 * XenoArchiveFile:
 * @name: what it is called in the archive
 * @kind: what it is: %XENO_ARCHIVE_DISK for example
 * @target: (nullable): which disk of the definition
 * @format: (nullable): the format of a disk
 * @capacity_bytes: how much a guest sees of a disk
 * @n_bytes: how long it is
 * @data_bytes: how much of that is not holes
 * @checksum: (nullable): what it sums up to, as xeno_archive_sum() does it
 */
typedef struct
{
  char    *name;
  char    *kind;
  char    *target;
  char    *format;
  guint64  capacity_bytes;
  guint64  n_bytes;
  guint64  data_bytes;
  char    *checksum;
} XenoArchiveFile;

/**
 * XenoArchive:
 * @title: what people call the machine
 * @current_snapshot: (nullable): the name of the snapshot it stands on
 * @missing: what the machine had and the archive has not
 * @files: (element-type XenoArchiveFile): what is in it, in that order
 * @spec: (nullable): the machine, without what a stranger may not say
 * @snapshots: (element-type XenoSnapshot): its snapshots, likewise
 * @left_out: (nullable): what of it a stranger may not say, for people to read
 *
 * An archive. What was read from one is untrusted but for what is said here.
 */
typedef struct
{
  char      *title;
  char      *current_snapshot;
  GStrv      missing;
  GPtrArray *files;
  XenoSpec  *spec;
  GPtrArray *snapshots;
  GStrv      left_out;
} XenoArchive;

typedef void (*XenoArchiveFunc) (double   fraction,
                                 gpointer user_data);

XenoArchive     *xeno_archive_new           (void);
void             xeno_archive_free          (XenoArchive            *archive);
XenoArchiveFile *xeno_archive_add           (XenoArchive            *archive,
                                             const char             *name,
                                             const char             *kind);
XenoArchiveFile *xeno_archive_find          (const XenoArchive      *archive,
                                             const char             *kind,
                                             const char             *target);
guint64          xeno_archive_get_data      (const XenoArchive      *archive);
guint64          xeno_archive_get_capacity  (const XenoArchive      *archive);
char            *xeno_archive_make_manifest (const XenoArchive      *archive);
XenoArchive     *xeno_archive_parse         (const char             *manifest,
                                             const char             *name,
                                             GError                **error);
char            *xeno_archive_sum           (int                     fd,
                                             guint64                *data_bytes,
                                             GCancellable           *cancellable,
                                             XenoArchiveFunc         progress,
                                             gpointer                user_data,
                                             GError                **error);
gboolean         xeno_archive_find_data     (int                     fd,
                                             guint64                 size_bytes,
                                             guint64                *offset,
                                             guint64                *length);

GStrv            xeno_archive_list_missing  (GStrv                   words);
gboolean         xeno_archive_recognise     (XenoMediaFile          *file);
XenoArchive     *xeno_archive_read          (XenoMediaFile          *file,
                                             GError                **error);
GBytes          *xeno_archive_read_file     (XenoMediaFile          *file,
                                             const XenoArchiveFile  *member,
                                             gsize                   max_bytes,
                                             GError                **error);
gboolean         xeno_archive_unpack        (XenoMediaFile          *file,
                                             const XenoArchiveFile  *member,
                                             const char             *path,
                                             guint64                 max_bytes,
                                             GCancellable           *cancellable,
                                             XenoArchiveFunc         progress,
                                             gpointer                user_data,
                                             GError                **error);

gboolean         xeno_archive_write         (XenoArchive            *archive,
                                             const int              *contents,
                                             const char             *path,
                                             GCancellable           *cancellable,
                                             XenoArchiveFunc         progress,
                                             gpointer                user_data,
                                             GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoArchive, xeno_archive_free)

G_END_DECLS
