/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of disks from format to format, by qemu-img, which is told all formats and follows nothing. */
#pragma once

#include <gio/gio.h>

#include "virt/xeno-machine-source.h"

G_BEGIN_DECLS

/**
 * XenoImageCopy:
 * @source: what to read, as xeno_image_describe() says it
 * @source_fd: (nullable): the file of %XENO_IMAGE_FD, or -1
 * @format: the format to write
 * @options: (nullable): what else to say about it: "subformat=streamOptimized"
 * @path: the file to make
 * @target_fd: (nullable): the file of %XENO_IMAGE_TARGET_FD, or -1
 *
 * A copy to be made.
 */
typedef struct
{
  const char *source;
  int         source_fd;
  const char *format;
  const char *options;
  const char *path;
  int         target_fd;
} XenoImageCopy;

/**
 * XenoImageFunc:
 * @fraction: how much is done, from 0 to 1
 * @user_data: what was given with it
 */
typedef void (*XenoImageFunc) (double    fraction,
                               gpointer  user_data);

/* The paths under which the program finds the descriptors it is given. */
#define XENO_IMAGE_FD        "/proc/self/fd/3"
#define XENO_IMAGE_TARGET_FD "/proc/self/fd/4"

char     *xeno_image_describe       (const char           *path,
                                     const char           *format,
                                     guint64               offset,
                                     guint64               n_bytes,
                                     const char           *backing);
char     *xeno_image_describe_chain (GPtrArray            *images);
void      xeno_image_measure_async  (const XenoImageCopy  *copy,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  xeno_image_measure_finish (GAsyncResult         *result,
                                     guint64              *needed_bytes,
                                     GError              **error);
void      xeno_image_copy_async     (const XenoImageCopy  *copy,
                                     GCancellable         *cancellable,
                                     XenoImageFunc         progress,
                                     gpointer              progress_data,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  xeno_image_copy_finish    (GAsyncResult         *result,
                                     GError              **error);
void      xeno_image_resize_async   (const char           *path,
                                     int                   target_fd,
                                     guint64               capacity_bytes,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  xeno_image_resize_finish  (GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
