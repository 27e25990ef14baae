/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a recipe to the document of a machine. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "create/xeno-recipe-draft.h"
#include "create/xeno-seed-machine.h"

/* What machines on QEMU get: enough ports for what is plugged in later. */
#define N_ROOT_PORTS    14
#define N_USB_PORTS     "15"
#define N_USB_REDIRS    2
#define BALLOON_PERIOD  "5"

/*< private >
 * xeno_draft_add:
 * @draft: a draft
 * @kind: what device
 * @...: field ids and values in turn, ended by %NULL
 *
 * Adds a device to the machine.
 */
void
xeno_draft_add (XenoDraft  *draft,
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
has_driver (XenoDraft  *draft,
            const char *device_name)
{
  return draft->os == NULL || xeno_os_supports_device (draft->os, device_name)
         || (draft->is_windows && xeno_recipe_get_driver_disc (draft->recipe) != NULL);
}

/* A kernel that is tried sees no bus that it would have to search. */
static void
add_controllers (XenoDraft *draft)
{
  if (draft->is_light)
    {
      xeno_draft_add (draft, "controller", "type", "usb", "model", "none", NULL);
      return;
    }

  xeno_draft_add (draft, "controller", "type", "usb", "model", "qemu-xhci", "ports", N_USB_PORTS, NULL);
  if (!draft->is_x86)
    return;

  xeno_draft_add (draft, "controller", "type", "pci", "index", "0", "model", "pcie-root", NULL);
  for (guint i = 0; i < N_ROOT_PORTS; i++)
    xeno_draft_add (draft, "controller", "type", "pci", "model", "pcie-root-port", NULL);
}

/* A disc with drivers is of no use to an installer that nobody shows it to. */
static gboolean
knows_no_drivers (XenoDraft *draft)
{
  const XenoInstallScript *script = xeno_recipe_get_install_script (draft->recipe);

  return draft->is_windows && script != NULL && !script->loads_drivers;
}

static const char *
choose_disk_bus (XenoDraft *draft)
{
  if (!draft->is_qemu)
    return NULL;
  if (knows_no_drivers (draft) && draft->is_x86)
    return "sata";

  return has_driver (draft, "virtio-block") || !draft->is_x86 ? "virtio" : "sata";
}

/* What lies under the disk is stated, whatever its header says by the time QEMU reads it. */
static void
state_chain (XenoDraft  *draft,
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
add_disk (XenoDraft  *draft,
          const char *path,
          const char *format,
          const char *backing_path,
          const char *backing_format)
{
  const char *bus = choose_disk_bus (draft);
  gboolean is_second = xeno_recipe_boots_network (draft->recipe);

  xeno_draft_add (draft, "disk",
                  "type", "file", "device", "disk",
                  "driver-type", format, "driver-discard", draft->is_qemu ? "unmap" : NULL,
                  "source-file", path,
                  "target-dev", g_strcmp0 (bus, "sata") == 0 ? "sda" : "vda", "bus", bus,
                  "boot-order", draft->direct_boot != NULL ? NULL : is_second ? "2" : "1",
                  NULL);

  state_chain (draft, backing_path, backing_format);
}

/* The first one is the medium, and what a guest counts. */
static void
add_disc (XenoDraft  *draft,
          const char *path)
{
  gboolean is_first = draft->n_discs == 0;
  guint index = draft->n_discs++ + (g_strcmp0 (choose_disk_bus (draft), "sata") == 0 ? 1 : 0);
  const char *bus = draft->is_x86 ? "sata" : "scsi";
  g_autofree char *target = g_strdup_printf ("sd%c", 'a' + index);

  /* Behind the disk: an empty one falls through to the disc, an installed one starts. */
  xeno_draft_add (draft, "disk",
                  "type", "file", "device", "cdrom",
                  "driver-type", "raw",
                  "source-file", path,
                  "target-dev", target, "bus", draft->is_qemu ? bus : NULL,
                  "readonly", "",
                  "boot-order", !is_first ? NULL : xeno_recipe_boots_network (draft->recipe) ? "3" : "2",
                  NULL);
}

/* Where a guest of today finds a disc: Debian’s kernel for clouds knows no SATA. */
static void
add_seed (XenoDraft  *draft,
          const char *path)
{
  gboolean is_virtio = g_strcmp0 (choose_disk_bus (draft), "virtio") == 0;

  if (is_virtio)
    xeno_draft_add (draft, "controller", "type", "scsi", "index", "0", "model", "virtio-scsi", NULL);
  xeno_draft_add (draft, "disk",
                  "type", "file", "device", "cdrom",
                  "driver-type", "raw",
                  "source-file", path,
                  "target-dev", "sdc", "bus", !draft->is_qemu ? NULL : is_virtio ? "scsi" : "sata",
                  "readonly", "",
                  NULL);
}

/* On a controller that every system knows, for nobody can say what is on the disks. */
static void
add_appliance_disks (XenoDraft           *draft,
                     const XenoAppliance *appliance,
                     GPtrArray           *files)
{
  for (guint i = 0; i < appliance->disks->len; i++)
    {
      g_autofree char *role = g_strdup_printf (XENO_RECIPE_DISK_ROLE, i);
      const char letter[] = { draft->is_x86 ? 's' : 'v', 'd', 'a' + i, '\0' };

      xeno_draft_add (draft, "disk",
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
add_cards (XenoDraft           *draft,
           const XenoAppliance *appliance,
           const char          *network)
{
  gboolean is_user = g_str_equal (network, "auto") || g_str_equal (network, "user");

  for (guint i = 0; i < appliance->ovf->nics->len; i++)
    xeno_draft_add (draft, "interface", "type", is_user ? "user" : "network", "source-network", is_user ? NULL : network,
                    "model", !draft->is_qemu ? NULL : draft->is_x86 ? find_card (g_ptr_array_index (appliance->ovf->nics, i)) : "virtio",
                    NULL);
}

/* Where the installer looks for what it is told; the discs before it and behind it have their letters by that. */
static void
add_answers (XenoDraft  *draft,
             const char *path)
{
  const XenoInstallScript *script = xeno_recipe_get_install_script (draft->recipe);

  if (script == NULL || path == NULL)
    return;

  if (script->method == XENO_INSTALL_DISC)
    add_disc (draft, path);
  else
    xeno_draft_add (draft, "disk",
                    "type", "file", "device", "floppy",
                    "driver-type", "raw",
                    "source-file", path,
                    "target-dev", "fda", "bus", draft->is_qemu ? "fdc" : NULL,
                    "readonly", "",
                    NULL);
}

static void
add_storage (XenoDraft  *draft,
             GPtrArray *files)
{
  const XenoAppliance *appliance = xeno_recipe_get_appliance (draft->recipe);
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);
  XenoDiskWay way = xeno_recipe_get_disk_way (draft->recipe);
  const char *path = media != NULL ? xeno_media_get_path (media) : NULL;
  const char *format = media != NULL ? xeno_media_get_format (media) : NULL;
  const char *disk_path = xeno_plan_find_path (files, "disk");
  const char *sent_path = xeno_plan_find_path (files, XENO_RECIPE_MEDIUM_ROLE);
  const char *drivers_path = xeno_plan_find_path (files, XENO_RECIPE_DRIVERS_ROLE);
  XenoMedia *root = draft->direct_boot != NULL ? xeno_direct_boot_get_root_disk (draft->direct_boot) : NULL;

  if (appliance != NULL)
    add_appliance_disks (draft, appliance, files);
  else if (root != NULL)
    add_disk (draft, xeno_media_get_path (root), xeno_media_get_format (root), NULL, NULL);
  else if (way == XENO_DISK_OVERLAY)
    add_disk (draft, disk_path, "qcow2", sent_path != NULL ? sent_path : path, sent_path != NULL ? "qcow2" : format);
  else if (way == XENO_DISK_IN_PLACE)
    add_disk (draft, path, format, NULL, NULL);
  else if (disk_path != NULL)
    add_disk (draft, disk_path, "qcow2", NULL, NULL);
  if (media != NULL && g_str_equal (xeno_media_get_device (media), "cdrom"))
    add_disc (draft, sent_path != NULL ? sent_path : path);
  if (xeno_plan_find_path (files, XENO_SEED_ROLE) != NULL)
    add_seed (draft, xeno_plan_find_path (files, XENO_SEED_ROLE));
  add_answers (draft, xeno_plan_find_path (files, "answers"));
  if (draft->is_windows && xeno_recipe_get_driver_disc (draft->recipe) != NULL)
    add_disc (draft, drivers_path != NULL ? drivers_path : xeno_recipe_get_driver_disc (draft->recipe));
}

static void
add_network (XenoDraft *draft)
{
  const char *network = xeno_recipe_get_network (draft->recipe);
  const char *model = has_driver (draft, "virtio-net") || !draft->is_x86 ? "virtio" : "e1000e";
  const char *order = xeno_recipe_boots_network (draft->recipe) ? "1" : NULL;

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
    xeno_draft_add (draft, "interface", "type", "user", "model", model, "boot-order", order, NULL);
  else
    xeno_draft_add (draft, "interface", "type", "network", "source-network", network, "model", model,
                    "boot-order", order, NULL);
}

static const char *
choose_video (XenoDraft *draft)
{
  /* virtio shows a BIOS's text too, and resizes; what knows no virtio draws on plain VGA. */
  const char *wanted = has_driver (draft, "virtio-gpu") && !draft->is_windows ? "virtio" : "vga";

  return xeno_caps_offers (draft->caps, "video", "model", wanted) ? wanted : NULL;
}

static void
add_screen (XenoDraft *draft)
{
  const char *model = choose_video (draft);

  if (draft->is_spice)
    xeno_draft_add (draft, "graphics", "type", "spice", "listen-type", "none", "image-compression", "off", NULL);
  else if (draft->is_dbus)
    xeno_draft_add (draft, "graphics", "type", "dbus", "p2p", "yes", NULL);
  else
    xeno_draft_add (draft, "graphics", "type", "vnc", "listen-type", "none", "audio-id", draft->is_qemu ? "1" : NULL, NULL);

  if (model != NULL)
    xeno_draft_add (draft, "video", "model", model, NULL);
}

/* What carries the clipboard, the pointer and the size of the screen. */
static void
add_screen_agent (XenoDraft *draft)
{
  if (draft->is_spice)
    {
      xeno_draft_add (draft, "channel", "type", "spicevmc", "target-type", "virtio", "target-name", "com.redhat.spice.0", NULL);
      /* For a folder, as soon as a person shares one. */
      xeno_draft_add (draft, "channel", "type", "spiceport", "source-channel", "org.spice-space.webdav.0",
                      "target-type", "virtio", "target-name", "org.spice-space.webdav.0", NULL);
    }
  else if (xeno_caps_offers (draft->caps, "channel", "type", "qemu-vdagent"))
    xeno_draft_add (draft, "channel", "type", "qemu-vdagent", "target-type", "virtio", "target-name", "com.redhat.spice.0",
                    "clipboard-copypaste", "yes", NULL);
}

/* What every machine has, to be spoken to. */
static void
add_channels (XenoDraft *draft)
{
  xeno_draft_add (draft, "serial", "type", "pty", "target-type", draft->is_x86 ? "isa-serial" : NULL,
                  "target-port", "0", NULL);
  xeno_draft_add (draft, "console", "type", "pty", "target-type", "serial", "target-port", "0", NULL);
  if (draft->is_light)
    {
      xeno_draft_add (draft, "memballoon", "model", "none", NULL);
      return;
    }

  xeno_draft_add (draft, "channel", "type", "unix", "target-type", "virtio", "target-name", "org.qemu.guest_agent.0",
                  NULL);
  xeno_draft_add (draft, "memballoon", "model", "virtio", "stats-period", BALLOON_PERIOD, NULL);
}

static void
add_comforts (XenoDraft *draft)
{
  add_screen_agent (draft);
  xeno_draft_add (draft, "input", "type", "tablet", "bus", "usb", NULL);
  if (!draft->is_x86)
    xeno_draft_add (draft, "input", "type", "keyboard", "bus", "usb", NULL);
  xeno_draft_add (draft, "sound", "model", "ich9", NULL);
  xeno_draft_add (draft, "audio", "id", "1", "type", draft->is_spice ? "spice" : "none", NULL);
  if (draft->is_spice && xeno_caps_offers (draft->caps, "redirdev", "bus", "usb"))
    for (guint i = 0; i < N_USB_REDIRS; i++)
      xeno_draft_add (draft, "redirdev", "bus", "usb", "type", "spicevmc", NULL);
}

/* What costs a guest nothing that does not look for it. */
static void
add_chips (XenoDraft *draft)
{
  if (xeno_caps_offers (draft->caps, "rng", "model", "virtio"))
    xeno_draft_add (draft, "rng", "model", "virtio", "backend-model", "random", "source", "/dev/urandom", NULL);
  if (xeno_recipe_wants_tpm (draft->recipe, draft->caps))
    xeno_draft_add (draft, "tpm", "model", draft->is_x86 ? "tpm-crb" : "tpm-tis", "backend-type", "emulator",
                    "version", "2.0", NULL);
}

/* QEMU's own display is for who asks for it. */
static gboolean
choose_graphics (XenoDraft  *draft,
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
note_origin (XenoDraft *draft)
{
  static const char * const accels[] = { "auto", "kvm", "tcg" };
  XenoMedia *media = xeno_recipe_get_media (draft->recipe);

  xeno_spec_set_os_id (draft->spec, xeno_recipe_get_os_id (draft->recipe));
  xeno_spec_set_note (draft->spec, "accel", accels[xeno_recipe_get_accel (draft->recipe)]);
  if (media != NULL)
    xeno_spec_set_note (draft->spec, "made-from", xeno_media_get_path (media));
  if (xeno_recipe_get_seed (draft->recipe) != NULL)
    xeno_seed_note (xeno_recipe_get_seed (draft->recipe), draft->spec);
}

/* Past the disc's own boot menu, which asks. Who would start the kernel again would install again. */
static void
add_installer (XenoDraft *draft,
               GPtrArray *files)
{
  const XenoInstallScript *script = xeno_recipe_get_install_script (draft->recipe);

  if (script == NULL || script->method != XENO_INSTALL_INITRD)
    return;

  xeno_spec_set_value (draft->spec, "os/kernel", xeno_plan_find_path (files, "kernel"));
  xeno_spec_set_value (draft->spec, "os/initrd", xeno_plan_find_path (files, "initrd"));
  if (script->command_line != NULL)
    xeno_spec_set_value (draft->spec, "os/cmdline", script->command_line);
  xeno_spec_set_value (draft->spec, "on_reboot", "destroy");
}

static void
fill_in (XenoDraft  *draft,
         const char *name,
         const char *uuid,
         GPtrArray  *files)
{
  xeno_spec_set_name (draft->spec, name);
  xeno_spec_set_uuid (draft->spec, uuid);
  xeno_spec_set_title (draft->spec, xeno_recipe_get_title (draft->recipe));
  note_origin (draft);
  xeno_draft_write_platform (draft);
  if (draft->is_qemu)
    add_controllers (draft);
  if (draft->direct_boot != NULL)
    xeno_draft_write_boot (draft, name);
  add_storage (draft, files);
  add_installer (draft, files);
  add_network (draft);
  if (!draft->is_light)
    add_screen (draft);
  if (draft->is_qemu)
    add_channels (draft);
  if (draft->is_qemu && !draft->is_light)
    add_comforts (draft);
  if (draft->is_qemu)
    add_chips (draft);
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
  XenoDraft draft = { .recipe = self, .caps = caps, .spec = spec };
  const char *virt_type;

  g_return_val_if_fail (XENO_IS_RECIPE (self), NULL);
  g_return_val_if_fail (XENO_IS_CAPS (caps), NULL);
  g_return_val_if_fail (name != NULL && uuid != NULL, NULL);

  virt_type = xeno_recipe_choose_virt_type (self, caps, NULL);
  draft.os = xeno_recipe_get_os (self);
  draft.is_kvm = g_str_equal (virt_type, "kvm");
  draft.is_qemu = draft.is_kvm || g_str_equal (virt_type, "qemu");
  draft.is_x86 = g_strcmp0 (xeno_caps_get_arch (caps), "x86_64") == 0 || g_strcmp0 (xeno_caps_get_arch (caps), "i686") == 0;
  draft.is_session = !self->is_of_system;
  draft.is_windows = xeno_recipe_is_windows (self);
  draft.direct_boot = xeno_recipe_get_direct_boot (self);
  draft.is_light = draft.direct_boot != NULL && xeno_direct_boot_is_light (draft.direct_boot);
  if (!xeno_recipe_check (self, error) || !choose_graphics (&draft, error)
      || !xeno_draft_choose_firmware (&draft, error) || !xeno_draft_check_boot (&draft, error))
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
