/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a recipe to the document of a machine. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-recipe-private.h"

/* What machines on QEMU get: enough ports for what is plugged in later. */
#define N_ROOT_PORTS    14
#define N_USB_PORTS     "15"
#define N_USB_REDIRS    2
#define BALLOON_PERIOD  "5"

typedef struct
{
  XenoRecipe *recipe;
  XenoCaps   *caps;
  XenoOs     *os; /* NULL: not known */
  XenoSpec   *spec;
  gboolean    is_qemu;
  gboolean    is_x86;
  gboolean    is_kvm;
  gboolean    is_windows;
  gboolean    is_uefi;
  gboolean    is_spice;
  gboolean    is_dbus;
} Draft;

typedef struct
{
  const char *path;
  const char *value;
} Setting;

static const Setting common_settings[] = {
  { "features/acpi", "" },
  { "on_poweroff", "destroy" },
  { "on_reboot", "restart" },
  { "on_crash", "destroy" },
};

static const Setting x86_settings[] = {
  { "features/apic", "" },
  { "features/vmport/@state", "off" },
  { "clock/timer[@name='rtc']/@tickpolicy", "catchup" },
  { "clock/timer[@name='pit']/@tickpolicy", "delay" },
  { "clock/timer[@name='hpet']/@present", "no" },
  { "pm/suspend-to-mem/@enabled", "no" },
  { "pm/suspend-to-disk/@enabled", "no" },
};

/* What Windows knows to use under KVM. */
static const Setting windows_settings[] = {
  { "features/hyperv/relaxed/@state", "on" },
  { "features/hyperv/vapic/@state", "on" },
  { "features/hyperv/spinlocks/@state", "on" },
  { "features/hyperv/spinlocks/@retries", "8191" },
  { "clock/timer[@name='hypervclock']/@present", "yes" },
};

static void
apply_settings (XenoSpec      *spec,
                const Setting *settings,
                gsize          n_settings)
{
  for (gsize i = 0; i < n_settings; i++)
    xeno_spec_set_value (spec, settings[i].path, settings[i].value);
}

/* Field ids and values in turn, ended by NULL. */
static void G_GNUC_NULL_TERMINATED
add (Draft      *draft,
     const char *kind,
     ...)
{
  g_autoptr (XenoDevice) device = xeno_spec_add_device (draft->spec, kind);
  const char *field_id;
  va_list args;

  va_start (args, kind);
  while ((field_id = va_arg (args, const char *)) != NULL)
    xeno_device_set_string (device, field_id, va_arg (args, const char *));
  va_end (args);
}

/* What nobody knows anything of is taken for new: its medium is newer than our database. */
static gboolean
has_driver (Draft      *draft,
            const char *device_name)
{
  return draft->os == NULL || xeno_os_supports_device (draft->os, device_name);
}

static gboolean
wants_uefi (Draft *draft)
{
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);

  switch (xeno_recipe_get_firmware (draft->recipe))
    {
    case XENO_FIRMWARE_BIOS:
      return FALSE;

    case XENO_FIRMWARE_UEFI:
      return TRUE;

    default:
      return (media != NULL && xeno_media_needs_uefi (media))
             || (draft->os != NULL && !xeno_os_supports_bios (draft->os));
    }
}

static gboolean
choose_firmware (Draft   *draft,
                 GError **error)
{
  gboolean secure_boot;

  draft->is_uefi = wants_uefi (draft);
  if (!draft->is_uefi)
    return TRUE;

  if (!xeno_caps_offers_uefi (draft->caps))
    {
      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("Firmware: this host has no UEFI firmware for machines. Install it (package "
                        "“ovmf” or “edk2-ovmf”), or choose BIOS."));
      return FALSE;
    }

  /* Windows 11 asks for it; elsewhere it refuses drivers that people build themselves. */
  secure_boot = draft->is_windows && !xeno_os_supports_bios (draft->os)
                && xeno_caps_offers_secure_boot (draft->caps);
  xeno_spec_set_uefi (draft->spec, TRUE, secure_boot);
  if (secure_boot)
    xeno_spec_set_value (draft->spec, "features/smm/@state", "on");
  return TRUE;
}

