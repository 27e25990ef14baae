/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a console's frames come from and its input goes to; knows nothing of GTK. */
#include "config.h"

#include "console/xeno-console-backend.h"
#include "console/xeno-qnum.h"

typedef struct
{
  guint qnum;
  guint keyval;
} PressedKey;

typedef struct
{
  XenoConsoleState  state;
  GError           *error;
  char             *name;
  XenoSurface      *surface;
  XenoDisplayHead   heads[XENO_DISPLAY_MAX_HEADS];
  guint             n_heads;
  XenoCursorShape   cursor;
  gboolean          has_cursor;
  gboolean          has_cursor_place;
  int               cursor_x;
  int               cursor_y;
  gboolean          has_absolute_pointer;
  guint             leds;
  XenoGuest        *guest;
  GArray           *pressed_keys;
  guint             pressed_buttons;
} XenoConsoleBackendPrivate;

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

enum
{
  SURFACE_CHANGED,
  DAMAGE,
  UPDATED,
  HEADS_CHANGED,
  CURSOR_CHANGED,
  CURSOR_MOVED,
  LEDS_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

#define PRIVATE(self) \
  ((XenoConsoleBackendPrivate *) xeno_console_backend_get_instance_private (self))

static gboolean
find_pressed (XenoConsoleBackendPrivate *priv,
              guint                      qnum,
              guint                     *index)
{
  for (guint i = 0; i < priv->pressed_keys->len; i++)
    {
      if (g_array_index (priv->pressed_keys, PressedKey, i).qnum != qnum)
        continue;
      *index = i;
      return TRUE;
    }
  return FALSE;
}

/* Releases carry the keysym of their press: Shift+Tab ends as Tab for whoever asks the keyboard. */
static gboolean
note_key (XenoConsoleBackendPrivate *priv,
          guint                      qnum,
          guint                     *keyval,
          gboolean                   pressed)
{
  guint index;
  gboolean was_pressed = find_pressed (priv, qnum, &index);

  if (pressed && !was_pressed)
    {
      PressedKey key = { .qnum = qnum, .keyval = *keyval };

      g_array_append_val (priv->pressed_keys, key);
    }
  else if (!pressed && was_pressed)
    {
      *keyval = g_array_index (priv->pressed_keys, PressedKey, index).keyval;
      g_array_remove_index (priv->pressed_keys, index);
    }
  return pressed || was_pressed;
}

static gboolean
note_button (XenoConsoleBackendPrivate *priv,
             guint                      button,
             gboolean                   pressed)
{
  guint bit = 1u << button;
  gboolean was_pressed = (priv->pressed_buttons & bit) != 0;

  priv->pressed_buttons = pressed ? priv->pressed_buttons | bit : priv->pressed_buttons & ~bit;
  return pressed != was_pressed;
}

static void
release_keys (XenoConsoleBackend *self,
              gboolean            are_modifiers)
{
  GArray *keys = PRIVATE (self)->pressed_keys;

  for (guint i = keys->len; i > 0; i--)
    {
      PressedKey key = g_array_index (keys, PressedKey, i - 1);

      if (xeno_qnum_is_modifier (key.qnum) == are_modifiers)
        xeno_console_backend_key (self, key.qnum, key.keyval, FALSE);
    }
}

static void
xeno_console_backend_finalize (GObject *object)
{
  XenoConsoleBackendPrivate *priv = PRIVATE (XENO_CONSOLE_BACKEND (object));

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
  XenoConsoleBackendPrivate *priv = PRIVATE (XENO_CONSOLE_BACKEND (object));

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

  signals[SURFACE_CHANGED] =
    g_signal_new ("surface-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DAMAGE] =
    g_signal_new ("damage", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE,
                  4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
  signals[UPDATED] =
    g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[HEADS_CHANGED] =
    g_signal_new ("heads-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CURSOR_CHANGED] =
    g_signal_new ("cursor-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CURSOR_MOVED] =
    g_signal_new ("cursor-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEDS_CHANGED] =
    g_signal_new ("leds-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_console_backend_init (XenoConsoleBackend *self)
{
  PRIVATE (self)->pressed_keys = g_array_new (FALSE, FALSE, sizeof (PressedKey));
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

  return PRIVATE (self)->state;
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

  return PRIVATE (self)->error;
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

  return PRIVATE (self)->name;
}

/**
 * xeno_console_backend_get_surface:
 * @self: a backend
 *
 * Returns: (nullable) (transfer none): the newest frame
 */
XenoSurface *
xeno_console_backend_get_surface (XenoConsoleBackend *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  return PRIVATE (self)->surface;
}

/**
 * xeno_console_backend_get_heads:
 * @self: a backend
 * @n_heads: (out): how many there are
 *
 * Gets what the guest's monitors show of the surface. Some of it may lie outside: the two do not change
 * at the same moment.
 *
 * Returns: (transfer none) (array length=n_heads): the monitors; none where one shows all there is
 */
const XenoDisplayHead *
xeno_console_backend_get_heads (XenoConsoleBackend *self,
                                guint              *n_heads)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);
  g_return_val_if_fail (n_heads != NULL, NULL);

  *n_heads = PRIVATE (self)->n_heads;
  return PRIVATE (self)->heads;
}

/**
 * xeno_console_backend_get_cursor:
 * @self: a backend
 *
 * Gets the pointer's shape; without pixels it is hidden.
 *
 * Returns: (nullable) (transfer none): the shape, or %NULL where the guest has set none
 */
const XenoCursorShape *
xeno_console_backend_get_cursor (XenoConsoleBackend *self)
{
  XenoConsoleBackendPrivate *priv;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), NULL);

  priv = PRIVATE (self);
  return priv->has_cursor ? &priv->cursor : NULL;
}

/**
 * xeno_console_backend_get_cursor_place:
 * @self: a backend
 * @x: (out): the guest pixel it points at
 * @y: (out): the guest pixel it points at
 *
 * Finds a relative pointer, which whoever shows the frame draws over it in the shape there is.
 *
 * Returns: whether the guest has said where it is
 */
gboolean
xeno_console_backend_get_cursor_place (XenoConsoleBackend *self,
                                       int                *x,
                                       int                *y)
{
  XenoConsoleBackendPrivate *priv;

  g_return_val_if_fail (XENO_IS_CONSOLE_BACKEND (self), FALSE);
  g_return_val_if_fail (x != NULL && y != NULL, FALSE);

  priv = PRIVATE (self);
  *x = priv->cursor_x;
  *y = priv->cursor_y;
  return priv->has_cursor_place && !priv->has_absolute_pointer;
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

  return PRIVATE (self)->has_absolute_pointer;
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

  return PRIVATE (self)->leds;
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

  return PRIVATE (self)->guest;
}

/**
 * xeno_console_backend_key:
 * @self: a backend
 * @qnum: the scancode, XT set 1 with the e0 prefix as 0x80
 * @keyval: the X keysym, for displays that take no scancodes
 * @pressed: pressed (again, for a repeat) or released
 *
 * Sends a key. A release whose press was never sent is dropped.
 */
void
xeno_console_backend_key (XenoConsoleBackend *self,
                          guint               qnum,
                          guint               keyval,
                          gboolean            pressed)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (qnum > 0 && qnum <= 0xff);

  if (note_key (PRIVATE (self), qnum, &keyval, pressed))
    XENO_CONSOLE_BACKEND_GET_CLASS (self)->key (self, qnum, keyval, pressed);
}

/**
 * xeno_console_backend_pointer_moved:
 * @self: a backend
 * @x: in guest pixels
 * @y: in guest pixels
 *
 * Sends a position; for an absolute pointer.
 */
void
xeno_console_backend_pointer_moved (XenoConsoleBackend *self,
                                    guint               x,
                                    guint               y)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->pointer_moved (self, x, y);
}

/**
 * xeno_console_backend_pointer_moved_by:
 * @self: a backend
 * @dx: to the right
 * @dy: down
 *
 * Sends a movement; for a relative pointer.
 */
void
xeno_console_backend_pointer_moved_by (XenoConsoleBackend *self,
                                       int                 dx,
                                       int                 dy)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->pointer_moved_by (self, dx, dy);
}

/**
 * xeno_console_backend_button:
 * @self: a backend
 * @button: as GDK counts: 1 left, 2 middle, 3 right, 8 back, 9 forward
 * @pressed: pressed or released
 *
 * Sends a pointer button. Others than those five are dropped.
 */
void
xeno_console_backend_button (XenoConsoleBackend *self,
                             guint               button,
                             gboolean            pressed)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  if (!(button >= 1 && button <= 3) && button != 8 && button != 9)
    return;
  if (note_button (PRIVATE (self), button, pressed))
    XENO_CONSOLE_BACKEND_GET_CLASS (self)->button (self, button, pressed);
}

