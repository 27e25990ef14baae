/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disc image of a few small files, made in memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XenoSmallFile:
 * @name: what it is called on the disc
 * @text: what is in it
 *
 * A file for a disc.
 */
typedef struct
{
  const char *name;
  const char *text;
} XenoSmallFile;

GBytes *xeno_small_disc_make (const char           *volume_id,
                              const XenoSmallFile  *files,
                              gsize                 n_files,
                              GError              **error);

G_END_DECLS
