/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shell in a guest, through QEMU's guest agent, for tests to see what arrived. */
#pragma once

#include "support/xeno-test.h"

G_BEGIN_DECLS

typedef struct _GuestShell GuestShell;

GuestShell *guest_shell_new   (const char *path);
void        guest_shell_free  (GuestShell *self);
char       *guest_shell_run   (GuestShell *self,
                               const char *command,
                               int        *status);
void        guest_shell_await (GuestShell *self,
                               const char *command);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuestShell, guest_shell_free)

G_END_DECLS