static void
describe_platform (Draft *draft)
{
  XenoSpec *spec = draft->spec;

  xeno_spec_set_platform (spec, xeno_caps_get_arch (draft->caps), xeno_caps_get_machine_type (draft->caps));
  xeno_spec_set_memory_bytes (spec, xeno_recipe_get_memory_bytes (draft->recipe));
  xeno_spec_set_n_cpus (spec, xeno_recipe_get_n_cpus (draft->recipe));
  xeno_spec_set_value (spec, "clock/@offset", draft->is_windows ? "localtime" : "utc");
  apply_settings (spec, common_settings, G_N_ELEMENTS (common_settings));
  if (!draft->is_qemu)
    return;

  xeno_spec_set_value (spec, "cpu/@mode", draft->is_kvm ? "host-passthrough" : "maximum");
  if (draft->is_x86)
    apply_settings (spec, x86_settings, G_N_ELEMENTS (x86_settings));
  if (draft->is_x86 && !draft->is_kvm)
    xeno_spec_set_value (spec, "cpu/feature[@name='la57']/@policy", "disable"); /* old kernels and loaders stumble */
  if (draft->is_windows && draft->is_kvm)
    apply_settings (spec, windows_settings, G_N_ELEMENTS (windows_settings));
}

static void
add_controllers (Draft *draft)
{
  add (draft, "controller", "type", "usb", "model", "qemu-xhci", "ports", N_USB_PORTS, NULL);
  if (!draft->is_x86)
    return;

  add (draft, "controller", "type", "pci", "index", "0", "model", "pcie-root", NULL);
  for (guint i = 0; i < N_ROOT_PORTS; i++)
    add (draft, "controller", "type", "pci", "model", "pcie-root-port", NULL);
}

static const char *
choose_disk_bus (Draft *draft)
{
  if (!draft->is_qemu)
    return NULL;

  return has_driver (draft, "virtio-block") || !draft->is_x86 ? "virtio" : "sata";
}

/* What lies under the disk is stated, whatever its header says by the time QEMU reads it. */
static void
state_chain (Draft      *draft,
             const char *backing_path,
             const char *backing_format)
{
  XenoSpec *spec = draft->spec;

  if (backing_path == NULL)
    {
      xeno_spec_set_value (spec, "devices/disk[@device='disk']/backingStore", "");
      return;
    }

  xeno_spec_set_value (spec, "devices/disk[@device='disk']/backingStore/@type", "file");
  xeno_spec_set_value (spec, "devices/disk[@device='disk']/backingStore/format/@type", backing_format);
  xeno_spec_set_value (spec, "devices/disk[@device='disk']/backingStore/source/@file", backing_path);
  xeno_spec_set_value (spec, "devices/disk[@device='disk']/backingStore/backingStore", "");
}

static void
add_disk (Draft      *draft,
          const char *path,
          const char *format,
          const char *backing_path,
          const char *backing_format)
{
  const char *bus = choose_disk_bus (draft);

  add (draft, "disk",
       "type", "file", "device", "disk",
       "driver-type", format, "driver-discard", draft->is_qemu ? "unmap" : NULL,
       "source-file", path,
       "target-dev", g_strcmp0 (bus, "sata") == 0 ? "sda" : "vda", "bus", bus,
       "boot-order", "1",
       NULL);

  state_chain (draft, backing_path, backing_format);
}

static void
add_disc (Draft      *draft,
          const char *path)
{
  gboolean is_second = g_strcmp0 (choose_disk_bus (draft), "sata") == 0;
  const char *bus = draft->is_x86 ? "sata" : "scsi";

  /* Behind the disk: an empty one falls through to the disc, an installed one starts. */
  add (draft, "disk",
       "type", "file", "device", "cdrom",
       "driver-type", "raw",
       "source-file", path,
       "target-dev", is_second ? "sdb" : "sda", "bus", draft->is_qemu ? bus : NULL,
       "readonly", "",
       "boot-order", "2",
       NULL);
}

