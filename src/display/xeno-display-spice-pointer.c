/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pointer of a SPICE server: one shape, whichever of the guest's screens it is on. */
#include "config.h"

#include "display/xeno-display-spice-pointer.h"

struct _XenoDisplaySpicePointer
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* which outlives it */
  XenoDisplayWall   *wall;
  gconstpointer      channel; /* that told of the pointer last; only to be compared */
  SpiceCursorShape  *shape;
  gboolean           is_hidden;
};

G_DEFINE_FINAL_TYPE (XenoDisplaySpicePointer, xeno_display_spice_pointer, G_TYPE_OBJECT)

static void
free_shape (XenoDisplaySpicePointer *self)
{
  if (self->shape != NULL)
    g_boxed_free (SPICE_TYPE_CURSOR_SHAPE, self->shape);
  self->shape = NULL;
}

static void
show (XenoDisplaySpicePointer *self,
      GObject                 *channel)
{
  self->channel = channel;
  self->is_hidden = FALSE;
  free_shape (self);
  g_object_get (channel, "cursor", &self->shape, NULL);
  if (self->shape != NULL)
    xeno_display_server_define_cursor (self->server, self->shape->width, self->shape->height,
                                       self->shape->hot_spot_x, self->shape->hot_spot_y, self->shape->data);
}

static void
shape_cb (XenoDisplaySpicePointer *self,
          GParamSpec              *pspec,
          GObject                 *channel)
{
  show (self, channel);
}

/* A screen that the pointer has left hides it, when another one has shown it. */
static void
hide_cb (XenoDisplaySpicePointer *self,
         GObject                 *channel)
{
  if (self->channel != NULL && self->channel != channel)
    return;

  self->is_hidden = TRUE;
  xeno_display_server_hide_cursor (self->server);
}

/* A guest that hid the pointer and moves it shows it again, in the shape it had. */
static void
move_cb (XenoDisplaySpicePointer *self,
         int                      x,
         int                      y,
         GObject                 *channel)
{
  const XenoDisplayScreen *screen;
  int id;

  if (self->is_hidden || self->channel != channel)
    show (self, channel);
  g_object_get (channel, "channel-id", &id, NULL);
  screen = xeno_display_wall_get_screen (self->wall, id);
  if (screen != NULL)
    xeno_display_server_move_cursor (self->server, (int) screen->x + CLAMP (x, 0, XENO_DISPLAY_MAX_SIDE),
                                     (int) screen->y + CLAMP (y, 0, XENO_DISPLAY_MAX_SIDE));
}

static void
reset_cb (XenoDisplaySpicePointer *self,
          GObject                 *channel)
{
  if (self->channel != NULL && self->channel != channel)
    return;

  free_shape (self);
  self->is_hidden = FALSE;
  xeno_display_server_reset_cursor (self->server);
}

static void
xeno_display_spice_pointer_dispose (GObject *object)
{
  XenoDisplaySpicePointer *self = XENO_DISPLAY_SPICE_POINTER (object);

  g_clear_object (&self->wall);
  free_shape (self);

  G_OBJECT_CLASS (xeno_display_spice_pointer_parent_class)->dispose (object);
}

static void
xeno_display_spice_pointer_class_init (XenoDisplaySpicePointerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_spice_pointer_dispose;
}

static void
xeno_display_spice_pointer_init (XenoDisplaySpicePointer *self)
{
}

/**
 * xeno_display_spice_pointer_new:
 * @server: whom to tell; it outlives the pointer
 * @wall: where the screens are
 *
 * Returns: (transfer full): a pointer without a shape
 */
XenoDisplaySpicePointer *
xeno_display_spice_pointer_new (XenoDisplayServer *server,
                                XenoDisplayWall   *wall)
{
  XenoDisplaySpicePointer *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (XENO_IS_DISPLAY_WALL (wall), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_POINTER, NULL);
  self->server = server;
  self->wall = g_object_ref (wall);
  return self;
}

/**
 * xeno_display_spice_pointer_add:
 * @self: a pointer
 * @channel: what tells of it on one of the screens
 */
void
xeno_display_spice_pointer_add (XenoDisplaySpicePointer *self,
                                SpiceChannel            *channel)
{
  static const struct
  {
    const char *signal;
    GCallback   callback;
  } handlers[] = {
    { "notify::cursor", G_CALLBACK (shape_cb) },
    { "cursor-hide", G_CALLBACK (hide_cb) },
    { "cursor-move", G_CALLBACK (move_cb) },
    { "cursor-reset", G_CALLBACK (reset_cb) },
  };

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_POINTER (self));
  g_return_if_fail (SPICE_IS_CHANNEL (channel));

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (channel, handlers[i].signal, handlers[i].callback, self, G_CONNECT_SWAPPED);
}
