/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the rest of this folder reaches libvirt: blocking calls on a connection's workers. */
#pragma once

#include "virt/xeno-connection.h"
#include "virt/xeno-facts.h"
#include "virt/xeno-link.h"

G_BEGIN_DECLS

/* After these milliseconds a person gets the window back. */
#define XENO_CALL_MS 10000
#define XENO_LONG_CALL_MS 60000
#define XENO_SAVE_CALL_MS 600000

/**
 * XenoCallFunc:
 * @handle: an open connection
 * @data: (nullable): what xeno_connection_call() was given
 * @cancellable: (nullable): the task's cancellable
 * @error: where to say why there is no result
 *
 * Blocking libvirt calls, on a worker's thread.
 *
 * Returns: (nullable): the result, or %NULL with @error set
 */
typedef gpointer (*XenoCallFunc) (virConnectPtr   handle,
                                  gpointer        data,
                                  GCancellable   *cancellable,
                                  GError        **error);

void         xeno_connection_call        (XenoConnection  *self,
                                          const char      *lane,
                                          guint            deadline_ms,
                                          GTask           *task,
                                          XenoCallFunc     func,
                                          gpointer         data,
                                          GDestroyNotify   free_data,
                                          GDestroyNotify   free_result);
XenoMachine *xeno_connection_apply       (XenoConnection  *self,
                                          const XenoFacts *facts);
XenoCaps    *xeno_connection_get_kept_caps (XenoConnection *self);
void         xeno_connection_keep_caps   (XenoConnection  *self,
                                          XenoCaps        *caps);
virDomainPtr xeno_connection_lookup      (virConnectPtr    handle,
                                          const char      *uuid,
                                          const char      *title,
                                          GError         **error);

G_END_DECLS
