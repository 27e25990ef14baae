/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a console's frames come from and its input goes to; knows nothing of GTK. */
#include "config.h"

#include "console/xeno-console-backend-private.h"

G_DEFINE_ENUM_TYPE (XenoConsoleState, xeno_console_state,
                    G_DEFINE_ENUM_VALUE (XENO_CONSOLE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (XENO_CONSOLE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (XENO_CONSOLE_FROZEN, "frozen"),
                    G_DEFINE_ENUM_VALUE (XENO_CONSOLE_CLOSED, "closed"))

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XenoConsoleBackend, xeno_console_backend, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  PROP_ERROR,
  PROP_NAME,
  PROP_HAS_ABSOLUTE_POINTER,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
guint xeno_console_backend_signals[XENO_BACKEND_N_SIGNALS];

static void
xeno_console_backend_finalize (GObject *object)
{
  XenoConsoleBackend *self = XENO_CONSOLE_BACKEND (object);
  XenoConsoleBackendPrivate *priv = xeno_console_backend_get_private (self);

  g_clear_error (&priv->error);
  g_free (priv->name);
  g_clear_pointer (&priv->surface, xeno_surface_unref);
  g_clear_pointer (&priv->cursor.rgba, g_bytes_unref);
  g_clear_object (&priv->guest);
  g_clear_pointer (&priv->pressed_keys, g_array_unref);

  G_OBJECT_CLASS (xeno_console_backend_parent_class)->finalize (object);
}

static void
xeno_console_backend_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  XenoConsoleBackend *self = XENO_CONSOLE_BACKEND (object);
  XenoConsoleBackendPrivate *priv = xeno_console_backend_get_private (self);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, priv->error);
      break;

    case PROP_NAME:
      g_value_set_string (value, priv->name);
      break;

    case PROP_HAS_ABSOLUTE_POINTER:
      g_value_set_boolean (value, priv->has_absolute_pointer);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_backend_class_init (XenoConsoleBackendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = xeno_console_backend_finalize;
  object_class->get_property = xeno_console_backend_get_property;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL,
                       XENO_TYPE_CONSOLE_STATE, XENO_CONSOLE_CONNECTING,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL,
                        G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_HAS_ABSOLUTE_POINTER] =
    g_param_spec_boolean ("has-absolute-pointer", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  xeno_console_backend_signals[XENO_BACKEND_SURFACE_CHANGED] =
    g_signal_new ("surface-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  xeno_console_backend_signals[XENO_BACKEND_DAMAGE] =
    g_signal_new ("damage", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE,
                  4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
  xeno_console_backend_signals[XENO_BACKEND_UPDATED] =
    g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  xeno_console_backend_signals[XENO_BACKEND_HEADS_CHANGED] =
    g_signal_new ("heads-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  xeno_console_backend_signals[XENO_BACKEND_CURSOR_CHANGED] =
    g_signal_new ("cursor-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  xeno_console_backend_signals[XENO_BACKEND_CURSOR_MOVED] =
    g_signal_new ("cursor-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  xeno_console_backend_signals[XENO_BACKEND_LEDS_CHANGED] =
    g_signal_new ("leds-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_console_backend_init (XenoConsoleBackend *self)
{
  xeno_console_backend_get_private (self)->pressed_keys = g_array_new (FALSE, FALSE, sizeof (XenoBackendKey));
}

XenoConsoleBackendPrivate *
xeno_console_backend_get_private (XenoConsoleBackend *self)
{
  return xeno_console_backend_get_instance_private (self);
}

/**
 * xeno_console_backend_start:
 * @self: a backend
 *
 * Begins to open the display. What comes of it shows in "state".
 */
void
xeno_console_backend_start (XenoConsoleBackend *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->start (self);
}

/**
 * xeno_console_backend_stop:
 * @self: a backend
 *
 * Releases what is pressed and closes the display. The last surface stays.
 */
void
xeno_console_backend_stop (XenoConsoleBackend *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  xeno_console_backend_release_all (self);
  XENO_CONSOLE_BACKEND_GET_CLASS (self)->stop (self);
}

/**
 * xeno_console_backend_get_state:
 * @self: a backend
 *
 * Returns: where the display is in its life
 */
XenoConsoleState
xeno_console_backend_get_state (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), XENO_CONSOLE_CLOSED);

  return xeno_console_backend_get_private (self)->state;
}

/**
 * xeno_console_backend_get_error:
 * @self: a backend
 *
 * Returns: (nullable) (transfer none): why the display is not live, where there is a reason
 */
const GError *
xeno_console_backend_get_error (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  return xeno_console_backend_get_private (self)->error;
}

/**
 * xeno_console_backend_get_name:
 * @self: a backend
 *
 * Returns: (nullable): what the display server calls itself: untrusted text in one line
 */
const char *
xeno_console_backend_get_name (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  return xeno_console_backend_get_private (self)->name;
}

/**
 * xeno_console_backend_has_absolute_pointer:
 * @self: a backend
 *
 * Returns: whether the guest takes positions; otherwise it takes movements
 */
gboolean
xeno_console_backend_has_absolute_pointer (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), FALSE);

  return xeno_console_backend_get_private (self)->has_absolute_pointer;
}

/**
 * xeno_console_backend_get_leds:
 * @self: a backend
 *
 * Returns: the guest's lock keys: 1 scroll, 2 num, 4 caps
 */
guint
xeno_console_backend_get_leds (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), 0);

  return xeno_console_backend_get_private (self)->leds;
}

/**
 * xeno_console_backend_get_guest:
 * @self: a backend
 *
 * Returns: (transfer none) (nullable): what flows between the guest and the desktop beside pixels and
 *   keys, the same object for the backend's life; %NULL where nothing ever does
 */
XenoGuest *
xeno_console_backend_get_guest (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  return xeno_console_backend_get_private (self)->guest;
}

/**
 * xeno_console_backend_set_guest:
 * @self: a backend that nobody has seen yet
 * @guest: what flows beside pixels and keys
 *
 * For implementations.
 */
void
xeno_console_backend_set_guest (XenoConsoleBackend *self,
                                XenoGuest          *guest)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (XENO_IS_GUEST (guest));

  g_set_object (&xeno_console_backend_get_private (self)->guest, guest);
}

/**
 * xeno_console_backend_set_state:
 * @self: a backend
 * @state: where the display is
 * @error: (nullable) (transfer none): why
 *
 * For implementations. When the display goes away the far end lifts all keys by itself, so what was
 * pressed is forgotten here.
 */
void
xeno_console_backend_set_state (XenoConsoleBackend *self,
                                XenoConsoleState    state,
                                const GError       *error)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = xeno_console_backend_get_private (self);
  g_object_freeze_notify (G_OBJECT (self));
  if (priv->error != error)
    {
      g_clear_error (&priv->error);
      priv->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  if (priv->state != state)
    {
      if (state != XENO_CONSOLE_LIVE)
        {
          g_array_set_size (priv->pressed_keys, 0);
          priv->pressed_buttons = 0;
        }
      priv->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * xeno_console_backend_set_name:
 * @self: a backend
 * @name: (nullable): what the display server calls itself
 *
 * For implementations.
 */
void
xeno_console_backend_set_name (XenoConsoleBackend *self,
                               const char         *name)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  if (g_strcmp0 (xeno_console_backend_get_private (self)->name, name) == 0)
    return;

  g_free (xeno_console_backend_get_private (self)->name);
  xeno_console_backend_get_private (self)->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * xeno_console_backend_set_absolute_pointer:
 * @self: a backend
 * @absolute: whether the guest takes positions
 *
 * For implementations.
 */
void
xeno_console_backend_set_absolute_pointer (XenoConsoleBackend *self,
                                           gboolean            absolute)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = xeno_console_backend_get_private (self);
  if (priv->has_absolute_pointer == !!absolute)
    return;

  priv->has_absolute_pointer = !!absolute;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_ABSOLUTE_POINTER]);
}

/**
 * xeno_console_backend_set_leds:
 * @self: a backend
 * @leds: the guest's lock keys: 1 scroll, 2 num, 4 caps
 *
 * For implementations.
 */
void
xeno_console_backend_set_leds (XenoConsoleBackend *self,
                               guint               leds)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = xeno_console_backend_get_private (self);
  if (priv->leds == leds)
    return;

  priv->leds = leds;
  g_signal_emit (self, xeno_console_backend_signals[XENO_BACKEND_LEDS_CHANGED], 0);
}

