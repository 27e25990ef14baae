/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ring of timed samples of one quantity, with gaps where nothing was sampled. */
#include "config.h"

#include <math.h>

#include "base/xeno-series.h"

typedef struct
{
  gint64 time_us;
  double value;
} Sample;

struct _XenoSeries
{
  GObject  parent_instance;
  Sample  *samples;
  guint    capacity;
  guint    first;
  guint    length;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoSeries, xeno_series, G_TYPE_OBJECT)

static void
append (XenoSeries *self,
        gint64      time_us,
        double      value)
{
  guint last = (self->first + self->length) % self->capacity;

  self->samples[last] = (Sample) { time_us, value };
  if (self->length < self->capacity)
    self->length++;
  else
    self->first = (self->first + 1) % self->capacity;

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
xeno_series_finalize (GObject *object)
{
  g_free (XENO_SERIES (object)->samples);

  G_OBJECT_CLASS (xeno_series_parent_class)->finalize (object);
}

static void
xeno_series_class_init (XenoSeriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_series_finalize;

  /**
   * XenoSeries::changed:
   * @self: the series
   *
   * A sample came in, or the series was cleared.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", XENO_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
xeno_series_init (XenoSeries *self)
{
}

/**
 * xeno_series_new:
 * @capacity: how many samples to keep; the oldest is forgotten for the newest
 *
 * Makes an empty series.
 *
 * Returns: (transfer full): the series
 */
XenoSeries *
xeno_series_new (guint capacity)
{
  XenoSeries *self;

  g_return_val_if_fail (capacity > 0, NULL);

  self = g_object_new (XENO_TYPE_SERIES, NULL);
  self->capacity = capacity;
  self->samples = g_new0 (Sample, capacity);
  return self;
}

/**
 * xeno_series_push:
 * @self: a series
 * @time_us: when, in microseconds of the monotonic clock; not before the newest sample
 * @value: how much; anything but a finite number is a gap
 *
 * Adds a sample. One that is older than the newest is ignored.
 */
void
xeno_series_push (XenoSeries *self,
                  gint64      time_us,
                  double      value)
{
  g_return_if_fail (XENO_IS_SERIES (self));

  if (self->length > 0
      && self->samples[(self->first + self->length - 1) % self->capacity].time_us > time_us)
    return;

  append (self, time_us, isfinite (value) ? value : NAN);
}

/**
 * xeno_series_push_gap:
 * @self: a series
 * @time_us: when, in microseconds of the monotonic clock
 *
 * Says that nothing is known from here to the next sample. Gaps do not pile up.
 */
void
xeno_series_push_gap (XenoSeries *self,
                      gint64      time_us)
{
  g_return_if_fail (XENO_IS_SERIES (self));

  if (self->length > 0 && !isnan (xeno_series_get_last (self)))
    xeno_series_push (self, time_us, NAN);
}

/**
 * xeno_series_clear:
 * @self: a series
 *
 * Forgets every sample.
 */
void
xeno_series_clear (XenoSeries *self)
{
  g_return_if_fail (XENO_IS_SERIES (self));

  self->first = 0;
  self->length = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * xeno_series_get_length:
 * @self: a series
 *
 * Gets how many samples there are, gaps among them.
 *
 * Returns: the number of samples
 */
guint
xeno_series_get_length (XenoSeries *self)
{
  g_return_val_if_fail (XENO_IS_SERIES (self), 0);

  return self->length;
}

/**
 * xeno_series_get:
 * @self: a series
 * @index: which sample, 0 for the oldest
 * @time_us: (out) (optional): when it was, in microseconds of the monotonic clock
 *
 * Gets one sample.
 *
 * Returns: the value, or NaN where a gap begins
 */
double
xeno_series_get (XenoSeries *self,
                 guint       index,
                 gint64     *time_us)
{
  const Sample *sample;

  g_return_val_if_fail (XENO_IS_SERIES (self), NAN);
  g_return_val_if_fail (index < self->length, NAN);

  sample = &self->samples[(self->first + index) % self->capacity];
  if (time_us != NULL)
    *time_us = sample->time_us;
  return sample->value;
}

/**
 * xeno_series_get_last:
 * @self: a series
 *
 * Gets the newest value.
 *
 * Returns: the value, or NaN where there is none now
 */
double
xeno_series_get_last (XenoSeries *self)
{
  g_return_val_if_fail (XENO_IS_SERIES (self), NAN);

  return self->length > 0 ? xeno_series_get (self, self->length - 1, NULL) : NAN;
}

/**
 * xeno_series_get_max:
 * @self: a series
 * @since_us: the oldest time that counts, in microseconds of the monotonic clock
 *
 * Gets the greatest value there was since a time.
 *
 * Returns: the value, or 0 where there is none
 */
double
xeno_series_get_max (XenoSeries *self,
                     gint64      since_us)
{
  double max = 0.0;

  g_return_val_if_fail (XENO_IS_SERIES (self), 0.0);

  for (guint i = self->length; i > 0; i--)
    {
      gint64 time_us;
      double value = xeno_series_get (self, i - 1, &time_us);

      if (time_us < since_us)
        break;
      if (value > max)
        max = value;
    }
  return max;
}
