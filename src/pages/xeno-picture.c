/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The newest picture of one machine's screen, taken again and again while somebody looks. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-worker.h"
#include "pages/xeno-picture.h"

/* A screenshot costs QEMU a copy of the screen: seldom for the list, sooner for the one preview.
 * Each one on which hardly anything has moved triples the pause; a blinking cursor is no movement. */
typedef struct
{
  guint shortest_s;
  guint longest_s;
} Pace;

static const Pace small_pace = { 10, 60 };
static const Pace large_pace = { 2, 30 };

/* Of the pixels of the small picture, those that differ visibly. */
#define MOVED_SHARE 100
#define MOVED_LEVELS 32

#define DEADLINE_MS 10000

/* Twice the size they are shown in, for screens of twice the density. */
#define SMALL_WIDTH 128
#define SMALL_HEIGHT 80
#define LARGE_WIDTH 960
#define LARGE_HEIGHT 600
/* More than any guest's screen; what claims more is not looked at. */
#define LONGEST_SIDE 16384

struct _XenoPicture
{
  GObject       parent_instance;
  XenoMachine  *machine; /* weak: the picture lives with it */
  XenoWorker   *worker;
  GCancellable *cancellable;
  GdkTexture   *small;
  GdkTexture   *large;
  GdkPixbuf    *pixels;  /* of the small one, to compare the next with */
  guint         bytes_hash;
  guint         n_watchers;
  guint         n_large_watchers;
  guint         timer_id;
  guint         pause_s;
  gboolean      is_taking;
  gboolean      is_hopeless;
};

G_DEFINE_FINAL_TYPE (XenoPicture, xeno_picture, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SMALL,
  PROP_LARGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static G_DEFINE_QUARK (xeno-picture, picture)

static void take (XenoPicture *self);

/* What the worker makes of a screenshot. */
typedef struct
{
  GBytes    *bytes;
  GdkPixbuf *known;
  guint      known_hash;
  guint      hash;
  GdkPixbuf *small;
  GdkPixbuf *large;
  gboolean   has_moved;
} Decode;

static void
decode_free (Decode *decode)
{
  g_bytes_unref (decode->bytes);
  g_clear_object (&decode->known);
  g_clear_object (&decode->small);
  g_clear_object (&decode->large);
  g_free (decode);
}

static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  gpointer         user_data)
{
  double scale;

  if (width <= 0 || height <= 0 || width > LONGEST_SIDE || height > LONGEST_SIDE)
    {
      gdk_pixbuf_loader_set_size (loader, 0, 0);
      return;
    }

  scale = MIN ((double) LARGE_WIDTH / width, (double) LARGE_HEIGHT / height);
  if (scale < 1.0)
    gdk_pixbuf_loader_set_size (loader, MAX (width * scale, 1), MAX (height * scale, 1));
}

/* Only what hypervisors make: the other decoders of GdkPixbuf are nothing a guest should reach. */
static const char *
type_of_image (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (size > 8 && memcmp (data, "\211PNG\r\n\032\n", 8) == 0)
    return "png";
  if (size > 2 && data[0] == 'P' && g_ascii_isdigit (data[1]))
    return "pnm";
  return NULL;
}

static GdkPixbuf *
load (GBytes  *bytes,
      GError **error)
{
  const char *type = type_of_image (bytes);
  g_autoptr(GdkPixbufLoader) loader = NULL;
  GdkPixbuf *pixbuf;
  gboolean is_closed;

  if (type == NULL)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("The picture of the screen has an unknown format."));
      return NULL;
    }

  loader = gdk_pixbuf_loader_new_with_type (type, error);
  if (loader == NULL)
    return NULL;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), NULL);
  if (!gdk_pixbuf_loader_write_bytes (loader, bytes, error))
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return NULL;
    }

  is_closed = gdk_pixbuf_loader_close (loader, error);
  pixbuf = is_closed ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf != NULL)
    return g_object_ref (pixbuf);
  if (is_closed)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL, _("The picture of the screen is empty."));
  return NULL;
}

