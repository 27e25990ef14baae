/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB devices of this computer's in a guest, by descriptors the app has opened. */
#include "config.h"

#include <glib/gstdio.h>
#include <libusb.h>

#include "display/xeno-display-protocol.h"
#include "display/xeno-display-spice-usb.h"

struct _XenoDisplaySpiceUsb
{
  GObject                parent_instance;
  SpiceSession          *session; /* outlives it */
  SpiceUsbDeviceManager *manager; /* the session's */
  GHashTable            *plugs;   /* of Plug, by number */
};

typedef struct
{
  SpiceUsbDeviceManager *manager;
  SpiceUsbDevice        *device;
  int                    fd;
} Plug;

typedef struct
{
  XenoDisplaySpiceUsb *self;
  guint                number;
  GTask               *task;
} Plugging;

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceUsb, xeno_display_spice_usb, G_TYPE_OBJECT)

static void
plug_free (gpointer data)
{
  Plug *plug = data;

  g_boxed_free (spice_usb_device_get_type (), plug->device);
  g_close (plug->fd, NULL);
  g_free (plug);
}

static void
unplugged_cb (GObject      *manager,
              GAsyncResult *result,
              gpointer      user_data)
{
  spice_usb_device_manager_disconnect_device_finish (SPICE_USB_DEVICE_MANAGER (manager), result, NULL);
  plug_free (user_data);
}

static void
unplug (gpointer data)
{
  Plug *plug = data;

  if (spice_usb_device_manager_is_device_connected (plug->manager, plug->device))
    spice_usb_device_manager_disconnect_device_async (plug->manager, plug->device, NULL, unplugged_cb, plug);
  else
    plug_free (plug);
}

/* A decoder can look for no devices; it has those it is given. */
static SpiceUsbDeviceManager *
ensure_manager (XenoDisplaySpiceUsb  *self,
                GError              **error)
{
  if (self->manager != NULL)
    return self->manager;

  libusb_set_option (NULL, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
  self->manager = spice_usb_device_manager_get (self->session, error);
  if (self->manager != NULL)
    g_object_set (self->manager, "auto-connect", FALSE, NULL);
  return self->manager;
}

static void
plugged_cb (GObject      *manager,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Plugging *plugging = user_data;
  g_autoptr (XenoDisplaySpiceUsb) self = plugging->self;
  g_autoptr (GTask) task = plugging->task;
  GError *error = NULL;

  if (spice_usb_device_manager_connect_device_finish (SPICE_USB_DEVICE_MANAGER (manager), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_hash_table_remove (self->plugs, GUINT_TO_POINTER (plugging->number));
  g_task_return_error (task, error);
}

static void
xeno_display_spice_usb_finalize (GObject *object)
{
  g_hash_table_unref (XENO_DISPLAY_SPICE_USB (object)->plugs);

  G_OBJECT_CLASS (xeno_display_spice_usb_parent_class)->finalize (object);
}

static void
xeno_display_spice_usb_class_init (XenoDisplaySpiceUsbClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_display_spice_usb_finalize;
}

static void
xeno_display_spice_usb_init (XenoDisplaySpiceUsb *self)
{
  self->plugs = g_hash_table_new_full (NULL, NULL, NULL, unplug);
}

/**
 * xeno_display_spice_usb_new:
 * @session: whose guest it is; it outlives the object
 *
 * Returns: (transfer full): what has no device yet
 */
XenoDisplaySpiceUsb *
xeno_display_spice_usb_new (SpiceSession *session)
{
  XenoDisplaySpiceUsb *self;

  g_return_val_if_fail (SPICE_IS_SESSION (session), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_USB, NULL);
  self->session = session;
  return self;
}

/**
 * xeno_display_spice_usb_attach:
 * @self: USB devices
 * @number: the app's number for the device
 * @fd: (transfer full): the device, open for reading and writing
 * @task: gets %TRUE when the guest has it
 *
 * Plugs a device into the guest.
 */
void
xeno_display_spice_usb_attach (XenoDisplaySpiceUsb *self,
                               guint                number,
                               int                  fd,
                               GTask               *task)
{
  SpiceUsbDeviceManager *manager;
  SpiceUsbDevice *device = NULL;
  Plugging *plugging;
  GError *error = NULL;
  Plug *plug;

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_USB (self));
  g_return_if_fail (G_IS_TASK (task));

  if (g_hash_table_size (self->plugs) >= XENO_DISPLAY_MAX_USB ||
      g_hash_table_contains (self->plugs, GUINT_TO_POINTER (number)))
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_BUSY, "there are too many devices");
  manager = error == NULL ? ensure_manager (self, &error) : NULL;
  if (manager != NULL)
    device = spice_usb_device_manager_allocate_device_for_file_descriptor (manager, fd, &error);
  if (device == NULL)
    {
      g_close (fd, NULL);
      g_task_return_error (task, error != NULL ? error
                                               : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                                                      "this is no USB device"));
      return;
    }

  plug = g_new (Plug, 1);
  *plug = (Plug) { manager, device, fd };
  g_hash_table_insert (self->plugs, GUINT_TO_POINTER (number), plug);
  plugging = g_new (Plugging, 1);
  *plugging = (Plugging) { g_object_ref (self), number, g_object_ref (task) };
  spice_usb_device_manager_connect_device_async (manager, device, NULL, plugged_cb, plugging);
}

/**
 * xeno_display_spice_usb_detach:
 * @self: USB devices
 * @number: the app's number for the device
 *
 * Takes a device out of the guest.
 */
void
xeno_display_spice_usb_detach (XenoDisplaySpiceUsb *self,
                               guint                number)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_USB (self));

  g_hash_table_remove (self->plugs, GUINT_TO_POINTER (number));
}
