/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The upper end of a graph's scale, and its values as text. */
#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-units.h"
#include "widgets/xeno-scale.h"

/* Below these a graph would make mountains of noise. */
#define LEAST_PERCENT 10.0
#define LEAST_BYTES (10.0 * 1024.0)

/* The least of 1, 2, 5, 10, … that is not below @value. */
static double
fit_decimal (double value)
{
  static const double steps[] = { 1.0, 2.0, 5.0 };
  double magnitude = pow (10.0, floor (log10 (value)));

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (value <= steps[i] * magnitude)
      return steps[i] * magnitude;
  return 10.0 * magnitude;
}

/* The same within a binary unit, where 1000 is followed by 1024, which is 1 of the next. */
static double
fit_binary (double value)
{
  double unit = 1.0;
  double fit;

  while (value / unit > 500.0)
    {
      unit *= 1024.0;
      if (value / unit <= 1.0)
        return unit;
    }

  fit = fit_decimal (value / unit);
  return fit * unit;
}

/**
 * xeno_scale_fit:
 * @unit: what is measured
 * @max: the greatest value to show
 *
 * Chooses where a scale ends: a number people like (1, 2, 5, 10, …, for bytes within a binary unit)
 * that is not below @max, and not so small that noise looks like work.
 *
 * Returns: the upper end of the scale, always more than 0
 */
double
xeno_scale_fit (XenoUnit unit,
                double   max)
{
  if (!isfinite (max))
    max = 0.0;

  if (unit == XENO_UNIT_PERCENT)
    return fit_decimal (MAX (max, LEAST_PERCENT));
  return fit_binary (MAX (max, LEAST_BYTES));
}

/**
 * xeno_scale_format:
 * @unit: what is measured
 * @value: how much; NaN where nothing is known
 *
 * Writes a value with its unit, as "12 %" or "3.2 MiB/s".
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_scale_format (XenoUnit unit,
                   double   value)
{
  if (!isfinite (value))
    /* Translators: stands where a value would, when nothing was measured */
    return g_strdup (_("no data"));

  value = MAX (value, 0.0);
  switch (unit)
    {
    case XENO_UNIT_PERCENT:
      return xeno_units_format_percent (value);
    case XENO_UNIT_BYTES:
      return xeno_units_format_size ((guint64) value);
    case XENO_UNIT_BYTES_PER_SECOND:
      return xeno_units_format_rate (value);
    default:
      g_return_val_if_reached (NULL);
    }
}
