/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a machine's display open while the machine runs, and knows why it is not. */
#include "config.h"

#include "app/xeno-console-session.h"

/* A person waits this long without asking why. */
#define LATE_MS 10000

struct _XenoConsoleSession
{
  GObject               parent_instance;

  XenoMachine          *machine;
  XenoConsoleOpenFunc   open;
  XenoConsoleBackend   *backend;
  GSignalGroup         *backend_signals;
  gboolean              is_running;
  gboolean              is_late;
  guint                 late_id;
  XenoConsoleSituation  situation;
};

G_DEFINE_FINAL_TYPE (XenoConsoleSession, xeno_console_session, G_TYPE_OBJECT)

enum { PROP_0, PROP_BACKEND, PROP_SITUATION, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void update (XenoConsoleSession *self);

/* The first graphics device there is a backend for; one that draws to an X server of the host's,
 * for example, has none. */
static XenoConsoleBackend *
open_backend (XenoConsoleSession *self)
{
  g_autoptr(XenoSpec) spec = xeno_machine_dup_spec (self->machine);
  g_autoptr(GPtrArray) devices = NULL;

  if (spec == NULL)
    return NULL;

  devices = xeno_spec_list_devices (spec, "graphics");
  for (guint i = 0; i < devices->len; i++)
    {
      g_autofree char *type = xeno_device_dup_string (g_ptr_array_index (devices, i), "type");
      XenoConsoleBackend *backend = type != NULL ? self->open (self->machine, type, i) : NULL;

      if (backend != NULL)
        return backend;
    }

  return NULL;
}

static gboolean
late_cb (gpointer user_data)
{
  XenoConsoleSession *self = user_data;

  self->late_id = 0;
  self->is_late = TRUE;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
watch_patience (XenoConsoleSession *self,
                gboolean            is_waiting)
{
  if (!is_waiting)
    {
      g_clear_handle_id (&self->late_id, g_source_remove);
      self->is_late = FALSE;
    }
  else if (self->late_id == 0 && !self->is_late)
    {
      self->late_id = g_timeout_add (LATE_MS, late_cb, self);
    }
}

static void
start (XenoConsoleSession *self)
{
  g_autoptr(XenoConsoleBackend) backend = open_backend (self);

  if (backend == NULL)
    return;

  self->is_running = TRUE;
  g_set_object (&self->backend, backend);
  g_signal_group_set_target (self->backend_signals, backend);
  xeno_console_backend_start (backend);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BACKEND]);
}

static void
stop (XenoConsoleSession *self)
{
  self->is_running = FALSE;
  watch_patience (self, FALSE);
  if (self->backend != NULL)
    xeno_console_backend_stop (self->backend);
}

static XenoConsoleSituation
find_situation (XenoConsoleSession *self)
{
  XenoConsoleSituation situation = xeno_console_situation_from_machine (self->machine);
  XenoConsoleState state;

  state = self->is_running ? xeno_console_backend_get_state (self->backend) : XENO_CONSOLE_CLOSED;
  watch_patience (self, self->is_running && (state == XENO_CONSOLE_CONNECTING ||
                                             state == XENO_CONSOLE_FROZEN));

  /* A display goes on while the daemon that lists the machine is away. */
  if (situation == XENO_SITUATION_UNKNOWN && state == XENO_CONSOLE_LIVE)
    return XENO_SITUATION_CLEAR;
  if (situation != XENO_SITUATION_CLEAR)
    return situation;
  if (!self->is_running)
    return XENO_SITUATION_NO_SCREEN;

  return xeno_console_situation_from_backend (state, self->is_late);
}

static void
update (XenoConsoleSession *self)
{
  gboolean is_active = xeno_machine_is_active (self->machine);
  XenoConsoleSituation situation;

  if (is_active && !self->is_running)
    start (self);
  else if (!is_active && self->is_running &&
           xeno_machine_get_state (self->machine) != XENO_MACHINE_UNKNOWN)
    stop (self);

  situation = find_situation (self);
  if (self->situation == situation && situation != XENO_SITUATION_CLOSED)
    return;

  self->situation = situation;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITUATION]);
}

static void
xeno_console_session_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  XenoConsoleSession *self = XENO_CONSOLE_SESSION (object);

  switch (prop_id)
    {
    case PROP_BACKEND:
      g_value_set_object (value, self->backend);
      break;

    case PROP_SITUATION:
      g_value_set_enum (value, self->situation);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_session_dispose (GObject *object)
{
  XenoConsoleSession *self = XENO_CONSOLE_SESSION (object);

  xeno_console_session_close (self);
  g_clear_object (&self->backend_signals);
  g_clear_object (&self->backend);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (xeno_console_session_parent_class)->dispose (object);
}

static void
xeno_console_session_class_init (XenoConsoleSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_console_session_dispose;
  object_class->get_property = xeno_console_session_get_property;

  /**
   * XenoConsoleSession:backend:
   *
   * The display, with its last picture after the machine stopped.
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

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_console_session_init (XenoConsoleSession *self)
{
  self->backend_signals = g_signal_group_new (XENO_TYPE_CONSOLE_BACKEND);
  g_signal_group_connect_swapped (self->backend_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->backend_signals, "notify::error", G_CALLBACK (update), self);
}

/**
 * xeno_console_session_new:
 * @machine: a machine
 * @open: (scope forever): makes a backend for its display
 *
 * Opens the display of @machine, now or as soon as it runs, and again whenever it was stopped and
 * started.
 *
 * Returns: (transfer full): the session
 */
XenoConsoleSession *
xeno_console_session_new (XenoMachine         *machine,
                          XenoConsoleOpenFunc  open)
{
  XenoConsoleSession *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (open != NULL, NULL);

  self = g_object_new (XENO_TYPE_CONSOLE_SESSION, NULL);
  self->machine = g_object_ref (machine);
  self->open = open;
  g_signal_connect_object (machine, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

/**
 * xeno_console_session_get_backend:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the display, with its last picture after the machine stopped
 */
XenoConsoleBackend *
xeno_console_session_get_backend (XenoConsoleSession *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  return self->backend;
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

  return self->situation;
}

/**
 * xeno_console_session_dup_reason:
 * @self: a session
 *
 * Returns: (transfer full) (nullable): why, in a sentence, where the display or the machine says
 */
char *
xeno_console_session_dup_reason (XenoConsoleSession *self)
{
  const GError *error;

  g_return_val_if_fail (XENO_IS_CONSOLE_SESSION (self), NULL);

  switch (self->situation)
    {
    case XENO_SITUATION_OFF:
    case XENO_SITUATION_CRASHED:
    case XENO_SITUATION_PAUSED:
      return g_strdup (xeno_machine_get_state_reason (self->machine));

    case XENO_SITUATION_WAITING:
    case XENO_SITUATION_CLOSED:
      error = self->backend != NULL ? xeno_console_backend_get_error (self->backend) : NULL;
      return error != NULL ? g_strdup (error->message) : NULL;

    default:
      return NULL;
    }
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

  stop (self);
  update (self);
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
  g_return_if_fail (XENO_IS_CONSOLE_SESSION (self));

  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);
  if (self->backend_signals != NULL)
    g_signal_group_set_target (self->backend_signals, NULL);
  stop (self);
}
