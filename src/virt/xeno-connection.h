/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One libvirt connection: opens, stays alive, comes back, and lists the machines it has. */
#pragma once

#include <gio/gio.h>

#include "base/xeno-job.h"
#include "spec/xeno-caps.h"
#include "spec/xeno-spec.h"
#include "virt/xeno-host.h"
#include "virt/xeno-machine.h"
#include "virt/xeno-stats-record.h"

G_BEGIN_DECLS

/**
 * XenoConnectionState:
 * @XENO_CONNECTION_CLOSED: not opened, or closed by us
 * @XENO_CONNECTION_OPENING: the first attempt is under way
 * @XENO_CONNECTION_OPEN: it works
 * @XENO_CONNECTION_LOST: it worked, and is being opened again with growing pauses
 * @XENO_CONNECTION_UNREACHABLE: it never worked; "error" says why; it is tried again
 *
 * Where a connection stands.
 */
typedef enum
{
  XENO_CONNECTION_CLOSED,
  XENO_CONNECTION_OPENING,
  XENO_CONNECTION_OPEN,
  XENO_CONNECTION_LOST,
  XENO_CONNECTION_UNREACHABLE,
} XenoConnectionState;

#define XENO_TYPE_CONNECTION_STATE (xeno_connection_state_get_type ())
GType xeno_connection_state_get_type (void);

#define XENO_TYPE_CONNECTION (xeno_connection_get_type ())

G_DECLARE_FINAL_TYPE (XenoConnection, xeno_connection, XENO, CONNECTION, GObject)

const char          *xeno_connection_get_default_uri  (void);
XenoConnection      *xeno_connection_new              (const char           *uri);
XenoConnection      *xeno_connection_new_quiet        (const char           *uri);
const char          *xeno_connection_get_uri          (XenoConnection       *self);
const char          *xeno_connection_get_title        (XenoConnection       *self);
XenoConnectionState  xeno_connection_get_state        (XenoConnection       *self);
const GError        *xeno_connection_get_error        (XenoConnection       *self);
gboolean             xeno_connection_is_populated     (XenoConnection       *self);
gboolean             xeno_connection_is_local         (XenoConnection       *self);
void                 xeno_connection_open             (XenoConnection       *self);
void                 xeno_connection_retry            (XenoConnection       *self);
void                 xeno_connection_close            (XenoConnection       *self);
void                 xeno_connection_open_async       (XenoConnection       *self,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
gboolean             xeno_connection_open_finish      (XenoConnection       *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
GListModel          *xeno_connection_get_machines     (XenoConnection       *self);
XenoMachine         *xeno_connection_find_machine     (XenoConnection       *self,
                                                       const char           *reference,
                                                       GError              **error);
void                 xeno_connection_look_up_async    (XenoConnection       *self,
                                                       const char           *reference,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
XenoMachine         *xeno_connection_look_up_finish   (XenoConnection       *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
XenoHost            *xeno_connection_get_host         (XenoConnection       *self);
void                 xeno_connection_load_caps_async  (XenoConnection       *self,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
void                 xeno_connection_load_arch_caps_async
                                                      (XenoConnection       *self,
                                                       const char           *arch,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
XenoCaps            *xeno_connection_load_caps_finish (XenoConnection       *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
void                 xeno_connection_define_async     (XenoConnection       *self,
                                                       XenoSpec             *spec,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
XenoMachine         *xeno_connection_define_finish    (XenoConnection       *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
void                 xeno_connection_create_async     (XenoConnection       *self,
                                                       XenoSpec             *spec,
                                                       const char           *memory_path,
                                                       const char           *pipe_path,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
XenoMachine         *xeno_connection_create_finish    (XenoConnection       *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
void                 xeno_connection_sample_async     (XenoConnection       *self,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
GPtrArray           *xeno_connection_sample_finish    (XenoConnection       *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

G_END_DECLS
