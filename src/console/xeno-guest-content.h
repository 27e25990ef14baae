/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's clipboard as content of the desktop's: fetched when somebody pastes. */
#pragma once

#include <gtk/gtk.h>

#include "console/xeno-guest.h"

G_BEGIN_DECLS

#define XENO_TYPE_GUEST_CONTENT (xeno_guest_content_get_type ())

G_DECLARE_FINAL_TYPE (XenoGuestContent, xeno_guest_content, XENO, GUEST_CONTENT, GdkContentProvider)

GdkContentProvider *xeno_guest_content_new (XenoGuest *guest,
                                            guint      forms);

G_END_DECLS
