/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines in archives of our own. */
#include "config.h"

#include "create/xeno-archive.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-xeno.h"

/**
 * xeno_media_xeno_recognise:
 * @file: a file
 *
 * Tells whether it begins as an archive of ours does.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_xeno_recognise (XenoMediaFile *file)
{
  g_return_val_if_fail (file != NULL, FALSE);

  return xeno_archive_recognise (file);
}

/**
 * xeno_media_xeno_inspect:
 * @file: an archive
 * @facts: where to put what it says
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads the machine in it, without what a stranger may not say.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_xeno_inspect (XenoMediaFile   *file,
                         XenoMediaFacts  *facts,
                         GError         **error)
{
  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  facts->archive = xeno_archive_read (file, error);
  if (facts->archive == NULL)
    return FALSE;

  facts->capacity_bytes = xeno_archive_get_capacity (facts->archive);
  facts->boots_uefi = TRUE;
  facts->boots_bios = TRUE;
  return TRUE;
}
