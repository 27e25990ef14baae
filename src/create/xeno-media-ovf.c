/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions of appliances whose disks lie beside them. */
#include "config.h"

#include <string.h>

#include "create/xeno-media-facts.h"
#include "create/xeno-media-ovf.h"

#define HEAD_BYTES 4096

/**
 * xeno_media_ovf_recognise:
 * @file: a file
 *
 * Tells whether it begins as such a description does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_ovf_recognise (XenoMediaFile *file)
{
  char head[HEAD_BYTES + 1];
  gsize length;

  g_return_val_if_fail (file != NULL, FALSE);

  length = xeno_media_file_read (file, 0, head, HEAD_BYTES);
  head[length] = '\0';
  return strlen (head) == length && strstr (head, "Envelope") != NULL
         && (strstr (head, "schemas.dmtf.org/ovf") != NULL || strstr (head, "www.vmware.com/schema/ovf") != NULL);
}

/**
 * xeno_media_ovf_inspect:
 * @file: a description
 * @facts: where to put what it says
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads the description, and the headers of the disks beside it.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_ovf_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  return xeno_media_facts_take_appliances (facts, xeno_appliance_read_folder (file, error));
}
