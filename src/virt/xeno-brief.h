/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of machines in a few calls, for front ends that print it and end. */
#pragma once

#include "virt/xeno-machine.h"

G_BEGIN_DECLS

/**
 * XenoBrief:
 * @uuid: which machine
 * @name: libvirt's name
 * @title: what people see; the name where there is no title
 * @state: what it does
 * @n_cpus: its processors
 * @memory_bytes: its memory
 *
 * One line of a list.
 */
typedef struct
{
  char             *uuid;
  char             *name;
  char             *title;
  XenoMachineState  state;
  guint             n_cpus;
  guint64           memory_bytes;
} XenoBrief;

void       xeno_brief_free                 (XenoBrief    *brief);
GPtrArray *xeno_connection_list_brief_sync (const char   *uri,
                                            guint         max_titles,
                                            GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoBrief, xeno_brief_free)

G_END_DECLS
