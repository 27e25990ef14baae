/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends files into a guest, one after the other, and says of each that failed why. */
#pragma once

#include "base/xeno-job.h"
#include "console/xeno-guest.h"

G_BEGIN_DECLS

XenoJob *xeno_file_sender_start (XenoGuest  *guest,
                                 const char *title,
                                 GListModel *files);

G_END_DECLS
