/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every connection the person works with, each opened and sampled on its own. */
#pragma once

#include "stats/xeno-sampler.h"
#include "virt/xeno-connection.h"

G_BEGIN_DECLS

#define XENO_TYPE_CONNECTION_LIST (xeno_connection_list_get_type ())

/* Signals: "changed" (): a connection's state changed; "trouble" (GError): something went wrong in
 * the background that a person should read. */
G_DECLARE_FINAL_TYPE (XenoConnectionList, xeno_connection_list, XENO, CONNECTION_LIST, GObject)

XenoConnectionList *xeno_connection_list_new              (GSettings          *settings);
GListModel         *xeno_connection_list_get_connections  (XenoConnectionList *self);
GListModel         *xeno_connection_list_get_machines     (XenoConnectionList *self);
XenoConnection     *xeno_connection_list_get_default      (XenoConnectionList *self);
XenoConnection     *xeno_connection_list_open             (XenoConnectionList *self,
                                                           const char         *uri);
XenoSampler        *xeno_connection_list_get_sampler      (XenoConnectionList *self,
                                                           XenoConnection     *connection);
XenoConnection     *xeno_connection_list_find_owner       (XenoConnectionList *self,
                                                           XenoMachine        *machine);
XenoMachine        *xeno_connection_list_find_machine     (XenoConnectionList *self,
                                                           const char         *uri,
                                                           const char         *reference,
                                                           GError            **error);
gboolean            xeno_connection_list_is_settled       (XenoConnectionList *self);

G_END_DECLS
