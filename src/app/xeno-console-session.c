/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console shows: a display that is kept open while there is one, and why there is none. */
#include "config.h"

#include "app/xeno-console-session.h"
#include "base/xeno-error.h"

/* A person waits this long without asking why. */
#define LATE_MS 10000

typedef struct
{
  char                 *title;
  char                 *status;
  XenoConsoleBackend   *backend;
  GSignalGroup         *backend_signals;
  guint                 n_views;
  gboolean              is_open;
  gboolean              is_closed;
  gboolean              is_taken;
  gboolean              is_late;
  guint                 late_id;
  XenoConsoleSituation  situation;
  char                 *reason;
} XenoConsoleSessionPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XenoConsoleSession, xeno_console_session, G_TYPE_OBJECT)

enum { PROP_0, PROP_TITLE, PROP_STATUS, PROP_BACKEND, PROP_SITUATION, PROP_REASON, N_PROPS };

enum { GONE, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static XenoConsoleSessionPrivate *
get_private (XenoConsoleSession *self)
{
  return xeno_console_session_get_instance_private (self);
}

static gboolean
late_cb (gpointer user_data)
{
  XenoConsoleSession *self = user_data;
  XenoConsoleSessionPrivate *priv = get_private (self);

  priv->late_id = 0;
  priv->is_late = TRUE;
  xeno_console_session_update (self);
  return G_SOURCE_REMOVE;
}

static void
watch_patience (XenoConsoleSession *self,
                gboolean            is_waiting)
{
  XenoConsoleSessionPrivate *priv = get_private (self);

  if (!is_waiting)
    {
      g_clear_handle_id (&priv->late_id, g_source_remove);
      priv->is_late = FALSE;
    }
  else if (priv->late_id == 0 && !priv->is_late)
    {
      priv->late_id = g_timeout_add (LATE_MS, late_cb, self);
    }
}

static void
start (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv = get_private (self);
  g_autoptr(XenoConsoleBackend) backend = XENO_CONSOLE_SESSION_GET_CLASS (self)->open (self);

  if (backend == NULL)
    return;

  priv->is_open = TRUE;
  g_set_object (&priv->backend, backend);
  g_signal_group_set_target (priv->backend_signals, backend);
  xeno_console_backend_start (backend);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BACKEND]);
}

static void
stop (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv = get_private (self);

  priv->is_open = FALSE;
  watch_patience (self, FALSE);
  if (priv->backend != NULL)
    xeno_console_backend_stop (priv->backend);
}

/* Who takes a display back at once takes it from a person: that is for a person to do. */
static void
yield_display (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv = get_private (self);
  XenoConsoleSessionClass *klass = XENO_CONSOLE_SESSION_GET_CLASS (self);

  if (!priv->is_open || klass->is_taken == NULL ||
      xeno_console_backend_get_state (priv->backend) != XENO_CONSOLE_FROZEN || !klass->is_taken (self))
    return;

  priv->is_taken = TRUE;
  stop (self);
}

/* Some displays tell it themselves. */
static gboolean
is_lost_to_another (XenoConsoleSessionPrivate *priv)
{
  return priv->is_open && priv->backend != NULL &&
         xeno_console_backend_get_state (priv->backend) == XENO_CONSOLE_CLOSED &&
         g_error_matches (xeno_console_backend_get_error (priv->backend), XENO_ERROR, XENO_ERROR_IN_USE);
}

static XenoConsoleSituation
find_situation (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv = get_private (self);
  XenoConsoleSituation obstacle = XENO_CONSOLE_SESSION_GET_CLASS (self)->find_obstacle (self);
  XenoConsoleState state;

  state = priv->is_open ? xeno_console_backend_get_state (priv->backend) : XENO_CONSOLE_CLOSED;
  watch_patience (self, priv->is_open && (state == XENO_CONSOLE_CONNECTING ||
                                          state == XENO_CONSOLE_FROZEN));

  /* A display goes on while the daemon that lists the machine is away. */
  if (obstacle == XENO_SITUATION_UNKNOWN && state == XENO_CONSOLE_LIVE)
    return XENO_SITUATION_CLEAR;
  if (obstacle != XENO_SITUATION_CLEAR)
    return obstacle;
  if (priv->is_taken || is_lost_to_another (priv))
    return XENO_SITUATION_TAKEN;
  if (!priv->is_open)
    return XENO_SITUATION_NO_SCREEN;

  return xeno_console_situation_from_backend (state, priv->is_late);
}

