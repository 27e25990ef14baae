/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How this folder asks libvirt for something about one machine: blocking calls on a worker. */
#pragma once

#include "virt/xeno-connection-private.h"

G_BEGIN_DECLS

/**
 * XenoMachineCallFunc:
 * @domain: the machine
 * @title: how people call it
 * @data: (nullable): what xeno_machine_call() was given
 * @error: where to say why there is no result
 *
 * Blocking libvirt calls on a machine, on a worker's thread.
 *
 * Returns: (nullable): the result, or %NULL with @error set
 */
typedef gpointer (*XenoMachineCallFunc) (virDomainPtr   domain,
                                         const char    *title,
                                         gpointer       data,
                                         GError       **error);

void xeno_machine_call (XenoMachine         *self,
                        XenoCallKind         kind,
                        guint                deadline_ms,
                        GTask               *task,
                        XenoMachineCallFunc  func,
                        gpointer             data,
                        GDestroyNotify       free_data,
                        GDestroyNotify       free_result);

/* Of xeno-machine-edit.c, for whatever else changes a machine. */
void     xeno_machine_run_change (GTask                *task,
                                  XenoMachineCallFunc   func,
                                  gpointer              data,
                                  GDestroyNotify        free_data);
gboolean xeno_machine_write_note (virDomainPtr          domain,
                                  const char           *title,
                                  const char           *key,
                                  const char           *value,
                                  GError              **error);

G_END_DECLS