/**
 * xeno_console_backend_wheel:
 * @self: a backend
 * @dx: clicks to the right
 * @dy: clicks down
 *
 * Turns the wheel.
 */
void
xeno_console_backend_wheel (XenoConsoleBackend *self,
                            int                 dx,
                            int                 dy)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->wheel (self, dx, dy);
}

/**
 * xeno_console_backend_set_locks:
 * @self: a backend
 * @locks: how the person's lock keys stand: 1 scroll, 2 num, 4 caps
 *
 * Brings the guest's lock keys in line, where the display tells how they stand.
 */
void
xeno_console_backend_set_locks (XenoConsoleBackend *self,
                                guint               locks)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  if (XENO_CONSOLE_BACKEND_GET_CLASS (self)->set_locks != NULL)
    XENO_CONSOLE_BACKEND_GET_CLASS (self)->set_locks (self, locks);
}

/**
 * xeno_console_backend_release_all:
 * @self: a backend
 *
 * Releases every key and button, the last pressed first and modifiers after all others. For when the
 * person looks away: no release will come any more.
 */
void
xeno_console_backend_release_all (XenoConsoleBackend *self)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = PRIVATE (self);
  release_keys (self, FALSE);
  release_keys (self, TRUE);
  while (priv->pressed_buttons != 0)
    xeno_console_backend_button (self, g_bit_nth_lsf (priv->pressed_buttons, -1), FALSE);
}

