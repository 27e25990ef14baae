/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console backend without a guest: a test paints its frames and reads its input. */
#pragma once

#include "console/xeno-console-backend.h"

G_BEGIN_DECLS

#define XENO_TYPE_BACKEND_FAKE (xeno_backend_fake_get_type ())

G_DECLARE_FINAL_TYPE (XenoBackendFake, xeno_backend_fake, XENO, BACKEND_FAKE, XenoConsoleBackend)

XenoConsoleBackend *xeno_backend_fake_new             (void);
void                xeno_backend_fake_set_shared      (XenoBackendFake *self,
                                                       gboolean         shared);
void                xeno_backend_fake_resize          (XenoBackendFake *self,
                                                       guint            width,
                                                       guint            height);
void                xeno_backend_fake_fill            (XenoBackendFake *self,
                                                       int              x,
                                                       int              y,
                                                       int              width,
                                                       int              height,
                                                       guint32          pixel);
guchar             *xeno_backend_fake_get_pixels      (XenoBackendFake *self);
char               *xeno_backend_fake_take_input      (XenoBackendFake *self);
guint               xeno_backend_fake_get_frames_done (XenoBackendFake *self);
guint               xeno_backend_fake_get_locks       (XenoBackendFake *self);
guint               xeno_backend_fake_get_keyval      (XenoBackendFake *self);

G_END_DECLS
