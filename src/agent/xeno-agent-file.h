/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of a guest, by its agent. */
#pragma once

#include "agent/xeno-agent.h"

G_BEGIN_DECLS

void      xeno_agent_write_file_async  (XenoAgent            *self,
                                        const char           *path,
                                        GBytes               *content,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean  xeno_agent_write_file_finish (XenoAgent            *self,
                                        GAsyncResult         *result,
                                        GError              **error);
void      xeno_agent_open_file_async   (XenoAgent            *self,
                                        const char           *path,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean  xeno_agent_open_file_finish  (XenoAgent            *self,
                                        GAsyncResult         *result,
                                        gint64               *handle,
                                        GError              **error);
void      xeno_agent_read_file_async   (XenoAgent            *self,
                                        gint64                handle,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GBytes   *xeno_agent_read_file_finish  (XenoAgent            *self,
                                        GAsyncResult         *result,
                                        GError              **error);

G_END_DECLS
