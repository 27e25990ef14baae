/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keyboard layouts there are, by name and for people. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_LAYOUT_NAME (xeno_layout_name_get_type ())

G_DECLARE_FINAL_TYPE (XenoLayoutName, xeno_layout_name, XENO, LAYOUT_NAME, GObject)

XenoLayoutName *xeno_layout_name_new       (const char     *name,
                                            const char     *label);
const char     *xeno_layout_name_get_name  (XenoLayoutName *self);
const char     *xeno_layout_name_get_label (XenoLayoutName *self);

GListModel     *xeno_layout_list_new       (void);
char           *xeno_layout_dup_label      (const char     *name);

G_END_DECLS
