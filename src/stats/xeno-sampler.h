/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples a connection's machines and its computer, while somebody looks and not otherwise. */
#pragma once

#include "base/xeno-series.h"
#include "stats/xeno-metric.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_SAMPLER (xeno_sampler_get_type ())

/**
 * XenoSamplerView:
 * @XENO_SAMPLER_LIST: the small graphs of a list, for which every few seconds will do
 * @XENO_SAMPLER_MACHINE: a machine's graphs
 * @XENO_SAMPLER_HOST: the graphs of the computer
 * @XENO_SAMPLER_N_VIEWS: how many there are
 *
 * What somebody looks at.
 */
typedef enum
{
  XENO_SAMPLER_LIST,
  XENO_SAMPLER_MACHINE,
  XENO_SAMPLER_HOST,
  XENO_SAMPLER_N_VIEWS
} XenoSamplerView;

G_DECLARE_FINAL_TYPE (XenoSampler, xeno_sampler, XENO, SAMPLER, GObject)

XenoSampler           *xeno_sampler_new             (XenoConnection   *connection);
void                   xeno_sampler_watch           (XenoSampler      *self,
                                                     XenoSamplerView   view);
void                   xeno_sampler_unwatch         (XenoSampler      *self,
                                                     XenoSamplerView   view);
gboolean               xeno_sampler_is_watched      (XenoSampler      *self);
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
