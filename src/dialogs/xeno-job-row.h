/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One job: what it does, how far it is, and how to stop it. */
#pragma once

#include <adwaita.h>

#include "base/xeno-job.h"

G_BEGIN_DECLS

#define XENO_TYPE_JOB_ROW (xeno_job_row_get_type ())

/* Property: "job". */
G_DECLARE_FINAL_TYPE (XenoJobRow, xeno_job_row, XENO, JOB_ROW, AdwBin)

GtkWidget *xeno_job_row_new           (XenoJob *job);
char      *xeno_job_row_dup_remaining (gint64   elapsed_us,
                                       double   fraction);

G_END_DECLS
