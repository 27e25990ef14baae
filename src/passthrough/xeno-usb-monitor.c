/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notices when a USB device is plugged into this computer. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "passthrough/xeno-usb-monitor.h"

/* What udev tells when it is done with a device, and whoever is at the computer may use it. */
#define GROUP_UDEV 2

#define MESSAGE_BYTES 8192

struct _XenoUsbMonitor
{
  GObject   parent_instance;
  char     *sysfs;
  int       fd;
  guint     source_id;
  gboolean  is_looking;
  gboolean  must_look; /* once more, when that has ended */
};

enum
{
  LISTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoUsbMonitor, xeno_usb_monitor, G_TYPE_OBJECT)

/* Of a message nothing is believed but that there is something to see. */
static gboolean
told_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  XenoUsbMonitor *self = user_data;
  char message[MESSAGE_BYTES];
  gssize size = recv (fd, message, sizeof message, MSG_DONTWAIT);

  if (size > 0 && memmem (message, size, "SUBSYSTEM=usb", strlen ("SUBSYSTEM=usb")) != NULL)
    xeno_usb_monitor_look (self);
  return G_SOURCE_CONTINUE;
}

static void
listen_to_udev (XenoUsbMonitor *self)
{
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = GROUP_UDEV };

  self->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
  if (self->fd >= 0 && bind (self->fd, (const struct sockaddr *) &address, sizeof address) == 0)
    self->source_id = g_unix_fd_add (self->fd, G_IO_IN, told_cb, self);
  else
    g_info ("Nobody tells of USB devices: %s", g_strerror (errno));
}

static void
list_in_thread (GTask        *task,
                gpointer      source,
                gpointer      sysfs,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, xeno_usb_device_list (sysfs), g_object_unref);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoUsbMonitor *self = XENO_USB_MONITOR (object);
  g_autoptr (GListModel) devices = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_looking = FALSE;
  g_signal_emit (self, signals[LISTED], 0, devices);
  if (self->must_look)
    xeno_usb_monitor_look (self);
}

static void
xeno_usb_monitor_finalize (GObject *object)
{
  XenoUsbMonitor *self = XENO_USB_MONITOR (object);

  g_clear_handle_id (&self->source_id, g_source_remove);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  g_free (self->sysfs);

  G_OBJECT_CLASS (xeno_usb_monitor_parent_class)->finalize (object);
}

static void
xeno_usb_monitor_class_init (XenoUsbMonitorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_usb_monitor_finalize;

  signals[LISTED] =
    g_signal_new ("listed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_LIST_MODEL);
}

static void
xeno_usb_monitor_init (XenoUsbMonitor *self)
{
  listen_to_udev (self);
}

/**
 * xeno_usb_monitor_new:
 * @sysfs: where the kernel lists USB devices
 *
 * Looks at once, and whenever something was plugged in or out.
 *
 * Returns: (transfer full): a monitor
 */
XenoUsbMonitor *
xeno_usb_monitor_new (const char *sysfs)
{
  XenoUsbMonitor *self;

  g_return_val_if_fail (sysfs != NULL, NULL);

  self = g_object_new (XENO_TYPE_USB_MONITOR, NULL);
  self->sysfs = g_strdup (sysfs);
  xeno_usb_monitor_look (self);
  return self;
}

/**
 * xeno_usb_monitor_look:
 * @self: a monitor
 *
 * Looks which devices there are, and tells by "listed".
 */
void
xeno_usb_monitor_look (XenoUsbMonitor *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_USB_MONITOR (self));

  self->must_look = self->is_looking;
  if (self->is_looking)
    return;

  self->is_looking = TRUE;
  task = g_task_new (self, NULL, listed_cb, NULL);
  g_task_set_source_tag (task, xeno_usb_monitor_look);
  g_task_set_task_data (task, g_strdup (self->sysfs), g_free);
  g_task_run_in_thread (task, list_in_thread);
}
