/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is different in two documents of one machine, and can be done to a third one. */
#pragma once

#include <glib-object.h>

#include "spec/xeno-spec.h"

G_BEGIN_DECLS

/**
 * XenoChangeType:
 * @XENO_CHANGE_SET: a field has another value
 * @XENO_CHANGE_ADD: a device is there that was not
 * @XENO_CHANGE_REMOVE: a device is not there any more
 *
 * What a change does.
 */
typedef enum
{
  XENO_CHANGE_SET,
  XENO_CHANGE_ADD,
  XENO_CHANGE_REMOVE,
} XenoChangeType;

#define XENO_TYPE_CHANGE (xeno_change_get_type ())

G_DECLARE_FINAL_TYPE (XenoChange, xeno_change, XENO, CHANGE, GObject)

GPtrArray            *xeno_change_list         (XenoSpec    *from,
                                                XenoSpec    *to);
GPtrArray            *xeno_change_list_pending (XenoSpec    *running,
                                                XenoSpec    *next);
gboolean              xeno_change_apply        (XenoChange  *self,
                                                XenoSpec    *spec,
                                                GError     **error);

XenoChangeType        xeno_change_get_change   (XenoChange  *self);
const XenoDeviceKind *xeno_change_get_kind     (XenoChange  *self);
const XenoField      *xeno_change_get_field    (XenoChange  *self);
const char           *xeno_change_get_before   (XenoChange  *self);
const char           *xeno_change_get_after    (XenoChange  *self);
XenoDevice           *xeno_change_find_device  (XenoChange  *self,
                                                XenoSpec    *spec);
char                 *xeno_change_dup_title    (XenoChange  *self);
char                 *xeno_change_dup_text     (XenoChange  *self);

G_END_DECLS
