/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An appliance on paper: what an OVF says of its machines. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-ovf.h"

/* DSP0243 (OVF 1.1 and 2.1). Elements are known by their local names: writers agree on nothing else. */
#define MAX_MACHINES    64
#define MAX_DEPTH       4
#define MAX_DISKS       16
#define MAX_NICS        8
#define MAX_CPUS        4096
#define MAX_TEXT_CHARS  120

/* CIM_ResourceAllocationSettingData.ResourceType */
#define TYPE_CPU        3
#define TYPE_MEMORY     4
#define TYPE_NIC        10
#define TYPE_DISK       17

static void
disk_free (gpointer data)
{
  XenoOvfDisk *disk = data;

  g_free (disk->file);
  g_free (disk);
}

static xmlNode *
next_element (xmlNode *node)
{
  while (node != NULL && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

static gboolean
is_called (xmlNode    *node,
           const char *name)
{
  return g_str_equal ((const char *) node->name, name);
}

static xmlNode *
find_child (xmlNode    *node,
            const char *name)
{
  for (xmlNode *child = next_element (node->children); child != NULL; child = next_element (child->next))
    if (is_called (child, name))
      return child;
  return NULL;
}

/* Whatever its namespace. */
static char *
dup_attribute (xmlNode    *node,
               const char *name)
{
  for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    if (g_str_equal ((const char *) attribute->name, name))
      {
        xmlChar *value = xmlNodeListGetString (node->doc, attribute->children, 1);
        char *text = g_strdup (value != NULL ? (const char *) value : "");

        xmlFree (value);
        return text;
      }
  return NULL;
}

static char *
dup_text (xmlNode *node)
{
  xmlChar *value = xmlNodeGetContent (node);
  char *text = g_strstrip (g_strdup (value != NULL ? (const char *) value : ""));

  xmlFree (value);
  return text;
}

static char *
dup_child_text (xmlNode    *node,
                const char *name)
{
  xmlNode *child = find_child (node, name);

  return child != NULL ? dup_text (child) : NULL;
}

static guint64
read_number (const char *text)
{
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

/* "byte * 2^30", and what programs wrote before that was agreed on. */
static guint64
read_unit (const char *text,
           guint64     usual)
{
  static const struct { const char *name; guint64 bytes; } units[] = {
    { "byte", 1 }, { "bytes", 1 }, { "kilobytes", 1 << 10 }, { "kb", 1 << 10 }, { "megabytes", 1 << 20 },
    { "mb", 1 << 20 }, { "gigabytes", 1 << 30 }, { "gb", 1 << 30 },
  };
  const char *power = text != NULL ? strstr (text, "2^") : NULL;

  if (text == NULL || *text == '\0')
    return usual;
  if (power != NULL)
    return G_GUINT64_CONSTANT (1) << MIN (read_number (power + 2), 50);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (text, units[i].name) == 0)
      return units[i].bytes;
  return usual;
}

static guint64
multiply (guint64 number,
          guint64 unit)
{
  guint64 product;

  return g_uint64_checked_mul (&product, number, unit) && product <= G_MAXINT64 ? product : G_MAXINT64;
}

/* A file is named as it lies beside the description: nothing leads anywhere else. */
static gboolean
is_plain_name (const char *name)
{
  return name != NULL && *name != '\0' && strlen (name) < 256 && strchr (name, '/') == NULL
         && strchr (name, '\\') == NULL && !g_str_equal (name, ".") && !g_str_equal (name, "..");
}

static xmlNode *
find_by_attribute (xmlNode    *parent,
                   const char *name,
                   const char *attribute,
                   const char *value)
{
  xmlNode *child = parent != NULL ? next_element (parent->children) : NULL;

  for (; child != NULL; child = next_element (child->next))
    {
      g_autofree char *own = is_called (child, name) ? dup_attribute (child, attribute) : NULL;

      if (own != NULL && g_str_equal (own, value))
        return child;
    }
  return NULL;
}

/* What is packed otherwise nobody can read. */
static gboolean
is_known_packing (const char *packing)
{
  return packing == NULL || *packing == '\0' || g_str_equal (packing, "identity") || g_str_equal (packing, "gzip")
         || g_str_equal (packing, "xz");
}

static gboolean
take_disk (XenoOvf     *ovf,
           xmlNode     *root,
           const char  *resource,
           const char  *name,
           GError     **error)
{
  const char *slash = strrchr (resource, '/');
  xmlNode *disk = find_by_attribute (find_child (root, "DiskSection"), "Disk", "diskId",
                                     slash != NULL ? slash + 1 : resource);
  g_autofree char *file_id = disk != NULL ? dup_attribute (disk, "fileRef") : NULL;
  g_autofree char *parent = disk != NULL ? dup_attribute (disk, "parentRef") : NULL;
  g_autofree char *capacity = disk != NULL ? dup_attribute (disk, "capacity") : NULL;
  g_autofree char *unit = disk != NULL ? dup_attribute (disk, "capacityAllocationUnits") : NULL;
  xmlNode *file = file_id != NULL ? find_by_attribute (find_child (root, "References"), "File", "id", file_id) : NULL;
  g_autofree char *href = file != NULL ? dup_attribute (file, "href") : NULL;
  g_autofree char *packing = file != NULL ? dup_attribute (file, "compression") : NULL;
  g_autofree char *size = file != NULL ? dup_attribute (file, "size") : NULL;
  g_autofree char *chunk = file != NULL ? dup_attribute (file, "chunkSize") : NULL;

  if (parent != NULL)
    xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                    _("“%s” has a disk that holds only changes to another, which Xenolith cannot use. Export it again "
                      "without snapshots."), name);
  else if (!is_known_packing (packing))
    {
      g_autofree char *shown = xeno_text_clean (packing, -1, MAX_TEXT_CHARS);

      xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                      _("“%s” has a disk that is packed with “%s”, which Xenolith cannot read. Export it again packed "
                        "with gzip, or not at all."), name, shown);
    }
  else if (href != NULL && !is_plain_name (href))
    {
      g_autofree char *shown = xeno_text_clean (href, -1, MAX_TEXT_CHARS);

      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” wants the file “%s”, which is not beside it. It cannot be trusted."), name, shown);
    }
  else if (href == NULL || ovf->disks->len == MAX_DISKS)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” has a disk that it does not describe. Get it again from where it came from."), name);
  else
    {
      XenoOvfDisk *added = xeno_ovf_add_disk (ovf, href, multiply (read_number (capacity), read_unit (unit, 1)));

      added->file_bytes = read_number (size);
      added->chunk_bytes = read_number (chunk);
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_item (XenoOvf     *ovf,
           xmlNode     *root,
           xmlNode     *item,
           const char  *name,
           GError     **error)
{
  g_autofree char *type = dup_child_text (item, "ResourceType");
  g_autofree char *quantity = dup_child_text (item, "VirtualQuantity");
  g_autofree char *unit = dup_child_text (item, "AllocationUnits");
  g_autofree char *kind = dup_child_text (item, "ResourceSubType");
  g_autofree char *resource = dup_child_text (item, "HostResource");

  switch (read_number (type))
    {
    case TYPE_CPU:
      ovf->n_cpus = MIN (read_number (quantity), MAX_CPUS);
      break;

    case TYPE_MEMORY:
      ovf->memory_bytes = multiply (read_number (quantity), read_unit (unit, 1 << 20));
      break;

    case TYPE_NIC:
      if (ovf->nics->len < MAX_NICS)
        g_ptr_array_add (ovf->nics, xeno_text_clean (kind, -1, MAX_TEXT_CHARS));
      break;

    case TYPE_DISK:
      return resource == NULL || take_disk (ovf, root, resource, name, error);
    }
  return TRUE;
}

static gboolean
take_hardware (XenoOvf     *ovf,
               xmlNode     *root,
               xmlNode     *hardware,
               const char  *name,
               GError     **error)
{
  for (xmlNode *item = next_element (hardware->children); item != NULL; item = next_element (item->next))
    {
      g_autofree char *key = dup_attribute (item, "key");
      g_autofree char *value = dup_attribute (item, "value");

      if ((is_called (item, "Item") || is_called (item, "StorageItem") || is_called (item, "EthernetPortItem"))
          && !take_item (ovf, root, item, name, error))
        return FALSE;
      /* vmw:Config and vmw:ExtraConfig */
      if (g_strcmp0 (key, "firmware") == 0 && value != NULL && g_ascii_strcasecmp (value, "efi") == 0)
        ovf->is_uefi = TRUE;
    }
  return TRUE;
}

/* VirtualBox says it in a section of its own. */
static gboolean
says_uefi (xmlNode *system)
{
  static const char * const way[] = { "Machine", "Hardware", "Firmware" };
  xmlNode *node = system;
  g_autofree char *type = NULL;

  for (gsize i = 0; node != NULL && i < G_N_ELEMENTS (way); i++)
    node = find_child (node, way[i]);
  type = node != NULL ? dup_attribute (node, "type") : NULL;
  return type != NULL && g_ascii_strncasecmp (type, "EFI", 3) == 0;
}

static void
take_names (XenoOvf *ovf,
            xmlNode *system)
{
  xmlNode *section = find_child (system, "OperatingSystemSection");
  g_autofree char *title = dup_child_text (system, "Name");
  g_autofree char *os_type = section != NULL ? dup_attribute (section, "osType") : NULL;

  g_autofree char *id = dup_attribute (system, "id");

  if (title == NULL || *title == '\0')
    {
      g_free (title);
      title = g_strdup (id);
    }
  ovf->id = xeno_text_clean (id, -1, MAX_TEXT_CHARS);
  ovf->title = xeno_text_clean (title, -1, MAX_TEXT_CHARS);
  ovf->os_type = os_type != NULL ? xeno_text_clean (os_type, -1, MAX_TEXT_CHARS) : NULL;
}

static gboolean
take_system (GPtrArray   *machines,
             xmlNode     *root,
             xmlNode     *system,
             const char  *name,
             GError     **error)
{
  xmlNode *hardware = find_child (system, "VirtualHardwareSection");
  g_autoptr (XenoOvf) ovf = xeno_ovf_new ();

  if (hardware == NULL || machines->len == MAX_MACHINES)
    return TRUE;
  if (!take_hardware (ovf, root, hardware, name, error))
    return FALSE;

  ovf->is_uefi = ovf->is_uefi || says_uefi (system);
  take_names (ovf, system);
  g_ptr_array_add (machines, g_steal_pointer (&ovf));
  return TRUE;
}

/* Machines stand alone, or in collections, which may hold others. */
static gboolean
take_systems (GPtrArray   *machines,
              xmlNode     *root,
              xmlNode     *parent,
              const char  *name,
              guint        depth,
              GError     **error)
{
  for (xmlNode *child = next_element (parent->children); child != NULL; child = next_element (child->next))
    if ((is_called (child, "VirtualSystem") && !take_system (machines, root, child, name, error))
        || (is_called (child, "VirtualSystemCollection") && depth < MAX_DEPTH
            && !take_systems (machines, root, child, name, depth + 1, error)))
      return FALSE;
  return TRUE;
}

/**
 * xeno_ovf_new:
 *
 * Makes an empty description.
 *
 * Returns: (transfer full): the description
 */
XenoOvf *
xeno_ovf_new (void)
{
  XenoOvf *ovf = g_new0 (XenoOvf, 1);

  ovf->nics = g_ptr_array_new_with_free_func (g_free);
  ovf->disks = g_ptr_array_new_with_free_func (disk_free);
  return ovf;
}

/**
 * xeno_ovf_free:
 * @ovf: (transfer full): a description
 *
 * Frees it.
 */
void
xeno_ovf_free (XenoOvf *ovf)
{
  g_return_if_fail (ovf != NULL);

  g_free (ovf->id);
  g_free (ovf->title);
  g_free (ovf->os_type);
  g_ptr_array_unref (ovf->nics);
  g_ptr_array_unref (ovf->disks);
  g_free (ovf);
}

/**
 * xeno_ovf_add_disk:
 * @ovf: a description
 * @file: the name of its file
 * @capacity_bytes: how much a guest sees of it
 *
 * Adds a disk.
 *
 * Returns: (transfer none): the disk
 */
XenoOvfDisk *
xeno_ovf_add_disk (XenoOvf    *ovf,
                   const char *file,
                   guint64     capacity_bytes)
{
  XenoOvfDisk *disk = g_new0 (XenoOvfDisk, 1);

  disk->file = g_strdup (file);
  disk->capacity_bytes = capacity_bytes;
  g_ptr_array_add (ovf->disks, disk);
  return disk;
}

/**
 * xeno_ovf_parse:
 * @xml: an OVF
 * @name: the name of the file, safe to show
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads the description of its machines. Nothing is loaded from anywhere, and nothing is expanded.
 *
 * Returns: (transfer full) (element-type XenoOvf): what it says of each, at least one
 */
GPtrArray *
xeno_ovf_parse (const char  *xml,
                const char  *name,
                GError     **error)
{
  g_autofree char *sentence = NULL;
  g_autoptr (GPtrArray) machines = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_ovf_free);
  g_autoptr (GError) problem = NULL;
  gboolean is_good;
  xmlDoc *document;

  g_return_val_if_fail (xml != NULL && name != NULL, NULL);

  sentence = g_strdup_printf (_("The description in “%s” cannot be read. Get it again from where it came from."), name);
  document = xeno_document_parse (xml, NULL, sentence, &problem);
  if (document == NULL || !is_called (xmlDocGetRootElement (document), "Envelope"))
    {
      xmlFreeDoc (document);
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, problem != NULL ? xeno_error_get_details (problem) : NULL, "%s",
                      sentence);
      return NULL;
    }

  is_good = take_systems (machines, xmlDocGetRootElement (document), xmlDocGetRootElement (document), name, 0, error);
  xmlFreeDoc (document);
  if (is_good && machines->len > 0)
    return g_steal_pointer (&machines);

  if (is_good)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” describes no machine. Get it again from where it came from."), name);
  return NULL;
}
