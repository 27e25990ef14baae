/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine on paper that a stranger wrote, made one that may be defined here. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "spec/xeno-device-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"
#include "spec/xeno-spec-trust.h"

#define MAX_NAME_CHARS 60
#define MAX_TOLD       100

/*
 * Rule:
 * @path: an element, by the elements it is in
 * @attributes: what it may have, separated by blanks
 * @children: which elements may be in it; one with a star behind its name may have whatever it wants, but for
 *   what names a file of the host
 *
 * What may be in an element. One without a rule has text alone.
 */
typedef struct
{
  const char *path;
  const char *attributes;
  const char *children;
} Rule;

#define LINE_CHILDREN "target* protocol* address* alias*"

/* What is not here is left out, whatever libvirt may come to understand by it. */
static const Rule rules[] = {
  {
    "domain", "type",
    "name uuid genid title description metadata maxMemory* memory* currentMemory* memoryBacking memtune* vcpu* vcpus* "
    "iothreads* iothreadids* defaultiothread* cputune* numatune* sysinfo os features* cpu* clock* on_poweroff "
    "on_reboot on_crash on_lockfailure pm* perf* devices"
  },
  { "domain/memoryBacking", "", "hugepages* nosharepages* source* access* allocation* discard*" },
  { "domain/sysinfo", "type", "bios* system* baseBoard* chassis* oemStrings*" },
  { "domain/os", "firmware", "type* firmware* loader nvram boot* bootmenu* bios* smbios" },
  { "domain/os/loader", "readonly secure type stateless format", "" },
  { "domain/os/nvram", "template templateFormat format", "" },
  { "domain/os/smbios", "mode", "" },
  {
    "domain/devices", "",
    "disk controller* interface smartcard serial parallel console channel input tpm graphics sound* audio video redirdev "
    "redirfilter* hub* watchdog* memballoon* rng nvram* panic* memory iommu* vsock* crypto*"
  },
  {
    "domain/devices/disk", "type device snapshot model",
    "driver* target* readonly shareable transient serial wwn vendor product boot* iotune* blockio* geometry* address* "
    "alias*"
  },
  {
    "domain/devices/interface", "type managed trustGuestRxFilters",
    "mac* source model* driver* boot* bandwidth* filterref* mtu* link* ip* route* coalesce* address* alias* acpi* port*"
  },
  { "domain/devices/interface/source", "network", "" },
  { "domain/devices/smartcard", "mode type", "address* alias*" },
  { "domain/devices/serial", "type", LINE_CHILDREN },
  { "domain/devices/parallel", "type", LINE_CHILDREN },
  { "domain/devices/console", "type", LINE_CHILDREN },
  { "domain/devices/channel", "type", LINE_CHILDREN " source" },
  { "domain/devices/channel/source", "channel mode", "clipboard* mouse*" },
  { "domain/devices/input", "type bus model", "driver* address* alias*" },
  { "domain/devices/tpm", "model", "backend address* alias*" },
  { "domain/devices/tpm/backend", "type version persistent_state", "active_pcr_banks* profile*" },
  {
    "domain/devices/graphics",
    "type port tlsPort autoport websocket listen passwd passwdValidTo keymap sharePolicy connected defaultMode p2p "
    "powerControl multiUser",
    "listen channel* image* jpeg* zlib* playback* streaming* clipboard* mouse* filetransfer* gl"
  },
  { "domain/devices/graphics/listen", "type address", "" },
  { "domain/devices/graphics/gl", "enable", "" },
  { "domain/devices/audio", "id type", "" },
  { "domain/devices/video", "", "model* driver* address* alias*" },
  { "domain/devices/redirdev", "bus type", "boot* address* alias*" },
  { "domain/devices/rng", "model", "rate* backend driver* address* alias*" },
  { "domain/devices/rng/backend", "model", "" },
  { "domain/devices/memory", "model access discard uuid", "target* address* alias*" },
};

/*
 * Only:
 * @kind: a kind of device
 * @field: a value of it
 * @values: what that may be; a device that does not have the value at all is as good as any
 *
 * Devices of another sort are something of the host, or of somebody else on it.
 */
typedef struct
{
  const char *kind;
  const char *field;
  const char *values;
} Only;

static const Only only[] = {
  { "disk", "@type", "file" },
  { "disk", "@device", "disk cdrom floppy" },
  { "smartcard", "@mode", "passthrough" },
  { "smartcard", "@type", "spicevmc" },
  { "channel", "@type", "unix pty null spicevmc spiceport qemu-vdagent" },
  { "input", "@type", "mouse tablet keyboard" },
  { "tpm", "backend/@type", "emulator" },
  { "graphics", "@type", "spice vnc dbus egl-headless" },
  { "redirdev", "@type", "spicevmc" },
  { "rng", "backend/@model", "random builtin" },
  { "memory", "@model", "dimm virtio-mem" },
};

