/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A job on the terminal: how far it is, and Ctrl+C stops it. */
#pragma once

#include "base/xeno-job.h"
#include "cli/xeno-cli.h"

G_BEGIN_DECLS

GAsyncResult *xeno_create_await_job    (XenoCli       *cli,
                                        XenoJob       *job,
                                        GAsyncResult **slot);
GAsyncResult *xeno_create_await_machine (XenoCli       *cli,
                                         XenoJob       *job,
                                         GAsyncResult **slot);
void          xeno_create_recover      (XenoCli       *cli);
void          xeno_create_explain_stop (GError       **error);

G_END_DECLS
