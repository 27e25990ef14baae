/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which keys, tapped together, give the keyboard back. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * XenoReleaseChord:
 * @XENO_RELEASE_CHORD_CTRL_ALT: the left Ctrl and the left Alt
 * @XENO_RELEASE_CHORD_RIGHT_CTRL: the right Ctrl alone
 * @XENO_RELEASE_CHORD_BOTH_CTRL: both Ctrl
 *
 * Which keys, tapped together, give the keyboard back.
 */
typedef enum
{
  XENO_RELEASE_CHORD_CTRL_ALT,
  XENO_RELEASE_CHORD_RIGHT_CTRL,
  XENO_RELEASE_CHORD_BOTH_CTRL,
} XenoReleaseChord;

#define XENO_TYPE_RELEASE_CHORD (xeno_release_chord_get_type ())

GType       xeno_release_chord_get_type   (void);
const char *xeno_release_chord_get_label  (XenoReleaseChord  chord);
gboolean    xeno_release_chord_has        (XenoReleaseChord  chord,
                                           guint             qnum);
guint       xeno_release_chord_get_n_keys (XenoReleaseChord  chord);

G_END_DECLS
