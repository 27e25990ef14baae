/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text between the app's clipboard and that of QEMU, which its agent in the guest keeps. */
#include "config.h"

#include "display/xeno-display-qemu-clipboard.h"
#include "display/xeno-display-qemu-interfaces.h"

#define CLIPBOARD_PATH "/org/qemu/Display1/Clipboard"

/* The one kind of content QEMU passes on. */
#define TEXT_TYPE "text/plain;charset=utf-8"

/* What is copied; the others are X's. */
#define SELECTION 0

struct _XenoDisplayQemuClipboard
{
  GObject            parent_instance;
  XenoDisplayServer *server;
  GDBusConnection   *connection;
  GCancellable      *cancellable;
  guint              registration;
  guint32            serial; /* of the last grab, whoever's */
};

G_DEFINE_FINAL_TYPE (XenoDisplayQemuClipboard, xeno_display_qemu_clipboard, G_TYPE_OBJECT)

static void
call (XenoDisplayQemuClipboard *self,
      const char               *method,
      GVariant                 *parameters,
      const GVariantType       *reply_type,
      GAsyncReadyCallback       callback,
      gpointer                  user_data)
{
  g_dbus_connection_call (self->connection, NULL, CLIPBOARD_PATH, xeno_display_qemu_clipboard_interface.name,
                          method, parameters, reply_type, G_DBUS_CALL_FLAGS_NONE, XENO_DISPLAY_CLIPBOARD_MS,
                          self->cancellable, callback, user_data);
}

static void
take_grab (XenoDisplayQemuClipboard *self,
           GVariant                 *parameters)
{
  g_autofree const char **types = NULL;
  guint selection, serial;

  g_variant_get (parameters, "(uu^a&s)", &selection, &serial, &types);
  if (selection != SELECTION)
    return;

  self->serial = serial;
  xeno_display_server_grab (self->server, g_strv_contains (types, TEXT_TYPE) ? XENO_DISPLAY_FORM_TEXT : 0);
}

static void
take_release (XenoDisplayQemuClipboard *self,
              GVariant                 *parameters)
{
  guint selection;

  g_variant_get (parameters, "(u)", &selection);
  if (selection == SELECTION)
    xeno_display_server_grab (self->server, 0);
}

static void
got_text_cb (GObject      *server,
             GAsyncResult *result,
             gpointer      user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = xeno_display_server_request_finish (XENO_DISPLAY_SERVER (server), result, &error);

  if (text == NULL)
    g_dbus_method_invocation_return_gerror (invocation, error);
  else
    g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(s@ay)", TEXT_TYPE,
                                 g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, text, TRUE)));
}

static void
take_request (XenoDisplayQemuClipboard *self,
              GVariant                 *parameters,
              GDBusMethodInvocation    *invocation)
{
  g_autofree const char **types = NULL;
  guint selection;

  g_variant_get (parameters, "(u^a&s)", &selection, &types);
  if (selection == SELECTION && g_strv_contains (types, TEXT_TYPE))
    xeno_display_server_request_async (self->server, XENO_DISPLAY_FORM_TEXT, self->cancellable, got_text_cb,
                                       invocation);
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "only text");
}

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
  XenoDisplayQemuClipboard *self = user_data;

  if (g_str_equal (method, "Request"))
    {
      take_request (self, parameters, invocation);
      return;
    }

  if (g_str_equal (method, "Grab"))
    take_grab (self, parameters);
  else if (g_str_equal (method, "Release"))
    take_release (self, parameters);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

/* A QEMU without a clipboard has nowhere to register. Whether an agent of the guest uses it QEMU does not
 * tell. */
static void
registered_cb (GObject      *connection,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (XenoDisplayQemuClipboard) self = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, NULL);

  if (reply != NULL && self->registration != 0)
    xeno_display_server_set_abilities (self->server, XENO_DISPLAY_ABILITY_TEXT, XENO_DISPLAY_ABILITY_TEXT);
}