/* Files that may be named, and what they must begin with; they are the host's own, and only read. */
static const char * const named_files[] = { "/dev/random", "/dev/urandom", "/dev/hwrng" };
#define FIRMWARE_FOLDER "/usr/share/"

/* Notes of ours that only say what the machine is like. Others let it do something on this computer. */
static const char * const harmless_notes[] = {
  "accel", "keyboard-layout", "muted", "seed-hostname", "seed-user", "volume", XENO_SPEC_NOTE_TEMPLATE, XENO_SPEC_NOTE_UNTRUSTED,
};

/* What a document always has, and libvirt or we write anew. */
static const char * const silent[] = {
  "@id", "emulator", "source", "backingStore", "mirror", "made-from", XENO_SPEC_NOTE_BASE, XENO_SPEC_NOTE_THROW_AWAY,
};

typedef struct
{
  XenoSpec   *spec;
  GPtrArray  *told;
  const char *device; /* which one is looked at: its title; NULL beside the devices */
} Filter;

static void filter_devices (Filter     *filter,
                            xmlNode    *parent,
                            const Rule *rule);

static gboolean
has_word (const char *words,
          const char *word,
          gboolean   *has_star)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      gsize length = strlen (list[i]);
      gboolean star = length > 0 && list[i][length - 1] == '*';

      if (strncmp (list[i], word, strlen (word)) != 0 || strlen (word) != length - (star ? 1 : 0))
        continue;
      if (has_star != NULL)
        *has_star = star;
      return TRUE;
    }
  return FALSE;
}

static void
tell (Filter     *filter,
      const char *name)
{
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_NAME_CHARS);
  char *line;

  for (gsize i = 0; i < G_N_ELEMENTS (silent); i++)
    if (g_str_equal (silent[i], name))
      return;
  if (filter->told->len == MAX_TOLD)
    return;

  line = filter->device != NULL ? g_strdup_printf ("%s: %s", filter->device, shown) : g_steal_pointer (&shown);
  if (g_ptr_array_find_with_equal_func (filter->told, line, g_str_equal, NULL))
    g_free (line);
  else
    g_ptr_array_add (filter->told, line);
}

static void
drop (xmlNode *node)
{
  xmlUnlinkNode (node);
  xmlFreeNode (node);
}

static char *
dup_full_name (xmlNode *node)
{
  if (node->ns != NULL && node->ns->prefix != NULL)
    return g_strdup_printf ("%s:%s", node->ns->prefix, node->name);
  return g_strdup ((const char *) node->name);
}

static gboolean
is_host_path (const char *value)
{
  g_autofree char *text = g_strstrip (g_strdup (value));

  for (gsize i = 0; i < G_N_ELEMENTS (named_files); i++)
    if (g_str_equal (text, named_files[i]))
      return FALSE;
  return *text == '/' || *text == '~' || g_str_has_prefix (text, "file:") || strstr (text, "../") != NULL;
}

static const Rule *
find_rule (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (rules[i].path, path))
      return &rules[i];
  return NULL;
}

static void
filter_attributes (Filter     *filter,
                   xmlNode    *node,
                   const char *allowed)
{
  xmlAttr *next;

  for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = next)
    {
      g_autofree char *name = g_strconcat ("@", (const char *) attribute->name, NULL);
      xmlChar *value = xmlNodeGetContent ((xmlNode *) attribute);

      next = attribute->next;
      if (attribute->ns != NULL || (allowed != NULL && !has_word (allowed, (const char *) attribute->name, NULL))
          || is_host_path ((const char *) value))
        {
          tell (filter, name);
          xmlRemoveProp (attribute);
        }
      xmlFree (value);
    }
}

static void
filter_text (Filter  *filter,
             xmlNode *parent,
             xmlNode *node)
{
  if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
      && !is_host_path ((const char *) node->content))
    return;

  if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
    tell (filter, (const char *) parent->name);
  drop (node);
}

/* Whatever it is called, no attribute and no text leads to a file. */
static void
filter_freely (Filter  *filter,
               xmlNode *node)
{
  xmlNode *next;

  filter_attributes (filter, node, NULL);
  for (xmlNode *child = node->children; child != NULL; child = next)
    {
      next = child->next;
      if (child->type != XML_ELEMENT_NODE)
        filter_text (filter, node, child);
      else if (child->ns == NULL)
        filter_freely (filter, child);
      else
        {
          g_autofree char *name = dup_full_name (child);

          tell (filter, name);
          drop (child);
        }
    }
}

