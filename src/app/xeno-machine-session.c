/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as what a console shows: its display is open while it runs. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-machine-actions.h"
#include "app/xeno-machine-session.h"
#include "virt/xeno-connection.h"
#include "virt/xeno-verb.h"

struct _XenoMachineSession
{
  XenoConsoleSession   parent_instance;

  XenoMachine         *machine;
  XenoConsoleOpenFunc  open;
  gint64               changed_us; /* when the situation became what it is */
  gint64               rival_us;   /* when somebody else came to the display */
};

/* libvirt tells our own connections as it tells others. A display has made all of its own so soon
 * after its first picture, and one that is lost begins none so soon. */
#define SETTLED_US (2 * G_USEC_PER_SEC)
#define LOST_US    (200 * 1000)

/* Who takes a display from us has come so shortly before. */
#define RIVAL_US (2 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (XenoMachineSession, xeno_machine_session, XENO_TYPE_CONSOLE_SESSION)

static XenoMachine *
get_machine (XenoConsoleSession *session)
{
  return XENO_MACHINE_SESSION (session)->machine;
}

static const char *
get_id (XenoConsoleSession *session)
{
  return xeno_machine_get_uuid (get_machine (session));
}

/* The first graphics device there is a backend for; one that draws to an X server of the host's,
 * for example, has none. */
static XenoConsoleBackend *
open_backend (XenoConsoleSession *session)
{
  XenoMachineSession *self = XENO_MACHINE_SESSION (session);
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

/* While the machine cannot be reached, its display may live on. */
static gboolean
wants_display (XenoConsoleSession *session,
               gboolean            is_open)
{
  XenoMachine *machine = get_machine (session);

  if (is_open && xeno_machine_get_state (machine) == XENO_MACHINE_UNKNOWN)
    return TRUE;

  return xeno_machine_is_active (machine);
}

static gboolean
is_taken (XenoConsoleSession *session)
{
  XenoMachineSession *self = XENO_MACHINE_SESSION (session);

  return self->rival_us != 0 && g_get_monotonic_time () - self->rival_us < RIVAL_US;
}

static void
situation_cb (XenoMachineSession *self)
{
  self->changed_us = g_get_monotonic_time ();
}

static gboolean
is_rival (XenoMachineSession *self,
          gint64              now_us)
{
  switch (xeno_console_session_get_situation (XENO_CONSOLE_SESSION (self)))
    {
    case XENO_SITUATION_CLEAR:
      return now_us - self->changed_us > SETTLED_US;

    case XENO_SITUATION_FROZEN:
      return now_us - self->changed_us < LOST_US;

    default:
      return FALSE;
    }
}

static void
viewer_cb (XenoMachineSession *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!is_rival (self, now_us))
    return;

  self->rival_us = now_us;
  xeno_console_session_update (XENO_CONSOLE_SESSION (self));
}

static XenoConsoleSituation
find_obstacle (XenoConsoleSession *session)
{
  return xeno_console_situation_from_machine (get_machine (session));
}

static void
reach (XenoConsoleSession *session)
{
  XenoConnection *connection = xeno_machine_get_connection (get_machine (session));

  if (connection != NULL)
    xeno_connection_retry (connection);
}

static char *
dup_connection_error (XenoMachine *machine)
{
  XenoConnection *connection = xeno_machine_get_connection (machine);
  const GError *error = connection != NULL ? xeno_connection_get_error (connection) : NULL;

  return error != NULL ? g_strdup (error->message) : NULL;
}

static char *
dup_reason (XenoConsoleSession *session)
{
  XenoMachine *machine = get_machine (session);

  if (xeno_machine_is_stale (machine))
    return dup_connection_error (machine);

  switch (xeno_machine_get_state (machine))
    {
    case XENO_MACHINE_OFF:
    case XENO_MACHINE_CRASHED:
    case XENO_MACHINE_PANICKED:
    case XENO_MACHINE_PAUSED:
      return g_strdup (xeno_machine_get_state_reason (machine));

    case XENO_MACHINE_RUNNING:
    case XENO_MACHINE_SHUTTING_DOWN:
    case XENO_MACHINE_SAVED:
    case XENO_MACHINE_SUSPENDED:
    case XENO_MACHINE_UNKNOWN:
    default:
      return NULL;
    }
}

