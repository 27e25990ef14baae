/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps one picture a machine, for everything that shows it. */
#include "config.h"

#include "pages/xeno-thumbnailer.h"

struct _XenoThumbnailer
{
  GObject     parent_instance;
  XenoWorker *worker;
  GHashTable *pictures; /* XenoMachine -> XenoPicture, which holds the machine */
};

G_DEFINE_FINAL_TYPE (XenoThumbnailer, xeno_thumbnailer, G_TYPE_OBJECT)

static void
xeno_thumbnailer_finalize (GObject *object)
{
  XenoThumbnailer *self = XENO_THUMBNAILER (object);

  g_clear_pointer (&self->pictures, g_hash_table_unref);
  g_clear_object (&self->worker);

  G_OBJECT_CLASS (xeno_thumbnailer_parent_class)->finalize (object);
}

static void
xeno_thumbnailer_class_init (XenoThumbnailerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_thumbnailer_finalize;
}

static void
xeno_thumbnailer_init (XenoThumbnailer *self)
{
  self->worker = xeno_worker_new (1);
  self->pictures = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

/**
 * xeno_thumbnailer_new:
 *
 * Makes a thumbnailer; one serves the whole application.
 *
 * Returns: (transfer full): the thumbnailer
 */
XenoThumbnailer *
xeno_thumbnailer_new (void)
{
  return g_object_new (XENO_TYPE_THUMBNAILER, NULL);
}

/**
 * xeno_thumbnailer_get_picture:
 * @self: a thumbnailer
 * @machine: whose screen
 *
 * Gets the picture of a machine's screen, which is made on demand.
 *
 * Returns: (transfer none): the picture
 */
XenoPicture *
xeno_thumbnailer_get_picture (XenoThumbnailer *self,
                              XenoMachine     *machine)
{
  XenoPicture *picture;

  g_return_val_if_fail (XENO_IS_THUMBNAILER (self), NULL);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  picture = g_hash_table_lookup (self->pictures, machine);
  if (picture == NULL)
    {
      picture = xeno_picture_new (machine, self->worker);
      g_hash_table_insert (self->pictures, machine, picture);
    }
  return picture;
}

/**
 * xeno_thumbnailer_forget:
 * @self: a thumbnailer
 * @machine: a machine that went away
 *
 * Lets go of a machine and its picture.
 */
void
xeno_thumbnailer_forget (XenoThumbnailer *self,
                         XenoMachine     *machine)
{
  g_return_if_fail (XENO_IS_THUMBNAILER (self));
  g_return_if_fail (XENO_IS_MACHINE (machine));

  g_hash_table_remove (self->pictures, machine);
}