static GdkPixbuf *
shrink (GdkPixbuf *pixbuf)
{
  double width = gdk_pixbuf_get_width (pixbuf);
  double height = gdk_pixbuf_get_height (pixbuf);
  double scale = MIN (MIN (SMALL_WIDTH / width, SMALL_HEIGHT / height), 1.0);

  return gdk_pixbuf_scale_simple (pixbuf, MAX (width * scale, 1), MAX (height * scale, 1),
                                  GDK_INTERP_BILINEAR);
}

/* Whether more than a cursor differs. */
static gboolean
has_moved (GdkPixbuf *before,
           GdkPixbuf *after)
{
  int width = gdk_pixbuf_get_width (after);
  int height = gdk_pixbuf_get_height (after);
  int n_channels = gdk_pixbuf_get_n_channels (after);
  int n_moved = 0;

  if (before == NULL || gdk_pixbuf_get_width (before) != width
      || gdk_pixbuf_get_height (before) != height
      || gdk_pixbuf_get_n_channels (before) != n_channels)
    return TRUE;

  for (int y = 0; y < height; y++)
    {
      const guint8 *a = gdk_pixbuf_read_pixels (before) + y * gdk_pixbuf_get_rowstride (before);
      const guint8 *b = gdk_pixbuf_read_pixels (after) + y * gdk_pixbuf_get_rowstride (after);

      for (int x = 0; x < width * n_channels; x += n_channels)
        if (ABS (a[x] - b[x]) + ABS (a[x + 1] - b[x + 1]) + ABS (a[x + 2] - b[x + 2]) > MOVED_LEVELS)
          n_moved++;
    }
  return n_moved > width * height / MOVED_SHARE;
}

/* A screen that stands still is not decoded again, and nothing is redrawn for it. */
static gpointer
decode_in_worker (gpointer       data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  const Decode *order = data;
  Decode *decode = g_new0 (Decode, 1);

  decode->bytes = g_bytes_ref (order->bytes);
  decode->hash = g_bytes_hash (order->bytes);
  if (decode->hash == order->known_hash)
    return decode;

  decode->large = load (order->bytes, error);
  if (decode->large != NULL)
    decode->small = shrink (decode->large);
  if (decode->small == NULL)
    {
      decode_free (decode);
      return NULL;
    }

  decode->has_moved = has_moved (order->known, decode->small);
  return decode;
}

static void
set_textures (XenoPicture *self,
              GdkPixbuf   *small,
              GdkPixbuf   *large)
{
  g_clear_object (&self->small);
  g_clear_object (&self->large);
  g_set_object (&self->pixels, small);
  if (small != NULL && large != NULL)
    {
      self->small = gdk_texture_new_for_pixbuf (small);
      self->large = gdk_texture_new_for_pixbuf (large);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SMALL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LARGE]);
}

static gboolean
is_wanted (XenoPicture *self)
{
  return self->n_watchers > 0 && !self->is_hopeless && self->machine != NULL
         && xeno_machine_get_state (self->machine) == XENO_MACHINE_RUNNING
         && !xeno_machine_is_stale (self->machine);
}

static gboolean
timer_cb (gpointer user_data)
{
  XenoPicture *self = user_data;

  self->timer_id = 0;
  take (self);
  return G_SOURCE_REMOVE;
}

/* A screen that moves is looked at sooner again. */
static void
end_taking (XenoPicture *self,
            gboolean     is_moving)
{
  const Pace *pace = self->n_large_watchers > 0 ? &large_pace : &small_pace;

  self->is_taking = FALSE;
  self->pause_s = is_moving ? pace->shortest_s : CLAMP (self->pause_s * 3, pace->shortest_s, pace->longest_s);
  if (is_wanted (self) && self->timer_id == 0)
    self->timer_id = g_timeout_add_seconds (self->pause_s, timer_cb, self);
}

