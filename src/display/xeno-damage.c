/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rectangles that changed since somebody last looked: few, whatever happens. */
#include "config.h"

#include "display/xeno-damage.h"

static XenoRectangle
get_union (const XenoRectangle *a,
           const XenoRectangle *b)
{
  int x = MIN (a->x, b->x);
  int y = MIN (a->y, b->y);

  return (XenoRectangle) {
    x, y,
    MAX (a->x + a->width, b->x + b->width) - x,
    MAX (a->y + a->height, b->y + b->height) - y,
  };
}

static gint64
get_area (const XenoRectangle *rectangle)
{
  return (gint64) rectangle->width * rectangle->height;
}

/* Whether one rectangle can stand for both without painting more than they would: servers cut a
 * frame into columns or bands, which come one after the other. */
static gboolean
try_merge (XenoRectangle       *into,
           const XenoRectangle *added)
{
  XenoRectangle both = get_union (into, added);

  if (get_area (&both) > get_area (into) + get_area (added))
    return FALSE;

  *into = both;
  return TRUE;
}

/**
 * xeno_damage_add:
 * @self: some damage
 * @added: a rectangle inside a frame
 *
 * Adds a rectangle. Too many become the one that holds them all.
 */
void
xeno_damage_add (XenoDamage    *self,
                 XenoRectangle  added)
{
  g_return_if_fail (self != NULL);

  for (guint i = self->n_rectangles; i > 0; i--)
    if (try_merge (&self->rectangles[i - 1], &added))
      return;

  if (self->n_rectangles < G_N_ELEMENTS (self->rectangles))
    {
      self->rectangles[self->n_rectangles++] = added;
      return;
    }

  for (guint i = 0; i < self->n_rectangles; i++)
    added = get_union (&added, &self->rectangles[i]);
  self->rectangles[0] = added;
  self->n_rectangles = 1;
}

/**
 * xeno_damage_clear:
 * @self: some damage
 *
 * Forgets it.
 */
void
xeno_damage_clear (XenoDamage *self)
{
  g_return_if_fail (self != NULL);

  self->n_rectangles = 0;
}
