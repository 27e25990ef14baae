/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a copy of a machine that throw-away copies go on from, instead of starting. */
#pragma once

#include "base/xeno-job.h"
#include "virt/xeno-machine.h"

G_BEGIN_DECLS

#define XENO_TYPE_WARM_UP (xeno_warm_up_get_type ())

G_DECLARE_FINAL_TYPE (XenoWarmUp, xeno_warm_up, XENO, WARM_UP, GObject)

XenoWarmUp  *xeno_warm_up_new           (XenoMachine          *machine);
void         xeno_warm_up_set_untrusted (XenoWarmUp           *self,
                                         gboolean              is_untrusted);
void         xeno_warm_up_set_delay     (XenoWarmUp           *self,
                                         guint                 seconds);
XenoJob     *xeno_warm_up_start         (XenoWarmUp           *self,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean     xeno_warm_up_start_finish  (XenoWarmUp           *self,
                                         GAsyncResult         *result,
                                         GError              **error);
XenoMachine *xeno_warm_up_get_copy      (XenoWarmUp           *self);
gboolean     xeno_warm_up_needs_word    (XenoWarmUp           *self);
void         xeno_warm_up_say_ready     (XenoWarmUp           *self);

G_END_DECLS
