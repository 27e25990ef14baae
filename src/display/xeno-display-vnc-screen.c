/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a VNC server shows: a picture, asked for piece by piece, and a pointer's shape. */
#include "config.h"

#include <vncbaseframebuffer.h>

#include "display/xeno-display-vnc-private.h"

/* Raw comes first: over a local socket a server's encoder costs more than the bytes it saves. Only
 * what is handled may be named: gvnc ends the connection on what it cannot place. */
static const gint32 encodings[] = {
  VNC_CONNECTION_ENCODING_RAW,
  VNC_CONNECTION_ENCODING_COPY_RECT,
  VNC_CONNECTION_ENCODING_HEXTILE,
  VNC_CONNECTION_ENCODING_ZRLE,
  VNC_CONNECTION_ENCODING_RRE,
  VNC_CONNECTION_ENCODING_EXT_KEY_EVENT,
  VNC_CONNECTION_ENCODING_AUDIO,
  VNC_CONNECTION_ENCODING_LED_STATE,
  VNC_CONNECTION_ENCODING_EXTENDED_DESKTOP_RESIZE,
  VNC_CONNECTION_ENCODING_DESKTOP_RESIZE,
  VNC_CONNECTION_ENCODING_DESKTOP_NAME,
  VNC_CONNECTION_ENCODING_LAST_RECT,
  VNC_CONNECTION_ENCODING_WMVi,
  VNC_CONNECTION_ENCODING_ALPHA_CURSOR,
  VNC_CONNECTION_ENCODING_RICH_CURSOR,
  VNC_CONNECTION_ENCODING_XCURSOR,
  VNC_CONNECTION_ENCODING_POINTER_CHANGE,
};

/* Over a network bytes cost more than encoders do. */
static const gint32 remote_encodings[] = {
  VNC_CONNECTION_ENCODING_TIGHT,
  VNC_CONNECTION_ENCODING_ZRLE,
  VNC_CONNECTION_ENCODING_HEXTILE,
  VNC_CONNECTION_ENCODING_RRE,
};

static void
request (XenoDisplayVnc *self,
         gboolean        incremental)
{
  self->has_requested = TRUE;
  vnc_connection_framebuffer_update_request (self->connection, incremental, 0, 0,
                                             vnc_connection_get_width (self->connection),
                                             vnc_connection_get_height (self->connection));
}

