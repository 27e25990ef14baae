/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the app asks of the guest, and of the app's clipboard: contents, sizes, files. */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>

#include "display/xeno-display-parcel.h"
#include "display/xeno-display-server-private.h"

typedef void (*GuestFunc) (XenoDisplayServer     *self,
                           GVariant              *parameters,
                           GDBusMethodInvocation *invocation);

static void
done (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
refuse (GDBusMethodInvocation *invocation,
        GIOErrorEnum           code,
        const char            *reason)
{
  g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, code, reason);
}

/* In order of their numbers, so that none comes twice. */
static gboolean
read_monitors (GVariant           *list,
               XenoDisplayMonitor *monitors,
               gsize              *n_monitors)
{
  *n_monitors = g_variant_n_children (list);
  if (*n_monitors == 0 || *n_monitors > XENO_DISPLAY_MAX_HEADS)
    return FALSE;

  for (gsize i = 0; i < *n_monitors; i++)
    {
      XenoDisplayMonitor *monitor = &monitors[i];

      g_variant_get_child (list, i, "(uuuuuuu)", &monitor->id, &monitor->x, &monitor->y, &monitor->width,
                           &monitor->height, &monitor->width_mm, &monitor->height_mm);
      if (!xeno_display_is_sane_monitor (monitor) || (i > 0 && monitor->id <= monitors[i - 1].id))
        return FALSE;
    }
  return TRUE;
}

static void
take_arrange (XenoDisplayServer     *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  g_autoptr (GVariant) list = g_variant_get_child_value (parameters, 0);
  XenoDisplayMonitor monitors[XENO_DISPLAY_MAX_HEADS];
  gsize n_monitors;

  if (klass->arrange != NULL && read_monitors (list, monitors, &n_monitors))
    klass->arrange (self->source, monitors, n_monitors);
  done (invocation);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  XenoDisplayServer *self = XENO_DISPLAY_SERVER (object);
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->file);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    done (invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static void
take_send_file (XenoDisplayServer     *self,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  g_autoptr (GTask) task = NULL;
  const char *name;
  guint64 size;
  int index, fd;

  g_variant_get (parameters, "(h&st)", &index, &name, &size);
  if (klass->send_file == NULL || self->file != NULL)
    {
      refuse (invocation, G_IO_ERROR_BUSY, "one file at a time");
      return;
    }

  fd = xeno_display_parcel_take_fd (fds, index);
  if (fd < 0)
    {
      refuse (invocation, G_IO_ERROR_INVALID_ARGUMENT, "no file came along");
      return;
    }

  self->file = g_cancellable_new ();
  task = g_task_new (self, self->file, sent_cb, invocation);
  klass->send_file (self->source, fd, name, size, task);
}

static void
take_cancel_file (XenoDisplayServer     *self,
                  GVariant              *parameters,
                  GDBusMethodInvocation *invocation)
{
  g_autoptr (GCancellable) file = self->file != NULL ? g_object_ref (self->file) : NULL;

  done (invocation);
  if (file != NULL)
    g_cancellable_cancel (file);
}

static void
take_set_sound (XenoDisplayServer     *self,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  gboolean listens;
  double volume;

  g_variant_get (parameters, "(db)", &volume, &listens);
  if (klass->set_sound != NULL && volume >= 0.0 && volume <= 1.0)
    klass->set_sound (self->source, volume, listens);
  done (invocation);
}

static void
take_set_port (XenoDisplayServer     *self,
               GVariant              *parameters,
               GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  gboolean is_served;
  guint port;

  g_variant_get (parameters, "(ub)", &port, &is_served);
  if (klass->set_port != NULL && port < XENO_DISPLAY_N_PORTS)
    klass->set_port (self->source, port, is_served);
  done (invocation);
}

static void
attached_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    done (invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static void
take_attach_usb (XenoDisplayServer     *self,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  g_autoptr (GTask) task = NULL;
  guint number;
  int index, fd;

  g_variant_get (parameters, "(uh)", &number, &index);
  fd = klass->attach_usb != NULL ? xeno_display_parcel_take_fd (fds, index) : -1;
  if (fd < 0)
    {
      refuse (invocation, G_IO_ERROR_NOT_SUPPORTED, "this display carries no USB");
      return;
    }

  task = g_task_new (self, NULL, attached_cb, invocation);
  klass->attach_usb (self->source, number, fd, task);
}

static void
take_detach_usb (XenoDisplayServer     *self,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  guint number;

  g_variant_get (parameters, "(u)", &number);
  if (klass->detach_usb != NULL)
    klass->detach_usb (self->source, number);
  done (invocation);
}

static void
take_grab (XenoDisplayServer     *self,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  guint forms;

  g_variant_get (parameters, "(u)", &forms);
  if (klass->grab != NULL)
    klass->grab (self->source, forms & XENO_DISPLAY_ALL_FORMS);
  done (invocation);
}

static void
got_content_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = content != NULL ? xeno_display_parcel_new (content, &error) : -1;

  if (fd < 0)
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return;
    }

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
}

