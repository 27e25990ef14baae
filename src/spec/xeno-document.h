/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single values of documents that are not machines: volumes, networks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *xeno_document_dup_value (const char *xml,
                               const char *root_name,
                               const char *path);

G_END_DECLS
