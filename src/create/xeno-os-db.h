/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of operating systems: the libosinfo database, loaded once in a thread. */
#pragma once

#include <gio/gio.h>

#include "create/xeno-install-offer.h"
#include "create/xeno-media.h"
#include "create/xeno-os-download.h"
#include "create/xeno-os.h"

G_BEGIN_DECLS

#define XENO_TYPE_OS_DB (xeno_os_db_get_type ())

G_DECLARE_FINAL_TYPE (XenoOsDb, xeno_os_db, XENO, OS_DB, GObject)

XenoOsDb   *xeno_os_db_new             (void);
void        xeno_os_db_load_async      (XenoOsDb             *self,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean    xeno_os_db_load_finish     (XenoOsDb             *self,
                                        GAsyncResult         *result,
                                        GError              **error);
GListModel *xeno_os_db_get_list        (XenoOsDb             *self);
void        xeno_os_db_lookup_async    (XenoOsDb             *self,
                                        const char           *id_or_short_id,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
XenoOs     *xeno_os_db_lookup_finish   (XenoOsDb             *self,
                                        GAsyncResult         *result,
                                        GError              **error);
void        xeno_os_db_identify_async  (XenoOsDb             *self,
                                        XenoMedia            *media,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
XenoOs     *xeno_os_db_identify_finish (XenoOsDb             *self,
                                        GAsyncResult         *result,
                                        GError              **error);
void        xeno_os_db_list_downloads_async  (XenoOsDb             *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray  *xeno_os_db_list_downloads_finish (XenoOsDb             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void        xeno_os_db_list_offers_async     (XenoOsDb              *self,
                                              XenoOs                *os,
                                              XenoMedia             *media,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
GPtrArray  *xeno_os_db_list_offers_finish    (XenoOsDb              *self,
                                              GAsyncResult          *result,
                                              GError               **error);
void        xeno_os_db_write_script_async    (XenoOsDb              *self,
                                              XenoOs                *os,
                                              XenoMedia             *media,
                                              const XenoInstallWish *wish,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
XenoInstallScript *xeno_os_db_write_script_finish (XenoOsDb         *self,
                                                   GAsyncResult     *result,
                                                   GError          **error);
void        xeno_os_db_keep_async      (XenoOsDb             *self,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);

G_END_DECLS
