/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Types a text on a guest's keyboard, one key after the other. */
#pragma once

#include "console/xeno-console-backend.h"
#include "console/xeno-layout.h"
#include "spec/xeno-spec.h"

G_BEGIN_DECLS

/* Minutes of typing; whoever has more to say has a better way. */
#define XENO_TYPIST_MAX_CHARS 10000

#define XENO_TYPE_TYPIST (xeno_typist_get_type ())

G_DECLARE_FINAL_TYPE (XenoTypist, xeno_typist, XENO, TYPIST, GObject)

/* Signals:
 *  "finished" (gboolean is_whole)  all is typed, or it was cancelled, or the display went away */
XenoTypist *xeno_typist_new          (XenoConsoleBackend *backend,
                                      XenoLayout         *layout,
                                      const char         *text,
                                      gboolean            is_fast);
double      xeno_typist_get_progress (XenoTypist         *self);
void        xeno_typist_cancel       (XenoTypist         *self);

/* xeno-typist-pace.c */
gboolean    xeno_typist_can_be_fast  (XenoSpec           *spec);

G_END_DECLS
