/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers what of this computer each machine is given: a folder, kinds of USB devices, a smart card. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char     *xeno_share_memory_dup_folder (GSettings          *settings,
                                        const char         *uuid,
                                        gboolean           *is_writable);
void      xeno_share_memory_set_folder (GSettings          *settings,
                                        const char         *uuid,
                                        const char         *path,
                                        gboolean            is_writable);
GStrv     xeno_share_memory_dup_kinds  (GSettings          *settings,
                                        const char         *uuid);
void      xeno_share_memory_set_kind   (GSettings          *settings,
                                        const char         *uuid,
                                        const char         *kind,
                                        gboolean            is_given);
char     *xeno_share_memory_dup_reader (GSettings          *settings,
                                        const char         *uuid);
void      xeno_share_memory_set_reader (GSettings          *settings,
                                        const char         *uuid,
                                        const char         *reader);

G_END_DECLS
