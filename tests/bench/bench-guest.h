/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the console costs with a guest of QEMU in it, decoder included. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void bench_guest_run (const char *full_disc,
                      const char *key_disc,
                      double      seconds);

G_END_DECLS
