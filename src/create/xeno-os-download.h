/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disc or disk of an operating system, and where its vendor gives it out. */
#pragma once

#include "create/xeno-os.h"

G_BEGIN_DECLS

/**
 * XenoOsDownloadKind:
 * @XENO_OS_DOWNLOAD_INSTALLER: a disc that installs it
 * @XENO_OS_DOWNLOAD_LIVE: a disc it runs from
 * @XENO_OS_DOWNLOAD_IMAGE: a disk on which it is installed
 *
 * What is downloaded.
 */
typedef enum
{
  XENO_OS_DOWNLOAD_INSTALLER,
  XENO_OS_DOWNLOAD_LIVE,
  XENO_OS_DOWNLOAD_IMAGE,
} XenoOsDownloadKind;

#define XENO_TYPE_OS_DOWNLOAD (xeno_os_download_get_type ())

G_DECLARE_FINAL_TYPE (XenoOsDownload, xeno_os_download, XENO, OS_DOWNLOAD, GObject)

XenoOs             *xeno_os_download_get_os         (XenoOsDownload     *self);
const char         *xeno_os_download_get_title      (XenoOsDownload     *self);
const char         *xeno_os_download_get_url        (XenoOsDownload     *self);
const char         *xeno_os_download_get_arch       (XenoOsDownload     *self);
XenoOsDownloadKind  xeno_os_download_get_kind       (XenoOsDownload     *self);
const char         *xeno_os_download_get_kind_id    (XenoOsDownload     *self);
char               *xeno_os_download_dup_details    (XenoOsDownload     *self);
gboolean            xeno_os_download_is_recommended (XenoOsDownload     *self);
gboolean            xeno_os_download_matches        (XenoOsDownload     *self,
                                                     const char * const *words);

G_END_DECLS
