/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes down which keys are pressed together. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XENO_TYPE_KEY_RECORDER (xeno_key_recorder_get_type ())

G_DECLARE_FINAL_TYPE (XenoKeyRecorder, xeno_key_recorder, XENO, KEY_RECORDER, GtkWidget)

/* Signals:
 *  "recorded" ()  all keys are up again */
GtkWidget   *xeno_key_recorder_new       (void);
const guint *xeno_key_recorder_get_qnums (XenoKeyRecorder *self,
                                          gsize           *n_qnums);
const char  *xeno_key_recorder_get_label (XenoKeyRecorder *self);

G_END_DECLS
