/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operating systems that can be downloaded: those most people want, and all others by search. */
#pragma once

#include <adwaita.h>

#include "create/xeno-os-db.h"

G_BEGIN_DECLS

#define XENO_TYPE_DOWNLOAD_PAGE (xeno_download_page_get_type ())

/* Signal: "download" (XenoOsDownload). */
G_DECLARE_FINAL_TYPE (XenoDownloadPage, xeno_download_page, XENO, DOWNLOAD_PAGE, AdwBin)

void xeno_download_page_load  (XenoDownloadPage *self,
                               XenoOsDb         *os_db);
void xeno_download_page_focus (XenoDownloadPage *self);

G_END_DECLS