static gboolean
request_cb (gpointer user_data)
{
  XenoDisplayVnc *self = user_data;

  self->request_id = 0;
  if (!self->has_requested && xeno_display_server_has_room (self->server))
    request (self, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
has_format (XenoFrameBuffer *frame,
            guint            width,
            guint            height)
{
  return frame != NULL &&
         xeno_frame_buffer_get_width (frame) == width && xeno_frame_buffer_get_height (frame) == height;
}

static void
set_frame (XenoDisplayVnc *self)
{
  static const VncPixelFormat format = {
    .bits_per_pixel = 32,
    .depth = 24,
    .byte_order = G_BYTE_ORDER,
    .true_color_flag = TRUE,
    .red_max = 255,
    .green_max = 255,
    .blue_max = 255,
    .red_shift = 16,
    .green_shift = 8,
    .blue_shift = 0,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoFrameBuffer) frame = NULL;
  g_autoptr (GObject) wrapper = NULL;
  guint width = vnc_connection_get_width (self->connection);
  guint height = vnc_connection_get_height (self->connection);

  frame = xeno_frame_buffer_new (width, height, &error);
  if (frame == NULL)
    {
      xeno_display_vnc_set_error (self, error->message);
      xeno_display_vnc_fail (self, XENO_DISPLAY_FAILURE_MEMORY);
      return;
    }

  wrapper = G_OBJECT (vnc_base_framebuffer_new (xeno_frame_buffer_get_pixels (frame), width, height,
                                                xeno_frame_buffer_get_stride (frame), &format,
                                                vnc_connection_get_pixel_format (self->connection)));
  g_object_set_data_full (wrapper, "xeno-frame", g_object_ref (frame), g_object_unref);
  vnc_connection_set_framebuffer (self->connection, VNC_FRAMEBUFFER (wrapper));
  g_set_object (&self->frame, frame);
  self->is_frame_shown = FALSE;
}

static void
set_encodings (XenoDisplayVnc *self)
{
  gint32 all[G_N_ELEMENTS (remote_encodings) + G_N_ELEMENTS (encodings)];
  guint n = 0;

  for (guint i = 0; self->is_remote && i < G_N_ELEMENTS (remote_encodings); i++)
    all[n++] = remote_encodings[i];
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    all[n++] = encodings[i];
  vnc_connection_set_encodings (self->connection, n, all);
}

static void
desktop_resize_cb (XenoDisplayVnc *self,
                   guint           width,
                   guint           height)
{
  if (!has_format (self->frame, width, height))
    {
      set_frame (self);
      request (self, FALSE);
    }
  else
    {
      xeno_display_vnc_end_request (self);
    }
}

static void
pixel_format_changed_cb (XenoDisplayVnc *self)
{
  set_frame (self);
  request (self, FALSE);
}

static void
framebuffer_update_cb (XenoDisplayVnc *self,
                       guint           x,
                       guint           y,
                       guint           width,
                       guint           height)
{
  if (!self->is_frame_shown && self->frame != NULL)
    {
      self->is_frame_shown = TRUE;
      xeno_display_server_set_frame (self->server, self->frame);
    }
  xeno_display_server_damage (self->server, x, y, width, height);
  xeno_display_vnc_end_request (self);
}

/* gvnc documents RGBA. What it writes from a shape in pixels, and what QEMU sends as a shape with
 * transparency, is BGRA. */
static void
define_cursor (XenoDisplayVnc *self,
               VncCursor      *cursor)
{
  guint width = vnc_cursor_get_width (cursor);
  guint height = vnc_cursor_get_height (cursor);
  const guint8 *bgra = vnc_cursor_get_data (cursor);
  g_autofree guint8 *rgba = NULL;

  if (!xeno_display_is_sane_cursor (width, height, 0, 0, 4 * (gsize) width * height))
    {
      xeno_display_server_reset_cursor (self->server);
      return;
    }

  rgba = g_malloc (4 * (gsize) width * height);
  for (gsize i = 0; i < 4 * (gsize) width * height; i += 4)
    {
      rgba[i] = bgra[i + 2];
      rgba[i + 1] = bgra[i + 1];
      rgba[i + 2] = bgra[i];
      rgba[i + 3] = bgra[i + 3];
    }
  xeno_display_server_define_cursor (self->server, width, height,
                                     vnc_cursor_get_hotx (cursor), vnc_cursor_get_hoty (cursor), rgba);
}

static void
cursor_changed_cb (XenoDisplayVnc *self,
                   VncCursor      *cursor)
{
  if (cursor == NULL)
    xeno_display_server_hide_cursor (self->server);
  else
    define_cursor (self, cursor);
  xeno_display_vnc_end_request (self);
}

/**
 * xeno_display_vnc_connect_screen:
 * @self: a source about to connect
 *
 * Hears what the server draws.
 */
void
xeno_display_vnc_connect_screen (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  xeno_display_vnc_listen (self, "vnc-desktop-resize", G_CALLBACK (desktop_resize_cb));
  xeno_display_vnc_listen (self, "vnc-pixel-format-changed", G_CALLBACK (pixel_format_changed_cb));
  xeno_display_vnc_listen (self, "vnc-framebuffer-update", G_CALLBACK (framebuffer_update_cb));
  xeno_display_vnc_listen (self, "vnc-cursor-changed", G_CALLBACK (cursor_changed_cb));
}

/**
 * xeno_display_vnc_show_screen:
 * @self: a source whose server has let it in
 *
 * Says in what form its picture is wanted, and asks for all of it.
 */
void
xeno_display_vnc_show_screen (XenoDisplayVnc *self)
{
  VncPixelFormat format;

  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  format = *vnc_connection_get_pixel_format (self->connection);
  format.bits_per_pixel = 32;
  format.depth = 24;
  format.byte_order = G_BYTE_ORDER;
  format.true_color_flag = TRUE;
  format.red_max = format.green_max = format.blue_max = 255;
  format.red_shift = 16;
  format.green_shift = 8;
  format.blue_shift = 0;
  vnc_connection_set_pixel_format (self->connection, &format);

  set_frame (self);
  set_encodings (self);
  request (self, FALSE);
}

/**
 * xeno_display_vnc_queue_request:
 * @self: a source
 *
 * One request at a time is sent, when what came has been decoded and the app has room for more: with
 * one for every rectangle, both ends come to wait for the other to read.
 */
void
xeno_display_vnc_queue_request (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  if (self->request_id == 0 && !self->has_requested && self->connection != NULL &&
      vnc_connection_is_initialized (self->connection))
    self->request_id = g_idle_add_full (G_PRIORITY_LOW, request_cb, self, NULL);
}

/**
 * xeno_display_vnc_end_request:
 * @self: a source whose server has said something
 *
 * The request may be answered: a server may do that with nothing but a new pointer or a lit lamp.
 */
void
xeno_display_vnc_end_request (XenoDisplayVnc *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_VNC (self));

  self->has_requested = FALSE;
  xeno_display_vnc_queue_request (self);
}