static void
take_request (XenoDisplayServer     *self,
              GVariant              *parameters,
              GDBusMethodInvocation *invocation)
{
  XenoDisplaySourceClass *klass = XENO_DISPLAY_SOURCE_GET_CLASS (self->source);
  g_autoptr (GTask) task = NULL;
  guint form;

  g_variant_get (parameters, "(u)", &form);
  if (klass->request == NULL || !xeno_display_is_form (form))
    {
      refuse (invocation, G_IO_ERROR_NOT_SUPPORTED, "no such clipboard");
      return;
    }

  task = g_task_new (self, NULL, got_content_cb, invocation);
  klass->request (self->source, form, task);
}

static const struct
{
  const char *method;
  GuestFunc   func;
} methods[] = {
  { "Arrange", take_arrange },
  { "SendFile", take_send_file },
  { "CancelFile", take_cancel_file },
  { "SetPort", take_set_port },
  { "SetSound", take_set_sound },
  { "AttachUsb", take_attach_usb },
  { "DetachUsb", take_detach_usb },
  { "Grab", take_grab },
  { "Request", take_request },
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
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].method, method))
      methods[i].func (user_data, parameters, invocation);
}

const GDBusInterfaceVTable xeno_display_server_guest = { .method_call = method_call_cb };
const GDBusInterfaceVTable xeno_display_server_clipboard = { .method_call = method_call_cb };

static void
request_cb (GObject      *connection,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  GBytes *content = NULL;
  GError *error = NULL;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (connection), &fds,
                                                           result, &error);
  if (reply != NULL)
    content = xeno_display_parcel_open_reply (
      reply, fds, xeno_display_get_max_content (GPOINTER_TO_UINT (g_task_get_task_data (task))), &error);
  if (content != NULL)
    g_task_return_pointer (task, content, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * xeno_display_server_request_async:
 * @self: a server
 * @form: in what form
 * @cancellable: (nullable): to give up
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Asks the app for what its clipboard has. Errors: those of #GIOErrorEnum.
 */
void
xeno_display_server_request_async (XenoDisplayServer   *self,
                                   guint                form,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));
  g_return_if_fail (xeno_display_is_form (form));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_display_server_request_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (form), NULL);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_clipboard_interface.name, "Request",
                                            g_variant_new ("(u)", form), G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, XENO_DISPLAY_CLIPBOARD_MS, NULL,
                                            cancellable, request_cb, task);
}

/**
 * xeno_display_server_request_finish:
 * @self: a server
 * @result: what the callback got
 * @error: (out) (optional): why there is nothing
 *
 * Returns: (transfer full) (nullable): what the app's clipboard has
 */
GBytes *
xeno_display_server_request_finish (XenoDisplayServer  *self,
                                    GAsyncResult       *result,
                                    GError            **error)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xeno_display_server_open_sound_async:
 * @self: a server
 * @records: whether the guest records, rather than plays
 * @rate: frames a second
 * @channels: samples in a frame
 * @cancellable: (nullable): to give up
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Asks the app for a pipe for sound. It may well refuse.
 */
void
xeno_display_server_open_sound_async (XenoDisplayServer   *self,
                                      gboolean             records,
                                      guint                rate,
                                      guint                channels,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_display_server_open_sound_async);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_desktop_interface.name, "OpenSound",
                                            g_variant_new ("(buu)", records, rate, channels),
                                            G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                            cancellable, xeno_display_server_opened_cb, task);
}

/**
 * xeno_display_server_open_sound_finish:
 * @self: a server
 * @result: what the callback got
 * @error: (out) (optional): why there is none
 *
 * Returns: a pipe the caller owns, or -1
 */
int
xeno_display_server_open_sound_finish (XenoDisplayServer  *self,
                                       GAsyncResult       *result,
                                       GError            **error)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (self), -1);
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * xeno_display_server_open_port_async:
 * @self: a server
 * @port: a port of the guest's
 * @cancellable: (nullable): to give up
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Asks the app for a socket to what serves the port. It may well refuse.
 */
void
xeno_display_server_open_port_async (XenoDisplayServer   *self,
                                     XenoDisplayPort      port,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_DISPLAY_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_display_server_open_port_async);
  g_dbus_connection_call_with_unix_fd_list (self->connection, NULL, XENO_DISPLAY_OBJECT_PATH,
                                            xeno_display_desktop_interface.name, "OpenPort",
                                            g_variant_new ("(u)", port), G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, cancellable,
                                            xeno_display_server_opened_cb, task);
}

/**
 * xeno_display_server_open_port_finish:
 * @self: a server
 * @result: what the callback got
 * @error: (out) (optional): why there is none
 *
 * Returns: a socket the caller owns, or -1
 */
int
xeno_display_server_open_port_finish (XenoDisplayServer  *self,
                                      GAsyncResult       *result,
                                      GError            **error)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (self), -1);
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
