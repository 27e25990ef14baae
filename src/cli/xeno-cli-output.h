/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes to standard output: whole, or the command has failed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XenoCliTable XenoCliTable;

gboolean      xeno_cli_is_terminal  (void);
gboolean      xeno_cli_print        (const char     *text,
                                     GError        **error);

XenoCliTable *xeno_cli_table_new    (const char * const *titles);
void          xeno_cli_table_add    (XenoCliTable   *table,
                                     ...) G_GNUC_NULL_TERMINATED;
char         *xeno_cli_table_format (XenoCliTable   *table,
                                     guint           max_width);
gboolean      xeno_cli_table_print  (XenoCliTable   *table,
                                     GError        **error);
void          xeno_cli_table_free   (XenoCliTable   *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoCliTable, xeno_cli_table_free)

G_END_DECLS
