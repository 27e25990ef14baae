/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A throw-away machine: from its start until nothing of it is left. */
#pragma once

#include "base/xeno-job.h"
#include "create/xeno-plan.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPOSABLE (xeno_disposable_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisposable, xeno_disposable, XENO, DISPOSABLE, GObject)

XenoDisposable *xeno_disposable_new              (XenoPlan             *base);
XenoDisposable *xeno_disposable_new_for_machine  (XenoMachine          *machine,
                                                  gboolean              is_untrusted,
                                                  gboolean              is_cold);
void            xeno_disposable_set_untrusted    (XenoDisposable       *self,
                                                  gboolean              is_untrusted);
void            xeno_disposable_set_lifetime     (XenoDisposable       *self,
                                                  guint                 seconds);
XenoJob        *xeno_disposable_start            (XenoDisposable       *self,
                                                  XenoConnection       *connection,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
XenoMachine    *xeno_disposable_start_finish     (XenoDisposable       *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
XenoMachine    *xeno_disposable_get_machine      (XenoDisposable       *self);
const char     *xeno_disposable_get_notice       (XenoDisposable       *self);
gboolean        xeno_disposable_is_warm          (XenoDisposable       *self);
gboolean        xeno_disposable_is_over          (XenoDisposable       *self);
gboolean        xeno_disposable_has_outlived     (XenoDisposable       *self);
void            xeno_disposable_end              (XenoDisposable       *self);
void            xeno_disposable_make_passing     (XenoSpec             *spec,
                                                  gboolean              is_untrusted);
const char     *xeno_disposable_name_walls       (gboolean              is_untrusted);

G_END_DECLS
