/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One graphics device of a machine, as a place to get sockets from. */
#include "config.h"

#include "app/xeno-graphics-socket.h"
#include "console/xeno-backend-decoder.h"

struct _XenoGraphicsSocket
{
  GObject      parent_instance;
  XenoMachine *machine;
  guint        index;
};

G_DEFINE_FINAL_TYPE (XenoGraphicsSocket, xeno_graphics_socket, G_TYPE_OBJECT)

static void
open_async (GObject             *object,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  XenoGraphicsSocket *self = XENO_GRAPHICS_SOCKET (object);

  xeno_machine_open_graphics_async (self->machine, self->index, cancellable, callback, user_data);
}

/* The result is the machine's own, and so is the object that comes with it. Nothing leaves this computer. */
static int
open_finish (GObject       *object,
             GAsyncResult  *result,
             gboolean      *is_certified,
             GError       **error)
{
  *is_certified = FALSE;
  return xeno_machine_open_graphics_finish (XENO_MACHINE (object), result, error);
}

static void
xeno_graphics_socket_dispose (GObject *object)
{
  g_clear_object (&XENO_GRAPHICS_SOCKET (object)->machine);

  G_OBJECT_CLASS (xeno_graphics_socket_parent_class)->dispose (object);
}

static void
xeno_graphics_socket_class_init (XenoGraphicsSocketClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_graphics_socket_dispose;
}

static void
xeno_graphics_socket_init (XenoGraphicsSocket *self)
{
}

/**
 * xeno_graphics_socket_open:
 * @machine: a running machine
 * @type: the kind of its graphics device
 * @index: which of its graphics devices it is
 *
 * A #XenoConsoleOpenFunc whose backend is a decoder process.
 *
 * Returns: (transfer full) (nullable): the backend, or %NULL when no decoder reads @type
 */
XenoConsoleBackend *
xeno_graphics_socket_open (XenoMachine *machine,
                           const char  *type,
                           guint        index)
{
  static const XenoDisplayOpener opener = { open_async, open_finish };
  static const char * const kinds[] = { "dbus", "spice", "vnc", NULL };
  g_autoptr(XenoGraphicsSocket) self = NULL;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  if (!g_strv_contains (kinds, type))
    return NULL;

  self = g_object_new (XENO_TYPE_GRAPHICS_SOCKET, NULL);
  self->machine = g_object_ref (machine);
  self->index = index;
  return xeno_backend_decoder_new (&opener, G_OBJECT (self), type, xeno_machine_get_title (machine));
}
