/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples a connection's machines once a second, while somebody looks and not otherwise. */
#pragma once

#include "base/xeno-series.h"
#include "stats/xeno-metric.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_SAMPLER (xeno_sampler_get_type ())

G_DECLARE_FINAL_TYPE (XenoSampler, xeno_sampler, XENO, SAMPLER, GObject)

XenoSampler           *xeno_sampler_new             (XenoConnection   *connection);
void                   xeno_sampler_watch           (XenoSampler      *self);
void                   xeno_sampler_unwatch         (XenoSampler      *self);
XenoSeries            *xeno_sampler_get_series      (XenoSampler      *self,
                                                     const char       *machine_uuid,
                                                     const XenoMetric *metric,
                                                     guint             line);
double                 xeno_sampler_get_limit       (XenoSampler      *self,
                                                     const char       *machine_uuid,
                                                     const XenoMetric *metric);
const XenoStatsRecord *xeno_sampler_get_record      (XenoSampler      *self,
                                                     const char       *machine_uuid);
XenoSeries            *xeno_sampler_get_host_series (XenoSampler      *self,
                                                     const char       *id);

G_END_DECLS