/* The display says why it is not there; of all else the subclass knows. */
static char *
find_reason (XenoConsoleSession   *self,
             XenoConsoleSituation  situation)
{
  XenoConsoleSessionPrivate *priv = get_private (self);
  XenoConsoleSessionClass *klass = XENO_CONSOLE_SESSION_GET_CLASS (self);
  const GError *error;

  switch (situation)
    {
    case XENO_SITUATION_WAITING:
    case XENO_SITUATION_CLOSED:
      error = priv->backend != NULL ? xeno_console_backend_get_error (priv->backend) : NULL;
      if (error != NULL)
        return g_strdup (error->message);
      return klass->dup_reason != NULL ? klass->dup_reason (self) : NULL;

    case XENO_SITUATION_CLEAR:
    case XENO_SITUATION_CONNECTING:
    case XENO_SITUATION_FROZEN:
      return NULL;

    default:
      return klass->dup_reason != NULL ? klass->dup_reason (self) : NULL;
    }
}

static void
set_text (XenoConsoleSession  *self,
          char               **place,
          const char          *text,
          guint                property)
{
  if (g_strcmp0 (*place, text) == 0)
    return;

  g_free (*place);
  *place = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
xeno_console_session_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  XenoConsoleSessionPrivate *priv = get_private (XENO_CONSOLE_SESSION (object));

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;

    case PROP_STATUS:
      g_value_set_string (value, priv->status);
      break;

    case PROP_BACKEND:
      g_value_set_object (value, priv->backend);
      break;

    case PROP_SITUATION:
      g_value_set_enum (value, priv->situation);
      break;

    case PROP_REASON:
      g_value_set_string (value, priv->reason);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_session_dispose (GObject *object)
{
  XenoConsoleSession *self = XENO_CONSOLE_SESSION (object);
  XenoConsoleSessionPrivate *priv = get_private (self);

  xeno_console_session_close (self);
  g_clear_object (&priv->backend_signals);
  g_clear_object (&priv->backend);

  G_OBJECT_CLASS (xeno_console_session_parent_class)->dispose (object);
}

static void
xeno_console_session_finalize (GObject *object)
{
  XenoConsoleSessionPrivate *priv = get_private (XENO_CONSOLE_SESSION (object));

  g_free (priv->title);
  g_free (priv->status);
  g_free (priv->reason);

  G_OBJECT_CLASS (xeno_console_session_parent_class)->finalize (object);
}

static void
xeno_console_session_class_init (XenoConsoleSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_console_session_dispose;
  object_class->finalize = xeno_console_session_finalize;
  object_class->get_property = xeno_console_session_get_property;

  /**
   * XenoConsoleSession:title:
   *
   * What people call it.
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleSession:status:
   *
   * What it does, in a word or two.
   */
  properties[PROP_STATUS] =
    g_param_spec_string ("status", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleSession:backend:
   *
   * The display, with its last picture after it was closed.
   */
  properties[PROP_BACKEND] =
    g_param_spec_object ("backend", NULL, NULL, XENO_TYPE_CONSOLE_BACKEND,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleSession:situation:
   *
   * What stands between a person and the display.
   */
  properties[PROP_SITUATION] =
    g_param_spec_enum ("situation", NULL, NULL, XENO_TYPE_CONSOLE_SITUATION, XENO_SITUATION_CLEAR,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleSession:reason:
   *
   * Why, in a sentence, where somebody says.
   */
  properties[PROP_REASON] =
    g_param_spec_string ("reason", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XenoConsoleSession::gone:
   * @self: a session
   *
   * What it shows is no more, and will not come back.
   */
  signals[GONE] = g_signal_new ("gone", XENO_TYPE_CONSOLE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
xeno_console_session_init (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv = get_private (self);

  priv->backend_signals = g_signal_group_new (XENO_TYPE_CONSOLE_BACKEND);
  g_signal_group_connect_swapped (priv->backend_signals, "notify::state",
                                  G_CALLBACK (xeno_console_session_update), self);
  g_signal_group_connect_swapped (priv->backend_signals, "notify::error",
                                  G_CALLBACK (xeno_console_session_update), self);
}

/**
 * xeno_console_session_get_id:
 * @self: a session
 *
 * Returns: a text that tells it from all others, for what is remembered
 */
const char *
xeno_console_session_get_id (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return XENO_CONSOLE_SESSION_GET_CLASS (self)->get_id (self);
}

/**
 * xeno_console_session_get_title:
 * @self: a session
 *
 * Returns: what people call it
 */
const char *
xeno_console_session_get_title (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return get_private (self)->title;
}

/**
 * xeno_console_session_get_status:
 * @self: a session
 *
 * Returns: what it does, in a word or two
 */
const char *
xeno_console_session_get_status (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return get_private (self)->status;
}

/**
 * xeno_console_session_get_machine:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the machine it shows, if it is one of libvirt's
 */
XenoMachine *
xeno_console_session_get_machine (XenoConsoleSession *self)
{
  XenoConsoleSessionClass *klass;

  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  klass = XENO_CONSOLE_SESSION_GET_CLASS (self);
  return klass->get_machine != NULL ? klass->get_machine (self) : NULL;
}

/**
 * xeno_console_session_get_backend:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the display, with its last picture after it was closed
 */
XenoConsoleBackend *
xeno_console_session_get_backend (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return get_private (self)->backend;
}

/**
 * xeno_console_session_get_situation:
 * @self: a session
 *
 * Returns: what stands between a person and the display
 */
XenoConsoleSituation
xeno_console_session_get_situation (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), XENO_SITUATION_UNKNOWN);

  return get_private (self)->situation;
}

/**
 * xeno_console_session_get_reason:
 * @self: a session
 *
 * Returns: (nullable): why, in a sentence, where somebody says; as it came, not cleaned
 */
const char *
xeno_console_session_get_reason (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return get_private (self)->reason;
}

/**
 * xeno_console_session_try_again:
 * @self: a session
 *
 * Opens the display anew.
 */
void
xeno_console_session_try_again (XenoConsoleSession *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  get_private (self)->is_taken = FALSE;
  stop (self);
  xeno_console_session_update (self);
}

/**
 * xeno_console_session_hold:
 * @self: a session
 *
 * Says that one more view shows it.
 */
void
xeno_console_session_hold (XenoConsoleSession *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  get_private (self)->n_views++;
}

/**
 * xeno_console_session_release:
 * @self: a session
 *
 * Says that a view shows it no more. The last one closes the display for good.
 */
void
xeno_console_session_release (XenoConsoleSession *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));
  g_return_if_fail (get_private (self)->n_views > 0);

  if (--get_private (self)->n_views == 0)
    xeno_console_session_close (self);
}

/**
 * xeno_console_session_close:
 * @self: a session
 *
 * Closes the display for good.
 */
void
xeno_console_session_close (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  priv = get_private (self);
  priv->is_closed = TRUE;
  if (priv->backend_signals != NULL)
    g_signal_group_set_target (priv->backend_signals, NULL);
  stop (self);
}

/**
 * xeno_console_session_set_title:
 * @self: a session
 * @title: what people call it
 * @status: what it does, in a word or two
 *
 * For implementations: says what it is.
 */
void
xeno_console_session_set_title (XenoConsoleSession *self,
                                const char         *title,
                                const char         *status)
{
  XenoConsoleSessionPrivate *priv;

  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  priv = get_private (self);
  set_text (self, &priv->title, title, PROP_TITLE);
  set_text (self, &priv->status, status, PROP_STATUS);
}

/**
 * xeno_console_session_update:
 * @self: a session
 *
 * For implementations: looks again whether there is a display to open, and what stands in the way.
 */
void
xeno_console_session_update (XenoConsoleSession *self)
{
  XenoConsoleSessionPrivate *priv;
  XenoConsoleSituation situation;
  g_autofree char *reason = NULL;
  gboolean is_wanted;

  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  priv = get_private (self);
  if (priv->is_closed)
    return;

  is_wanted = XENO_CONSOLE_SESSION_GET_CLASS (self)->wants_display (self, priv->is_open);
  if (!is_wanted)
    priv->is_taken = FALSE;
  if (is_wanted && !priv->is_open && !priv->is_taken)
    start (self);
  else if (!is_wanted && priv->is_open)
    stop (self);
  yield_display (self);

  g_object_freeze_notify (G_OBJECT (self));
  situation = find_situation (self);
  reason = find_reason (self, situation);
  set_text (self, &priv->reason, reason, PROP_REASON);
  if (priv->situation != situation)
    {
      priv->situation = situation;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITUATION]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * xeno_console_session_emit_gone:
 * @self: a session
 *
 * For implementations: says that what it shows is no more.
 */
void
xeno_console_session_emit_gone (XenoConsoleSession *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  if (!get_private (self)->is_closed)
    g_signal_emit (self, signals[GONE], 0);
}
