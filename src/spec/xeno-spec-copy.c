/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One machine on paper made another one: nothing both would hold, and nothing shared where nothing may be. */
#include "config.h"

#include <string.h>

#include "spec/xeno-device-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-copy.h"
#include "spec/xeno-spec-private.h"

/*
 * Rule:
 * @kind: the kind of device, or %NULL for every one
 * @field: a value it must have below itself, or %NULL for all of the kind
 * @values: which values, separated by blanks; %NULL for any
 *
 * Which devices are meant.
 */
typedef struct
{
  const char *kind;
  const char *field;
  const char *values;
} Rule;

/* What one machine has to itself on the host. */
static const Rule unshared[] = {
  { "hostdev", NULL, NULL },
  { "lease", NULL, NULL },
  { "interface", "@type", "hostdev vdpa vhostuser" },
  { "filesystem", "source/@socket", NULL },
  { "input", "@type", "passthrough evdev" },
  { "memory", "@model", "nvdimm virtio-pmem" },
  { "channel", "@type", "dev file pipe tcp udp" },
  { "tpm", "backend/@type", "passthrough external" },
};

/* Ways out of a machine, or into it. */
static const Rule ways_out[] = {
  { "interface", NULL, NULL },
  { "filesystem", NULL, NULL },
  { "redirdev", NULL, NULL },
  { "shmem", NULL, NULL },
  { "smartcard", NULL, NULL },
  { "vsock", NULL, NULL },
  { "parallel", NULL, NULL },
  { "channel", "@type", "spiceport" },
};

/* What is different in each machine, or chosen anew for each. */
static const char * const own_values[] = {
  "sysinfo/system/entry[@name='uuid']",
  "sysinfo/system/entry[@name='serial']",
  "devices/vsock/cid/@address",
};

static gboolean
is_one_of (const char *value,
           const char *values)
{
  g_auto (GStrv) words = g_strsplit (values, " ", -1);

  return g_strv_contains ((const char * const *) words, value);
}

static gboolean
is_meant (XenoDevice *device,
          const Rule *rule)
{
  xmlNode *node = xeno_device_get_node (device);
  g_autofree char *value = NULL;

  if (!xeno_node_is (node, rule->kind))
    return FALSE;
  if (rule->field == NULL)
    return TRUE;

  value = xeno_node_dup_value (node, rule->field);
  return value != NULL && (rule->values == NULL || is_one_of (value, rule->values));
}

static void
remove_devices (XenoSpec     *self,
                const Rule   *rules,
                gsize         n_rules,
                GStrvBuilder *titles)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (self, NULL);

  for (guint i = 0; i < devices->len; i++)
    for (gsize j = 0; j < n_rules; j++)
      if (is_meant (devices->pdata[i], &rules[j]))
        {
          g_autofree char *title = xeno_device_dup_title (devices->pdata[i]);

          if (titles != NULL)
            g_strv_builder_add (titles, title);
          xeno_spec_remove_device (self, devices->pdata[i]);
          break;
        }
}

static void
remove_values (XenoSpec           *self,
               const char * const *paths,
               gsize               n_paths)
{
  for (gsize i = 0; i < n_paths; i++)
    xeno_node_remove (xeno_spec_get_root (self), paths[i]);
}

static void
renew_nics (XenoSpec *self)
{
  g_autoptr (GPtrArray) nics = xeno_spec_list_devices (self, "interface");

  for (guint i = 0; i < nics->len; i++)
    {
      xeno_device_set_string (nics->pdata[i], "mac", NULL);
      xeno_device_set_string (nics->pdata[i], "target-dev", NULL);
    }
}

/* A debugger is at one socket, and one machine waits for it. */
static void
forget_debugger (XenoSpec *self)
{
  xeno_spec_remove_argument (self, "-gdb");
  xeno_spec_set_note (self, XENO_SPEC_NOTE_GDB, NULL);
  xeno_spec_set_note (self, XENO_SPEC_NOTE_GDB_WAITS, NULL);
}

/* A port or a socket is one server's; a listener somebody wanted stays, where libvirt chooses. */
static void
renew_graphics (XenoSpec *self)
{
  static const char * const ports[] = { "port", "tls-port", "websocket" };
  static const char * const sockets[] = { "socket", "listen-socket" };
  g_autoptr (GPtrArray) all = xeno_spec_list_devices (self, "graphics");

  for (guint i = 0; i < all->len; i++)
    {
      gboolean had_port = FALSE;

      for (gsize j = 0; j < G_N_ELEMENTS (ports); j++)
        {
          g_autofree char *port = xeno_device_dup_string (all->pdata[i], ports[j]);

          if (port != NULL)
            xeno_device_set_string (all->pdata[i], ports[j], NULL);
          had_port |= port != NULL;
        }
      if (had_port)
        xeno_device_set_boolean (all->pdata[i], "autoport", TRUE);
      for (gsize j = 0; j < G_N_ELEMENTS (sockets); j++)
        xeno_device_set_string (all->pdata[i], sockets[j], NULL);
    }
}

