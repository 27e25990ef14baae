/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection is made of, and how the rest of this folder reaches libvirt: blocking calls on
 * its workers. */
#pragma once

#include "base/xeno-coalescer.h"
#include "base/xeno-worker.h"
#include "virt/xeno-connection.h"
#include "virt/xeno-facts.h"
#include "virt/xeno-link-pool.h"

G_BEGIN_DECLS

/* After these milliseconds a person gets the window back. */
#define XENO_CALL_MS 10000
#define XENO_LONG_CALL_MS 60000
#define XENO_SAVE_CALL_MS 600000

/* Only the connection's own files look inside. */
struct _XenoConnection
{
  GObject              parent_instance;
  char                *uri;
  char                *title;
  XenoConnectionState  state;
  GError              *error;
  gboolean             is_populated;
  gboolean             is_quiet; /* lists nothing, hears of nothing */
  gboolean             is_wanted; /* it shall be open, and come back when it is lost */

  XenoWorker          *worker;
  XenoLink            *link; /* NULL unless the state is OPEN */
  XenoLinkPool        *pool; /* the link, and more where it is kept busy */
  GCancellable        *opening; /* of the attempt under way */
  GPtrArray           *waiting; /* GTasks that want to hear how the attempt ends */
  gint64               opened_at_us;
  guint                pause_ms;
  guint                retry_id;
  guint                slow_id;

  GListStore          *machines;
  GListModel          *facade;
  GHashTable          *by_uuid; /* borrows from machines */
  XenoCoalescer       *refresher;
  GHashTable          *awaited; /* uuid -> whether the document too: what is read next */
  GCancellable        *refreshing; /* of the refresh under way */
  guint                refresh_pause_ms;
  guint                refresh_again_id;
  guint                check_id;
  guint                n_checks;

  guint                n_samples; /* measurements under way, those nobody waits for included */

  XenoHost            *host;
  XenoCaps            *caps; /* NULL until they were asked for, and again once the link is lost */
};

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
                                          XenoCallKind     kind,
                                          const char      *lane,
                                          guint            deadline_ms,
                                          GTask           *task,
                                          XenoCallFunc     func,
                                          gpointer         data,
                                          GDestroyNotify   free_data,
                                          GDestroyNotify   free_result);
XenoMachine *xeno_connection_apply       (XenoConnection  *self,
                                          const XenoFacts *facts);
void         xeno_connection_refresh     (XenoConnection  *self,
                                          const char      *uuid);
XenoCaps    *xeno_connection_get_kept_caps (XenoConnection *self);
void         xeno_connection_keep_caps   (XenoConnection  *self,
                                          XenoCaps        *caps);

/* The connection's own files to each other. */
void         xeno_connection_set_state       (XenoConnection      *self,
                                              XenoConnectionState  state,
                                              const GError        *error);
void         xeno_connection_set_populated   (XenoConnection      *self);
void         xeno_connection_init_list       (XenoConnection      *self);
void         xeno_connection_apply_list      (XenoConnection      *self,
                                              GPtrArray           *all);
void         xeno_connection_stop_refreshing (XenoConnection      *self);
void         xeno_connection_check_later     (XenoConnection      *self);
void         xeno_connection_init_opening    (XenoConnection      *self);
void         xeno_connection_stop_opening    (XenoConnection      *self);

G_END_DECLS
