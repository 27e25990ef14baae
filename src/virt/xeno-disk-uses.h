/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machines use which files. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/**
 * XenoDiskUse:
 * @uuid: whose it is
 * @title: what that machine is called, safe to show
 * @is_backing: it uses the file only as what its own disk is built on
 *
 * One machine that uses a file.
 */
typedef struct
{
  char     *uuid;
  char     *title;
  gboolean  is_backing;
} XenoDiskUse;

void        xeno_connection_list_disk_uses_async  (XenoConnection       *self,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GHashTable *xeno_connection_list_disk_uses_finish (XenoConnection       *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
