/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checksums of files, as vendors publish them in lists beside what can be downloaded. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The longest list that is read. */
#define XENO_CHECKSUM_MAX_LIST_BYTES (1024 * 1024)

/**
 * XenoChecksumProgressFunc:
 * @done_bytes: how much has been read
 * @user_data: what was given
 *
 * Called now and then while a file is read.
 */
typedef void (*XenoChecksumProgressFunc) (guint64  done_bytes,
                                          gpointer user_data);

GStrv     xeno_checksum_list_urls (const char                *url);
char     *xeno_checksum_find      (const char                *list,
                                   gsize                      length,
                                   const char                *file_name,
                                   GChecksumType             *type);
char     *xeno_checksum_read      (int                        fd,
                                   GChecksumType              type,
                                   XenoChecksumProgressFunc   progress,
                                   gpointer                   user_data,
                                   GCancellable              *cancellable,
                                   GError                   **error);

G_END_DECLS
