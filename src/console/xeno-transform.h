/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the guest's picture stands in a widget, and which guest pixel lies under the pointer. */
#pragma once

#include <cairo.h>
#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoScaleMode:
 * @XENO_SCALE_FIT: as large as the widget allows, proportions kept
 * @XENO_SCALE_ACTUAL: one guest pixel is one device pixel
 * @XENO_SCALE_INTEGER: the largest whole multiple that fits
 * @XENO_SCALE_STRETCH: fills the widget, proportions lost
 * @XENO_SCALE_DOWN: as %XENO_SCALE_FIT, but never larger than the guest's picture is
 *
 * How the guest's picture is scaled to the widget.
 */
typedef enum
{
  XENO_SCALE_FIT,
  XENO_SCALE_ACTUAL,
  XENO_SCALE_INTEGER,
  XENO_SCALE_STRETCH,
  XENO_SCALE_DOWN,
} XenoScaleMode;

#define XENO_TYPE_SCALE_MODE (xeno_scale_mode_get_type ())

GType xeno_scale_mode_get_type (void);

/**
 * XenoTransform:
 * @guest_width: width of the guest's picture, in its pixels
 * @guest_height: height of the guest's picture, in its pixels
 * @origin_x: where the picture begins on the guest's surface
 * @origin_y: where the picture begins on the guest's surface
 * @area: where the picture stands in the widget, in device pixels
 * @scale_factor: device pixels in one logical pixel
 *
 * The one place that converts between guest, device and logical coordinates.
 */
typedef struct
{
  guint                 guest_width;
  guint                 guest_height;
  guint                 origin_x;
  guint                 origin_y;
  cairo_rectangle_int_t area;
  int                   scale_factor;
} XenoTransform;

void     xeno_transform_init       (XenoTransform               *self,
                                    XenoScaleMode                mode,
                                    guint                        guest_width,
                                    guint                        guest_height,
                                    int                          width,
                                    int                          height,
                                    int                          scale_factor);
gboolean xeno_transform_equal      (const XenoTransform         *self,
                                    const XenoTransform         *other);
gboolean xeno_transform_is_integer (const XenoTransform         *self);
double   xeno_transform_get_scale  (const XenoTransform         *self);
void     xeno_transform_to_device  (const XenoTransform         *self,
                                    const cairo_rectangle_int_t *guest,
                                    cairo_rectangle_int_t       *device);
gboolean xeno_transform_to_guest   (const XenoTransform         *self,
                                    double                       x,
                                    double                       y,
                                    guint                       *guest_x,
                                    guint                       *guest_y);

G_END_DECLS
