/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries the clipboard between desktop and guest, as far as the machine's policy lets it. */
#pragma once

#include <gtk/gtk.h>

#include "console/xeno-guest.h"

G_BEGIN_DECLS

/**
 * XenoClipboardPolicy:
 * @XENO_CLIPBOARD_OFF: nothing passes
 * @XENO_CLIPBOARD_TO_GUEST: what is copied on the desktop can be pasted in the guest
 * @XENO_CLIPBOARD_FROM_GUEST: what is copied in the guest can be pasted on the desktop
 * @XENO_CLIPBOARD_BOTH: both
 *
 * Which way the clipboard goes.
 */
typedef enum
{
  XENO_CLIPBOARD_OFF = 0,
  XENO_CLIPBOARD_TO_GUEST = 1,
  XENO_CLIPBOARD_FROM_GUEST = 2,
  XENO_CLIPBOARD_BOTH = 3,
} XenoClipboardPolicy;

#define XENO_TYPE_CLIPBOARD_POLICY (xeno_clipboard_policy_get_type ())
GType xeno_clipboard_policy_get_type (void);

#define XENO_TYPE_CLIPBOARD (xeno_clipboard_get_type ())

G_DECLARE_FINAL_TYPE (XenoClipboard, xeno_clipboard, XENO, CLIPBOARD, GObject)

XenoClipboard       *xeno_clipboard_new        (GdkClipboard        *clipboard);
void                 xeno_clipboard_set_guest  (XenoClipboard       *self,
                                                XenoGuest           *guest);
XenoClipboardPolicy  xeno_clipboard_get_policy (XenoClipboard       *self);
void                 xeno_clipboard_set_policy (XenoClipboard       *self,
                                                XenoClipboardPolicy  policy);
void                 xeno_clipboard_set_active (XenoClipboard       *self,
                                                gboolean             active);

G_END_DECLS
