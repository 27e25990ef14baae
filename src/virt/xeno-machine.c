/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine as libvirt knows it now: identity, state, and what can be done to it. */
#include "config.h"

#include "virt/xeno-connection-private.h"
#include "virt/xeno-machine-private.h"

G_DEFINE_FINAL_TYPE (XenoMachine, xeno_machine, G_TYPE_OBJECT)

enum { VIEWER_CONNECTED, N_SIGNALS };

static GParamSpec *properties[XENO_MACHINE_N_PROPS];
static guint signals[N_SIGNALS];

/* Says that a property changed. */
void
xeno_machine_notify (XenoMachine         *self,
                     XenoMachineProperty  property)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
xeno_machine_emit_viewer (XenoMachine *self)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  g_signal_emit (self, signals[VIEWER_CONNECTED], 0);
}

static void
xeno_machine_dispose (GObject *object)
{
  g_clear_weak_pointer (&XENO_MACHINE (object)->connection);

  G_OBJECT_CLASS (xeno_machine_parent_class)->dispose (object);
}

static void
xeno_machine_finalize (GObject *object)
{
  XenoMachine *self = XENO_MACHINE (object);

  g_free (self->uuid);
  g_free (self->name);
  g_free (self->title);
  g_free (self->xml);
  g_free (self->state_reason);
  g_free (self->io_error);
  g_free (self->noted_reason);
  g_free (self->noted_panic);
  g_free (self->panic);
  g_free (self->debugger);
  g_free (self->os_id);
  g_free (self->os_name);
  g_clear_pointer (&self->started_at, g_date_time_unref);

  G_OBJECT_CLASS (xeno_machine_parent_class)->finalize (object);
}

