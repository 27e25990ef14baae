/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the guest's picture stands in a widget, and which guest pixel lies under the pointer. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "console/xeno-transform.h"

/* A widget hardly larger than a whole multiple of the picture gets that multiple and a thin black
 * edge: filling the last few pixels would blur all others. */
#define SNAP 0.02

G_DEFINE_ENUM_TYPE (XenoScaleMode, xeno_scale_mode,
                    G_DEFINE_ENUM_VALUE (XENO_SCALE_FIT, "fit"),
                    G_DEFINE_ENUM_VALUE (XENO_SCALE_ACTUAL, "actual"),
                    G_DEFINE_ENUM_VALUE (XENO_SCALE_INTEGER, "integer"),
                    G_DEFINE_ENUM_VALUE (XENO_SCALE_STRETCH, "stretch"),
                    G_DEFINE_ENUM_VALUE (XENO_SCALE_DOWN, "down"))

static double
choose_scale (XenoScaleMode mode,
              double        ratio)
{
  double whole = floor (ratio);

  switch (mode)
    {
    case XENO_SCALE_ACTUAL:
      return 1;

    case XENO_SCALE_INTEGER:
      return whole >= 1 ? whole : ratio;

    case XENO_SCALE_DOWN:
      return MIN (ratio, 1);

    case XENO_SCALE_FIT:
    case XENO_SCALE_STRETCH:
    default:
      return whole >= 1 && ratio - whole < SNAP * whole ? whole : ratio;
    }
}

static guint
axis_to_guest (double device,
               int    origin,
               int    extent,
               guint  guest_extent,
               int    step)
{
  double offset = device - origin;
  double guest;

  /* Shrunk, the pointer's last position would miss the guest's last pixels: stretch its range. */
  if (extent >= (int) guest_extent * step || extent <= step)
    guest = floor (offset * guest_extent / extent);
  else
    guest = round (offset * (guest_extent - 1) / (extent - step));

  return CLAMP (guest, 0, guest_extent - 1);
}

/**
 * xeno_transform_init:
 * @self: (out): a transform
 * @mode: how to scale
 * @guest_width: width of the guest's picture, not 0
 * @guest_height: height of the guest's picture, not 0
 * @width: width of the widget, in logical pixels
 * @height: height of the widget, in logical pixels
 * @scale_factor: device pixels in one logical pixel
 *
 * Places a picture in a widget: centred, on whole device pixels.
 */
void
xeno_transform_init (XenoTransform *self,
                     XenoScaleMode  mode,
                     guint          guest_width,
                     guint          guest_height,
                     int            width,
                     int            height,
                     int            scale_factor)
{
  int device_width = MAX (width, 1) * scale_factor;
  int device_height = MAX (height, 1) * scale_factor;
  double scale;

  g_return_if_fail (self != NULL);
  g_return_if_fail (guest_width > 0 && guest_height > 0);
  g_return_if_fail (scale_factor > 0);

  memset (self, 0, sizeof *self);
  self->guest_width = guest_width;
  self->guest_height = guest_height;
  self->scale_factor = scale_factor;

  if (mode == XENO_SCALE_STRETCH)
    {
      self->area.width = device_width;
      self->area.height = device_height;
      return;
    }

  scale = choose_scale (mode, MIN ((double) device_width / guest_width,
                                   (double) device_height / guest_height));
  self->area.width = MAX (1, (int) round (guest_width * scale));
  self->area.height = MAX (1, (int) round (guest_height * scale));
  self->area.x = MAX (0, (device_width - self->area.width) / 2);
  self->area.y = MAX (0, (device_height - self->area.height) / 2);
}

/**
 * xeno_transform_equal:
 * @self: a transform
 * @other: another
 *
 * Returns: whether both place the same picture at the same pixels
 */
gboolean
xeno_transform_equal (const XenoTransform *self,
                      const XenoTransform *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self->guest_width == other->guest_width &&
         self->guest_height == other->guest_height &&
         self->origin_x == other->origin_x &&
         self->origin_y == other->origin_y &&
         self->scale_factor == other->scale_factor &&
         memcmp (&self->area, &other->area, sizeof self->area) == 0;
}

/**
 * xeno_transform_is_integer:
 * @self: a transform
 *
 * Returns: whether each guest pixel covers the same whole number of device pixels
 */
gboolean
xeno_transform_is_integer (const XenoTransform *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->area.width % self->guest_width == 0 &&
         self->area.height % self->guest_height == 0;
}

/**
 * xeno_transform_get_scale:
 * @self: a transform
 *
 * Returns: device pixels in one guest pixel (of the smaller direction)
 */
double
xeno_transform_get_scale (const XenoTransform *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return MIN ((double) self->area.width / self->guest_width,
              (double) self->area.height / self->guest_height);
}

/**
 * xeno_transform_to_device:
 * @self: a transform
 * @guest: a rectangle of guest pixels
 * @device: (out): the device pixels, of the picture's area, that may show any of them
 *
 * Finds what to repaint. The result includes the pixels a smoothing filter reaches, is relative
 * to the corner of the picture, and lies inside it.
 */
void
xeno_transform_to_device (const XenoTransform         *self,
                          const cairo_rectangle_int_t *guest,
                          cairo_rectangle_int_t       *device)
{
  double scale_x, scale_y;
  int reach, left, top, right, bottom;

  g_return_if_fail (self != NULL && guest != NULL && device != NULL);

  scale_x = (double) self->area.width / self->guest_width;
  scale_y = (double) self->area.height / self->guest_height;
  reach = xeno_transform_is_integer (self) ? 0 : 1 + (int) ceil (1 / MIN (scale_x, scale_y));

  left = CLAMP (guest->x - reach, 0, (int) self->guest_width);
  top = CLAMP (guest->y - reach, 0, (int) self->guest_height);
  right = CLAMP (guest->x + guest->width + reach, left, (int) self->guest_width);
  bottom = CLAMP (guest->y + guest->height + reach, top, (int) self->guest_height);

  device->x = floor (left * scale_x);
  device->y = floor (top * scale_y);
  device->width = (int) ceil (right * scale_x) - device->x;
  device->height = (int) ceil (bottom * scale_y) - device->y;
}

/**
 * xeno_transform_to_guest:
 * @self: a transform
 * @x: a place in the widget, in logical pixels
 * @y: a place in the widget, in logical pixels
 * @guest_x: (out): the pixel of the guest's surface there, or the nearest one
 * @guest_y: (out): the pixel of the guest's surface there, or the nearest one
 *
 * Finds the guest pixel under the pointer. Every guest pixel at the four edges can be reached.
 *
 * Returns: whether the place lies on the picture
 */
gboolean
xeno_transform_to_guest (const XenoTransform *self,
                         double               x,
                         double               y,
                         guint               *guest_x,
                         guint               *guest_y)
{
  const cairo_rectangle_int_t *area;
  double device_x, device_y;

  g_return_val_if_fail (self != NULL && guest_x != NULL && guest_y != NULL, FALSE);

  area = &self->area;
  device_x = x * self->scale_factor;
  device_y = y * self->scale_factor;
  *guest_x = self->origin_x + axis_to_guest (device_x, area->x, area->width, self->guest_width,
                                             self->scale_factor);
  *guest_y = self->origin_y + axis_to_guest (device_y, area->y, area->height, self->guest_height,
                                             self->scale_factor);

  return device_x >= area->x && device_x < area->x + area->width &&
         device_y >= area->y && device_y < area->y + area->height;
}
