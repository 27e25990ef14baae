/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a download asks of its server, how it takes the answers, and what they mean in a sentence. */
#pragma once

#include "create/xeno-download-file.h"
#include "create/xeno-download-progress.h"

G_BEGIN_DECLS

typedef struct _XenoDownloadHttp XenoDownloadHttp;

XenoDownloadHttp *xeno_download_http_new        (const char            *url,
                                                 guint                  stall_seconds,
                                                 XenoDownloadProgress  *progress);
void              xeno_download_http_free       (XenoDownloadHttp      *self);
gboolean          xeno_download_http_fetch      (XenoDownloadHttp      *self,
                                                 XenoDownloadFile      *file,
                                                 GCancellable          *cancellable,
                                                 GError               **error);
GBytes           *xeno_download_http_fetch_list (XenoDownloadHttp      *self,
                                                 const char            *url,
                                                 GCancellable          *cancellable);
char             *xeno_download_http_dup_host   (const char            *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoDownloadHttp, xeno_download_http_free)

G_END_DECLS
