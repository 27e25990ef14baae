/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one display channel of a SPICE server shows: a surface, and what monitors show of that. */
#include "config.h"

#include <fcntl.h>

#include "display/xeno-display-spice-screen.h"
#include "display/xeno-display-texture.h"
#include "display/xeno-pixels.h"

/* A surface that is made anew comes sooner; a card that was turned off has none. */
#define GONE_MS 1000

struct _XenoDisplaySpiceScreen
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* which outlives it */
  XenoDisplayWall   *wall;
  SpiceChannel      *channel;
  guint              id;
  gboolean           has_primary;
  XenoDisplayTexture *texture; /* shown instead, while there is one */
  guint              gone_id;
};

enum { OUTPUTS_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceScreen, xeno_display_spice_screen, G_TYPE_OBJECT)

static gboolean
get_primary (XenoDisplaySpiceScreen *self,
             SpiceDisplayPrimary    *primary)
{
  return self->has_primary &&
         spice_display_channel_get_primary (self->channel, 0, primary) && primary->data != NULL &&
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

/* Of one card each monitor has a number; of several each card has, and one monitor. Monitors of a surface
 * that is about to be replaced do not fit it: they are told when they do. */
static void
tell_heads (XenoDisplaySpiceScreen    *self,
            const SpiceDisplayPrimary *primary)
{
  g_autoptr (GArray) monitors = NULL;
  XenoDisplayHead heads[XENO_DISPLAY_MAX_HEADS];
  guint n_heads = 0;

  g_object_get (self->channel, "monitors", &monitors, NULL);
  for (guint i = 0; monitors != NULL && i < monitors->len && n_heads < XENO_DISPLAY_MAX_HEADS; i++)
    {
      const SpiceDisplayMonitorConfig *monitor = &g_array_index (monitors, SpiceDisplayMonitorConfig, i);

      if (shows_part (monitor, primary))
        heads[n_heads++] = (XenoDisplayHead) { self->id != 0 ? self->id : monitor->id, monitor->x, monitor->y,
                                               monitor->width, monitor->height };
    }
  xeno_display_wall_set_heads (self->wall, self->id, heads, n_heads);
}

/* Until the server has marked the new surface the last frame stands. */
static void
show_primary (XenoDisplaySpiceScreen *self)
{
  SpiceDisplayPrimary primary;

  if (!get_primary (self, &primary) || !primary.marked ||
      !xeno_display_wall_set_screen (self->wall, self->id, primary.width, primary.height))
    return;

  tell_heads (self, &primary);
  xeno_display_wall_show (self->wall);
  xeno_display_wall_damage (self->wall, self->id, 0, 0, primary.width, primary.height);
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
  g_clear_handle_id (&self->gone_id, g_source_remove);
  if (get_primary (self, &primary))
    {
      show_primary (self);
      return;
    }

  details = g_strdup_printf ("a surface of %d x %d in format %d", width, height, format);
  xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_LOST, details);
}

static void
gone_cb (gpointer user_data)
{
  XenoDisplaySpiceScreen *self = user_data;

  self->gone_id = 0;
  xeno_display_wall_drop_screen (self->wall, self->id);
}

static void
primary_destroy_cb (XenoDisplaySpiceScreen *self)
{
  self->has_primary = FALSE;
  if (self->gone_id == 0)
    self->gone_id = g_timeout_add_once (GONE_MS, gone_cb, self);
}

/* The library says nothing of its own about how many there could be. */
static void
monitors_cb (XenoDisplaySpiceScreen *self)
{
  SpiceDisplayPrimary primary;

  g_signal_emit (self, signals[OUTPUTS_CHANGED], 0);
  if (get_primary (self, &primary))
    tell_heads (self, &primary);
}

static void
opened_cb (GObject      *texture,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoDisplaySpiceScreen) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_display_texture_open_finish (XENO_DISPLAY_TEXTURE (texture), result, &error) &&
      self->texture == XENO_DISPLAY_TEXTURE (texture))
    xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_ACCELERATED, error->message);
}

/* A picture in a graphics processor's memory. The library does not say how its rows lie. */
static void
gl_scanout_cb (XenoDisplaySpiceScreen *self)
{
  const SpiceGlScanout *scanout =
    spice_display_channel_get_gl_scanout (SPICE_DISPLAY_CHANNEL (self->channel));
  XenoTextureShape shape = { .modifier = XENO_DISPLAY_NO_MODIFIER };
  g_autofree char *details = NULL;

  g_clear_object (&self->texture);
  if (scanout == NULL || scanout->fd < 0)
    return;

  shape.width = scanout->width;
  shape.height = scanout->height;
  shape.stride = scanout->stride;
  shape.fourcc = scanout->format;
  self->texture = xeno_display_texture_new (self->server, self->wall, self->id,
                                            fcntl (scanout->fd, F_DUPFD_CLOEXEC, 3), &shape, scanout->y0top);
  if (self->texture != NULL)
    {
      xeno_display_texture_open_async (self->texture, opened_cb, g_object_ref (self));
      return;
    }

  details = g_strdup_printf ("a texture of %u x %u in format %#x", scanout->width, scanout->height,
                             scanout->format);
  xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_ACCELERATED, details);
}

/* The server, and with it the guest, waits after each change to hear that it was taken. */
static void
updated_cb (GObject      *texture,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GObject) channel = user_data;

  xeno_display_texture_update_finish (XENO_DISPLAY_TEXTURE (texture), result, NULL);
  spice_display_channel_gl_draw_done (SPICE_DISPLAY_CHANNEL (channel));
}

