/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what a machine can be made from: how to recognise it, and how a machine gets it. */
#pragma once

#include "create/xeno-media.h"

G_BEGIN_DECLS

typedef struct _XenoMediaFacts XenoMediaFacts;

/**
 * XenoMediaFile:
 * @fd: the open file
 * @size_bytes: how long it is
 * @name: its name, safe to show
 * @error_number: the errno of a read that failed, or 0
 * @base: where it begins, if it is a part of a larger file
 * @path: (nullable): where it is, if all of it is a file with a name
 *
 * A file that is being looked at.
 */
typedef struct
{
  int         fd;
  guint64     size_bytes;
  const char *name;
  int         error_number;
  guint64     base;
  const char *path;
} XenoMediaFile;

/**
 * XenoMediaType:
 * @id: stable name
 * @label: untranslated name for people, marked with N_()
 * @device: how a machine gets it: "cdrom", "disk" or "kernel", or "machine" where it is one
 * @format: (nullable): its format, stated in the document and never probed; %NULL where it is packed
 * @ways: how the machine can get its disk from it; the lowest is the usual one
 * @recognise: whether a file is one of these
 * @inspect: fills in the facts of one
 *
 * One row of the media table.
 */
typedef struct
{
  const char    *id;
  const char    *label;
  const char    *device;
  const char    *format;
  XenoDiskWay    ways;
  gboolean     (*recognise) (XenoMediaFile   *file);
  gboolean     (*inspect)   (XenoMediaFile   *file,
                             XenoMediaFacts  *facts,
                             GError         **error);
} XenoMediaType;

gsize                xeno_media_file_read      (XenoMediaFile *file,
                                                guint64        offset,
                                                gpointer       buffer,
                                                gsize          length);

const XenoMediaType *xeno_media_type_list      (gsize         *n_types);
const XenoMediaType *xeno_media_type_recognise (XenoMediaFile *file);

G_END_DECLS
