/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What QEMU says at the viewer's end: pixels and the pointer's shape. The interface is the one of QEMU's
 * manual, "D-Bus display"; QEMU itself is in the guest's hands once the guest has broken out. */
#include "config.h"

#include <gio/gunixfdlist.h>

#include "display/xeno-display-parcel.h"
#include "display/xeno-display-qemu-interfaces.h"
#include "display/xeno-display-qemu-listener.h"
#include "display/xeno-display-texture.h"
#include "display/xeno-pixels.h"

#define LISTENER_PATH "/org/qemu/Display1/Listener"

struct _XenoDisplayQemuListener
{
  GObject            parent_instance;
  XenoDisplayServer *server;
  GDBusConnection   *connection;
  guint              registration;
  XenoDisplayWall   *wall;
  guint              id;
  guint              cursor_width;
  guint              cursor_height;
  int                hot_x;
  int                hot_y;
  guchar            *cursor; /* straight RGBA, for when it is shown again */
  gboolean           is_cursor_hidden;
  XenoDisplayTexture *texture; /* while the frame lies in a card's memory */
};

G_DEFINE_FINAL_TYPE (XenoDisplayQemuListener, xeno_display_qemu_listener, G_TYPE_OBJECT)

/* Pixels on their way, from a message. */
typedef struct
{
  guint         width;
  guint         height;
  gsize         stride;
  guint         format; /* as xeno-pixels counts them */
  const guchar *data;
} Pixels;

typedef gboolean (*ListenerFunc) (XenoDisplayQemuListener *self,
                                  GVariant                *parameters);

/* The formats of pixman that a display of QEMU has, and what SPICE calls the same. */
static guint
find_format (guint pixman_format)
{
  static const struct
  {
    guint pixman;
    guint own;
  } formats[] = {
    { 0x20020888, 32 }, /* x8r8g8b8 */
    { 0x20028888, 96 }, /* a8r8g8b8 */
    { 0x10020565, 80 }, /* r5g6b5 */
    { 0x10020555, 16 }, /* x1r5g5b5 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].pixman == pixman_format)
      return formats[i].own;
  return 0;
}

static gboolean
check_pixels (Pixels   *pixels,
              guint     pixman_format,
              GVariant *data)
{
  gsize size, row;
  guint n_bytes;

  pixels->format = find_format (pixman_format);
  n_bytes = xeno_pixels_get_bytes (pixels->format);
  pixels->data = g_variant_get_fixed_array (data, &size, 1);
  row = (gsize) n_bytes * pixels->width;
  return n_bytes > 0 &&
         pixels->width > 0 && pixels->width <= XENO_DISPLAY_MAX_SIDE &&
         pixels->height > 0 && pixels->height <= XENO_DISPLAY_MAX_SIDE &&
         pixels->stride >= row && pixels->stride % n_bytes == 0 &&
         GPOINTER_TO_SIZE (pixels->data) % n_bytes == 0 &&
         size >= row && (size - row) / pixels->stride >= pixels->height - 1;
}

static void
copy_pixels (XenoDisplayQemuListener *self,
             const Pixels            *pixels,
             guint                    x,
             guint                    y)
{
  const XenoDisplayScreen *screen = xeno_display_wall_get_screen (self->wall, self->id);
  XenoFrameBuffer *frame = xeno_display_wall_get_frame (self->wall);
  gsize stride = xeno_frame_buffer_get_stride (frame);
  guchar *to = xeno_frame_buffer_get_pixels (frame) + (screen->y + y) * stride + 4 * (gsize) (screen->x + x);

  for (guint row = 0; row < pixels->height; row++)
    xeno_pixels_copy (pixels->format, to + row * stride, pixels->data + row * pixels->stride, pixels->width);
}

/* QEMU sends a whole frame as well where all of it changed. */
static gboolean
take_scanout (XenoDisplayQemuListener *self,
              GVariant                *parameters)
{
  g_autoptr (GVariant) data = NULL;
  guint stride, format;
  Pixels pixels;

  g_variant_get (parameters, "(uuuu@ay)", &pixels.width, &pixels.height, &stride, &format, &data);
  pixels.stride = stride;
  if (!check_pixels (&pixels, format, data))
    return FALSE;

  g_clear_object (&self->texture);
  if (!xeno_display_wall_set_screen (self->wall, self->id, pixels.width, pixels.height))
    return TRUE;

  copy_pixels (self, &pixels, 0, 0);
  xeno_display_wall_show (self->wall);
  xeno_display_wall_damage (self->wall, self->id, 0, 0, pixels.width, pixels.height);
  return TRUE;
}

static gboolean
take_update (XenoDisplayQemuListener *self,
             GVariant                *parameters)
{
  const XenoDisplayScreen *screen = xeno_display_wall_get_screen (self->wall, self->id);
  g_autoptr (GVariant) data = NULL;
  int x, y, width, height;
  guint stride, format;
  Pixels pixels;

  g_variant_get (parameters, "(iiiiuu@ay)", &x, &y, &width, &height, &stride, &format, &data);
  if (screen == NULL || x < 0 || y < 0 || width <= 0 || height <= 0)
    return FALSE;

  pixels.width = width;
  pixels.height = height;
  pixels.stride = stride;
  if (!check_pixels (&pixels, format, data) ||
      (guint64) x + pixels.width > screen->width || (guint64) y + pixels.height > screen->height)
    return FALSE;

  copy_pixels (self, &pixels, x, y);
  xeno_display_wall_damage (self->wall, self->id, x, y, width, height);
  return TRUE;
}

static void
refuse (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                                 "not something this viewer shows");
}

typedef struct
{
  XenoDisplayQemuListener *self;
  GDBusMethodInvocation   *invocation;
} Opening;

static void
opened_cb (GObject      *texture,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (XenoDisplayQemuListener) self = opening->self;
  g_autoptr (GError) error = NULL;

  if (!xeno_display_texture_open_finish (XENO_DISPLAY_TEXTURE (texture), result, &error) &&
      self->texture == XENO_DISPLAY_TEXTURE (texture))
    xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_ACCELERATED, error->message);
  g_dbus_method_invocation_return_value (opening->invocation, NULL);
}

