/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Appliances in one file. */
#include "config.h"

#include "create/xeno-media-facts.h"
#include "create/xeno-media-ova.h"
#include "create/xeno-tar.h"

/**
 * xeno_media_ova_recognise:
 * @file: a file
 *
 * Tells whether it begins as an archive does; what an archive is that holds no appliance is said later.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_media_ova_recognise (XenoMediaFile *file)
{
  g_return_val_if_fail (file != NULL, FALSE);

  return xeno_tar_is_archive (file);
}

/**
 * xeno_media_ova_inspect:
 * @file: an archive
 * @facts: where to put what its description says
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads the description in it, and the headers of its disks.
 *
 * Returns: %TRUE if it can be used
 */
gboolean
xeno_media_ova_inspect (XenoMediaFile   *file,
                        XenoMediaFacts  *facts,
                        GError         **error)
{
  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  return xeno_media_facts_take_appliances (facts, xeno_appliance_read_archive (file, error));
}
