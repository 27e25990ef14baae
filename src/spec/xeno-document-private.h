/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads documents from libvirt and from files without trusting them. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

xmlDoc *xeno_document_parse (const char  *xml,
                             const char  *root_name,
                             const char  *sentence,
                             GError     **error);

G_END_DECLS
