/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody may have meant who mistyped. */
#include "config.h"

#include "base/xeno-nearest.h"

/* Longer words are not mistyped but pasted, and the table below grows with them. */
#define MAX_LENGTH 64

/* One slip in three characters is still the same word. */
#define CHARACTERS_A_SLIP 3

static gunichar *
dup_folded (const char *word,
            glong      *length)
{
  g_autofree char *folded = g_utf8_casefold (word, -1);

  return g_utf8_to_ucs4_fast (folded, -1, length);
}

/* How many characters to add, drop, change or swap with the next: the "optimal string alignment"
 * distance. */
static guint
count_slips (const gunichar *a,
             glong           a_length,
             const gunichar *b,
             glong           b_length)
{
  guint table[MAX_LENGTH + 1][MAX_LENGTH + 1];

  for (glong i = 0; i <= a_length; i++)
    table[i][0] = i;
  for (glong j = 0; j <= b_length; j++)
    table[0][j] = j;

  for (glong i = 1; i <= a_length; i++)
    for (glong j = 1; j <= b_length; j++)
      {
        guint other = a[i - 1] != b[j - 1];
        guint least = MIN (table[i - 1][j], table[i][j - 1]) + 1;

        least = MIN (least, table[i - 1][j - 1] + other);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          least = MIN (least, table[i - 2][j - 2] + 1);
        table[i][j] = least;
      }
  return table[a_length][b_length];
}

/**
 * xeno_nearest:
 * @typed: what was typed, in UTF-8
 * @candidates: (array zero-terminated=1): what could have been meant, in UTF-8
 *
 * Finds what was probably meant: the candidate with the fewest slips of the keyboard between, upper
 * and lower case being the same, and no more of them than words of that length have.
 *
 * Returns: (transfer none) (nullable): one of @candidates, the first of those equally near
 */
const char *
xeno_nearest (const char         *typed,
              const char * const *candidates)
{
  g_autofree gunichar *wanted = NULL;
  const char *nearest = NULL;
  guint fewest = G_MAXUINT;
  glong wanted_length;

  g_return_val_if_fail (typed != NULL, NULL);
  g_return_val_if_fail (candidates != NULL, NULL);

  wanted = dup_folded (typed, &wanted_length);
  for (gsize i = 0; wanted_length <= MAX_LENGTH && candidates[i] != NULL; i++)
    {
      glong length;
      g_autofree gunichar *word = dup_folded (candidates[i], &length);
      guint slips;

      if (length > MAX_LENGTH)
        continue;
      slips = count_slips (wanted, wanted_length, word, length);
      if (slips < fewest && slips <= MAX (wanted_length, length) / CHARACTERS_A_SLIP)
        {
          fewest = slips;
          nearest = candidates[i];
        }
    }
  return nearest;
}
