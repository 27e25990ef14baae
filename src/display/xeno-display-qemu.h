/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Speaks QEMU's own display protocol, D-Bus from peer to peer. */
#pragma once

#include "display/xeno-display-source.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_QEMU (xeno_display_qemu_get_type ())

G_DECLARE_FINAL_TYPE (XenoDisplayQemu, xeno_display_qemu, XENO, DISPLAY_QEMU, XenoDisplaySource)

G_END_DECLS
