/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Something long that a person can watch and cancel. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoJobState:
 * @XENO_JOB_RUNNING: it is at work
 * @XENO_JOB_DONE: it did what it was made for
 * @XENO_JOB_FAILED: it did not, and left nothing behind; the error says why
 * @XENO_JOB_CANCELLED: the person stopped it, and it left nothing behind
 *
 * Where a job stands.
 */
typedef enum
{
  XENO_JOB_RUNNING,
  XENO_JOB_DONE,
  XENO_JOB_FAILED,
  XENO_JOB_CANCELLED,
} XenoJobState;

#define XENO_TYPE_JOB_STATE (xeno_job_state_get_type ())
GType xeno_job_state_get_type (void);

#define XENO_TYPE_JOB (xeno_job_get_type ())

G_DECLARE_FINAL_TYPE (XenoJob, xeno_job, XENO, JOB, GObject)

XenoJob      *xeno_job_new             (const char   *title);
const char   *xeno_job_get_title       (XenoJob      *self);
const char   *xeno_job_get_subject     (XenoJob      *self);
void          xeno_job_set_subject     (XenoJob      *self,
                                        const char   *subject);
gboolean      xeno_job_is_usable       (XenoJob      *self);
void          xeno_job_make_usable     (XenoJob      *self);
const char   *xeno_job_get_step        (XenoJob      *self);
double        xeno_job_get_fraction    (XenoJob      *self);
gint64        xeno_job_get_started_us  (XenoJob      *self);
XenoJobState  xeno_job_get_state       (XenoJob      *self);
const GError *xeno_job_get_error       (XenoJob      *self);
GCancellable *xeno_job_get_cancellable (XenoJob      *self);
void          xeno_job_cancel          (XenoJob      *self);
void          xeno_job_report          (XenoJob      *self,
                                        const char   *step,
                                        double        fraction);
void          xeno_job_follow          (XenoJob      *self,
                                        XenoJob      *part);
void          xeno_job_finish          (XenoJob      *self,
                                        const GError *error);

G_END_DECLS