/* A frame in a graphics processor's memory. */
static void
take_scanout_dmabuf (XenoDisplayQemuListener *self,
                     GVariant                *parameters,
                     GDBusMethodInvocation   *invocation)
{
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  XenoTextureShape shape;
  Opening *opening;
  gboolean y0_top;
  int index;

  g_variant_get (parameters, "(huuuutb)", &index, &shape.width, &shape.height, &shape.stride, &shape.fourcc,
                 &shape.modifier, &y0_top);
  g_clear_object (&self->texture);
  self->texture = xeno_display_texture_new (self->server, self->wall, self->id,
                                            xeno_display_parcel_take_fd (fds, index), &shape, y0_top);
  if (self->texture == NULL)
    {
      refuse (invocation);
      return;
    }

  opening = g_new (Opening, 1);
  opening->self = g_object_ref (self);
  opening->invocation = invocation;
  xeno_display_texture_open_async (self->texture, opened_cb, opening);
}

static void
updated_cb (GObject      *texture,
            GAsyncResult *result,
            gpointer      user_data)
{
  xeno_display_texture_update_finish (XENO_DISPLAY_TEXTURE (texture), result, NULL);
  g_dbus_method_invocation_return_value (user_data, NULL);
}

/* The guest draws on when this is answered. */
static void
take_update_dmabuf (XenoDisplayQemuListener *self,
                    GVariant                *parameters,
                    GDBusMethodInvocation   *invocation)
{
  XenoRectangle part;

  g_variant_get (parameters, "(iiii)", &part.x, &part.y, &part.width, &part.height);
  if (self->texture != NULL)
    xeno_display_texture_update_async (self->texture, &part, updated_cb, invocation);
  else
    refuse (invocation);
}

/* The last frame stands. */
static gboolean
take_disable (XenoDisplayQemuListener *self,
              GVariant                *parameters)
{
  return TRUE;
}

static void
show_cursor (XenoDisplayQemuListener *self)
{
  if (self->is_cursor_hidden)
    xeno_display_server_hide_cursor (self->server);
  else if (self->cursor != NULL)
    xeno_display_server_define_cursor (self->server, self->cursor_width, self->cursor_height,
                                       self->hot_x, self->hot_y, self->cursor);
}

static gboolean
take_mouse_set (XenoDisplayQemuListener *self,
                GVariant                *parameters)
{
  gboolean is_hidden;
  int x, y, on;

  g_variant_get (parameters, "(iii)", &x, &y, &on);
  is_hidden = on == 0;
  if (is_hidden == self->is_cursor_hidden)
    return TRUE;

  self->is_cursor_hidden = is_hidden;
  show_cursor (self);
  return TRUE;
}