static void
decoded_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoPicture *self = XENO_PICTURE (source);
  g_autoptr(GError) error = NULL;
  Decode *decode = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean is_moving;

  if (decode == NULL)
    {
      g_debug ("No picture of a screen: %s", error->message);
      end_taking (self, FALSE);
      return;
    }

  if (decode->small != NULL && self->machine != NULL && xeno_machine_is_active (self->machine))
    {
      self->bytes_hash = decode->hash;
      set_textures (self, decode->small, decode->large);
    }
  is_moving = decode->has_moved;
  decode_free (decode);
  end_taking (self, is_moving);
}

static void
taken_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(XenoPicture) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = xeno_machine_screenshot_finish (XENO_MACHINE (source), result, &error);
  g_autoptr(GTask) task = NULL;
  Decode *order;

  if (bytes == NULL)
    {
      self->is_hopeless = g_error_matches (error, XENO_ERROR, XENO_ERROR_NOT_SUPPORTED);
      g_debug ("No picture of a screen: %s", error->message);
      end_taking (self, FALSE);
      return;
    }

  order = g_new0 (Decode, 1);
  order->bytes = g_steal_pointer (&bytes);
  order->known_hash = self->large != NULL ? self->bytes_hash : 0;
  order->known = self->pixels != NULL ? g_object_ref (self->pixels) : NULL;
  task = g_task_new (self, self->cancellable, decoded_cb, NULL);
  g_task_set_source_tag (task, taken_cb);
  xeno_worker_run (self->worker, NULL, DEADLINE_MS, task, decode_in_worker,
                   order, (GDestroyNotify) decode_free, (GDestroyNotify) decode_free);
}

static void
take (XenoPicture *self)
{
  if (self->is_taking || self->is_hopeless || self->machine == NULL)
    return;

  self->is_taking = TRUE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  xeno_machine_screenshot_async (self->machine, 0, self->cancellable, taken_cb, g_object_ref (self));
}

/* Somebody began to look, or what there is to see became another: now, and soon again. */
static void
begin_anew (XenoPicture *self)
{
  self->pause_s = 0;
  if (is_wanted (self))
    take (self);
  else
    g_clear_handle_id (&self->timer_id, g_source_remove);
}

static void
state_cb (XenoPicture *self)
{
  XenoMachineState state = xeno_machine_get_state (self->machine);

  self->is_hopeless = FALSE;
  if ((state == XENO_MACHINE_OFF || state == XENO_MACHINE_CRASHED) && self->large != NULL)
    set_textures (self, NULL, NULL);
  else if (state == XENO_MACHINE_PAUSED && self->n_watchers > 0)
    take (self);
  begin_anew (self);
}

static void
xeno_picture_dispose (GObject *object)
{
  XenoPicture *self = XENO_PICTURE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_weak_pointer (&self->machine);

  G_OBJECT_CLASS (xeno_picture_parent_class)->dispose (object);
}

static void
xeno_picture_finalize (GObject *object)
{
  XenoPicture *self = XENO_PICTURE (object);

  g_clear_object (&self->worker);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pixels);
  g_clear_object (&self->small);
  g_clear_object (&self->large);

  G_OBJECT_CLASS (xeno_picture_parent_class)->finalize (object);
}