/**
 * xeno_console_backend_frame_done:
 * @self: a backend
 *
 * Says that what was damaged has been painted, so that more may come.
 */
void
xeno_console_backend_frame_done (XenoConsoleBackend *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  XENO_CONSOLE_BACKEND_GET_CLASS (self)->frame_done (self);
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

  g_set_object (&PRIVATE (self)->guest, guest);
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

  priv = PRIVATE (self);
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

  if (g_strcmp0 (PRIVATE (self)->name, name) == 0)
    return;

  g_free (PRIVATE (self)->name);
  PRIVATE (self)->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * xeno_console_backend_set_surface:
 * @self: a backend
 * @surface: (nullable) (transfer none): the frame, filled
 *
 * For implementations.
 */
void
xeno_console_backend_set_surface (XenoConsoleBackend *self,
                                  XenoSurface        *surface)
{
  XenoConsoleBackendPrivate *priv;
  g_autoptr (XenoSurface) old = NULL;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = PRIVATE (self);
  if (priv->surface == surface)
    return;

  old = g_steal_pointer (&priv->surface);
  priv->surface = surface != NULL ? xeno_surface_ref (surface) : NULL;
  g_signal_emit (self, signals[SURFACE_CHANGED], 0);
}

/**
 * xeno_console_backend_set_heads:
 * @self: a backend
 * @heads: (array length=n_heads): what each of the guest's monitors shows, the first one first
 * @n_heads: how many there are, %XENO_DISPLAY_MAX_HEADS at most
 *
 * For implementations.
 */
void
xeno_console_backend_set_heads (XenoConsoleBackend    *self,
                                const XenoDisplayHead *heads,
                                guint                  n_heads)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (n_heads <= XENO_DISPLAY_MAX_HEADS);

  priv = PRIVATE (self);
  if (priv->n_heads == n_heads && (n_heads == 0 || memcmp (priv->heads, heads, n_heads * sizeof *heads) == 0))
    return;

  if (n_heads > 0)
    memcpy (priv->heads, heads, n_heads * sizeof *heads);
  priv->n_heads = n_heads;
  g_signal_emit (self, signals[HEADS_CHANGED], 0);
}