static void
xeno_machine_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  XenoMachine *self = XENO_MACHINE (object);

  switch (prop_id)
    {
    case XENO_MACHINE_PROP_UUID:
      g_value_set_string (value, self->uuid);
      break;

    case XENO_MACHINE_PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case XENO_MACHINE_PROP_TITLE:
      g_value_set_string (value, xeno_machine_get_title (self));
      break;

    case XENO_MACHINE_PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case XENO_MACHINE_PROP_STATE_REASON:
      g_value_set_string (value, self->state_reason);
      break;

    case XENO_MACHINE_PROP_IS_PERSISTENT:
      g_value_set_boolean (value, self->is_persistent);
      break;

    case XENO_MACHINE_PROP_HAS_AUTOSTART:
      g_value_set_boolean (value, self->has_autostart);
      break;

    case XENO_MACHINE_PROP_HAS_SAVED_STATE:
      g_value_set_boolean (value, self->has_saved_state);
      break;

    case XENO_MACHINE_PROP_IS_TEMPLATE:
      g_value_set_boolean (value, self->is_template);
      break;

    case XENO_MACHINE_PROP_IS_THROW_AWAY:
      g_value_set_boolean (value, self->is_throw_away);
      break;

    case XENO_MACHINE_PROP_IS_UNTRUSTED:
      g_value_set_boolean (value, self->is_untrusted);
      break;

    case XENO_MACHINE_PROP_RUNS_KERNEL:
      g_value_set_boolean (value, self->runs_kernel);
      break;

    case XENO_MACHINE_PROP_RUN:
      g_value_set_uint (value, self->run);
      break;

    case XENO_MACHINE_PROP_PANIC:
      g_value_set_string (value, self->panic);
      break;

    case XENO_MACHINE_PROP_DEBUGGER:
      g_value_set_string (value, self->debugger);
      break;

    case XENO_MACHINE_PROP_IS_BUSY:
      g_value_set_boolean (value, self->n_busy > 0);
      break;

    case XENO_MACHINE_PROP_IS_STALE:
      g_value_set_boolean (value, self->is_stale);
      break;

    case XENO_MACHINE_PROP_OS_ID:
      g_value_set_string (value, self->os_id);
      break;

    case XENO_MACHINE_PROP_OS_NAME:
      g_value_set_string (value, self->os_name);
      break;

    case XENO_MACHINE_PROP_MEMORY_BYTES:
      g_value_set_uint64 (value, self->memory_bytes);
      break;

    case XENO_MACHINE_PROP_N_CPUS:
      g_value_set_uint (value, self->n_cpus);
      break;

    case XENO_MACHINE_PROP_STARTED_AT:
      g_value_set_boxed (value, self->started_at);
      break;

    case XENO_MACHINE_PROP_SPEC:
      g_value_take_object (value, xeno_machine_dup_spec (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_machine_class_init (XenoMachineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = xeno_machine_dispose;
  object_class->finalize = xeno_machine_finalize;
  object_class->get_property = xeno_machine_get_property;

  /**
   * XenoMachine:uuid:
   *
   * What makes it this machine, whatever its name.
   */
  properties[XENO_MACHINE_PROP_UUID] = g_param_spec_string ("uuid", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:name:
   *
   * libvirt's name, a slug.
   */
  properties[XENO_MACHINE_PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:title:
   *
   * What people see; the name where there is no title.
   */
  properties[XENO_MACHINE_PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:state:
   *
   * What the machine does.
   */
  properties[XENO_MACHINE_PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XENO_TYPE_MACHINE_STATE, XENO_MACHINE_UNKNOWN, flags);

  /**
   * XenoMachine:state-reason:
   *
   * A translated sentence on why the state is what it is, or %NULL where that needs none.
   */
  properties[XENO_MACHINE_PROP_STATE_REASON] =
    g_param_spec_string ("state-reason", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:is-persistent:
   *
   * Whether the machine stays when it stops.
   */
  properties[XENO_MACHINE_PROP_IS_PERSISTENT] =
    g_param_spec_boolean ("is-persistent", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:has-autostart:
   *
   * Whether the machine starts with the host.
   */
  properties[XENO_MACHINE_PROP_HAS_AUTOSTART] =
    g_param_spec_boolean ("has-autostart", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:has-saved-state:
   *
   * Whether its memory is on disk, to be restored at the next start.
   */
  properties[XENO_MACHINE_PROP_HAS_SAVED_STATE] =
    g_param_spec_boolean ("has-saved-state", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:is-template:
   *
   * Whether it is there for new machines to be made from, and never starts.
   */
  properties[XENO_MACHINE_PROP_IS_TEMPLATE] =
    g_param_spec_boolean ("is-template", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:is-throw-away:
   *
   * Whether it is gone, with all that was written to it, when it stops.
   */
  properties[XENO_MACHINE_PROP_IS_THROW_AWAY] =
    g_param_spec_boolean ("is-throw-away", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:is-untrusted:
   *
   * Whether nothing is to be shared with it.
   */
  properties[XENO_MACHINE_PROP_IS_UNTRUSTED] =
    g_param_spec_boolean ("is-untrusted", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:runs-kernel:
   *
   * Whether it starts a kernel of this computer, without a boot loader.
   */
  properties[XENO_MACHINE_PROP_RUNS_KERNEL] =
    g_param_spec_boolean ("runs-kernel", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:run:
   *
   * Which of its runs this is: another number at every start, 0 while it is off.
   */
  properties[XENO_MACHINE_PROP_RUN] =
    g_param_spec_uint ("run", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * XenoMachine:panic:
   *
   * What the guest's kernel said when it gave up, in its own words, or %NULL.
   */
  properties[XENO_MACHINE_PROP_PANIC] =
    g_param_spec_string ("panic", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:debugger:
   *
   * Where a debugger finds it while it runs, as gdb's “target remote” takes it, or %NULL.
   */
  properties[XENO_MACHINE_PROP_DEBUGGER] =
    g_param_spec_string ("debugger", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:is-busy:
   *
   * Whether something is being done to the machine.
   */
  properties[XENO_MACHINE_PROP_IS_BUSY] =
    g_param_spec_boolean ("is-busy", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:is-stale:
   *
   * Whether the connection is lost, so that all this is as it was last known.
   */
  properties[XENO_MACHINE_PROP_IS_STALE] =
    g_param_spec_boolean ("is-stale", NULL, NULL, FALSE, flags);

  /**
   * XenoMachine:os-id:
   *
   * The libosinfo id of its operating system, or %NULL.
   */
  properties[XENO_MACHINE_PROP_OS_ID] = g_param_spec_string ("os-id", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:os-name:
   *
   * A readable name of its operating system, or %NULL.
   */
  properties[XENO_MACHINE_PROP_OS_NAME] = g_param_spec_string ("os-name", NULL, NULL, NULL, flags);

  /**
   * XenoMachine:memory-bytes:
   *
   * The memory it has when it starts next.
   */
  properties[XENO_MACHINE_PROP_MEMORY_BYTES] =
    g_param_spec_uint64 ("memory-bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * XenoMachine:n-cpus:
   *
   * The processors it has when it starts next.
   */
  properties[XENO_MACHINE_PROP_N_CPUS] =
    g_param_spec_uint ("n-cpus", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * XenoMachine:started-at:
   *
   * Since when it runs, or %NULL where it does not or that is not known.
   */
  properties[XENO_MACHINE_PROP_STARTED_AT] =
    g_param_spec_boxed ("started-at", NULL, NULL, G_TYPE_DATE_TIME, flags);

  /**
   * XenoMachine:spec:
   *
   * Its document as last read, without secrets, or %NULL before that.
   */
  properties[XENO_MACHINE_PROP_SPEC] =
    g_param_spec_object ("spec", NULL, NULL, XENO_TYPE_SPEC, flags);

  g_object_class_install_properties (object_class, XENO_MACHINE_N_PROPS, properties);

  /**
   * XenoMachine::viewer-connected:
   * @self: a machine
   *
   * Somebody has connected to the machine's display, from this program or another.
   */
  signals[VIEWER_CONNECTED] = g_signal_new ("viewer-connected", XENO_TYPE_MACHINE, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_machine_init (XenoMachine *self)
{
}

/* A machine of a connection, which it does not keep alive. */
XenoMachine *
xeno_machine_new (XenoConnection  *connection,
                  const XenoFacts *facts)
{
  XenoMachine *self;

  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (facts != NULL, NULL);

  self = g_object_new (XENO_TYPE_MACHINE, NULL);
  g_set_weak_pointer (&self->connection, connection);
  self->uuid = g_strdup (facts->uuid);
  xeno_machine_apply (self, facts);
  return self;
}

/**
 * xeno_machine_get_connection:
 * @self: a machine
 *
 * Gets the connection it belongs to.
 *
 * Returns: (transfer none) (nullable): the connection, or %NULL when it is gone
 */
XenoConnection *
xeno_machine_get_connection (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->connection;
}

/**
 * xeno_machine_get_uuid:
 * @self: a machine
 *
 * Gets what makes it this machine, whatever its name.
 *
 * Returns: (transfer none): the uuid
 */
const char *
xeno_machine_get_uuid (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->uuid;
}

/**
 * xeno_machine_get_name:
 * @self: a machine
 *
 * Gets libvirt's name, a slug.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_machine_get_name (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->name;
}

/**
 * xeno_machine_get_title:
 * @self: a machine
 *
 * Gets what people see; the name where there is no title. It is clean text, not markup.
 *
 * Returns: (transfer none): the title
 */
const char *
xeno_machine_get_title (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->title != NULL && *self->title != '\0' ? self->title : self->name;
}

/**
 * xeno_machine_get_state:
 * @self: a machine
 *
 * Gets what the machine does.
 *
 * Returns: the state
 */
XenoMachineState
xeno_machine_get_state (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), XENO_MACHINE_UNKNOWN);

  return self->state;
}

/**
 * xeno_machine_get_state_reason:
 * @self: a machine
 *
 * Gets a translated sentence on why the state is what it is.
 *
 * Returns: (transfer none) (nullable): the sentence, or %NULL where the state needs none
 */
const char *
xeno_machine_get_state_reason (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->state_reason;
}

/**
 * xeno_machine_is_persistent:
 * @self: a machine
 *
 * Whether the machine stays when it stops.
 *
 * Returns: whether it does
 */
gboolean
xeno_machine_is_persistent (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->is_persistent;
}

/**
 * xeno_machine_has_autostart:
 * @self: a machine
 *
 * Whether the machine starts with the host.
 *
 * Returns: whether it does
 */
gboolean
xeno_machine_has_autostart (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->has_autostart;
}

/**
 * xeno_machine_has_saved_state:
 * @self: a machine
 *
 * Whether its memory is on disk, to be restored at the next start.
 *
 * Returns: whether it is
 */
gboolean
xeno_machine_has_saved_state (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->has_saved_state;
}

/**
 * xeno_machine_is_template:
 * @self: a machine
 *
 * Gets whether it is there for new machines to be made from, and never starts.
 *
 * Returns: whether it is
 */
gboolean
xeno_machine_is_template (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->is_template;
}

/**
 * xeno_machine_is_throw_away:
 * @self: a machine
 *
 * Gets whether it is gone, with all that was written to it, when it stops.
 *
 * Returns: whether it is
 */
gboolean
xeno_machine_is_throw_away (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->is_throw_away;
}

/**
 * xeno_machine_has_ended_itself:
 * @self: a machine
 *
 * Tells why it is off: the guest switched it off, and neither a person nor a failure did. To be asked when
 * "state" changes.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_machine_has_ended_itself (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->has_ended_itself;
}

/**
 * xeno_machine_runs_kernel:
 * @self: a machine
 *
 * Gets whether it starts a kernel of this computer, without a boot loader.
 *
 * Returns: whether it does
 */
gboolean
xeno_machine_runs_kernel (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->runs_kernel;
}

/**
 * xeno_machine_get_debugger:
 * @self: a machine
 *
 * Gets where a debugger finds it while it runs.
 *
 * Returns: (transfer none) (nullable): what gdb's “target remote” takes, or %NULL where it takes none
 */
const char *
xeno_machine_get_debugger (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->debugger;
}

/**
 * xeno_machine_get_run:
 * @self: a machine
 *
 * Gets which of its runs this is. One that was turned off and started again at once may never be seen off.
 *
 * Returns: another number at every start, 0 while it is off
 */
guint
xeno_machine_get_run (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), 0);

  return self->run;
}

/**
 * xeno_machine_get_panic:
 * @self: a machine
 *
 * Gets what the guest's kernel said when it gave up. It is noted on the machine by whoever read it on a text
 * console, so that everybody knows, and forgotten at its next start.
 *
 * Returns: (transfer none) (nullable): its own words, clean and short, or %NULL
 */
const char *
xeno_machine_get_panic (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->panic;
}

/**
 * xeno_machine_is_busy:
 * @self: a machine
 *
 * Whether something is being done to the machine.
 *
 * Returns: whether it is
 */
gboolean
xeno_machine_is_busy (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->n_busy > 0;
}

/**
 * xeno_machine_is_stale:
 * @self: a machine
 *
 * Whether the connection is lost, so that all this is as it was last known.
 *
 * Returns: whether it is
 */
gboolean
xeno_machine_is_stale (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->is_stale;
}

/**
 * xeno_machine_is_active:
 * @self: a machine
 *
 * Whether it has a process on the host: it runs, is paused, sleeps, shuts down or panicked.
 *
 * Returns: whether it has
 */
gboolean
xeno_machine_is_active (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), FALSE);

  return self->state == XENO_MACHINE_RUNNING || self->state == XENO_MACHINE_PAUSED ||
         self->state == XENO_MACHINE_SHUTTING_DOWN || self->state == XENO_MACHINE_SUSPENDED ||
         self->state == XENO_MACHINE_PANICKED;
}

/**
 * xeno_machine_get_os_id:
 * @self: a machine
 *
 * Gets the libosinfo id of its operating system.
 *
 * Returns: (transfer none) (nullable): the id, or %NULL where it is not known
 */
const char *
xeno_machine_get_os_id (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->os_id;
}

/**
 * xeno_machine_get_os_name:
 * @self: a machine
 *
 * Gets a readable name of its operating system.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL where it is not known
 */
const char *
xeno_machine_get_os_name (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->os_name;
}

/**
 * xeno_machine_get_memory_bytes:
 * @self: a machine
 *
 * Gets the memory it has when it starts next.
 *
 * Returns: bytes
 */
guint64
xeno_machine_get_memory_bytes (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), 0);

  return self->memory_bytes;
}

/**
 * xeno_machine_get_n_cpus:
 * @self: a machine
 *
 * Gets the processors it has when it starts next.
 *
 * Returns: how many
 */
guint
xeno_machine_get_n_cpus (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), 0);

  return self->n_cpus;
}

/**
 * xeno_machine_get_started_at:
 * @self: a machine
 *
 * Gets since when it runs.
 *
 * Returns: (transfer none) (nullable): the time, or %NULL where it does not run or that is not
 *   known
 */
GDateTime *
xeno_machine_get_started_at (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->started_at;
}

/**
 * xeno_machine_dup_spec:
 * @self: a machine
 *
 * Gets its document as last read: a copy to look at, without secrets.
 *
 * Returns: (transfer full) (nullable): the document, or %NULL before it was read
 */
XenoSpec *
xeno_machine_dup_spec (XenoMachine *self)
{
  g_return_val_if_fail (XENO_IS_MACHINE (self), NULL);

  return self->xml != NULL ? xeno_spec_new_from_xml (self->xml, NULL) : NULL;
}

/**
 * xeno_machine_refresh:
 * @self: a machine
 *
 * Reads the machine again, soon. Events make that needless but for what libvirt has none for:
 * whether it starts with the host. So whoever begins to look at a machine calls this.
 */
void
xeno_machine_refresh (XenoMachine *self)
{
  g_return_if_fail (XENO_IS_MACHINE (self));

  if (self->connection != NULL)
    xeno_connection_refresh (self->connection, self->uuid);
}
