/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deletes machines so that it can be undone until somebody empties the trash. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

void      xeno_machine_delete_async       (XenoMachine          *self,
                                           const char * const   *disk_paths,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
char     *xeno_machine_delete_finish      (XenoMachine          *self,
                                           GAsyncResult         *result,
                                           GError              **error);
void      xeno_storage_undo_delete_async  (XenoConnection       *connection,
                                           const char           *trash_id,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean  xeno_storage_undo_delete_finish (XenoConnection       *connection,
                                           GAsyncResult         *result,
                                           GError              **error);
void      xeno_storage_purge_async        (XenoConnection       *connection,
                                           const char           *trash_id,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean  xeno_storage_purge_finish       (XenoConnection       *connection,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
