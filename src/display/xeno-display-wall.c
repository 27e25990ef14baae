/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame that all screens of a guest share, side by side: the app knows one frame, and what each monitor
 * shows of it, however many cards the guest has. */
#include "config.h"

#include <string.h>

#include "display/xeno-display-wall.h"

typedef struct
{
  XenoDisplayScreen place;
  XenoDisplayHead   heads[XENO_DISPLAY_MAX_HEADS]; /* on the screen, not on the frame */
  guint             n_heads;
} Screen;

struct _XenoDisplayWall
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* which outlives it */
  Screen             screens[XENO_DISPLAY_MAX_HEADS]; /* by their number */
  guint              n_screens;
  guint              outputs;
  XenoFrameBuffer   *frame;
  gboolean           is_new; /* the app has not been told of the frame */
};

G_DEFINE_FINAL_TYPE (XenoDisplayWall, xeno_display_wall, G_TYPE_OBJECT)

static Screen *
find (XenoDisplayWall *self,
      guint            id)
{
  for (guint i = 0; i < self->n_screens; i++)
    if (self->screens[i].place.id == id)
      return &self->screens[i];
  return NULL;
}

static gboolean
is_on (const XenoDisplayScreen *place,
       guint                    x,
       guint                    y)
{
  return x >= place->x && x - place->x < place->width && y >= place->y && y - place->y < place->height;
}

static void
add_head (XenoDisplayHead       *heads,
          guint                 *n_heads,
          const XenoDisplayHead *head)
{
  for (guint i = 0; i < *n_heads; i++)
    if (heads[i].id == head->id)
      return;
  if (*n_heads < XENO_DISPLAY_MAX_HEADS)
    heads[(*n_heads)++] = *head;
}

/* One screen that says nothing of monitors is all there is; of several each is a monitor. */
static guint
collect_heads (XenoDisplayWall *self,
               XenoDisplayHead *heads)
{
  guint n_heads = 0;

  for (guint i = 0; i < self->n_screens; i++)
    {
      const Screen *screen = &self->screens[i];
      const XenoDisplayScreen *place = &screen->place;

      for (guint j = 0; j < screen->n_heads; j++)
        {
          XenoDisplayHead head = screen->heads[j];

          if ((guint64) head.x + head.width > place->width || (guint64) head.y + head.height > place->height)
            continue;
          head.x += place->x;
          head.y += place->y;
          add_head (heads, &n_heads, &head);
        }
      if (screen->n_heads == 0 && self->n_screens > 1)
        add_head (heads, &n_heads, &(XenoDisplayHead) { place->id, place->x, place->y, place->width, place->height });
    }
  return n_heads;
}

static void
tell_heads (XenoDisplayWall *self)
{
  XenoDisplayHead heads[XENO_DISPLAY_MAX_HEADS];
  guint n_heads = collect_heads (self, heads);

  xeno_display_server_set_heads (self->server, heads, n_heads, MAX (self->outputs, n_heads));
}

static void
copy (XenoFrameBuffer         *from,
      const XenoDisplayScreen *old,
      XenoFrameBuffer         *to,
      const XenoDisplayScreen *place)
{
  gsize from_stride = xeno_frame_buffer_get_stride (from);
  gsize to_stride = xeno_frame_buffer_get_stride (to);
  const guchar *source = xeno_frame_buffer_get_pixels (from) + old->y * from_stride + 4 * (gsize) old->x;
  guchar *target = xeno_frame_buffer_get_pixels (to) + place->y * to_stride + 4 * (gsize) place->x;

  for (guint row = 0; row < place->height; row++)
    memcpy (target + row * to_stride, source + row * from_stride, 4 * (gsize) place->width);
}

