/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one folder that is shared: every path is looked up beneath its descriptor, by the kernel. */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* Of a listing; whoever wants more has no folder but a database. */
#define XENO_SHARE_MAX_ENTRIES 20000

/**
 * XenoShareEntry:
 * @name: in its folder, as the bytes the file system has
 * @info: what it is, behind a link too
 *
 * One of a folder's files.
 */
typedef struct
{
  char        *name;
  struct stat  info;
} XenoShareEntry;

/**
 * XenoShareUpload:
 *
 * A file that is being written. It takes its name when it is whole.
 */
typedef struct _XenoShareUpload XenoShareUpload;

gboolean         xeno_share_is_path        (const char       *path);
int              xeno_share_open           (int               folder,
                                            const char       *path,
                                            int              *fd,
                                            struct stat      *info);
int              xeno_share_look           (int               folder,
                                            const char       *path,
                                            struct stat      *info);
int              xeno_share_list           (int               folder,
                                            const char       *path,
                                            gboolean          is_writable,
                                            GArray          **entries);
int              xeno_share_make_folder    (int               folder,
                                            const char       *path);
int              xeno_share_remove         (int               folder,
                                            const char       *path);
int              xeno_share_move           (int               folder,
                                            const char       *from,
                                            const char       *to,
                                            gboolean          overwrites);
gboolean         xeno_share_find_room      (int               fd,
                                            guint64          *room);
int              xeno_share_upload_begin   (int               folder,
                                            const char       *path,
                                            XenoShareUpload **upload);
void             xeno_share_upload_write   (XenoShareUpload  *upload,
                                            const void       *data,
                                            gsize             size);
gboolean         xeno_share_upload_copy    (XenoShareUpload  *upload,
                                            int               fd);
int              xeno_share_upload_finish  (XenoShareUpload  *upload,
                                            gboolean          overwrites);
void             xeno_share_upload_free    (XenoShareUpload  *upload);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoShareUpload, xeno_share_upload_free)

G_END_DECLS