/* What managers noted is theirs, and libvirt does not read it. What we would act on is looked at. */
static void
filter_notes (Filter  *filter,
              xmlNode *metadata)
{
  xmlNode *next;

  for (xmlNode *top = metadata->children; top != NULL; top = top->next)
    {
      if (top->type != XML_ELEMENT_NODE || top->ns == NULL
          || g_strcmp0 ((const char *) top->ns->href, XENO_SPEC_NOTES_URI) != 0)
        continue;
      for (xmlNode *note = top->children; note != NULL; note = next)
        {
          xmlChar *key = note->type == XML_ELEMENT_NODE ? xmlGetNoNsProp (note, BAD_CAST "key") : NULL;
          gboolean is_harmless = FALSE;

          next = note->next;
          for (gsize i = 0; key != NULL && i < G_N_ELEMENTS (harmless_notes); i++)
            is_harmless |= g_str_equal ((const char *) key, harmless_notes[i]);
          if (!is_harmless)
            {
              if (key != NULL)
                tell (filter, (const char *) key);
              drop (note);
            }
          xmlFree (key);
        }
    }
}

static void
filter_element (Filter     *filter,
                xmlNode    *node,
                const char *path)
{
  const Rule *rule = find_rule (path);
  xmlNode *next;

  if (xeno_node_is (node, "metadata"))
    {
      filter_notes (filter, node);
      return;
    }
  filter_attributes (filter, node, rule != NULL ? rule->attributes : "");
  if (g_str_equal (path, "domain/devices"))
    {
      filter_devices (filter, node, rule);
      return;
    }
  for (xmlNode *child = node->children; child != NULL; child = next)
    {
      g_autofree char *name = child->type == XML_ELEMENT_NODE ? dup_full_name (child) : NULL;
      gboolean is_free = FALSE;

      next = child->next;
      if (name == NULL)
        {
          if (!g_str_equal (path, "domain/description") && !g_str_equal (path, "domain/title"))
            filter_text (filter, node, child);
          continue;
        }
      if (child->ns != NULL || rule == NULL || !has_word (rule->children, name, &is_free))
        {
          tell (filter, name);
          drop (child);
        }
      else if (is_free)
        filter_freely (filter, child);
      else
        {
          g_autofree char *deeper = g_strconcat (path, "/", name, NULL);

          filter_element (filter, child, deeper);
        }
    }
}

static gboolean
is_only (XenoDevice *device)
{
  xmlNode *node = xeno_device_get_node (device);

  for (gsize i = 0; i < G_N_ELEMENTS (only); i++)
    {
      g_autofree char *value = xeno_node_is (node, only[i].kind) ? xeno_node_dup_value (node, only[i].field) : NULL;

      if (value != NULL && !has_word (only[i].values, value, NULL))
        return FALSE;
    }
  return TRUE;
}

/* A card stays a card, but where its wire ends is this host's matter. */
static void
reconnect (Filter     *filter,
           XenoDevice *nic)
{
  g_autofree char *type = xeno_device_dup_string (nic, "type");

  if (g_strcmp0 (type, "user") == 0 || g_strcmp0 (type, "network") == 0)
    return;

  tell (filter, type != NULL ? type : "type");
  xeno_node_remove (xeno_device_get_node (nic), "source");
  xeno_device_set_string (nic, "type", "user");
}

static void
rewire (Filter     *filter,
        XenoDevice *line)
{
  g_autofree char *type = xeno_device_dup_string (line, "type");

  if (type != NULL && has_word ("pty null spicevmc spiceport", type, NULL))
    return;

  tell (filter, type != NULL ? type : "type");
  xeno_device_set_string (line, "type", "pty");
}

static gboolean
is_near (const char *address)
{
  return address == NULL || *address == '\0' || g_str_equal (address, "127.0.0.1") || g_str_equal (address, "::1")
         || g_str_equal (address, "localhost");
}

/* Nobody on a network gets to a display because a file says so. */
static void
close_listeners (Filter     *filter,
                 XenoDevice *graphics)
{
  xmlNode *node = xeno_device_get_node (graphics);
  g_autofree char *own = xeno_node_dup_value (node, "@listen");
  xmlNode *next;

  if (!is_near (own))
    {
      tell (filter, "listen");
      xeno_node_remove (node, "@listen");
    }
  for (xmlNode *listen = xeno_node_next (node->children, "listen"); listen != NULL; listen = next)
    {
      g_autofree char *type = xeno_node_dup_value (listen, "@type");
      g_autofree char *address = xeno_node_dup_value (listen, "@address");

      next = xeno_node_next (listen->next, "listen");
      if (type == NULL || !has_word ("none socket address", type, NULL) || !is_near (address))
        {
          tell (filter, "listen");
          drop (listen);
        }
    }
}

static void
mute (Filter     *filter,
      XenoDevice *audio)
{
  g_autofree char *type = xeno_device_dup_string (audio, "type");

  if (type == NULL || has_word ("none spice dbus", type, NULL))
    return;

  tell (filter, type);
  xeno_device_set_string (audio, "type", "none");
}

