/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a SPICE server shows: a surface, what its monitors show of that, and a pointer's shape. */
#include "config.h"

#include "display/xeno-display-spice-screen.h"
#include "display/xeno-pixels.h"

struct _XenoDisplaySpiceScreen
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* which outlives it */
  SpiceChannel      *display;
  gboolean           has_primary;
  XenoDisplayHead    heads[XENO_DISPLAY_MAX_HEADS];
  guint              n_heads;
  SpiceCursorShape  *cursor;
  gboolean           is_cursor_hidden;
};

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceScreen, xeno_display_spice_screen, G_TYPE_OBJECT)

static gboolean
get_primary (XenoDisplaySpiceScreen *self,
             SpiceDisplayPrimary    *primary)
{
  return self->has_primary && self->display != NULL &&
         spice_display_channel_get_primary (self->display, 0, primary) && primary->data != NULL &&
         xeno_pixels_get_bytes (primary->format) > 0 &&
         primary->width > 0 && primary->width <= XENO_DISPLAY_MAX_SIDE &&
         primary->height > 0 && primary->height <= XENO_DISPLAY_MAX_SIDE &&
         primary->stride >= (int) xeno_pixels_get_bytes (primary->format) * primary->width;
}

static gboolean
shows_part (const SpiceDisplayMonitorConfig *monitor,
            const SpiceDisplayPrimary       *primary)
{
  return monitor->width > 0 && monitor->height > 0 &&
         (guint64) monitor->x + monitor->width <= (guint64) primary->width &&
         (guint64) monitor->y + monitor->height <= (guint64) primary->height;
}

/* Monitors of one that is about to be replaced do not fit its surface: they are told when they do. */
static void
tell_heads (XenoDisplaySpiceScreen    *self,
            const SpiceDisplayPrimary *primary)
{
  g_autoptr (GArray) monitors = NULL;

  self->n_heads = 0;
  g_object_get (self->display, "monitors", &monitors, NULL);
  for (guint i = 0; monitors != NULL && i < monitors->len && self->n_heads < XENO_DISPLAY_MAX_HEADS; i++)
    {
      const SpiceDisplayMonitorConfig *monitor = &g_array_index (monitors, SpiceDisplayMonitorConfig, i);

      if (shows_part (monitor, primary))
        self->heads[self->n_heads++] = (XenoDisplayHead) { monitor->id, monitor->x, monitor->y,
                                                           monitor->width, monitor->height };
    }
  xeno_display_server_set_heads (self->server, self->heads, self->n_heads);
}

/* Until the server has marked the new surface the last frame stands. */
static void
show_primary (XenoDisplaySpiceScreen *self)
{
  SpiceDisplayPrimary primary;
  g_autoptr (XenoFrameBuffer) frame = NULL;
  g_autoptr (GError) error = NULL;

  if (!get_primary (self, &primary) || !primary.marked)
    return;

  frame = xeno_frame_buffer_new (primary.width, primary.height, &error);
  if (frame == NULL)
    {
      xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_MEMORY, error->message);
      return;
    }

  tell_heads (self, &primary);
  xeno_display_server_set_frame (self->server, frame);
}

/* A surface that cannot be is the end: the library would paint beside its memory. */
static void
primary_create_cb (XenoDisplaySpiceScreen *self,
                   int                     format,
                   int                     width,
                   int                     height)
{
  SpiceDisplayPrimary primary;
  g_autofree char *details = NULL;

  self->has_primary = TRUE;
  if (get_primary (self, &primary))
    {
      show_primary (self);
      return;
    }

  details = g_strdup_printf ("a surface of %d x %d in format %d", width, height, format);
  xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_LOST, details);
}

static void
primary_destroy_cb (XenoDisplaySpiceScreen *self)
{
  self->has_primary = FALSE;
}

static void
monitors_cb (XenoDisplaySpiceScreen *self)
{
  SpiceDisplayPrimary primary;

  if (get_primary (self, &primary))
    tell_heads (self, &primary);
}

