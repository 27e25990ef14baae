/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples a connection's machines once a second, while somebody looks and not otherwise. */
#pragma once

#include "base/xeno-series.h"
#include "stats/xeno-metric.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_SAMPLER (xeno_sampler_get_type ())
/* Signal "sampled" () after each tick. */
G_DECLARE_FINAL_TYPE (XenoSampler, xeno_sampler, XENO, SAMPLER, GObject)

XenoSampler *xeno_sampler_new        (XenoConnection *connection);
/* Watchers are counted: the first starts the ticking, the last stops it. */
void         xeno_sampler_watch      (XenoSampler *self);
void         xeno_sampler_unwatch    (XenoSampler *self);
/* The series of one line of one metric of one machine; made on demand, borrowed, lives with the machine. */
XenoSeries  *xeno_sampler_get_series (XenoSampler *self, const char *machine_uuid, const XenoMetric *metric, guint line);
double       xeno_sampler_get_limit  (XenoSampler *self, const char *machine_uuid, const XenoMetric *metric);
/* The newest record of a machine, or NULL. Borrowed until the next tick. */
const XenoStatsRecord *xeno_sampler_get_record (XenoSampler *self, const char *machine_uuid);
/* The host's own: "cpu" in percent and "memory" in bytes used. */
XenoSeries  *xeno_sampler_get_host_series (XenoSampler *self, const char *id);

G_END_DECLS
