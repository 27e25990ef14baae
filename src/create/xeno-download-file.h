/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file a download goes into: what is there of it, whose it is, and that it is not there by halves. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _XenoDownloadFile XenoDownloadFile;

XenoDownloadFile *xeno_download_file_open         (const char        *folder,
                                                   const char        *name,
                                                   const char        *url,
                                                   GError           **error);
void              xeno_download_file_close        (XenoDownloadFile  *self);
int               xeno_download_file_get_fd       (XenoDownloadFile  *self);
guint64           xeno_download_file_get_length   (XenoDownloadFile  *self);
const char       *xeno_download_file_get_version  (XenoDownloadFile  *self);
gboolean          xeno_download_file_begin        (XenoDownloadFile  *self,
                                                   const char        *version,
                                                   GError           **error);
gboolean          xeno_download_file_append       (XenoDownloadFile  *self,
                                                   gconstpointer      bytes,
                                                   gsize              length,
                                                   GError           **error);
gboolean          xeno_download_file_has_room     (XenoDownloadFile  *self,
                                                   guint64            bytes,
                                                   GError           **error);
char             *xeno_download_file_keep         (XenoDownloadFile  *self,
                                                   GError           **error);
void              xeno_download_file_discard      (XenoDownloadFile  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoDownloadFile, xeno_download_file_close)

G_END_DECLS
