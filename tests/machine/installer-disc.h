/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disc whose installer says on its serial port what it was told, and ends when it is told to. */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

char *make_installer_disc (const char   *folder,
                           const char   *label,
                           const char   *kernel);
int   open_installer_port (virDomainPtr  domain);
void  hear_installer      (int           port,
                           const char   *text);

G_END_DECLS
