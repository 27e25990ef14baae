/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keyboard layouts there are, by name and for people. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

GStrv xeno_layout_list_names (char ***labels);

G_END_DECLS
