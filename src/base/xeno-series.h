/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ring of timed samples of one quantity, with gaps where nothing was sampled. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XENO_TYPE_SERIES (xeno_series_get_type ())

G_DECLARE_FINAL_TYPE (XenoSeries, xeno_series, XENO, SERIES, GObject)

XenoSeries *xeno_series_new        (guint       capacity);
void        xeno_series_push       (XenoSeries *self,
                                    gint64      time_us,
                                    double      value);
void        xeno_series_push_gap   (XenoSeries *self,
                                    gint64      time_us);
void        xeno_series_clear      (XenoSeries *self);
guint       xeno_series_get_length (XenoSeries *self);
double      xeno_series_get        (XenoSeries *self,
                                    guint       index,
                                    gint64     *time_us);
double      xeno_series_get_last   (XenoSeries *self);
double      xeno_series_get_max    (XenoSeries *self,
                                    gint64      since_us);

G_END_DECLS
