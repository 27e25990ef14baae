/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that plays a guest's sound, or records for it: samples go through a pipe. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XENO_TYPE_SOUND_PROCESS (xeno_sound_process_get_type ())

G_DECLARE_FINAL_TYPE (XenoSoundProcess, xeno_sound_process, XENO, SOUND_PROCESS, GObject)

XenoSoundProcess *xeno_sound_process_new  (gboolean          records);
int               xeno_sound_process_open (XenoSoundProcess *self,
                                           guint             rate,
                                           guint             channels,
                                           GError          **error);
void              xeno_sound_process_stop (XenoSoundProcess *self);

G_END_DECLS
