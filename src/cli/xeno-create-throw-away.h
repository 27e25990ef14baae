/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Throw-away machines for the commands that run them. */
#pragma once

#include "cli/xeno-cli.h"
#include "create/xeno-disposable.h"

G_BEGIN_DECLS

XenoDisposable *xeno_create_plan_throw_away  (XenoCli         *cli,
                                              const char      *base,
                                              gboolean         is_untrusted,
                                              gboolean         is_cold,
                                              GError         **error);
XenoMachine    *xeno_create_start_throw_away (XenoCli         *cli,
                                              XenoDisposable  *disposable,
                                              GError         **error);
gboolean        xeno_create_end_throw_away   (XenoDisposable  *disposable,
                                              GCancellable    *until,
                                              GError         **error);

G_END_DECLS
