/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What WebDAV answers in XML: the properties of files, and locks. */
#pragma once

#include "share/xeno-share-folder.h"

G_BEGIN_DECLS

/**
 * XenoShareAnswer:
 *
 * An answer that tells of one file after the other.
 */
typedef struct _XenoShareAnswer XenoShareAnswer;

XenoShareAnswer *xeno_share_answer_new     (const char         *request,
                                            gsize               size);
gboolean         xeno_share_answer_tell    (XenoShareAnswer    *self,
                                            int                 folder,
                                            const char         *path,
                                            const struct stat  *info);
void             xeno_share_answer_refuse  (XenoShareAnswer    *self,
                                            const char         *path);
char            *xeno_share_answer_end     (XenoShareAnswer    *self);
char            *xeno_share_answer_lock    (const char         *request,
                                            gsize               size,
                                            const char         *path,
                                            const char         *token);
char            *xeno_share_dup_tag        (const struct stat  *info);
char            *xeno_share_dup_date       (const struct stat  *info);

G_END_DECLS