/* Where a guest of today finds a disc: Debian’s kernel for clouds knows no SATA. */
static void
add_seed (Draft      *draft,
          const char *path)
{
  gboolean is_virtio = g_strcmp0 (choose_disk_bus (draft), "virtio") == 0;

  if (is_virtio)
    add (draft, "controller", "type", "scsi", "index", "0", "model", "virtio-scsi", NULL);
  add (draft, "disk",
       "type", "file", "device", "cdrom",
       "driver-type", "raw",
       "source-file", path,
       "target-dev", "sdc", "bus", !draft->is_qemu ? NULL : is_virtio ? "scsi" : "sata",
       "readonly", "",
       NULL);
}

/* On a controller that every system knows, for nobody can say what is on the disks. */
static void
add_appliance_disks (Draft               *draft,
                     const XenoAppliance *appliance,
                     GPtrArray           *files)
{
  for (guint i = 0; i < appliance->disks->len; i++)
    {
      g_autofree char *role = g_strdup_printf (XENO_RECIPE_DISK_ROLE, i);
      const char letter[] = { draft->is_x86 ? 's' : 'v', 'd', 'a' + i, '\0' };

      add (draft, "disk",
           "type", "file", "device", "disk",
           "driver-type", "qcow2", "driver-discard", draft->is_qemu ? "unmap" : NULL,
           "source-file", xeno_plan_find_path (files, role),
           "target-dev", letter, "bus", !draft->is_qemu ? NULL : draft->is_x86 ? "sata" : "virtio",
           "boot-order", i == 0 ? "1" : NULL,
           NULL);
    }
}

/* As somebody's cards are called there, and here. */
static const char *
find_card (const char *kind)
{
  static const char * const kinds[][2] = {
    { "E1000e", "e1000e" }, { "E1000", "e1000" }, { "VmxNet3", "vmxnet3" }, { "virtio", "virtio" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strncasecmp (kind, kinds[i][0], strlen (kinds[i][0])) == 0)
      return kinds[i][1];
  return "e1000e";
}

static void
add_cards (Draft               *draft,
           const XenoAppliance *appliance,
           const char          *network)
{
  gboolean is_user = g_str_equal (network, "auto") || g_str_equal (network, "user");

  for (guint i = 0; i < appliance->ovf->nics->len; i++)
    add (draft, "interface", "type", is_user ? "user" : "network", "source-network", is_user ? NULL : network,
         "model", !draft->is_qemu ? NULL : draft->is_x86 ? find_card (g_ptr_array_index (appliance->ovf->nics, i)) : "virtio",
         NULL);
}

static void
add_storage (Draft     *draft,
             GPtrArray *files)
{
  const XenoAppliance *appliance = xeno_recipe_get_appliance (draft->recipe);
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);
  XenoDiskWay way = xeno_recipe_get_disk_way (draft->recipe);
  const char *path = media != NULL ? xeno_media_get_path (media) : NULL;
  const char *format = media != NULL ? xeno_media_get_format (media) : NULL;
  const char *disk_path = xeno_plan_find_path (files, "disk");

  if (appliance != NULL)
    add_appliance_disks (draft, appliance, files);
  else if (way == XENO_DISK_OVERLAY)
    add_disk (draft, disk_path, "qcow2", path, format);
  else if (way == XENO_DISK_IN_PLACE)
    add_disk (draft, path, format, NULL, NULL);
  else if (disk_path != NULL)
    add_disk (draft, disk_path, "qcow2", NULL, NULL);
  if (media != NULL && g_str_equal (xeno_media_get_device (media), "cdrom"))
    add_disc (draft, path);
  if (xeno_plan_find_path (files, "seed") != NULL)
    add_seed (draft, xeno_plan_find_path (files, "seed"));
}

static void
add_network (Draft *draft)
{
  const char *network = xeno_recipe_get_network (draft->recipe);
  const char *model = has_driver (draft, "virtio-net") || !draft->is_x86 ? "virtio" : "e1000e";

  if (!draft->is_qemu)
    model = NULL;
  if (g_str_equal (network, "none"))
    return;
  if (xeno_recipe_get_appliance (draft->recipe) != NULL)
    {
      add_cards (draft, xeno_recipe_get_appliance (draft->recipe), network);
      return;
    }

  if (g_str_equal (network, "auto") || g_str_equal (network, "user"))
    add (draft, "interface", "type", "user", "model", model, NULL);
  else
    add (draft, "interface", "type", "network", "source-network", network, "model", model, NULL);
}

