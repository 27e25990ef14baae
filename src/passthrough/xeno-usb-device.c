/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A USB device of this computer's that could be given to a machine. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "passthrough/xeno-usb-device.h"

/* A device's own words are a stranger's. */
#define MAX_NAME_CHARS 80

/* Of the kernel's device nodes. */
#define USB_MAJOR 189
#define DEVICES_PER_BUS 128

#define CLASS_HUB "09"
#define CLASS_INPUT "03"

struct _XenoUsbDevice
{
  GObject  parent_instance;
  char    *title;
  char    *details;
  char    *kind;
  guint    bus;
  guint    address;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_DETAILS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoUsbDevice, xeno_usb_device, G_TYPE_OBJECT)

static char *
read_attribute (const char *folder,
                const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strstrip (text) : NULL;
}

static gboolean
read_number (const char *folder,
             const char *name,
             guint       max,
             guint      *number)
{
  g_autofree char *text = read_attribute (folder, name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, max, &value, NULL))
    return FALSE;

  *number = value;
  return TRUE;
}

/* Four digits in hexadecimal notation, as the kernel writes them. */
static gboolean
is_id (const char *text)
{
  return text != NULL && strlen (text) == 4 && strspn (text, "0123456789abcdef") == 4;
}

/* The keyboard and the mouse a person works with: without them there is no way back. */
static gboolean
is_input (const char *sysfs,
          const char *name)
{
  g_autofree char *prefix = g_strconcat (name, ":", NULL);
  g_autoptr (GDir) dir = g_dir_open (sysfs, 0, NULL);
  gboolean has_input = FALSE;
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (sysfs, entry, NULL);
      g_autofree char *class = NULL;

      if (!g_str_has_prefix (entry, prefix))
        continue;
      class = read_attribute (folder, "bInterfaceClass");
      if (g_strcmp0 (class, CLASS_INPUT) != 0)
        return FALSE;
      has_input = TRUE;
    }
  return has_input;
}

static char *
dup_title (const char *folder,
           const char *vendor_id,
           const char *product_id)
{
  g_autofree char *product = read_attribute (folder, "product");
  g_autofree char *maker = read_attribute (folder, "manufacturer");
  g_autofree char *title = NULL;

  if (product != NULL && maker != NULL && !g_str_has_prefix (product, maker))
    title = g_strdup_printf ("%s %s", maker, product);
  else if (product != NULL)
    title = g_strdup (product);
  else
    /* Translators: two numbers that tell which USB device it is */
    title = g_strdup_printf (_("USB device %s:%s"), vendor_id, product_id);
  return xeno_text_clean (title, -1, MAX_NAME_CHARS);
}

static XenoUsbDevice *
read_device (const char *sysfs,
             const char *name)
{
  g_autofree char *folder = g_build_filename (sysfs, name, NULL);
  g_autofree char *class = read_attribute (folder, "bDeviceClass");
  g_autofree char *vendor_id = read_attribute (folder, "idVendor");
  g_autofree char *product_id = read_attribute (folder, "idProduct");
  XenoUsbDevice *self;
  guint bus, address;

  if (!is_id (vendor_id) || !is_id (product_id) || g_strcmp0 (class, CLASS_HUB) == 0 || is_input (sysfs, name) ||
      !read_number (folder, "busnum", 999, &bus) ||
      !read_number (folder, "devnum", DEVICES_PER_BUS - 1, &address))
    return NULL;

  self = g_object_new (XENO_TYPE_USB_DEVICE, NULL);
  self->bus = bus;
  self->address = address;
  self->kind = g_strconcat (vendor_id, ":", product_id, NULL);
  self->title = dup_title (folder, vendor_id, product_id);
  /* Translators: where a USB device is plugged in, and two numbers that tell what it is */
  self->details = g_strdup_printf (_("Bus %u, device %u · %s:%s"), bus, address, vendor_id, product_id);
  return self;
}

static void
xeno_usb_device_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  XenoUsbDevice *self = XENO_USB_DEVICE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_DETAILS:
      g_value_set_string (value, self->details);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_usb_device_finalize (GObject *object)
{
  XenoUsbDevice *self = XENO_USB_DEVICE (object);

  g_free (self->title);
  g_free (self->details);
  g_free (self->kind);

  G_OBJECT_CLASS (xeno_usb_device_parent_class)->finalize (object);
}

