/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a process some of whose threads may still be at work. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void xeno_exit (int status) G_GNUC_NORETURN;

G_END_DECLS