static const char *
choose_video (Draft *draft)
{
  /* virtio shows a BIOS's text too, and resizes; what knows no virtio draws on plain VGA. */
  const char *wanted = has_driver (draft, "virtio-gpu") && !draft->is_windows ? "virtio" : "vga";

  return xeno_caps_offers (draft->caps, "video", "model", wanted) ? wanted : NULL;
}

static void
add_screen (Draft *draft)
{
  const char *model = choose_video (draft);

  if (draft->is_spice)
    add (draft, "graphics", "type", "spice", "listen-type", "none", "image-compression", "off", NULL);
  else if (draft->is_dbus)
    add (draft, "graphics", "type", "dbus", "p2p", "yes", NULL);
  else
    add (draft, "graphics", "type", "vnc", "listen-type", "none", "audio-id", draft->is_qemu ? "1" : NULL, NULL);

  if (model != NULL)
    add (draft, "video", "model", model, NULL);
}

/* What carries the clipboard, the pointer and the size of the screen. */
static void
add_screen_agent (Draft *draft)
{
  if (draft->is_spice)
    {
      add (draft, "channel", "type", "spicevmc", "target-type", "virtio", "target-name", "com.redhat.spice.0", NULL);
      /* For a folder, as soon as a person shares one. */
      add (draft, "channel", "type", "spiceport", "source-channel", "org.spice-space.webdav.0",
           "target-type", "virtio", "target-name", "org.spice-space.webdav.0", NULL);
    }
  else if (xeno_caps_offers (draft->caps, "channel", "type", "qemu-vdagent"))
    add (draft, "channel", "type", "qemu-vdagent", "target-type", "virtio", "target-name", "com.redhat.spice.0",
         "clipboard-copypaste", "yes", NULL);
}

static void
add_comforts (Draft *draft)
{
  add (draft, "serial", "type", "pty", "target-type", draft->is_x86 ? "isa-serial" : NULL, "target-port", "0", NULL);
  add (draft, "console", "type", "pty", "target-type", "serial", "target-port", "0", NULL);
  add (draft, "channel", "type", "unix", "target-type", "virtio", "target-name", "org.qemu.guest_agent.0", NULL);
  add_screen_agent (draft);
  add (draft, "input", "type", "tablet", "bus", "usb", NULL);
  if (!draft->is_x86)
    add (draft, "input", "type", "keyboard", "bus", "usb", NULL);
  add (draft, "sound", "model", "ich9", NULL);
  add (draft, "audio", "id", "1", "type", draft->is_spice ? "spice" : "none", NULL);
  add (draft, "memballoon", "model", "virtio", "stats-period", BALLOON_PERIOD, NULL);
  if (xeno_caps_offers (draft->caps, "rng", "model", "virtio"))
    add (draft, "rng", "model", "virtio", "backend-model", "random", "source", "/dev/urandom", NULL);
  if (draft->is_spice && xeno_caps_offers (draft->caps, "redirdev", "bus", "usb"))
    for (guint i = 0; i < N_USB_REDIRS; i++)
      add (draft, "redirdev", "bus", "usb", "type", "spicevmc", NULL);
  if (draft->is_uefi && draft->is_windows && xeno_caps_offers (draft->caps, "tpm", "backendModel", "emulator"))
    add (draft, "tpm", "model", "tpm-crb", "backend-type", "emulator", "version", "2.0", NULL);
}

/* QEMU's own display is for who asks for it. */
static gboolean
choose_graphics (Draft   *draft,
                 GError **error)
{
  const char *wanted = xeno_recipe_get_graphics (draft->recipe);
  gboolean offers_spice = xeno_caps_offers (draft->caps, "graphics", "type", "spice");

  draft->is_dbus = g_str_equal (wanted, "dbus");
  draft->is_spice = offers_spice && !draft->is_dbus && !g_str_equal (wanted, "vnc");
  if (draft->is_dbus && !xeno_caps_offers (draft->caps, "graphics", "type", "dbus"))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Graphics: this host’s QEMU offers no D-Bus display. Choose SPICE or VNC."));
  else if (!offers_spice && g_str_equal (wanted, "spice"))
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("Graphics: this host’s QEMU offers no SPICE. Install its SPICE module, or choose VNC."));
  else
    return TRUE;
  return FALSE;
}