static void
xeno_display_qemu_clipboard_dispose (GObject *object)
{
  XenoDisplayQemuClipboard *self = XENO_DISPLAY_QEMU_CLIPBOARD (object);

  xeno_display_qemu_clipboard_close (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (xeno_display_qemu_clipboard_parent_class)->dispose (object);
}

static void
xeno_display_qemu_clipboard_class_init (XenoDisplayQemuClipboardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_qemu_clipboard_dispose;
}

static void
xeno_display_qemu_clipboard_init (XenoDisplayQemuClipboard *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * xeno_display_qemu_clipboard_new:
 * @server: (unowned): who speaks to the app; it outlives the clipboard
 * @connection: to QEMU
 *
 * Joins the clipboard of @connection, if there is one.
 *
 * Returns: (transfer full): it
 */
XenoDisplayQemuClipboard *
xeno_display_qemu_clipboard_new (XenoDisplayServer *server,
                                 GDBusConnection   *connection)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };
  XenoDisplayQemuClipboard *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_QEMU_CLIPBOARD, NULL);
  self->server = server;
  self->connection = g_object_ref (connection);
  self->registration =
    g_dbus_connection_register_object (connection, CLIPBOARD_PATH,
                                       (GDBusInterfaceInfo *) &xeno_display_qemu_clipboard_interface,
                                       &vtable, self, NULL, NULL);
  /* QEMU has one clipboard, and of late keeps a viewer's connection for it after another viewer came: that
   * one would have none, and this one's keys would go nowhere. All are the same caller to it. */
  call (self, "Unregister", NULL, NULL, NULL, NULL);
  call (self, "Register", NULL, NULL, registered_cb, g_object_ref (self));
  return self;
}

/**
 * xeno_display_qemu_clipboard_close:
 * @self: a clipboard
 *
 * Leaves it.
 */
void
xeno_display_qemu_clipboard_close (XenoDisplayQemuClipboard *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CLIPBOARD (self));

  g_cancellable_cancel (self->cancellable);
  if (self->registration != 0)
    g_dbus_connection_unregister_object (self->connection, self->registration);
  self->registration = 0;
}

/**
 * xeno_display_qemu_clipboard_grab:
 * @self: a clipboard
 * @forms: in what forms the app has something, 0: nothing any more
 *
 * Tells the guest.
 */
void
xeno_display_qemu_clipboard_grab (XenoDisplayQemuClipboard *self,
                                  guint                     forms)
{
  static const char * const types[] = { TEXT_TYPE, NULL };

  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CLIPBOARD (self));

  if ((forms & XENO_DISPLAY_FORM_TEXT) != 0)
    call (self, "Grab", g_variant_new ("(uu^as)", SELECTION, ++self->serial, types), NULL, NULL, NULL);
  else
    call (self, "Release", g_variant_new ("(u)", SELECTION), NULL, NULL, NULL);
}

static void
answered_cb (GObject      *connection,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);
  g_autoptr (GVariant) data = NULL;

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data = g_variant_get_child_value (reply, 1);
  if (g_variant_get_size (data) > XENO_DISPLAY_MAX_TEXT)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "more text than anybody copies");
  else
    g_task_return_pointer (task, g_variant_get_data_as_bytes (data), (GDestroyNotify) g_bytes_unref);
}

/**
 * xeno_display_qemu_clipboard_request:
 * @self: a clipboard
 * @form: in what form
 * @task: is answered with a #GBytes
 *
 * Asks the guest for what it has copied.
 */
void
xeno_display_qemu_clipboard_request (XenoDisplayQemuClipboard *self,
                                     guint                     form,
                                     GTask                    *task)
{
  static const char * const types[] = { TEXT_TYPE, NULL };

  g_return_if_fail (XENO_IS_DISPLAY_QEMU_CLIPBOARD (self));
  g_return_if_fail (G_IS_TASK (task));

  if (form != XENO_DISPLAY_FORM_TEXT)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "only text");
  else
    call (self, "Request", g_variant_new ("(u^as)", SELECTION, types), G_VARIANT_TYPE ("(say)"), answered_cb,
          g_object_ref (task));
}