/**
 * xeno_console_backend_set_cursor:
 * @self: a backend
 * @shape: (nullable) (transfer none): the shape
 *
 * For implementations. The shape must have been checked: no side above %XENO_DISPLAY_MAX_CURSOR_SIDE, the hot
 * spot inside, and all of its pixels there.
 */
void
xeno_console_backend_set_cursor (XenoConsoleBackend    *self,
                                 const XenoCursorShape *shape)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));
  g_return_if_fail (shape == NULL || shape->rgba == NULL ||
                    (shape->width <= XENO_DISPLAY_MAX_CURSOR_SIDE && shape->height <= XENO_DISPLAY_MAX_CURSOR_SIDE &&
                     g_bytes_get_size (shape->rgba) == 4 * (gsize) shape->width * shape->height));

  priv = PRIVATE (self);
  if (shape == NULL)
    priv->has_cursor_place = FALSE;
  if (shape == NULL && !priv->has_cursor)
    return;

  g_clear_pointer (&priv->cursor.rgba, g_bytes_unref);
  priv->cursor = shape != NULL ? *shape : (XenoCursorShape) { 0 };
  if (priv->cursor.rgba != NULL)
    g_bytes_ref (priv->cursor.rgba);
  priv->has_cursor = shape != NULL;
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

/**
 * xeno_console_backend_move_cursor:
 * @self: a backend
 * @x: the guest pixel it points at, or one outside of the frame
 * @y: the guest pixel it points at, or one outside of the frame
 *
 * For implementations: says where a relative pointer is. It is forgotten with the shape.
 */
void
xeno_console_backend_move_cursor (XenoConsoleBackend *self,
                                  int                 x,
                                  int                 y)
{
  XenoConsoleBackendPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  priv = PRIVATE (self);
  priv->has_cursor_place = TRUE;
  priv->cursor_x = CLAMP (x, -XENO_DISPLAY_MAX_SIDE, XENO_DISPLAY_MAX_SIDE);
  priv->cursor_y = CLAMP (y, -XENO_DISPLAY_MAX_SIDE, XENO_DISPLAY_MAX_SIDE);
  g_signal_emit (self, signals[CURSOR_MOVED], 0);
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

  priv = PRIVATE (self);
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

  priv = PRIVATE (self);
  if (priv->leds == leds)
    return;

  priv->leds = leds;
  g_signal_emit (self, signals[LEDS_CHANGED], 0);
}

/**
 * xeno_console_backend_damage:
 * @self: a backend
 * @x: the left edge
 * @y: the upper edge
 * @width: in pixels
 * @height: in pixels
 *
 * For implementations: says which pixels of the surface changed. What lies outside it is cut off.
 * When all rectangles of an update have been named, xeno_console_backend_end_update() follows.
 */
void
xeno_console_backend_damage (XenoConsoleBackend *self,
                             int                 x,
                             int                 y,
                             int                 width,
                             int                 height)
{
  XenoSurface *surface;
  gint64 right, bottom;

  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  surface = PRIVATE (self)->surface;
  if (surface == NULL)
    return;

  right = MIN ((gint64) x + width, xeno_surface_get_width (surface));
  bottom = MIN ((gint64) y + height, xeno_surface_get_height (surface));
  x = MAX (x, 0);
  y = MAX (y, 0);
  if (x < right && y < bottom)
    g_signal_emit (self, signals[DAMAGE], 0, x, y, (int) (right - x), (int) (bottom - y));
}

/**
 * xeno_console_backend_end_update:
 * @self: a backend
 *
 * For implementations: has what was damaged shown.
 */
void
xeno_console_backend_end_update (XenoConsoleBackend *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_BACKEND (self));

  g_signal_emit (self, signals[UPDATED], 0);
}
