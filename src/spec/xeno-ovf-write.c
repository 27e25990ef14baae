/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes an appliance down, as VirtualBox and VMware read it. */
#include "config.h"

#include <stdarg.h>

#include <libxml/tree.h>

#include "spec/xeno-ovf.h"

#define OVF_URI  "http://schemas.dmtf.org/ovf/envelope/1"
#define RASD_URI "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
#define VSSD_URI "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData"
#define VMW_URI  "http://www.vmware.com/schema/ovf"

#define DISK_FORMAT "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"
#define MEBIBYTE    "byte * 2^20"
#define NETWORK     "NAT"

/* CIM's number for "other": what it is in VMware's words is not for us to guess. */
#define OS_OTHER    "1"

/* Ids that the items refer to each other by. */
#define CPU_ID        "1"
#define MEMORY_ID     "2"
#define CONTROLLER_ID "3"
#define FIRST_FREE_ID 4

typedef struct
{
  xmlDoc  *document;
  xmlNode *root;
  xmlNs   *ovf;
  xmlNs   *rasd;
  xmlNs   *vssd;
  xmlNs   *vmw;
} Writer;

static xmlNode *
add (Writer     *writer,
     xmlNode    *parent,
     const char *name,
     const char *text)
{
  return xmlNewTextChild (parent, writer->ovf, (const xmlChar *) name, (const xmlChar *) text);
}

static void
set (xmlNode    *node,
     xmlNs      *ns,
     const char *name,
     const char *value)
{
  xmlNewNsProp (node, ns, (const xmlChar *) name, (const xmlChar *) value);
}

static xmlNode *
add_section (Writer     *writer,
             xmlNode    *parent,
             const char *name,
             const char *info)
{
  xmlNode *section = add (writer, parent, name, NULL);

  add (writer, section, "Info", info);
  return section;
}

/* Names and texts in turn, sorted as the schema wants them, ended by NULL. */
static void G_GNUC_NULL_TERMINATED
add_item (Writer  *writer,
          xmlNode *hardware,
          ...)
{
  xmlNode *item = add (writer, hardware, "Item", NULL);
  const char *name;
  va_list args;

  va_start (args, hardware);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      const char *text = va_arg (args, const char *);

      if (text != NULL)
        xmlNewTextChild (item, writer->rasd, (const xmlChar *) name, (const xmlChar *) text);
    }
  va_end (args);
}

static void
add_files (Writer        *writer,
           const XenoOvf *ovf)
{
  xmlNode *references = add (writer, writer->root, "References", NULL);
  xmlNode *disks = add_section (writer, writer->root, "DiskSection", "The disks");

  for (guint i = 0; i < ovf->disks->len; i++)
    {
      const XenoOvfDisk *disk = g_ptr_array_index (ovf->disks, i);
      g_autofree char *file_id = g_strdup_printf ("file%u", i + 1);
      g_autofree char *disk_id = g_strdup_printf ("disk%u", i + 1);
      g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, disk->file_bytes);
      g_autofree char *capacity = g_strdup_printf ("%" G_GUINT64_FORMAT, disk->capacity_bytes);
      xmlNode *file = add (writer, references, "File", NULL);
      xmlNode *node = add (writer, disks, "Disk", NULL);

      set (file, writer->ovf, "id", file_id);
      set (file, writer->ovf, "href", disk->file);
      set (file, writer->ovf, "size", size);
      set (node, writer->ovf, "diskId", disk_id);
      set (node, writer->ovf, "fileRef", file_id);
      set (node, writer->ovf, "capacity", capacity);
      set (node, writer->ovf, "format", DISK_FORMAT);
    }
}

static void
add_network (Writer *writer)
{
  xmlNode *section = add_section (writer, writer->root, "NetworkSection", "The networks");
  xmlNode *network = add (writer, section, "Network", NULL);

  set (network, writer->ovf, "name", NETWORK);
  add (writer, network, "Description", "Through the host");
}

static void
add_platform (Writer        *writer,
              const XenoOvf *ovf,
              xmlNode       *hardware)
{
  g_autofree char *n_cpus = g_strdup_printf ("%u", ovf->n_cpus);
  g_autofree char *memory = g_strdup_printf ("%" G_GUINT64_FORMAT, ovf->memory_bytes >> 20);

  add_item (writer, hardware, "Caption", n_cpus, "Description", "Processors", "ElementName", "Processors",
            "InstanceID", CPU_ID, "ResourceType", "3", "VirtualQuantity", n_cpus, NULL);
  add_item (writer, hardware, "AllocationUnits", MEBIBYTE, "Description", "Memory", "ElementName", "Memory",
            "InstanceID", MEMORY_ID, "ResourceType", "4", "VirtualQuantity", memory, NULL);
  if (ovf->disks->len > 0)
    add_item (writer, hardware, "Address", "0", "Description", "SATA controller", "ElementName", "sataController0",
              "InstanceID", CONTROLLER_ID, "ResourceSubType", "AHCI", "ResourceType", "20", NULL);
}