static void
xeno_usb_device_class_init (XenoUsbDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = xeno_usb_device_finalize;
  object_class->get_property = xeno_usb_device_get_property;

  /**
   * XenoUsbDevice:title:
   *
   * What it calls itself.
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * XenoUsbDevice:details:
   *
   * Where it is plugged in, and its numbers.
   */
  properties[PROP_DETAILS] =
    g_param_spec_string ("details", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_usb_device_init (XenoUsbDevice *self)
{
}

/**
 * xeno_usb_device_get_title:
 * @self: a device
 *
 * Returns: what it calls itself
 */
const char *
xeno_usb_device_get_title (XenoUsbDevice *self)
{
  g_return_val_if_fail (XENO_IS_USB_DEVICE (self), NULL);

  return self->title;
}

/**
 * xeno_usb_device_get_details:
 * @self: a device
 *
 * Returns: where it is plugged in, and its numbers
 */
const char *
xeno_usb_device_get_details (XenoUsbDevice *self)
{
  g_return_val_if_fail (XENO_IS_USB_DEVICE (self), NULL);

  return self->details;
}

/**
 * xeno_usb_device_get_kind:
 * @self: a device
 *
 * Returns: the numbers of its vendor and product, as "abcd:1234": those of the same make have the same
 */
const char *
xeno_usb_device_get_kind (XenoUsbDevice *self)
{
  g_return_val_if_fail (XENO_IS_USB_DEVICE (self), NULL);

  return self->kind;
}

/**
 * xeno_usb_device_get_number:
 * @self: a device
 *
 * Returns: what tells it from the others while it stays plugged in
 */
guint
xeno_usb_device_get_number (XenoUsbDevice *self)
{
  g_return_val_if_fail (XENO_IS_USB_DEVICE (self), 0);

  return self->bus * DEVICES_PER_BUS + self->address;
}

/* Another device may have got the name meanwhile; its node has another number then. */
static gboolean
is_node (XenoUsbDevice *self,
         int            fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 && S_ISCHR (info.st_mode) && major (info.st_rdev) == USB_MAJOR &&
         minor (info.st_rdev) == (self->bus - 1) * DEVICES_PER_BUS + self->address - 1;
}

/**
 * xeno_usb_device_open:
 * @self: a device
 * @error: %XENO_ERROR_NO_PERMISSION, %XENO_ERROR_NOT_FOUND or %XENO_ERROR_FAILED
 *
 * Opens it for whoever drives it. Blocks for a moment.
 *
 * Returns: a descriptor the caller owns, or -1
 */
int
xeno_usb_device_open (XenoUsbDevice  *self,
                      GError        **error)
{
  g_autofree char *path = NULL;
  int fd, code;

  g_return_val_if_fail (XENO_IS_USB_DEVICE (self), -1);

  path = g_strdup_printf ("/dev/bus/usb/%03u/%03u", self->bus, self->address);
  fd = open (path, O_RDWR | O_CLOEXEC);
  code = errno;
  if (fd >= 0 && is_node (self, fd))
    return fd;

  if (fd >= 0)
    {
      g_close (fd, NULL);
      code = ENODEV;
    }
  if (code == EACCES || code == EPERM)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (code),
                    _("“%s” may not be used by you directly. Have a udev rule give you access to it, or let "
                      "the machine have it through its hardware page."),
                    self->title);
  else if (code == ENOENT || code == ENODEV || code == ENXIO)
    xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (code),
                    _("“%s” is not plugged in any more."), self->title);
  else
    xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (code), _("“%s” could not be opened."), self->title);
  return -1;
}

/**
 * xeno_usb_device_list:
 * @sysfs: where the kernel lists USB devices
 *
 * Looks which devices there are that a machine could be given: no hubs, and not what a person works with.
 * Blocks for a moment.
 *
 * Returns: (transfer full): a list of #XenoUsbDevice
 */
GListModel *
xeno_usb_device_list (const char *sysfs)
{
  GListStore *devices = g_list_store_new (XENO_TYPE_USB_DEVICE);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_val_if_fail (sysfs != NULL, NULL);

  dir = g_dir_open (sysfs, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (XenoUsbDevice) device = strchr (name, ':') == NULL ? read_device (sysfs, name) : NULL;

      if (device != NULL)
        g_list_store_append (devices, device);
    }
  return G_LIST_MODEL (devices);
}
