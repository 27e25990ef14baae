/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers what changed on the guest's screen and decides when it is worth a repaint. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_FRAME (xeno_frame_get_type ())

G_DECLARE_FINAL_TYPE (XenoFrame, xeno_frame, XENO, FRAME, GObject)

typedef gboolean (*XenoFrameShow) (gpointer              data,
                                   const cairo_region_t *damage);

XenoFrame      *xeno_frame_new        (GtkWidget                   *widget);
void            xeno_frame_damage     (XenoFrame                   *self,
                                       const cairo_rectangle_int_t *rectangle);
void            xeno_frame_flush      (XenoFrame                   *self);
void            xeno_frame_set_show   (XenoFrame                   *self,
                                       XenoFrameShow                show,
                                       gpointer                     show_data);
void            xeno_frame_reset      (XenoFrame                   *self,
                                       guint                        width,
                                       guint                        height);
void            xeno_frame_resume     (XenoFrame                   *self);
void            xeno_frame_pause      (XenoFrame                   *self);
cairo_region_t *xeno_frame_begin      (XenoFrame                   *self);

G_END_DECLS