/* A row of screens, the upper edges in line. One that has no room any more is not shown. */
static gboolean
lay_out (XenoDisplayWall *self)
{
  XenoDisplayScreen old[XENO_DISPLAY_MAX_HEADS];
  g_autoptr (XenoFrameBuffer) frame = NULL;
  g_autoptr (GError) error = NULL;
  guint width = 0, height = 0, n_kept = 0;

  for (guint i = 0; i < self->n_screens; i++)
    if (width + self->screens[i].place.width <= XENO_DISPLAY_MAX_SIDE)
      {
        self->screens[n_kept] = self->screens[i];
        old[n_kept] = self->screens[n_kept].place;
        self->screens[n_kept].place.x = width;
        self->screens[n_kept].place.y = 0;
        width += self->screens[n_kept].place.width;
        height = MAX (height, self->screens[n_kept].place.height);
        n_kept++;
      }
  self->n_screens = n_kept;
  if (n_kept == 0)
    return FALSE;

  frame = xeno_frame_buffer_new (width, height, &error);
  if (frame == NULL)
    {
      xeno_display_server_fail (self->server, XENO_DISPLAY_FAILURE_MEMORY, error->message);
      return FALSE;
    }

  for (guint i = 0; i < n_kept && self->frame != NULL; i++)
    if ((guint64) old[i].x + old[i].width <= xeno_frame_buffer_get_width (self->frame) &&
        (guint64) old[i].y + old[i].height <= xeno_frame_buffer_get_height (self->frame))
      copy (self->frame, &old[i], frame, &self->screens[i].place);
  g_set_object (&self->frame, frame);
  self->is_new = TRUE;
  return TRUE;
}

static void
xeno_display_wall_dispose (GObject *object)
{
  g_clear_object (&XENO_DISPLAY_WALL (object)->frame);

  G_OBJECT_CLASS (xeno_display_wall_parent_class)->dispose (object);
}

static void
xeno_display_wall_class_init (XenoDisplayWallClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_wall_dispose;
}

static void
xeno_display_wall_init (XenoDisplayWall *self)
{
}

/**
 * xeno_display_wall_new:
 * @server: whom to tell; it outlives the wall
 *
 * Returns: (transfer full): a wall without screens
 */
XenoDisplayWall *
xeno_display_wall_new (XenoDisplayServer *server)
{
  XenoDisplayWall *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_WALL, NULL);
  self->server = server;
  return self;
}

/**
 * xeno_display_wall_set_screen:
 * @self: a wall
 * @id: the screen's number
 * @width: in pixels
 * @height: in pixels
 *
 * Makes room for a screen. The frame may be another one afterwards, which has all pixels of the other
 * screens; when it has this one's too, xeno_display_wall_show() tells the app.
 *
 * Returns: whether there is room
 */
gboolean
xeno_display_wall_set_screen (XenoDisplayWall *self,
                              guint            id,
                              guint            width,
                              guint            height)
{
  Screen *screen;
  guint i;

  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (self), FALSE);
  g_return_val_if_fail (width > 0 && width <= XENO_DISPLAY_MAX_SIDE, FALSE);
  g_return_val_if_fail (height > 0 && height <= XENO_DISPLAY_MAX_SIDE, FALSE);

  screen = find (self, id);
  if (screen != NULL && screen->place.width == width && screen->place.height == height)
    return TRUE;
  if (screen == NULL && self->n_screens == XENO_DISPLAY_MAX_HEADS)
    return FALSE;

  if (screen == NULL)
    {
      for (i = self->n_screens; i > 0 && self->screens[i - 1].place.id > id; i--)
        self->screens[i] = self->screens[i - 1];
      self->n_screens++;
      screen = &self->screens[i];
      screen->n_heads = 0;
    }
  /* What it showed at another size is nobody's to see: nothing of it lies on the frame. */
  screen->place = (XenoDisplayScreen) { id, XENO_DISPLAY_MAX_SIDE, 0, width, height };
  return lay_out (self) && find (self, id) != NULL;
}

/**
 * xeno_display_wall_show:
 * @self: a wall
 *
 * Tells the app of a frame that has, or will get when it is painted, all its pixels.
 */
void
xeno_display_wall_show (XenoDisplayWall *self)
{
  g_return_if_fail (XENO_IS_DISPLAY_WALL (self));

  if (!self->is_new)
    return;

  self->is_new = FALSE;
  tell_heads (self);
  xeno_display_server_set_frame (self->server, self->frame);
}

/**
 * xeno_display_wall_drop_screen:
 * @self: a wall
 * @id: the screen's number
 *
 * Takes a screen away. The last one's frame stands.
 */
void
xeno_display_wall_drop_screen (XenoDisplayWall *self,
                               guint            id)
{
  Screen *screen;

  g_return_if_fail (XENO_IS_DISPLAY_WALL (self));

  screen = find (self, id);
  if (screen == NULL || self->n_screens == 1)
    return;

  self->n_screens--;
  for (guint i = screen - self->screens; i < self->n_screens; i++)
    self->screens[i] = self->screens[i + 1];
  if (lay_out (self))
    xeno_display_wall_show (self);
}

