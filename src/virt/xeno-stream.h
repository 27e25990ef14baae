/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries the bytes of a machine's text console between libvirt and a socket. */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

int xeno_stream_open_console (virDomainPtr   domain,
                              const char    *title,
                              const char    *device_alias,
                              GError       **error);

G_END_DECLS
