/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pointer shapes a guest used last, ready for the display server.
 *
 * A guest has a handful, an arrow, a hand, a bar for text, and sends the pixels again each time the
 * pointer comes to something else. */
#include "config.h"

#include "console/xeno-cursor-cache.h"

#define MAX_CURSORS 8

typedef struct
{
  XenoCursorShape  shape;
  double           scale;
  GdkCursor       *cursor;
} Entry;

struct _XenoCursorCache
{
  GQueue entries; /* the newest first */
};

static void
entry_free (Entry *entry)
{
  g_bytes_unref (entry->shape.rgba);
  g_object_unref (entry->cursor);
  g_free (entry);
}

static gboolean
is_of (const Entry           *entry,
       const XenoCursorShape *shape,
       double                 scale)
{
  return entry->scale == scale &&
         entry->shape.width == shape->width && entry->shape.height == shape->height &&
         entry->shape.hot_x == shape->hot_x && entry->shape.hot_y == shape->hot_y &&
         g_bytes_equal (entry->shape.rgba, shape->rgba);
}

/**
 * xeno_cursor_cache_new:
 *
 * Returns: (transfer full): a cache without a shape
 */
XenoCursorCache *
xeno_cursor_cache_new (void)
{
  XenoCursorCache *self = g_new (XenoCursorCache, 1);

  g_queue_init (&self->entries);
  return self;
}

/**
 * xeno_cursor_cache_free:
 * @self: (transfer full): a cache
 */
void
xeno_cursor_cache_free (XenoCursorCache *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  g_free (self);
}

/**
 * xeno_cursor_cache_find:
 * @self: a cache
 * @shape: a shape with pixels
 * @scale: how much larger it is shown
 *
 * Returns: (transfer none) (nullable): the cursor that was added for the same pixels
 */
GdkCursor *
xeno_cursor_cache_find (XenoCursorCache       *self,
                        const XenoCursorShape *shape,
                        double                 scale)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (shape != NULL && shape->rgba != NULL, NULL);

  for (GList *link = self->entries.head; link != NULL; link = link->next)
    {
      Entry *entry = link->data;

      if (!is_of (entry, shape, scale))
        continue;

      g_queue_unlink (&self->entries, link);
      g_queue_push_head_link (&self->entries, link);
      return entry->cursor;
    }

  return NULL;
}

/**
 * xeno_cursor_cache_add:
 * @self: a cache
 * @shape: a shape with pixels
 * @scale: how much larger it is shown
 * @cursor: (transfer none): what was made of it
 *
 * Keeps @cursor in place of the one that was not used for longest.
 */
void
xeno_cursor_cache_add (XenoCursorCache       *self,
                       const XenoCursorShape *shape,
                       double                 scale,
                       GdkCursor             *cursor)
{
  Entry *entry;

  g_return_if_fail (self != NULL);
  g_return_if_fail (shape != NULL && shape->rgba != NULL);
  g_return_if_fail (GDK_IS_CURSOR (cursor));

  if (self->entries.length == MAX_CURSORS)
    entry_free (g_queue_pop_tail (&self->entries));

  entry = g_new (Entry, 1);
  entry->shape = *shape;
  entry->scale = scale;
  entry->cursor = g_object_ref (cursor);
  g_bytes_ref (entry->shape.rgba);
  g_queue_push_head (&self->entries, entry);
}