/* What leads to a place on the host, where another machine's leads already, leads to one that libvirt
 * makes for each. */
static void
renew_lines (XenoSpec *self)
{
  static const char * const kinds[] = { "serial", "console", "parallel", "channel" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GPtrArray) lines = xeno_spec_list_devices (self, kinds[i]);

      for (guint j = 0; j < lines->len; j++)
        {
          g_autofree char *type = xeno_device_dup_string (lines->pdata[j], "type");

          xeno_device_set_string (lines->pdata[j], "log-file", NULL);
          if (g_strcmp0 (type, "unix") == 0)
            xeno_node_remove (xeno_device_get_node (lines->pdata[j]), "source");
          else if (type != NULL && is_one_of (type, "dev file pipe tcp udp"))
            {
              xeno_node_remove (xeno_device_get_node (lines->pdata[j]), "source");
              xeno_device_set_string (lines->pdata[j], "type", "pty");
            }
        }
    }
}

/* A floppy both would write to is taken out; a disc that belongs to the other may go with it one day. */
static void
loosen_discs (XenoSpec *self)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (self, "disk");

  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *device = xeno_device_dup_string (disks->pdata[i], "device");

      if (g_strcmp0 (device, "floppy") == 0 && !xeno_device_get_boolean (disks->pdata[i], "readonly"))
        xeno_node_remove (xeno_device_get_node (disks->pdata[i]), "source");
      else if (g_strcmp0 (device, "cdrom") == 0
               && xeno_node_find (xeno_device_get_node (disks->pdata[i]), "source") != NULL)
        xeno_device_set_string (disks->pdata[i], "startup-policy", "optional");
    }
}

/**
 * xeno_spec_make_another:
 * @self: a copy of the document of a machine
 *
 * Takes out of a machine on paper what makes it the one it is (UUID, MAC addresses, ports, sockets,
 * serial numbers of the board) and what it has to itself on the host, so that both can be there. Its
 * name, its UUID and its disks are whoever's who asks. What the guest itself keeps, as its machine-id
 * or its host name, is the guest's matter.
 *
 * Returns: (transfer full): translated titles of the devices that it does not have any more
 */
GStrv
xeno_spec_make_another (XenoSpec *self)
{
  g_autoptr (GStrvBuilder) titles = g_strv_builder_new ();

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  remove_devices (self, unshared, G_N_ELEMENTS (unshared), titles);
  remove_values (self, own_values, G_N_ELEMENTS (own_values));
  if (xeno_node_find (xeno_spec_get_root (self), "genid") != NULL)
    xeno_spec_set_value (self, "genid", "");
  if (xeno_node_find (xeno_spec_get_root (self), "devices/vsock/cid") != NULL)
    xeno_spec_set_value (self, "devices/vsock/cid/@auto", "yes");
  xeno_spec_set_uuid (self, NULL);
  renew_nics (self);
  forget_debugger (self);
  renew_graphics (self);
  renew_lines (self);
  loosen_discs (self);
  return g_strv_builder_end (titles);
}

static xmlNode *
find_disk (XenoSpec   *self,
           const char *target)
{
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (self, "disk");

  for (guint i = 0; i < disks->len; i++)
    {
      g_autofree char *own = xeno_device_dup_string (disks->pdata[i], "target-dev");

      if (g_strcmp0 (own, target) == 0)
        return xeno_device_get_node (disks->pdata[i]);
    }
  return NULL;
}

/* A source of its own: what the old one said beside its path was said of another file. */
static void
set_source (xmlNode    *disk,
            const char *path,
            const char *format)
{
  xeno_node_remove (disk, "source");
  xeno_node_set_value (disk, "source/@file", path);
  xeno_node_set_value (disk, "@type", "file");
  xeno_node_set_value (disk, "driver/@type", format);
}

/**
 * xeno_spec_put_file:
 * @self: a machine on paper
 * @target: one of its disks, by its target
 * @path: a qcow2 image that stands for itself
 *
 * Gives a disk another image.
 *
 * Returns: %TRUE if there is such a disk
 */
