/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's picture has to look like at any scale, computed pixel by pixel. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "golden-picture.h"

/* Filters weigh neighbours in 128 or 256 steps: one step in either direction, at full contrast. */
#define FILTER_TOLERANCE 4

/* A pixel of the surface, or the nearest one at its edge. */
static guint32
get_pixel (XenoSurface *surface,
           int          x,
           int          y)
{
  int column = CLAMP (x, 0, (int) xeno_surface_get_width (surface) - 1);
  int row = CLAMP (y, 0, (int) xeno_surface_get_height (surface) - 1);
  const guchar *line = xeno_surface_get_pixels (surface) + row * xeno_surface_get_stride (surface);

  return ((const guint32 *) (gconstpointer) line)[column] & 0xffffff;
}

static guint32
blend (XenoSurface *surface,
       double       x,
       double       y)
{
  int left = floor (x);
  int top = floor (y);
  guint32 blended = 0;

  for (guint shift = 0; shift < 24; shift += 8)
    {
      double value = 0;

      for (int i = 0; i < 4; i++)
        value += (get_pixel (surface, left + i % 2, top + i / 2) >> shift & 0xff) *
                 (i % 2 == 1 ? x - left : 1 - x + left) * (i / 2 == 1 ? y - top : 1 - y + top);
      blended |= (guint32) round (value) << shift;
    }
  return blended;
}

/* What stands at a device pixel: the guest's own pixel at a whole multiple, else its four neighbours. */
static guint32
find_expected (XenoSurface         *surface,
              const XenoTransform *transform,
              int                  x,
              int                  y)
{
  const cairo_rectangle_int_t *area = &transform->area;
  double guest_x = (x - area->x + 0.5) * transform->guest_width / area->width;
  double guest_y = (y - area->y + 0.5) * transform->guest_height / area->height;

  if (x < area->x || y < area->y || x >= area->x + area->width || y >= area->y + area->height)
    return 0;

  if (xeno_transform_is_integer (transform))
    return get_pixel (surface, floor (guest_x), floor (guest_y));

  return blend (surface, guest_x - 0.5, guest_y - 0.5);
}

static int
get_difference (guint32 a,
                guint32 b)
{
  int difference = 0;

  for (guint shift = 0; shift < 24; shift += 8)
    difference = MAX (difference, abs ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)));
  return difference;
}

/**
 * golden_picture_assert:
 * @surface: what the guest shows
 * @transform: where it is shown
 * @x: a device pixel
 * @y: a device pixel
 * @shown: what is seen there
 *
 * Checks one pixel, which is black beside the picture. Where nothing is scaled but by a whole number
 * it is exactly the guest's.
 */
void
golden_picture_assert (XenoSurface         *surface,
                       const XenoTransform *transform,
                       int                  x,
                       int                  y,
                       guint32              shown)
{
  int tolerance = xeno_transform_is_integer (transform) ? 0 : FILTER_TOLERANCE;
  guint32 expected = find_expected (surface, transform, x, y);

  if (get_difference (shown, expected) > tolerance)
    g_error ("At %d,%d of %dx%d there is %06x, not %06x", x, y, transform->area.width,
             transform->area.height, shown & 0xffffff, expected);
}
