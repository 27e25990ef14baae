/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords that a person wants remembered, in the keyring of their desktop. */
#pragma once

#include "viewer/xeno-address.h"

G_BEGIN_DECLS

void  xeno_keyring_recall_async  (const XenoAddress    *address,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
char *xeno_keyring_recall_finish (GAsyncResult         *result,
                                  gboolean             *is_there,
                                  char                **username);
void  xeno_keyring_store         (const XenoAddress    *address,
                                  const char           *username,
                                  const char           *password);
void  xeno_keyring_forget        (const XenoAddress    *address);

G_END_DECLS