static const struct
{
  const char *kind;
  void      (*adapt) (Filter     *filter,
                      XenoDevice *device);
} adapters[] = {
  { "interface", reconnect },
  { "serial", rewire },
  { "parallel", rewire },
  { "console", rewire },
  { "graphics", close_listeners },
  { "audio", mute },
};

/* Of a kind we know, as it is in the list; NULL where it is of none. */
static XenoDevice *
find_device (GPtrArray *devices,
             xmlNode   *node)
{
  for (guint i = 0; i < devices->len; i++)
    if (xeno_device_get_node (devices->pdata[i]) == node)
      return devices->pdata[i];
  return NULL;
}

static void
filter_device (Filter     *filter,
               XenoDevice *device,
               gboolean    is_free)
{
  xmlNode *node = xeno_device_get_node (device);
  g_autofree char *path = g_strconcat ("domain/devices/", (const char *) node->name, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (adapters); i++)
    if (xeno_node_is (node, adapters[i].kind))
      adapters[i].adapt (filter, device);
  if (is_free)
    filter_freely (filter, node);
  else
    filter_element (filter, node, path);
}

/* Each by itself, so that what is left out can be named. */
static void
filter_devices (Filter     *filter,
                xmlNode    *parent,
                const Rule *rule)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (filter->spec, NULL);
  xmlNode *next;

  for (xmlNode *node = parent->children; node != NULL; node = next)
    {
      XenoDevice *device = find_device (devices, node);
      g_autofree char *title = device != NULL ? xeno_device_dup_title (device) : NULL;
      gboolean is_free = FALSE;

      next = node->next;
      if (device != NULL && has_word (rule->children, (const char *) node->name, &is_free) && is_only (device))
        {
          filter->device = title;
          filter_device (filter, device, is_free);
          filter->device = NULL;
        }
      else if (device != NULL)
        {
          tell (filter, title);
          xeno_spec_remove_device (filter->spec, device);
        }
      else
        {
          if (node->type == XML_ELEMENT_NODE)
            tell (filter, (const char *) node->name);
          drop (node);
        }
    }
}

/* The firmware's program is the host's, which everybody may read; it is never written to. */
static void
check_firmware (Filter  *filter,
                xmlNode *root)
{
  static const char * const places[] = { "os/loader", "os/nvram/@template" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = xeno_node_dup_value (root, places[i]);

      if (path == NULL || *path == '\0')
        continue;
      if (g_str_has_prefix (path, FIRMWARE_FOLDER) && strstr (path, "..") == NULL)
        continue;
      tell (filter, places[i]);
      xeno_node_remove (root, places[i]);
    }
  if (xeno_node_find (root, "os/loader") != NULL)
    xeno_node_set_value (root, "os/loader/@readonly", "yes");
}

/* A path that stays has to be out of the way while all others are looked for. */
static char *
put_aside (xmlNode    *root,
           const char *place)
{
  char *path = xeno_node_dup_value (root, place);

  if (path != NULL)
    xeno_node_set_value (root, place, "");
  return path;
}

/**
 * xeno_spec_distrust:
 * @self: a machine on paper from a file that anybody may have written
 *
 * Takes out of it what is not known to be harmless: what names files, devices, sockets or programs of the
 * host, what listens on the network, arguments for the hypervisor, security labels, and every element and
 * attribute that is not on the list. A network card, a serial line or a display stays, but is connected as
 * those of new machines are. Disks and discs have no files any more; xeno_spec_restore_file() gives them some.
 * The variables of the firmware have none either.
 *
 * Returns: (transfer full): what was left out, cleaned for people to read
 */
GStrv
xeno_spec_distrust (XenoSpec *self)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  Filter filter = { self, told, NULL };
  g_autofree char *loader = NULL;
  g_autofree char *template = NULL;
  g_autofree char *smbios = NULL;
  xmlNode *root;

  g_return_val_if_fail (XENO_IS_SPEC (self), NULL);

  root = xeno_spec_get_root (self);
  check_firmware (&filter, root);
  loader = put_aside (root, "os/loader");
  template = put_aside (root, "os/nvram/@template");
  if (xeno_node_find (root, "os/nvram") != NULL) /* its place is for whoever makes the machine to say */
    xeno_node_set_value (root, "os/nvram", "");
  smbios = xeno_node_dup_value (root, "os/smbios/@mode");
  if (g_strcmp0 (smbios, "host") == 0) /* the host's own serial numbers are no guest's business */
    {
      tell (&filter, "smbios");
      xeno_node_remove (root, "os/smbios");
    }

  filter_element (&filter, root, "domain");
  if (loader != NULL)
    xeno_node_set_value (root, "os/loader", loader);
  if (template != NULL)
    xeno_node_set_value (root, "os/nvram/@template", template);

  g_ptr_array_add (told, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&told), FALSE);
}
