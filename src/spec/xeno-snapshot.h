/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot on paper: what libvirt noted of a machine when its disks were marked. */
#pragma once

#include "spec/xeno-spec.h"

G_BEGIN_DECLS

#define XENO_TYPE_SNAPSHOT (xeno_snapshot_get_type ())

G_DECLARE_FINAL_TYPE (XenoSnapshot, xeno_snapshot, XENO, SNAPSHOT, GObject)

XenoSnapshot *xeno_snapshot_new_from_xml (const char    *xml,
                                          GError       **error);
XenoSnapshot *xeno_snapshot_copy         (XenoSnapshot  *self);
char         *xeno_snapshot_to_xml       (XenoSnapshot  *self);
const char   *xeno_snapshot_get_name     (XenoSnapshot  *self);
const char   *xeno_snapshot_get_parent   (XenoSnapshot  *self);
gboolean      xeno_snapshot_is_internal  (XenoSnapshot  *self);
GPtrArray    *xeno_snapshot_list_specs   (XenoSnapshot  *self);
void          xeno_snapshot_distrust     (XenoSnapshot  *self);

G_END_DECLS
