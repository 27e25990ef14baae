/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list model that its reader cannot change. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_READ_ONLY_LIST (xeno_read_only_list_get_type ())

G_DECLARE_FINAL_TYPE (XenoReadOnlyList, xeno_read_only_list, XENO, READ_ONLY_LIST, GObject)

GListModel *xeno_read_only_list_new (GListModel *model);

G_END_DECLS