/**
 * xeno_display_wall_set_heads:
 * @self: a wall
 * @id: the screen's number
 * @heads: (array length=n_heads): what the guest's monitors show of the screen
 * @n_heads: how many there are; the first ones count
 *
 * Tells the app, with the next frame where there is one to come.
 */
void
xeno_display_wall_set_heads (XenoDisplayWall       *self,
                             guint                  id,
                             const XenoDisplayHead *heads,
                             guint                  n_heads)
{
  Screen *screen;

  g_return_if_fail (XENO_IS_DISPLAY_WALL (self));

  screen = find (self, id);
  if (screen == NULL)
    return;

  screen->n_heads = MIN (n_heads, XENO_DISPLAY_MAX_HEADS);
  if (screen->n_heads > 0)
    memcpy (screen->heads, heads, screen->n_heads * sizeof *heads);
  if (!self->is_new)
    tell_heads (self);
}

/**
 * xeno_display_wall_set_outputs:
 * @self: a wall
 * @outputs: how many monitors the guest could have
 */
void
xeno_display_wall_set_outputs (XenoDisplayWall *self,
                               guint            outputs)
{
  g_return_if_fail (XENO_IS_DISPLAY_WALL (self));

  outputs = MIN (outputs, XENO_DISPLAY_MAX_HEADS);
  if (self->outputs == outputs)
    return;

  self->outputs = outputs;
  tell_heads (self);
}

/**
 * xeno_display_wall_get_screen:
 * @self: a wall
 * @id: the screen's number
 *
 * Returns: (transfer none) (nullable): its place on the frame, until the next screen comes or goes
 */
const XenoDisplayScreen *
xeno_display_wall_get_screen (XenoDisplayWall *self,
                              guint            id)
{
  const Screen *screen;

  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (self), NULL);

  screen = find (self, id);
  return screen != NULL ? &screen->place : NULL;
}

/**
 * xeno_display_wall_find_screen:
 * @self: a wall
 * @x: a place on the frame
 * @y: a place on the frame
 *
 * Returns: (transfer none) (nullable): the screen that is there, until the next one comes or goes
 */
const XenoDisplayScreen *
xeno_display_wall_find_screen (XenoDisplayWall *self,
                               guint            x,
                               guint            y)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (self), NULL);

  for (guint i = 0; i < self->n_screens; i++)
    if (is_on (&self->screens[i].place, x, y))
      return &self->screens[i].place;
  return NULL;
}

/**
 * xeno_display_wall_find_head:
 * @self: a wall
 * @x: a place on the frame
 * @y: a place on the frame
 *
 * Returns: the monitor that shows it; nothing but zeroes where none does
 */
XenoDisplayHead
xeno_display_wall_find_head (XenoDisplayWall *self,
                             guint            x,
                             guint            y)
{
  XenoDisplayHead heads[XENO_DISPLAY_MAX_HEADS];
  guint n_heads;

  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (self), (XenoDisplayHead) { 0 });

  n_heads = collect_heads (self, heads);
  for (guint i = 0; i < n_heads; i++)
    if (x >= heads[i].x && x - heads[i].x < heads[i].width && y >= heads[i].y && y - heads[i].y < heads[i].height)
      return heads[i];
  return (XenoDisplayHead) { 0 };
}

/**
 * xeno_display_wall_get_frame:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): the frame
 */
XenoFrameBuffer *
xeno_display_wall_get_frame (XenoDisplayWall *self)
{
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (self), NULL);

  return self->frame;
}

/**
 * xeno_display_wall_damage:
 * @self: a wall
 * @id: the screen's number
 * @x: the left edge, on the screen
 * @y: the upper edge, on the screen
 * @width: in pixels
 * @height: in pixels
 *
 * Says what changed; what lies outside of the screen is cut off.
 */
void
xeno_display_wall_damage (XenoDisplayWall *self,
                          guint            id,
                          int              x,
                          int              y,
                          int              width,
                          int              height)
{
  const Screen *screen;
  gint64 left, top, right, bottom;

  g_return_if_fail (XENO_IS_DISPLAY_WALL (self));

  screen = find (self, id);
  if (screen == NULL)
    return;

  left = MAX (x, 0);
  top = MAX (y, 0);
  right = MIN ((gint64) x + width, screen->place.width);
  bottom = MIN ((gint64) y + height, screen->place.height);
  if (left < right && top < bottom)
    xeno_display_server_damage (self->server, screen->place.x + left, screen->place.y + top,
                                right - left, bottom - top);
}