/* A server that may not send such a picture shows none at all, and one that does so waits after each
 * change to hear that it was drawn, with the guest: it is told at once, and the person why it is not. */
static void
gl_scanout_cb (XenoDisplaySpiceScreen *self)
{
  const SpiceGlScanout *scanout =
    spice_display_channel_get_gl_scanout (SPICE_DISPLAY_CHANNEL (self->display));
  g_autofree char *details = NULL;

  if (scanout == NULL || scanout->fd < 0)
    return;

  details = g_strdup_printf ("a texture of %u x %u in format %#x", scanout->width, scanout->height,
                             scanout->format);
  xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_ACCELERATED, details);
}

static void
gl_draw_cb (XenoDisplaySpiceScreen *self,
            guint                   x,
            guint                   y,
            guint                   width,
            guint                   height,
            SpiceChannel           *channel)
{
  spice_display_channel_gl_draw_done (SPICE_DISPLAY_CHANNEL (channel));
}

static void
mark_cb (XenoDisplaySpiceScreen *self,
         gboolean                mark)
{
  if (mark)
    show_primary (self);
}

static void
invalidate_cb (XenoDisplaySpiceScreen *self,
               int                     x,
               int                     y,
               int                     width,
               int                     height)
{
  xeno_display_server_damage (self->server, x, y, width, height);
}

static void
show_cursor (XenoDisplaySpiceScreen *self)
{
  self->is_cursor_hidden = FALSE;
  if (self->cursor != NULL)
    xeno_display_server_define_cursor (self->server, self->cursor->width, self->cursor->height,
                                       self->cursor->hot_spot_x, self->cursor->hot_spot_y,
                                       self->cursor->data);
}

static void
free_cursor (XenoDisplaySpiceScreen *self)
{
  if (self->cursor != NULL)
    g_boxed_free (SPICE_TYPE_CURSOR_SHAPE, self->cursor);
  self->cursor = NULL;
}

static void
cursor_cb (XenoDisplaySpiceScreen *self,
           GParamSpec             *pspec,
           GObject                *channel)
{
  free_cursor (self);
  g_object_get (channel, "cursor", &self->cursor, NULL);
  show_cursor (self);
}

static void
cursor_hide_cb (XenoDisplaySpiceScreen *self)
{
  self->is_cursor_hidden = TRUE;
  xeno_display_server_hide_cursor (self->server);
}

/* A guest that hid the pointer and moves it shows it again, in the shape it had. */
static void
cursor_move_cb (XenoDisplaySpiceScreen *self,
                int                     x,
                int                     y)
{
  if (self->is_cursor_hidden)
    show_cursor (self);
  xeno_display_server_move_cursor (self->server, x, y);
}

static void
cursor_reset_cb (XenoDisplaySpiceScreen *self)
{
  free_cursor (self);
  self->is_cursor_hidden = FALSE;
  xeno_display_server_reset_cursor (self->server);
}

static void
listen (XenoDisplaySpiceScreen *self,
        SpiceChannel           *channel,
        const char             *signal,
        GCallback               callback)
{
  g_signal_connect_object (channel, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
xeno_display_spice_screen_dispose (GObject *object)
{
  XenoDisplaySpiceScreen *self = XENO_DISPLAY_SPICE_SCREEN (object);

  g_clear_object (&self->display);
  free_cursor (self);

  G_OBJECT_CLASS (xeno_display_spice_screen_parent_class)->dispose (object);
}

static void
xeno_display_spice_screen_class_init (XenoDisplaySpiceScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_spice_screen_dispose;
}

static void
xeno_display_spice_screen_init (XenoDisplaySpiceScreen *self)
{
}

/**
 * xeno_display_spice_screen_new:
 * @server: whom to tell; it outlives the screen
 *
 * Returns: (transfer full): a screen that shows nothing yet
 */
XenoDisplaySpiceScreen *
xeno_display_spice_screen_new (XenoDisplayServer *server)
{
  XenoDisplaySpiceScreen *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_SCREEN, NULL);
  self->server = server;
  return self;
}

/**
 * xeno_display_spice_screen_set_display:
 * @self: a screen
 * @channel: (nullable): where surfaces come from
 */
void
xeno_display_spice_screen_set_display (XenoDisplaySpiceScreen *self,
                                       SpiceChannel           *channel)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self));

  g_set_object (&self->display, channel);
  self->has_primary = FALSE;
  if (channel == NULL)
    return;

  listen (self, channel, "display-primary-create", G_CALLBACK (primary_create_cb));
  listen (self, channel, "display-primary-destroy", G_CALLBACK (primary_destroy_cb));
  listen (self, channel, "display-invalidate", G_CALLBACK (invalidate_cb));
  listen (self, channel, "display-mark", G_CALLBACK (mark_cb));
  listen (self, channel, "notify::monitors", G_CALLBACK (monitors_cb));
  listen (self, channel, "notify::gl-scanout", G_CALLBACK (gl_scanout_cb));
  listen (self, channel, "gl-draw", G_CALLBACK (gl_draw_cb));
}