static void
xeno_picture_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XenoPicture *self = XENO_PICTURE (object);

  switch (prop_id)
    {
    case PROP_SMALL:
      g_value_set_object (value, self->small);
      break;
    case PROP_LARGE:
      g_value_set_object (value, self->large);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_picture_class_init (XenoPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_picture_dispose;
  object_class->finalize = xeno_picture_finalize;
  object_class->get_property = xeno_picture_get_property;

  /**
   * XenoPicture:small:
   *
   * The picture for a row of the list, or %NULL.
   */
  properties[PROP_SMALL] =
    g_param_spec_object ("small", NULL, NULL, GDK_TYPE_TEXTURE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoPicture:large:
   *
   * The picture for the machine's page, or %NULL.
   */
  properties[PROP_LARGE] =
    g_param_spec_object ("large", NULL, NULL, GDK_TYPE_TEXTURE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_picture_init (XenoPicture *self)
{
  self->cancellable = g_cancellable_new ();
  self->worker = xeno_worker_new (1);
}

static XenoPicture *
new_for_machine (XenoMachine *machine)
{
  XenoPicture *self = g_object_new (XENO_TYPE_PICTURE, NULL);

  g_set_weak_pointer (&self->machine, machine);
  g_signal_connect_object (machine, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "notify::is-stale", G_CALLBACK (begin_anew), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_picture_get_for_machine:
 * @machine: whose screen
 *
 * Gets the picture of a machine's screen, one for everything that shows it. It lives with the
 * machine; nothing is taken before somebody watches.
 *
 * Returns: (transfer none): the picture
 */
XenoPicture *
xeno_picture_get_for_machine (XenoMachine *machine)
{
  XenoPicture *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  self = g_object_get_qdata (G_OBJECT (machine), picture_quark ());
  if (self == NULL)
    {
      self = new_for_machine (machine);
      g_object_set_qdata_full (G_OBJECT (machine), picture_quark (), self, g_object_unref);
    }
  return self;
}

/**
 * xeno_picture_get_small:
 * @self: a picture
 *
 * Gets the picture for a row of the list. It stays the last there was while the machine is paused.
 *
 * Returns: (transfer none) (nullable): the picture
 */
GdkTexture *
xeno_picture_get_small (XenoPicture *self)
{
  g_return_val_if_fail (XENO_IS_PICTURE (self), NULL);

  return self->small;
}

/**
 * xeno_picture_get_large:
 * @self: a picture
 *
 * Gets the picture for the machine's page. It stays the last there was while the machine is paused.
 *
 * Returns: (transfer none) (nullable): the picture
 */
GdkTexture *
xeno_picture_get_large (XenoPicture *self)
{
  g_return_val_if_fail (XENO_IS_PICTURE (self), NULL);

  return self->large;
}

/**
 * xeno_picture_watch:
 * @self: a picture
 * @is_large: whether it is seen as the machine's preview, which is taken more often
 *
 * Says that somebody sees the picture from now on.
 */
void
xeno_picture_watch (XenoPicture *self,
                    gboolean     is_large)
{
  gboolean is_closer;

  g_return_if_fail (XENO_IS_PICTURE (self));

  is_closer = self->n_watchers == 0 || (is_large && self->n_large_watchers == 0);
  self->n_watchers++;
  if (is_large)
    self->n_large_watchers++;
  if (self->large == NULL && self->machine != NULL
      && xeno_machine_get_state (self->machine) == XENO_MACHINE_PAUSED)
    take (self);
  if (is_closer)
    begin_anew (self);
}

/**
 * xeno_picture_unwatch:
 * @self: a picture
 * @is_large: what xeno_picture_watch() was told
 *
 * Says that somebody no longer sees it. When nobody does, nothing is taken.
 */
void
xeno_picture_unwatch (XenoPicture *self,
                      gboolean     is_large)
{
  g_return_if_fail (XENO_IS_PICTURE (self));
  g_return_if_fail (self->n_watchers > 0);
  g_return_if_fail (!is_large || self->n_large_watchers > 0);

  self->n_watchers--;
  if (is_large)
    self->n_large_watchers--;
  if (self->n_watchers == 0)
    g_clear_handle_id (&self->timer_id, g_source_remove);
}

/**
 * xeno_picture_is_watched:
 * @self: a picture
 *
 * Whether somebody sees it, so that it is taken again and again while the machine runs.
 *
 * Returns: whether it is
 */
gboolean
xeno_picture_is_watched (XenoPicture *self)
{
  g_return_val_if_fail (XENO_IS_PICTURE (self), FALSE);

  return self->n_watchers > 0;
}
