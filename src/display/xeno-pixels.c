/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the pixels a server has to the pixels the app takes. */
#include "config.h"

#include <string.h>

#include "display/xeno-pixels.h"

/* As SPICE numbers its surfaces' formats. */
enum
{
  FORMAT_16_555 = 16,
  FORMAT_32_XRGB = 32,
  FORMAT_16_565 = 80,
  FORMAT_32_ARGB = 96,
};

/* Repeats the high bits in the low ones, so that white stays white. */
static guint32
widen (guint value,
       guint n_bits)
{
  return value << (8 - n_bits) | value >> (2 * n_bits - 8);
}

static guint32
widen_555 (guint16 pixel)
{
  return widen (pixel >> 10 & 31, 5) << 16 | widen (pixel >> 5 & 31, 5) << 8 | widen (pixel & 31, 5);
}

static guint32
widen_565 (guint16 pixel)
{
  return widen (pixel >> 11, 5) << 16 | widen (pixel >> 5 & 63, 6) << 8 | widen (pixel & 31, 5);
}

/**
 * xeno_pixels_get_bytes:
 * @format: a surface's format, as SPICE numbers them
 *
 * Returns: bytes for a pixel; 0 for a format nobody knows
 */
guint
xeno_pixels_get_bytes (guint format)
{
  switch (format)
    {
    case FORMAT_16_555:
    case FORMAT_16_565:
      return 2;

    case FORMAT_32_XRGB:
    case FORMAT_32_ARGB:
      return 4;

    default:
      return 0;
    }
}

/**
 * xeno_pixels_copy:
 * @format: what @from is
 * @to: room for 4 * @n_pixels bytes, aligned for a pixel
 * @from: pixels, aligned for one
 * @n_pixels: how many
 *
 * Copies part of a row, and makes x8r8g8b8 of it.
 */
void
xeno_pixels_copy (guint         format,
                  guchar       *to,
                  const guchar *from,
                  guint         n_pixels)
{
  const guint16 *narrow = (gconstpointer) from;
  guint32 *wide = (gpointer) to;

  switch (format)
    {
    case FORMAT_16_555:
      for (guint i = 0; i < n_pixels; i++)
        wide[i] = widen_555 (narrow[i]);
      break;

    case FORMAT_16_565:
      for (guint i = 0; i < n_pixels; i++)
        wide[i] = widen_565 (narrow[i]);
      break;

    case FORMAT_32_XRGB:
    case FORMAT_32_ARGB:
      memcpy (to, from, 4 * (gsize) n_pixels);
      break;

    default:
      g_return_if_reached ();
    }
}