static void
add_devices (Writer        *writer,
             const XenoOvf *ovf,
             xmlNode       *hardware)
{
  guint id = FIRST_FREE_ID;

  for (guint i = 0; i < ovf->disks->len; i++)
    {
      g_autofree char *instance = g_strdup_printf ("%u", id++);
      g_autofree char *port = g_strdup_printf ("%u", i);
      g_autofree char *name = g_strdup_printf ("disk%u", i + 1);
      g_autofree char *resource = g_strdup_printf ("/disk/%s", name);

      add_item (writer, hardware, "AddressOnParent", port, "Caption", name, "Description", "Disk", "ElementName", name,
                "HostResource", resource, "InstanceID", instance, "Parent", CONTROLLER_ID, "ResourceType", "17", NULL);
    }
  for (guint i = 0; i < ovf->nics->len; i++)
    {
      g_autofree char *instance = g_strdup_printf ("%u", id++);
      g_autofree char *name = g_strdup_printf ("ethernet%u", i);

      add_item (writer, hardware, "AutomaticAllocation", "true", "Caption", name, "Connection", NETWORK,
                "ElementName", name, "InstanceID", instance, "ResourceSubType", g_ptr_array_index (ovf->nics, i),
                "ResourceType", "10", NULL);
    }
}

static void
add_system (Writer        *writer,
            const XenoOvf *ovf)
{
  xmlNode *system = add_section (writer, writer->root, "VirtualSystem", "A machine");
  xmlNode *os, *hardware, *settings, *config;

  set (system, writer->ovf, "id", ovf->title);
  add (writer, system, "Name", ovf->title);
  os = add_section (writer, system, "OperatingSystemSection", "The operating system");
  set (os, writer->ovf, "id", OS_OTHER);
  hardware = add_section (writer, system, "VirtualHardwareSection", "The hardware");
  settings = add (writer, hardware, "System", NULL);
  xmlNewTextChild (settings, writer->vssd, (const xmlChar *) "ElementName", (const xmlChar *) "Hardware");
  xmlNewTextChild (settings, writer->vssd, (const xmlChar *) "InstanceID", (const xmlChar *) "0");
  xmlNewTextChild (settings, writer->vssd, (const xmlChar *) "VirtualSystemType", (const xmlChar *) "vmx-13");
  add_platform (writer, ovf, hardware);
  add_devices (writer, ovf, hardware);
  if (!ovf->is_uefi)
    return;

  config = xmlNewChild (hardware, writer->vmw, (const xmlChar *) "Config", NULL);
  set (config, writer->ovf, "required", "false");
  set (config, writer->vmw, "key", "firmware");
  set (config, writer->vmw, "value", "efi");
}

/**
 * xeno_ovf_write:
 * @ovf: a machine, with a title
 *
 * Writes its description (OVF 1.1).
 *
 * Returns: (transfer full): the document
 */
char *
xeno_ovf_write (const XenoOvf *ovf)
{
  Writer writer = { xmlNewDoc ((const xmlChar *) "1.0") };
  xmlChar *buffer = NULL;
  char *xml;
  int length;

  g_return_val_if_fail (ovf != NULL && ovf->title != NULL, NULL);

  writer.root = xmlNewNode (NULL, (const xmlChar *) "Envelope");
  xmlDocSetRootElement (writer.document, writer.root);
  xmlNewNs (writer.root, (const xmlChar *) OVF_URI, NULL);
  writer.ovf = xmlNewNs (writer.root, (const xmlChar *) OVF_URI, (const xmlChar *) "ovf");
  writer.rasd = xmlNewNs (writer.root, (const xmlChar *) RASD_URI, (const xmlChar *) "rasd");
  writer.vssd = xmlNewNs (writer.root, (const xmlChar *) VSSD_URI, (const xmlChar *) "vssd");
  writer.vmw = xmlNewNs (writer.root, (const xmlChar *) VMW_URI, (const xmlChar *) "vmw");
  xmlSetNs (writer.root, writer.ovf);
  add_files (&writer, ovf);
  if (ovf->nics->len > 0)
    add_network (&writer);
  add_system (&writer, ovf);

  xmlDocDumpFormatMemory (writer.document, &buffer, &length, 1);
  xml = g_strndup ((const char *) buffer, length);
  xmlFree (buffer);
  xmlFreeDoc (writer.document);
  return xml;
}