gboolean
xeno_spec_put_file (XenoSpec   *self,
                    const char *target,
                    const char *path)
{
  xmlNode *disk;

  g_return_val_if_fail (XENO_IS_SPEC (self), FALSE);
  g_return_val_if_fail (target != NULL && path != NULL, FALSE);

  disk = find_disk (self, target);
  if (disk == NULL)
    return FALSE;

  xeno_node_remove (disk, "backingStore");
  set_source (disk, path, "qcow2");
  xeno_node_ensure (disk, "backingStore");
  return TRUE;
}

/**
 * xeno_spec_restore_file:
 * @self: a machine on paper
 * @target: one of its disks, by its target
 * @path: the image it had, which stands for itself
 * @format: the format of that
 *
 * Gives a disk its image back, and changes nothing else of it.
 *
 * Returns: %TRUE if there is such a disk
 */
gboolean
xeno_spec_restore_file (XenoSpec   *self,
                        const char *target,
                        const char *path,
                        const char *format)
{
  xmlNode *disk;

  g_return_val_if_fail (XENO_IS_SPEC (self), FALSE);
  g_return_val_if_fail (target != NULL && path != NULL && format != NULL, FALSE);

  disk = find_disk (self, target);
  if (disk == NULL)
    return FALSE;

  set_source (disk, path, format);
  return TRUE;
}

/**
 * xeno_spec_put_overlay:
 * @self: a machine on paper
 * @target: one of its disks, by its target
 * @path: a qcow2 image that holds the changes to what the disk has now
 *
 * Puts an image over a disk's image. What lies below is stated, with its formats, as far as the
 * document knew it.
 *
 * Returns: %TRUE if there is such a disk
 */
gboolean
xeno_spec_put_overlay (XenoSpec   *self,
                       const char *target,
                       const char *path)
{
  g_autofree char *file = NULL;
  g_autofree char *format = NULL;
  xmlNode *below;
  xmlNode *disk;
  xmlNode *deeper;

  g_return_val_if_fail (XENO_IS_SPEC (self), FALSE);
  g_return_val_if_fail (target != NULL && path != NULL, FALSE);

  disk = find_disk (self, target);
  file = disk != NULL ? xeno_node_dup_value (disk, "source/@file") : NULL;
  if (file == NULL)
    return FALSE;

  format = xeno_node_dup_value (disk, "driver/@type");
  deeper = xeno_node_find (disk, "backingStore");
  if (deeper != NULL)
    xmlUnlinkNode (deeper);

  below = xeno_node_ensure (disk, "backingStore");
  xeno_node_set_value (below, "@type", "file");
  xeno_node_set_value (below, "format/@type", format != NULL ? format : "raw");
  xeno_node_set_value (below, "source/@file", file);
  if (deeper != NULL)
    xmlAddChild (below, deeper);
  set_source (disk, path, "qcow2");
  return TRUE;
}

/* Arguments that somebody hands to the hypervisor are not for us to understand. */
static void
drop_foreign (XenoSpec *self)
{
  xmlNode *next;

  for (xmlNode *node = xeno_spec_get_root (self)->children; node != NULL; node = next)
    {
      next = node->next;
      if (node->type != XML_ELEMENT_NODE || node->ns == NULL)
        continue;
      xmlUnlinkNode (node);
      xmlFreeNode (node);
    }
}

static void
set_on_all (XenoSpec   *self,
            const char *kind,
            const char *only_type,
            const char *field_id)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (self, kind);

  for (guint i = 0; i < devices->len; i++)
    {
      g_autofree char *type = xeno_device_dup_string (devices->pdata[i], "type");

      if (g_strcmp0 (type, only_type) == 0)
        xeno_device_set_boolean (devices->pdata[i], field_id, FALSE);
    }
}

/**
 * xeno_spec_wall_off:
 * @self: a machine on paper
 *
 * Takes from a machine every way out: networks, shared folders, redirected USB, memory and sockets it
 * shares, the clipboard and files by its display, and arguments nobody here understands. Its screen,
 * its keyboard, its serial line and its agent stay.
 */
void
xeno_spec_wall_off (XenoSpec *self)
{
  g_return_if_fail (XENO_IS_SPEC (self));

  remove_devices (self, unshared, G_N_ELEMENTS (unshared), NULL);
  remove_devices (self, ways_out, G_N_ELEMENTS (ways_out), NULL);
  drop_foreign (self);
  set_on_all (self, "graphics", "spice", "clipboard-copypaste");
  set_on_all (self, "graphics", "spice", "filetransfer");
  set_on_all (self, "channel", "qemu-vdagent", "clipboard-copypaste");
}
