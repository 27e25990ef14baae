/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a person can see a widget: it is mapped, in a window that is neither minimised nor put to rest. */
#include "config.h"

#include "widgets/xeno-sight.h"

/* GDK_TOPLEVEL_STATE_SUSPENDED of GTK 4.12: the window is covered, or on another workspace. Before,
 * nobody sets it. */
#define SUSPENDED (1 << 16)

struct _XenoSight
{
  GObject     parent_instance;
  GtkWidget  *widget;   /* weak */
  GdkSurface *surface;  /* of its window, while it is mapped */
  gulong      state_id;
  gboolean    is_seen;
};

G_DEFINE_FINAL_TYPE (XenoSight, xeno_sight, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_IS_SEEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
look (XenoSight *self)
{
  if (self->surface == NULL)
    return FALSE;

  return (gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface))
          & (GDK_TOPLEVEL_STATE_MINIMIZED | SUSPENDED)) == 0;
}

static void
update_cb (XenoSight *self)
{
  gboolean is_seen = look (self);

  if (self->is_seen == is_seen)
    return;

  self->is_seen = is_seen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SEEN]);
}

static void
unmap_cb (XenoSight *self)
{
  if (self->surface != NULL)
    g_clear_signal_handler (&self->state_id, self->surface);
  g_clear_object (&self->surface);
  update_cb (self);
}

/* A widget in a popover is seen with the window below it. */
static void
map_cb (XenoSight *self)
{
  GtkRoot *root = gtk_widget_get_root (self->widget);

  unmap_cb (self);
  self->surface = g_object_ref (gtk_native_get_surface (GTK_NATIVE (root)));
  self->state_id = g_signal_connect_swapped (self->surface, "notify::state", G_CALLBACK (update_cb), self);
  update_cb (self);
}

static void
xeno_sight_dispose (GObject *object)
{
  XenoSight *self = XENO_SIGHT (object);

  if (self->surface != NULL)
    g_clear_signal_handler (&self->state_id, self->surface);
  g_clear_object (&self->surface);
  g_clear_weak_pointer (&self->widget);

  G_OBJECT_CLASS (xeno_sight_parent_class)->dispose (object);
}

static void
xeno_sight_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_IS_SEEN:
      g_value_set_boolean (value, XENO_SIGHT (object)->is_seen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_sight_class_init (XenoSightClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_sight_dispose;
  object_class->get_property = xeno_sight_get_property;

  /**
   * XenoSight:is-seen:
   *
   * Whether a person can see the widget.
   */
  properties[PROP_IS_SEEN] =
    g_param_spec_boolean ("is-seen", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_sight_init (XenoSight *self)
{
}

/**
 * xeno_sight_new:
 * @widget: a widget
 *
 * Follows whether a person can see @widget, so that what is only made to be seen can rest.
 *
 * Returns: (transfer full): the sight
 */
XenoSight *
xeno_sight_new (GtkWidget *widget)
{
  XenoSight *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  self = g_object_new (XENO_TYPE_SIGHT, NULL);
  g_set_weak_pointer (&self->widget, widget);
  g_signal_connect_object (widget, "map", G_CALLBACK (map_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (widget, "unmap", G_CALLBACK (unmap_cb), self, G_CONNECT_SWAPPED);
  if (gtk_widget_get_mapped (widget))
    map_cb (self);
  return self;
}

/**
 * xeno_sight_is_seen:
 * @self: a sight
 *
 * Gets whether a person can see the widget.
 *
 * Returns: whether it is mapped, in a window that is not minimised
 */
gboolean
xeno_sight_is_seen (XenoSight *self)
{
  g_return_val_if_fail (XENO_IS_SIGHT (self), FALSE);

  return self->is_seen;
}
