/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The networks a host has for its machines, and what they do for machines. */
#pragma once

#include "virt/xeno-connection.h"

G_BEGIN_DECLS

/**
 * XenoNetworkBoot:
 * @XENO_NETWORK_BOOT_NO: nothing on it starts machines
 * @XENO_NETWORK_BOOT_YES: libvirt tells machines on it what to start
 * @XENO_NETWORK_BOOT_PERHAPS: it leads out of this computer, where something may do so
 *
 * Whether a machine that asks the network what to start gets an answer.
 */
typedef enum
{
  XENO_NETWORK_BOOT_NO,
  XENO_NETWORK_BOOT_YES,
  XENO_NETWORK_BOOT_PERHAPS,
} XenoNetworkBoot;

/**
 * XenoNetworkFacts:
 * @name: what libvirt calls it
 * @boot: whether machines can start from it
 *
 * A network of a host.
 */
typedef struct
{
  char            *name;
  XenoNetworkBoot  boot;
} XenoNetworkFacts;

void       xeno_network_list_async  (XenoConnection       *connection,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
GPtrArray *xeno_network_list_finish (XenoConnection       *connection,
                                     GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
