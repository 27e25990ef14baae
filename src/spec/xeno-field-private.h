/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values in a parsed document by path: how field tables and the document itself read and write. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

xmlNode *xeno_node_find        (xmlNode    *root,
                                const char *path);
xmlNode *xeno_node_ensure      (xmlNode    *root,
                                const char *path);
char    *xeno_node_dup_value   (xmlNode    *root,
                                const char *path);
void     xeno_node_set_value   (xmlNode    *root,
                                const char *path,
                                const char *value);
void     xeno_node_remove      (xmlNode    *root,
                                const char *path);
guint64  xeno_node_get_bytes   (xmlNode    *root,
                                const char *path);
void     xeno_node_set_bytes   (xmlNode    *root,
                                const char *path,
                                guint64     bytes);
void     xeno_node_remove_bytes (xmlNode   *root,
                                const char *path);
char    *xeno_node_dup_written (xmlNode    *root,
                                const char *path);
void     xeno_node_set_written (xmlNode    *root,
                                const char *path,
                                xmlNode    *from);
char    *xeno_node_to_xml      (xmlNode    *node);
gboolean xeno_node_is          (xmlNode    *node,
                                const char *name);
xmlNode *xeno_node_next        (xmlNode    *sibling,
                                const char *name);
void     xeno_node_insert      (xmlNode    *parent,
                                xmlNode    *child);

G_END_DECLS