static gboolean
take_cursor_define (XenoDisplayQemuListener *self,
                    GVariant                *parameters)
{
  g_autoptr (GVariant) data = NULL;
  int width, height, hot_x, hot_y;
  const guchar *bytes;
  gsize size;

  g_variant_get (parameters, "(iiii@ay)", &width, &height, &hot_x, &hot_y, &data);
  bytes = g_variant_get_fixed_array (data, &size, 1);
  if (width <= 0 || height <= 0 || !xeno_display_is_sane_cursor (width, height, hot_x, hot_y, size))
    return FALSE;

  g_free (self->cursor);
  self->cursor = g_malloc (size);
  self->cursor_width = width;
  self->cursor_height = height;
  self->hot_x = hot_x;
  self->hot_y = hot_y;
  for (gsize i = 0; i < size; i += 4)
    {
      guint32 argb;

      memcpy (&argb, bytes + i, sizeof argb);
      self->cursor[i] = argb >> 16 & 0xff;
      self->cursor[i + 1] = argb >> 8 & 0xff;
      self->cursor[i + 2] = argb & 0xff;
      self->cursor[i + 3] = argb >> 24;
    }
  show_cursor (self);
  return TRUE;
}

static const struct
{
  const char   *method;
  ListenerFunc  func;
} methods[] = {
  { "Scanout", take_scanout },
  { "Update", take_update },
  { "Disable", take_disable },
  { "MouseSet", take_mouse_set },
  { "CursorDefine", take_cursor_define },
};

/* GDBus has checked the method's name and its parameters' types against the interface. */
static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  if (g_str_equal (method, "ScanoutDMABUF"))
    take_scanout_dmabuf (user_data, parameters, invocation);
  else if (g_str_equal (method, "UpdateDMABUF"))
    take_update_dmabuf (user_data, parameters, invocation);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].method, method))
      {
        if (methods[i].func (user_data, parameters))
          g_dbus_method_invocation_return_value (invocation, NULL);
        else
          refuse (invocation);
        return;
      }
}

static void
xeno_display_qemu_listener_dispose (GObject *object)
{
  XenoDisplayQemuListener *self = XENO_DISPLAY_QEMU_LISTENER (object);

  xeno_display_qemu_listener_unexport (self);
  g_clear_object (&self->texture);
  g_clear_object (&self->wall);
  g_clear_pointer (&self->cursor, g_free);

  G_OBJECT_CLASS (xeno_display_qemu_listener_parent_class)->dispose (object);
}

static void
xeno_display_qemu_listener_class_init (XenoDisplayQemuListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_qemu_listener_dispose;
}

static void
xeno_display_qemu_listener_init (XenoDisplayQemuListener *self)
{
}

/**
 * xeno_display_qemu_listener_new:
 * @server: (unowned): who tells the app; it outlives the listener
 * @wall: where the console is shown
 * @id: the console's number
 *
 * Makes a viewer's end for a console of QEMU.
 *
 * Returns: (transfer full): it
 */
XenoDisplayQemuListener *
xeno_display_qemu_listener_new (XenoDisplayServer *server,
                                XenoDisplayWall   *wall,
                                guint              id)
{
  XenoDisplayQemuListener *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (wall), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_QEMU_LISTENER, NULL);
  self->server = server;
  self->wall = g_object_ref (wall);
  self->id = id;
  return self;
}

/**
 * xeno_display_qemu_listener_export:
 * @self: a listener
 * @connection: to QEMU, not processing messages yet
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Lets QEMU call it.
 *
 * Returns: whether QEMU can
 */
gboolean
xeno_display_qemu_listener_export (XenoDisplayQemuListener  *self,
                                   GDBusConnection          *connection,
                                   GError                  **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };

  g_return_val_if_fail (XENO_IS_DISPLAY_QEMU_LISTENER (self), FALSE);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), FALSE);
  g_return_val_if_fail (self->connection == NULL, FALSE);

  self->registration =
    g_dbus_connection_register_object (connection, LISTENER_PATH,
                                       (GDBusInterfaceInfo *) &xeno_display_qemu_listener_interface,
                                       &vtable, self, NULL, error);
  if (self->registration == 0)
    return FALSE;

  self->connection = g_object_ref (connection);
  return TRUE;
}

/**
 * xeno_display_qemu_listener_unexport:
 * @self: a listener
 *
 * Hears no more.
 */
void
xeno_display_qemu_listener_unexport (XenoDisplayQemuListener *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_QEMU_LISTENER (self));

  if (self->connection != NULL)
    g_dbus_connection_unregister_object (self->connection, self->registration);
  g_clear_object (&self->connection);
}
