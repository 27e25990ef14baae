/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which USB devices of this computer's a guest has. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "console/xeno-usb-plugs.h"

struct _XenoUsbPlugs
{
  GObject       parent_instance;
  XenoGuest    *guest;
  GSignalGroup *guest_signals;
  GHashTable   *numbers; /* of devices the guest has */
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoUsbPlugs, xeno_usb_plugs, G_TYPE_OBJECT)

static void
forget (XenoUsbPlugs *self)
{
  if (g_hash_table_size (self->numbers) == 0)
    return;

  g_hash_table_remove_all (self->numbers);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The sockets go with the connection, and what was in them. */
static void
abilities_cb (XenoUsbPlugs *self)
{
  if (!xeno_guest_can (self->guest, XENO_DISPLAY_ABILITY_USB))
    forget (self);
}

static void
xeno_usb_plugs_dispose (GObject *object)
{
  XenoUsbPlugs *self = XENO_USB_PLUGS (object);

  if (self->guest_signals != NULL)
    g_signal_group_set_target (self->guest_signals, NULL);
  g_clear_object (&self->guest_signals);
  g_clear_object (&self->guest);
  g_clear_pointer (&self->numbers, g_hash_table_unref);

  G_OBJECT_CLASS (xeno_usb_plugs_parent_class)->dispose (object);
}

static void
xeno_usb_plugs_class_init (XenoUsbPlugsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_usb_plugs_dispose;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_usb_plugs_init (XenoUsbPlugs *self)
{
  self->numbers = g_hash_table_new (NULL, NULL);
  self->guest_signals = g_signal_group_new (XENO_TYPE_GUEST);
  g_signal_group_connect_swapped (self->guest_signals, "notify::abilities", G_CALLBACK (abilities_cb), self);
}

/**
 * xeno_usb_plugs_new:
 *
 * Returns: (transfer full): the plugs of nobody
 */
XenoUsbPlugs *
xeno_usb_plugs_new (void)
{
  return g_object_new (XENO_TYPE_USB_PLUGS, NULL);
}

/**
 * xeno_usb_plugs_set_guest:
 * @self: plugs
 * @guest: (nullable): who gets devices
 */
void
xeno_usb_plugs_set_guest (XenoUsbPlugs *self,
                          XenoGuest    *guest)
{
  g_return_if_fail (XENO_IS_USB_PLUGS (self));
  g_return_if_fail (guest == NULL || XENO_IS_GUEST (guest));

  if (!g_set_object (&self->guest, guest))
    return;

  g_signal_group_set_target (self->guest_signals, guest);
  forget (self);
}

/**
 * xeno_usb_plugs_has:
 * @self: plugs
 * @device: a device
 *
 * Returns: whether the guest has it
 */
gboolean
xeno_usb_plugs_has (XenoUsbPlugs  *self,
                    XenoUsbDevice *device)
{
  g_return_val_if_fail (XENO_IS_USB_PLUGS (self), FALSE);

  return g_hash_table_contains (self->numbers, GUINT_TO_POINTER (xeno_usb_device_get_number (device)));
}

static void
attached_cb (GObject      *guest,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  XenoUsbPlugs *self = g_task_get_source_object (task);
  XenoUsbDevice *device = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!xeno_guest_attach_usb_finish (XENO_GUEST (guest), result, &error))
    {
      g_task_return_error (task, xeno_error_new (XENO_ERROR_FAILED, error->message,
                                                 _("“%s” could not be plugged into the machine. Look whether a "
                                                   "program of this computer uses it."),
                                                 xeno_usb_device_get_title (device)));
      return;
    }

  if (self->numbers != NULL)
    {
      g_hash_table_add (self->numbers, GUINT_TO_POINTER (xeno_usb_device_get_number (device)));
      g_signal_emit (self, signals[CHANGED], 0);
    }
  g_task_return_boolean (task, TRUE);
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      device,
                GCancellable *cancellable)
{
  GError *error = NULL;
  int fd = xeno_usb_device_open (device, &error);

  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_error (task, error);
}

static void
return_closed (GTask *task,
               int    fd)
{
  g_close (fd, NULL);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the console was closed");
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoUsbPlugs *self = XENO_USB_PLUGS (object);
  g_autoptr (GTask) task = user_data;
  XenoUsbDevice *device = g_task_get_task_data (task);
  GError *error = NULL;
  int fd = g_task_propagate_int (G_TASK (result), &error);

  if (fd < 0)
    g_task_return_error (task, error);
  else if (self->guest != NULL)
    xeno_guest_attach_usb_async (self->guest, xeno_usb_device_get_number (device), fd, NULL, attached_cb,
                                 g_object_ref (task));
  else
    return_closed (task, fd);
}

/**
 * xeno_usb_plugs_attach_async:
 * @self: plugs with a guest
 * @device: a device
 * @callback: (scope async): called when the guest has it, or will not get it
 * @user_data: passed to @callback
 *
 * Plugs @device into the guest.
 */
void
xeno_usb_plugs_attach_async (XenoUsbPlugs        *self,
                             XenoUsbDevice       *device,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) opening = NULL;
  GTask *task;

  g_return_if_fail (XENO_IS_USB_PLUGS (self));
  g_return_if_fail (XENO_IS_USB_DEVICE (device));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, xeno_usb_plugs_attach_async);
  g_task_set_task_data (task, g_object_ref (device), g_object_unref);
  opening = g_task_new (self, NULL, opened_cb, task);
  g_task_set_task_data (opening, g_object_ref (device), g_object_unref);
  g_task_run_in_thread (opening, open_in_thread);
}

/**
 * xeno_usb_plugs_attach_finish:
 * @self: plugs
 * @result: what the callback got
 * @error: where to say why the guest does not have it
 *
 * Returns: whether the guest has it
 */
gboolean
xeno_usb_plugs_attach_finish (XenoUsbPlugs  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_usb_plugs_detach:
 * @self: plugs
 * @device: a device
 *
 * Takes @device out of the guest.
 */
void
xeno_usb_plugs_detach (XenoUsbPlugs  *self,
                       XenoUsbDevice *device)
{
  g_return_if_fail (XENO_IS_USB_PLUGS (self));
  g_return_if_fail (XENO_IS_USB_DEVICE (device));

  if (!g_hash_table_remove (self->numbers, GUINT_TO_POINTER (xeno_usb_device_get_number (device))))
    return;

  if (self->guest != NULL)
    xeno_guest_detach_usb (self->guest, xeno_usb_device_get_number (device));
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * xeno_usb_plugs_detach_all:
 * @self: plugs
 *
 * Takes every device out of the guest.
 */
void
xeno_usb_plugs_detach_all (XenoUsbPlugs *self)
{
  GHashTableIter iter;
  gpointer number;

  g_return_if_fail (XENO_IS_USB_PLUGS (self));

  g_hash_table_iter_init (&iter, self->numbers);
  while (self->guest != NULL && g_hash_table_iter_next (&iter, &number, NULL))
    xeno_guest_detach_usb (self->guest, GPOINTER_TO_UINT (number));
  forget (self);
}