static void
note_origin (Draft *draft)
{
  static const char * const accels[] = { "auto", "kvm", "tcg" };
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);

  xeno_spec_set_os_id (draft->spec, xeno_recipe_get_os_id (draft->recipe));
  xeno_spec_set_note (draft->spec, "accel", accels[xeno_recipe_get_accel (draft->recipe)]);
  if (media != NULL)
    xeno_spec_set_note (draft->spec, "made-from", xeno_media_get_path (media));
}

/* Past the disc's own boot menu, which asks. Who would start the kernel again would install again. */
static void
add_installer (Draft     *draft,
               GPtrArray *files)
{
  const XenoInstallScript *script = xeno_recipe_get_install_script (draft->recipe);

  if (script == NULL)
    return;

  xeno_spec_set_value (draft->spec, "os/kernel", xeno_plan_find_path (files, "kernel"));
  xeno_spec_set_value (draft->spec, "os/initrd", xeno_plan_find_path (files, "initrd"));
  if (script->command_line != NULL)
    xeno_spec_set_value (draft->spec, "os/cmdline", script->command_line);
  xeno_spec_set_value (draft->spec, "on_reboot", "destroy");
}

static void
fill_in (Draft      *draft,
         const char *name,
         const char *uuid,
         GPtrArray  *files)
{
  xeno_spec_set_name (draft->spec, name);
  xeno_spec_set_uuid (draft->spec, uuid);
  xeno_spec_set_title (draft->spec, xeno_recipe_get_title (draft->recipe));
  note_origin (draft);
  describe_platform (draft);
  if (draft->is_qemu)
    add_controllers (draft);
  add_storage (draft, files);
  add_installer (draft, files);
  add_network (draft);
  add_screen (draft);
  if (draft->is_qemu)
    add_comforts (draft);
}

/**
 * xeno_recipe_to_spec:
 * @self: a recipe
 * @caps: what the host offers
 * @name: the name libvirt will know it by
 * @uuid: its UUID
 * @files: (nullable) (element-type XenoPlanFile): what is made for it, with paths, or %NULL without any
 * @error: %XENO_ERROR_INVALID, %XENO_ERROR_NO_SPACE or %XENO_ERROR_NOT_SUPPORTED with a sentence that
 *   begins with the field
 *
 * Writes the document of the machine.
 *
 * Returns: (transfer full): the document
 */
XenoSpec *
xeno_recipe_to_spec (XenoRecipe  *self,
                     XenoCaps    *caps,
                     const char  *name,
                     const char  *uuid,
                     GPtrArray   *files,
                     GError     **error)
{
  g_autoptr (XenoSpec) spec = xeno_spec_new ();
  Draft draft = { self, caps, NULL, spec };
  const char *virt_type;

  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);
  g_return_val_if_fail (XENO_IS_CAPS (caps), NULL);
  g_return_val_if_fail (name != NULL && uuid != NULL, NULL);

  virt_type = xeno_recipe_choose_virt_type (self, caps, NULL);
  draft.os = xeno_recipe_get_os (self);
  draft.is_kvm = g_str_equal (virt_type, "kvm");
  draft.is_qemu = draft.is_kvm || g_str_equal (virt_type, "qemu");
  draft.is_x86 = g_strcmp0 (xeno_caps_get_arch (caps), "x86_64") == 0 || g_strcmp0 (xeno_caps_get_arch (caps), "i686") == 0;
  draft.is_windows = draft.os != NULL && g_strcmp0 (xeno_os_get_family (draft.os), "winnt") == 0;
  if (!xeno_recipe_check (self, error) || !choose_graphics (&draft, error) || !choose_firmware (&draft, error))
    return NULL;

  xeno_spec_set_virt_type (spec, virt_type);
  fill_in (&draft, name, uuid, files);
  if (xeno_spec_get_refused (spec) != NULL)
    {
      xeno_set_error (error, XENO_ERROR_INVALID, xeno_spec_get_refused (spec),
                      _("A name or path contains characters that no machine can have. Remove them."));
      return NULL;
    }
  return g_steal_pointer (&spec);
}
