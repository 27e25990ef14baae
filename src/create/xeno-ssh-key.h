/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Public keys for SSH: those a person has, and whether a line is one. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * XenoSshKey:
 * @line: the key as guests want it, on one line
 * @type: what kind it is: "ssh-ed25519"
 * @comment: what its owner wrote beside it, safe to show; may be empty
 *
 * A public key.
 */
typedef struct
{
  char *line;
  char *type;
  char *comment;
} XenoSshKey;

XenoSshKey *xeno_ssh_key_parse       (const char           *line,
                                      GError              **error);
XenoSshKey *xeno_ssh_key_read        (const char           *path,
                                      GError              **error);
void        xeno_ssh_key_free        (XenoSshKey           *self);
void        xeno_ssh_key_list_async  (const char           *folder,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
GPtrArray  *xeno_ssh_key_list_finish (GAsyncResult         *result,
                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoSshKey, xeno_ssh_key_free)

G_END_DECLS
