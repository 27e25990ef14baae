/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The discs and images a person has: those that were downloaded, and those among their downloads. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/**
 * XenoMediaEntry:
 * @path: where it is
 * @name: its name, safe to show
 * @size_bytes: how much of the drive it takes
 * @capacity_bytes: how much a guest sees of it, where it is a disk, or 0
 * @problem: (nullable): a translated sentence, where no machine can be made of it
 * @is_part: it is the first part of a download
 * @users: the titles of the machines that use it, safe to show
 *
 * A file of the media library.
 */
typedef struct
{
  char     *path;
  char     *name;
  guint64   size_bytes;
  guint64   capacity_bytes;
  char     *problem;
  gboolean  is_part;
  GStrv     users;
} XenoMediaEntry;

void        xeno_media_entry_free             (XenoMediaEntry       *entry);
const char *xeno_media_library_get_folder     (void);
GStrv       xeno_media_library_list_folders   (void);
GStrv       xeno_media_library_list_discs     (void);
void        xeno_media_library_list_async     (XenoConnection       *connection,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GPtrArray  *xeno_media_library_list_finish    (GAsyncResult         *result,
                                               GError              **error);
void        xeno_media_library_remove_async   (const XenoMediaEntry *entry,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean    xeno_media_library_remove_finish  (GAsyncResult         *result,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoMediaEntry, xeno_media_entry_free)

G_END_DECLS
