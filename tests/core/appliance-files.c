/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Appliances made by hand. */
#include "config.h"

#include <string.h>

#include "appliance-files.h"
#include "create/xeno-tar.h"

/* As VMware and VirtualBox write it; @more stands in the hardware. */
char *
appliance_make_ovf (const char *const *disks,
                    const char        *more)
{
  g_autoptr (GString) files = g_string_new (NULL);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) items = g_string_new (NULL);

  for (guint i = 0; disks[i] != NULL; i++)
    {
      g_string_append_printf (files, "<File ovf:id='file%u' ovf:href='%s'/>", i, disks[i]);
      g_string_append_printf (list, "<Disk ovf:capacity='4' ovf:capacityAllocationUnits='byte * 2^20' "
                              "ovf:diskId='disk%u' ovf:fileRef='file%u'/>", i, i);
      g_string_append_printf (items, "<Item><rasd:HostResource>ovf:/disk/disk%u</rasd:HostResource>"
                              "<rasd:ResourceType>17</rasd:ResourceType></Item>", i);
    }

  return g_strdup_printf (
    "<?xml version='1.0'?>"
    "<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1' "
    "xmlns:rasd='http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData' "
    "xmlns:vmw='http://www.vmware.com/schema/ovf'>"
    "<References>%s</References><DiskSection>%s</DiskSection>"
    "<VirtualSystem ovf:id='vm'><Name>My appliance</Name>"
    "<OperatingSystemSection ovf:id='96' vmw:osType='debian11_64Guest'/>"
    "<VirtualHardwareSection>"
    "<Item><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>1</rasd:VirtualQuantity></Item>"
    "<Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ResourceType>4</rasd:ResourceType>"
    "<rasd:VirtualQuantity>96</rasd:VirtualQuantity></Item>"
    "<Item><rasd:ResourceSubType>E1000</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>"
    "<Item><rasd:ResourceType>10</rasd:ResourceType></Item>"
    "%s%s</VirtualHardwareSection></VirtualSystem></Envelope>",
    files->str, list->str, items->str, more);
}

/* The machine of appliance_make_ovf() three times, in collections that hold others; the second is "Database". */
char *
appliance_make_several (const char *const *disks)
{
  g_autofree char *one = appliance_make_ovf (disks, "");
  const char *begin = strstr (one, "<VirtualSystem ");
  const char *end = strstr (one, "</Envelope>");
  g_autofree char *head = g_strndup (one, begin - one);
  g_autofree char *first = g_strndup (begin, end - begin);
  g_auto (GStrv) around = g_strsplit (first, "My appliance", 2);

  return g_strconcat (head, "<VirtualSystemCollection ovf:id='all'>", first, "<VirtualSystemCollection ovf:id='more'>",
                      around[0], "Database", around[1], first, "</VirtualSystemCollection></VirtualSystemCollection>",
                      end, NULL);
}

GByteArray *
appliance_add (GByteArray *archive,
               const char *name,
               const void *bytes,
               gsize       n_bytes)
{
  static const guint8 zeros[XENO_TAR_BLOCK_BYTES] = { 0 };
  guint8 block[XENO_TAR_BLOCK_BYTES];

  xeno_tar_make_header (name, n_bytes, block);
  g_byte_array_append (archive, block, sizeof block);
  g_byte_array_append (archive, bytes, n_bytes);
  return g_byte_array_append (archive, zeros, xeno_tar_get_padding (n_bytes));
}

GByteArray *
appliance_add_text (GByteArray *archive,
                    const char *name,
                    const char *text)
{
  return appliance_add (archive, name, text, strlen (text));
}

GByteArray *
appliance_end (GByteArray *archive)
{
  static const guint8 zeros[XENO_TAR_END_BYTES] = { 0 };

  return g_byte_array_append (archive, zeros, sizeof zeros);
}
