/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All of the database that machines are made from, in one piece of memory. */
#pragma once

#include "create/xeno-media-facts.h"
#include "create/xeno-os-private.h"

G_BEGIN_DECLS

/* Who the systems are, newest first, and what they need, which is nothing where they are not described; for
 * each disc a piece of its label that has to be there, and which system it is of, whether other systems have
 * precedence, whether others of its system have, what libosinfo compares, and what the disc is. */
#define XENO_OS_INDEX_RESOURCES_TYPE "(tut)"
#define XENO_OS_INDEX_FACTS_TYPE "(" XENO_OS_INDEX_RESOURCES_TYPE XENO_OS_INDEX_RESOURCES_TYPE "asbb)"
#define XENO_OS_INDEX_SYSTEM_TYPE "(ssssm" XENO_OS_INDEX_FACTS_TYPE ")"
#define XENO_OS_INDEX_DISC_TYPE "(ubb(ssssx)(ssb))"
#define XENO_OS_INDEX_TYPE "(a" XENO_OS_INDEX_SYSTEM_TYPE "asa" XENO_OS_INDEX_DISC_TYPE ")"

GVariant   *xeno_os_index_new           (OsinfoDb             *db,
                                         OsinfoDb             *discs,
                                         const char           *arch);
guint       xeno_os_index_get_n_systems (GVariant             *index);
XenoOs     *xeno_os_index_get_system    (GVariant             *index,
                                         guint                 position);
gboolean    xeno_os_index_find          (GVariant             *index,
                                         const char           *id_or_short_id,
                                         guint                *position);
OsinfoMedia *xeno_os_index_make_media   (const XenoMediaFacts *facts);
XenoOsDisc *xeno_os_index_identify      (GVariant             *index,
                                         const XenoMediaFacts *facts,
                                         guint                *position);

G_END_DECLS
