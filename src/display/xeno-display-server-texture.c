/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The app reads what lies in a graphics processor's memory: this process opens no device. */
#include "config.h"

#include <gio/gunixfdlist.h>

#include "display/xeno-display-parcel.h"
#include "display/xeno-display-server-private.h"

/* The guest stands still meanwhile. */
#define READ_MS 1000

static void
called_cb (GObject      *connection,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  GError *error = NULL;
  int index, fd;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), &fds, result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!g_variant_is_of_type (reply, G_VARIANT_TYPE ("(h)")))
    {
      g_task_return_int (task, 0);
      return;
    }

  g_variant_get (reply, "(h)", &index);
  fd = xeno_display_parcel_take_fd (fds, index);
  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory came");
}

static void
call (XenoDisplayServer  *self,
      const char         *method,
      GVariant           *parameters,
      const char         *reply_type,
      GUnixFDList        *fds,
      GTask              *task)
{
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_listener_interface.name, method, parameters,
                                            G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NONE, READ_MS, fds,
                                            NULL, called_cb, task);
}

/**
 * xeno_display_server_open_texture_async:
 * @self: a server
 * @fd: memory of a graphics processor
 * @shape: what lies in it
 * @callback: called when the app has looked at it
 * @user_data: for @callback
 *
 * Asks the app to read it from now on. It reads one at a time.
 */
void
xeno_display_server_open_texture_async (XenoDisplayServer      *self,
                                        int                     fd,
                                        const XenoTextureShape *shape,
                                        GAsyncReadyCallback     callback,
                                        gpointer                user_data)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));
  g_return_if_fail (shape != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  fds = g_unix_fd_list_new ();
  if (g_unix_fd_list_append (fds, fd, &error) < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  call (self, "OpenTexture",
        g_variant_new ("(huuuut)", 0, shape->width, shape->height, shape->stride, shape->fourcc,
                       shape->modifier),
        "(h)", fds, g_steal_pointer (&task));
}

/**
 * xeno_display_server_open_texture_finish:
 * @self: a server
 * @result: what the callback got
 * @error: (out) (optional): why not
 *
 * Returns: memory that the app reads into, rows of x8r8g8b8 without padding, or -1
 */
int
xeno_display_server_open_texture_finish (XenoDisplayServer  *self,
                                         GAsyncResult       *result,
                                         GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * xeno_display_server_read_texture_async:
 * @self: a server
 * @rectangle: which part, rows counted as they lie
 * @callback: called when it has been read
 * @user_data: for @callback
 *
 * Has the app read part of the texture that was opened last.
 */
void
xeno_display_server_read_texture_async (XenoDisplayServer   *self,
                                        const XenoRectangle *rectangle,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));
  g_return_if_fail (rectangle != NULL);

  call (self, "ReadTexture",
        g_variant_new ("(uuuu)", rectangle->x, rectangle->y, rectangle->width, rectangle->height),
        "()", NULL, g_task_new (self, NULL, callback, user_data));
}

/**
 * xeno_display_server_read_texture_finish:
 * @self: a server
 * @result: what the callback got
 * @error: (out) (optional): why not
 *
 * Returns: whether it has been read
 */
gboolean
xeno_display_server_read_texture_finish (XenoDisplayServer  *self,
                                         GAsyncResult       *result,
                                         GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_int (G_TASK (result), error) >= 0;
}
