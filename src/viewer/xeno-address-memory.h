/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses a person opened last. */
#pragma once

#include "viewer/xeno-address.h"

G_BEGIN_DECLS

GStrv xeno_address_memory_list   (GSettings         *settings);
void  xeno_address_memory_note   (GSettings         *settings,
                                  const XenoAddress *address);
void  xeno_address_memory_forget (GSettings         *settings,
                                  const char        *uri);
void  xeno_address_memory_clear  (GSettings         *settings);

G_END_DECLS
