/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One machine on paper made another one: nothing both would hold, and nothing shared where nothing may be. */
#pragma once

#include "spec/xeno-spec.h"

G_BEGIN_DECLS

GStrv    xeno_spec_make_another (XenoSpec    *self);
gboolean xeno_spec_put_file     (XenoSpec    *self,
                                 const char  *target,
                                 const char  *path);
gboolean xeno_spec_put_overlay  (XenoSpec    *self,
                                 const char  *target,
                                 const char  *path);
gboolean xeno_spec_restore_file (XenoSpec   *self,
                                 const char *target,
                                 const char *path,
                                 const char *format);
void     xeno_spec_wall_off     (XenoSpec    *self);

G_END_DECLS