static void
gl_draw_cb (XenoDisplaySpiceScreen *self,
            guint                   x,
            guint                   y,
            guint                   width,
            guint                   height,
            SpiceChannel           *channel)
{
  const XenoRectangle part = { MIN (x, XENO_DISPLAY_MAX_SIDE), MIN (y, XENO_DISPLAY_MAX_SIDE),
                               MIN (width, XENO_DISPLAY_MAX_SIDE), MIN (height, XENO_DISPLAY_MAX_SIDE) };

  if (self->texture != NULL)
    xeno_display_texture_update_async (self->texture, &part, updated_cb, g_object_ref (channel));
  else
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
  xeno_display_wall_damage (self->wall, self->id, x, y, width, height);
}

static void
xeno_display_spice_screen_dispose (GObject *object)
{
  XenoDisplaySpiceScreen *self = XENO_DISPLAY_SPICE_SCREEN (object);

  g_clear_handle_id (&self->gone_id, g_source_remove);
  g_clear_object (&self->texture);
  g_clear_object (&self->channel);
  g_clear_object (&self->wall);

  G_OBJECT_CLASS (xeno_display_spice_screen_parent_class)->dispose (object);
}

static void
xeno_display_spice_screen_class_init (XenoDisplaySpiceScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_spice_screen_dispose;

  signals[OUTPUTS_CHANGED] = g_signal_new ("outputs-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_display_spice_screen_init (XenoDisplaySpiceScreen *self)
{
}

/**
 * xeno_display_spice_screen_new:
 * @server: whom to tell; it outlives the screen
 * @wall: where it is shown, by the number of its channel
 * @channel: where surfaces come from, not yet connected
 *
 * Returns: (transfer full): a screen that shows nothing yet
 */
XenoDisplaySpiceScreen *
xeno_display_spice_screen_new (XenoDisplayServer *server,
                               XenoDisplayWall   *wall,
                               SpiceChannel      *channel)
{
  static const struct
  {
    const char *signal;
    GCallback   callback;
  } handlers[] = {
    { "display-primary-create", G_CALLBACK (primary_create_cb) },
    { "display-primary-destroy", G_CALLBACK (primary_destroy_cb) },
    { "display-invalidate", G_CALLBACK (invalidate_cb) },
    { "display-mark", G_CALLBACK (mark_cb) },
    { "notify::monitors", G_CALLBACK (monitors_cb) },
    { "notify::gl-scanout", G_CALLBACK (gl_scanout_cb) },
    { "gl-draw", G_CALLBACK (gl_draw_cb) },
  };
  XenoDisplaySpiceScreen *self;
  int id;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (wall), NULL);
  g_return_val_if_fail (SPICE_IS_CHANNEL (channel), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_SCREEN, NULL);
  self->server = server;
  self->wall = g_object_ref (wall);
  self->channel = g_object_ref (channel);
  g_object_get (channel, "channel-id", &id, NULL);
  self->id = id;
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (channel, handlers[i].signal, handlers[i].callback, self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_display_spice_screen_get_channel:
 * @self: a screen
 *
 * Returns: (transfer none): where surfaces come from
 */
SpiceChannel *
xeno_display_spice_screen_get_channel (XenoDisplaySpiceScreen *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self), NULL);

  return self->channel;
}

/**
 * xeno_display_spice_screen_get_outputs:
 * @self: a screen
 *
 * Returns: how many monitors there could be on it
 */
guint
xeno_display_spice_screen_get_outputs (XenoDisplaySpiceScreen *self)
{
  guint outputs;

  g_return_val_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self), 0);

  g_object_get (self->channel, "monitors-max", &outputs, NULL);
  return MIN (outputs, XENO_DISPLAY_MAX_HEADS);
}

/**
 * xeno_display_spice_screen_paint:
 * @self: a screen
 * @frame: what is shown
 * @rectangle: the part of it to bring up to date, some of which may be other screens'
 */
void
xeno_display_spice_screen_paint (XenoDisplaySpiceScreen *self,
                                 XenoFrameBuffer        *frame,
                                 const XenoRectangle    *rectangle)
{
  const XenoDisplayScreen *place;
  SpiceDisplayPrimary primary;
  int left, top, right, bottom;
  gsize pixel, stride;

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_SCREEN (self));
  g_return_if_fail (XENO_IS_FRAME_BUFFER (frame) && rectangle != NULL);

  place = xeno_display_wall_get_screen (self->wall, self->id);
  if (place == NULL || !get_primary (self, &primary) ||
      (int) place->width > primary.width || (int) place->height > primary.height)
    return;

  left = MAX (rectangle->x, (int) place->x);
  top = MAX (rectangle->y, (int) place->y);
  right = MIN (rectangle->x + rectangle->width, (int) (place->x + place->width));
  bottom = MIN (rectangle->y + rectangle->height, (int) (place->y + place->height));
  if (left >= right)
    return;

  pixel = xeno_pixels_get_bytes (primary.format);
  stride = xeno_frame_buffer_get_stride (frame);
  for (int row = top; row < bottom; row++)
    xeno_pixels_copy (primary.format,
                      xeno_frame_buffer_get_pixels (frame) + row * stride + 4 * (gsize) left,
                      primary.data + (gsize) (row - place->y) * primary.stride + (left - place->x) * pixel,
                      right - left);
}