static char *
dup_help (XenoConsoleSession    *session,
          XenoConsoleSituation   situation,
          char                 **action)
{
  const XenoConsoleNotice *notice = xeno_console_situation_get_notice (situation);
  const XenoVerb *verb = NULL;

  if (notice != NULL && notice->offers_primary)
    verb = xeno_verb_get_primary (get_machine (session));
  if (verb == NULL)
    return NULL;

  *action = g_strconcat ("machine.", verb->id, NULL);
  return g_strdup (_(verb->label));
}

static GActionGroup *
make_actions (XenoConsoleSession *session,
              GtkWindow          *window)
{
  return xeno_machine_actions_new (get_machine (session), window);
}

static GMenuModel *
make_menu (XenoConsoleSession *session)
{
  return xeno_machine_menu_new (TRUE);
}

static void
machine_cb (XenoMachineSession *self)
{
  XenoConsoleSession *session = XENO_CONSOLE_SESSION (self);
  XenoMachineState state = xeno_machine_get_state (self->machine);

  xeno_console_session_set_title (session, xeno_machine_get_title (self->machine),
                                  xeno_machine_state_to_label (state));
  xeno_console_session_update (session);
}

static void
machine_removed_cb (XenoMachineSession *self,
                    XenoMachine        *machine)
{
  if (machine == self->machine)
    xeno_console_session_emit_gone (XENO_CONSOLE_SESSION (self));
}

static void
xeno_machine_session_dispose (GObject *object)
{
  XenoMachineSession *self = XENO_MACHINE_SESSION (object);

  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);

  G_OBJECT_CLASS (xeno_machine_session_parent_class)->dispose (object);
}

/* Until then a display that closes may ask for it. */
static void
xeno_machine_session_finalize (GObject *object)
{
  g_object_unref (XENO_MACHINE_SESSION (object)->machine);

  G_OBJECT_CLASS (xeno_machine_session_parent_class)->finalize (object);
}

static void
xeno_machine_session_class_init (XenoMachineSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  XenoConsoleSessionClass *session_class = XENO_CONSOLE_SESSION_CLASS (klass);

  object_class->dispose = xeno_machine_session_dispose;
  object_class->finalize = xeno_machine_session_finalize;

  session_class->action_prefix = "machine";
  session_class->get_id = get_id;
  session_class->get_machine = get_machine;
  session_class->open = open_backend;
  session_class->wants_display = wants_display;
  session_class->is_taken = is_taken;
  session_class->find_obstacle = find_obstacle;
  session_class->reach = reach;
  session_class->dup_reason = dup_reason;
  session_class->dup_help = dup_help;
  session_class->make_actions = make_actions;
  session_class->make_menu = make_menu;
}

static void
xeno_machine_session_init (XenoMachineSession *self)
{
  g_signal_connect (self, "notify::situation", G_CALLBACK (situation_cb), NULL);
}

/**
 * xeno_machine_session_new:
 * @machine: a machine
 * @open: (scope forever): makes a backend for its display
 *
 * Opens the display of @machine, now or as soon as it runs, and again whenever it was stopped and
 * started.
 *
 * Returns: (transfer full): the session
 */
XenoConsoleSession *
xeno_machine_session_new (XenoMachine         *machine,
                          XenoConsoleOpenFunc  open)
{
  XenoMachineSession *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (open != NULL, NULL);

  self = g_object_new (XENO_TYPE_MACHINE_SESSION, NULL);
  self->machine = g_object_ref (machine);
  self->open = open;
  g_signal_connect_object (machine, "notify", G_CALLBACK (machine_cb), self, G_CONNECT_SWAPPED);
  if (xeno_machine_get_connection (machine) != NULL)
    g_signal_connect_object (xeno_machine_get_connection (machine), "machine-removed",
                             G_CALLBACK (machine_removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "viewer-connected", G_CALLBACK (viewer_cb), self,
                           G_CONNECT_SWAPPED);
  machine_cb (self);
  return XENO_CONSOLE_SESSION (self);
}