/**
 * xeno_display_spice_screen_set_cursor:
 * @self: a screen
 * @channel: where the pointer's shapes come from
 */
void
xeno_display_spice_screen_set_cursor (XenoDisplaySpiceScreen *self,
                                      SpiceChannel           *channel)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self));
  g_return_if_fail (SPICE_IS_CHANNEL (channel));

  listen (self, channel, "notify::cursor", G_CALLBACK (cursor_cb));
  listen (self, channel, "cursor-hide", G_CALLBACK (cursor_hide_cb));
  listen (self, channel, "cursor-move", G_CALLBACK (cursor_move_cb));
  listen (self, channel, "cursor-reset", G_CALLBACK (cursor_reset_cb));
}

/**
 * xeno_display_spice_screen_is_display:
 * @self: a screen
 * @channel: a channel
 *
 * Returns: whether the surfaces come from @channel
 */
gboolean
xeno_display_spice_screen_is_display (XenoDisplaySpiceScreen *self,
                                      SpiceChannel           *channel)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self), FALSE);

  return self->display == channel;
}

/**
 * xeno_display_spice_screen_find_head:
 * @self: a screen
 * @x: a place on the surface
 * @y: a place on the surface
 *
 * Returns: the monitor that shows it; nothing but zeroes where none does
 */
XenoDisplayHead
xeno_display_spice_screen_find_head (XenoDisplaySpiceScreen *self,
                                     guint                   x,
                                     guint                   y)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self), (XenoDisplayHead) { 0 });

  for (guint i = 0; i < self->n_heads; i++)
    if (x >= self->heads[i].x && x < self->heads[i].x + self->heads[i].width &&
        y >= self->heads[i].y && y < self->heads[i].y + self->heads[i].height)
      return self->heads[i];
  return (XenoDisplayHead) { 0 };
}

/**
 * xeno_display_spice_screen_paint:
 * @self: a screen
 * @frame: what is shown
 * @rectangle: the part of it to bring up to date
 */
void
xeno_display_spice_screen_paint (XenoDisplaySpiceScreen *self,
                                 XenoFrameBuffer        *frame,
                                 const XenoRectangle    *rectangle)
{
  SpiceDisplayPrimary primary;
  const guchar *from;
  guchar *to;

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self));
  g_return_if_fail (XENO_IS_FRAME_BUFFER (frame) && rectangle != NULL);

  if (!get_primary (self, &primary) ||
      rectangle->x + rectangle->width > primary.width ||
      rectangle->y + rectangle->height > primary.height)
    return;

  from = primary.data + (gsize) rectangle->y * primary.stride +
         (gsize) rectangle->x * xeno_pixels_get_bytes (primary.format);
  to = xeno_frame_buffer_get_pixels (frame) +
       rectangle->y * xeno_frame_buffer_get_stride (frame) + 4 * (gsize) rectangle->x;
  for (int row = 0; row < rectangle->height; row++)
    {
      xeno_pixels_copy (primary.format, to, from, rectangle->width);
      from += primary.stride;
      to += xeno_frame_buffer_get_stride (frame);
    }
}
