/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which keys, tapped together, give the keyboard back. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "console/xeno-qnum.h"
#include "console/xeno-release-chord.h"

#define MAX_KEYS 2

G_DEFINE_ENUM_TYPE (XenoReleaseChord, xeno_release_chord,
                    G_DEFINE_ENUM_VALUE (XENO_RELEASE_CHORD_CTRL_ALT, "ctrl-alt"),
                    G_DEFINE_ENUM_VALUE (XENO_RELEASE_CHORD_RIGHT_CTRL, "right-ctrl"),
                    G_DEFINE_ENUM_VALUE (XENO_RELEASE_CHORD_BOTH_CTRL, "both-ctrl"))

static const struct
{
  const char *label;
  guint       qnums[MAX_KEYS];
} chords[] = {
  [XENO_RELEASE_CHORD_CTRL_ALT] = { N_("Left Ctrl + Left Alt"), { XENO_QNUM_CONTROL_L, XENO_QNUM_ALT_L } },
  [XENO_RELEASE_CHORD_RIGHT_CTRL] = { N_("Right Ctrl"), { XENO_QNUM_CONTROL_R } },
  [XENO_RELEASE_CHORD_BOTH_CTRL] = { N_("Left Ctrl + Right Ctrl"), { XENO_QNUM_CONTROL_L, XENO_QNUM_CONTROL_R } },
};

/**
 * xeno_release_chord_get_label:
 * @chord: a chord
 *
 * Returns: its keys, for people
 */
const char *
xeno_release_chord_get_label (XenoReleaseChord chord)
{
  g_return_val_if_fail (chord < G_N_ELEMENTS (chords), NULL);

  return _(chords[chord].label);
}

/**
 * xeno_release_chord_has:
 * @chord: a chord
 * @qnum: QEMU's number of a key
 *
 * Returns: whether the key is one of its keys
 */
gboolean
xeno_release_chord_has (XenoReleaseChord chord,
                        guint            qnum)
{
  g_return_val_if_fail (chord < G_N_ELEMENTS (chords), FALSE);

  for (guint i = 0; i < MAX_KEYS && chords[chord].qnums[i] != 0; i++)
    if (chords[chord].qnums[i] == qnum)
      return TRUE;
  return FALSE;
}

/**
 * xeno_release_chord_get_n_keys:
 * @chord: a chord
 *
 * Returns: how many keys it has
 */
guint
xeno_release_chord_get_n_keys (XenoReleaseChord chord)
{
  guint n = 0;

  g_return_val_if_fail (chord < G_N_ELEMENTS (chords), 0);

  while (n < MAX_KEYS && chords[chord].qnums[n] != 0)
    n++;
  return n;
}
