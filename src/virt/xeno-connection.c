/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One libvirt connection: what it is, and how calls are made on it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-host-private.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-uri.h"
#include "virt/xeno-virt-error.h"

/* Calls under way and those that wait for a place among them. Threads are made as needed. */
#define N_THREADS 64

G_DEFINE_FINAL_TYPE (XenoConnection, xeno_connection, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_URI,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  PROP_IS_POPULATED,
  PROP_HOST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GType
xeno_connection_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_CONNECTION_CLOSED, "XENO_CONNECTION_CLOSED", "closed" },
    { XENO_CONNECTION_OPENING, "XENO_CONNECTION_OPENING", "opening" },
    { XENO_CONNECTION_OPEN, "XENO_CONNECTION_OPEN", "open" },
    { XENO_CONNECTION_LOST, "XENO_CONNECTION_LOST", "lost" },
    { XENO_CONNECTION_UNREACHABLE, "XENO_CONNECTION_UNREACHABLE", "unreachable" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoConnectionState", values));
  return type;
}

/* Calls */

typedef struct
{
  XenoLinkPool   *pool;
  XenoCallKind    kind;
  XenoCallFunc    func;
  gpointer        data;
  GDestroyNotify  free_data;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  if (call->data != NULL && call->free_data != NULL)
    call->free_data (call->data);
  g_object_unref (call->pool);
  g_free (call);
}

static gpointer
run_call (gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Call *call = data;
  XenoLink *link = xeno_link_pool_take (call->pool, call->kind, error);
  gpointer result;

  if (link == NULL)
    return NULL;

  virResetLastError ();
  result = call->func (xeno_link_get_handle (link), call->data, cancellable, error);
  xeno_link_pool_give (call->pool, link);
  return result;
}

/*
 * xeno_connection_call:
 * @self: a connection
 * @kind: whom the calls wait for
 * @lane: (nullable): calls of one lane run in order
 * @deadline_ms: milliseconds after which the person is released
 * @task: what waits for the result
 * @func: (scope async): the blocking calls
 * @data: (nullable) (transfer full): what @func gets
 * @free_data: (nullable): frees @data
 * @free_result: (nullable): frees the result
 *
 * Runs libvirt calls in a worker. Take the result with g_task_propagate_pointer().
 */
void
xeno_connection_call (XenoConnection *self,
                      XenoCallKind    kind,
                      const char     *lane,
                      guint           deadline_ms,
                      GTask          *task,
                      XenoCallFunc    func,
                      gpointer        data,
                      GDestroyNotify  free_data,
                      GDestroyNotify  free_result)
{
  Call *call;

  g_return_if_fail (XENO_IS_CONNECTION (self));

  if (self->pool == NULL)
    {
      g_task_return_error (task,
                           xeno_error_new (XENO_ERROR_NO_CONNECTION, NULL,
                                           _("“%s” is not connected. It is tried again by itself."),
                                           self->title));
      if (data != NULL && free_data != NULL)
        free_data (data);
      return;
    }

  call = g_new0 (Call, 1);
  call->pool = g_object_ref (self->pool);
  call->kind = kind;
  call->func = func;
  call->data = data;
  call->free_data = free_data;
  xeno_worker_run (self->worker, lane, deadline_ms, task, run_call, call, call_free, free_result);
}

/* What was asked once is kept while the link lives; another daemon may offer other things. */
XenoCaps *
xeno_connection_get_kept_caps (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->caps;
}

void
xeno_connection_keep_caps (XenoConnection *self,
                           XenoCaps       *caps)
{
  g_return_if_fail (XENO_IS_CONNECTION (self));

  if (self->link != NULL)
    g_set_object (&self->caps, caps);
}

/* The error is copied. */
void
xeno_connection_set_state (XenoConnection      *self,
                           XenoConnectionState  state,
                           const GError        *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->error != NULL || error != NULL)
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
xeno_connection_set_populated (XenoConnection *self)
{
  if (self->is_populated)
    return;

  self->is_populated = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_POPULATED]);
}

/* The object */

static void
xeno_connection_dispose (GObject *object)
{
  XenoConnection *self = XENO_CONNECTION (object);

  self->is_wanted = FALSE;
  xeno_connection_stop_opening (self);
  xeno_connection_stop_refreshing (self);
  g_clear_object (&self->pool);
  g_clear_object (&self->link);

  G_OBJECT_CLASS (xeno_connection_parent_class)->dispose (object);
}

static void
xeno_connection_finalize (GObject *object)
{
  XenoConnection *self = XENO_CONNECTION (object);

  g_clear_object (&self->refresher);
  g_clear_object (&self->facade);
  g_clear_object (&self->machines);
  g_clear_object (&self->caps);
  g_clear_object (&self->host);
  g_clear_object (&self->worker);
  g_hash_table_unref (self->by_uuid);
  g_hash_table_unref (self->awaited);
  g_ptr_array_unref (self->waiting);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self->uri);

  G_OBJECT_CLASS (xeno_connection_parent_class)->finalize (object);
}

static void
xeno_connection_constructed (GObject *object)
{
  XenoConnection *self = XENO_CONNECTION (object);

  G_OBJECT_CLASS (xeno_connection_parent_class)->constructed (object);

  self->title = xeno_uri_dup_title (self->uri, xeno_connection_get_default_uri ());
  self->host = xeno_host_new (self->worker, xeno_connection_is_local (self));
}

static void
xeno_connection_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  XenoConnection *self = XENO_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_URI:
      g_value_set_string (value, self->uri);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_IS_POPULATED:
      g_value_set_boolean (value, self->is_populated);
      break;

    case PROP_HOST:
      g_value_set_object (value, self->host);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  XenoConnection *self = XENO_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_URI:
      self->uri = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_connection_class_init (XenoConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = xeno_connection_constructed;
  object_class->dispose = xeno_connection_dispose;
  object_class->finalize = xeno_connection_finalize;
  object_class->get_property = xeno_connection_get_property;
  object_class->set_property = xeno_connection_set_property;

  /**
   * XenoConnection:uri:
   *
   * libvirt's address of it.
   */
  properties[PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConnection:title:
   *
   * Its name for people.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);

  /**
   * XenoConnection:state:
   *
   * Where it stands.
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XENO_TYPE_CONNECTION_STATE, XENO_CONNECTION_CLOSED,
                       flags);

  /**
   * XenoConnection:error:
   *
   * Why it does not work, and how to mend it; %NULL while it works.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  /**
   * XenoConnection:is-populated:
   *
   * Whether the first list of machines is complete.
   */
  properties[PROP_IS_POPULATED] = g_param_spec_boolean ("is-populated", NULL, NULL, FALSE, flags);

  /**
   * XenoConnection:host:
   *
   * The computer its machines run on.
   */
  properties[PROP_HOST] = g_param_spec_object ("host", NULL, NULL, XENO_TYPE_HOST, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XenoConnection::machine-added:
   * @self: the connection
   * @machine: the machine
   *
   * The list has one more.
   */
  g_signal_new ("machine-added", XENO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, XENO_TYPE_MACHINE);

  /**
   * XenoConnection::machine-removed:
   * @self: the connection
   * @machine: the machine
   *
   * The list has one less.
   */
  g_signal_new ("machine-removed", XENO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, XENO_TYPE_MACHINE);
}

static void
xeno_connection_init (XenoConnection *self)
{
  self->worker = xeno_worker_new (N_THREADS);
  xeno_connection_init_list (self);
  xeno_connection_init_opening (self);
}

/**
 * xeno_connection_get_default_uri:
 *
 * Gets the address people use who never chose one: their own machines, and for root the system's.
 *
 * Returns: (transfer none): the address
 */
const char *
xeno_connection_get_default_uri (void)
{
  return geteuid () == 0 ? "qemu:///system" : "qemu:///session";
}

/**
 * xeno_connection_new:
 * @uri: libvirt's address of it
 *
 * Makes a connection that is not open.
 *
 * Returns: (transfer full): the connection
 */
XenoConnection *
xeno_connection_new (const char *uri)
{
  g_return_val_if_fail (uri != NULL, NULL);

  return g_object_new (XENO_TYPE_CONNECTION, "uri", uri, NULL);
}

/**
 * xeno_connection_new_quiet:
 * @uri: libvirt's address of it
 *
 * Makes a connection for front ends that do something to a machine and end: it lists no machines
 * and hears of no change. Machines are found with xeno_connection_look_up_async().
 *
 * Returns: (transfer full): the connection
 */
XenoConnection *
xeno_connection_new_quiet (const char *uri)
{
  XenoConnection *self = xeno_connection_new (uri);

  g_return_val_if_fail (self != NULL, NULL);

  self->is_quiet = TRUE;
  return self;
}

/**
 * xeno_connection_get_uri:
 * @self: a connection
 *
 * Gets libvirt's address of it.
 *
 * Returns: (transfer none): the address
 */
const char *
xeno_connection_get_uri (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->uri;
}

/**
 * xeno_connection_get_title:
 * @self: a connection
 *
 * Gets its name for people.
 *
 * Returns: (transfer none): the name
 */
const char *
xeno_connection_get_title (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->title;
}

/**
 * xeno_connection_get_state:
 * @self: a connection
 *
 * Gets where it stands.
 *
 * Returns: the state
 */
XenoConnectionState
xeno_connection_get_state (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), XENO_CONNECTION_CLOSED);

  return self->state;
}

/**
 * xeno_connection_get_error:
 * @self: a connection
 *
 * Gets why it does not work, and how to mend it.
 *
 * Returns: (transfer none) (nullable): the error, or %NULL while it works
 */
const GError *
xeno_connection_get_error (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->error;
}

/**
 * xeno_connection_is_populated:
 * @self: a connection
 *
 * Whether the first list of machines is complete.
 *
 * Returns: whether it is
 */
gboolean
xeno_connection_is_populated (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), FALSE);

  return self->is_populated;
}

/**
 * xeno_connection_is_local:
 * @self: a connection
 *
 * Whether its machines run on this computer, so that files and sockets can be shared with them.
 *
 * Returns: whether they do
 */
gboolean
xeno_connection_is_local (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), FALSE);

  return xeno_uri_is_local (self->uri);
}

/**
 * xeno_connection_get_host:
 * @self: a connection
 *
 * Gets the computer its machines run on.
 *
 * Returns: (transfer none): the host
 */
XenoHost *
xeno_connection_get_host (XenoConnection *self)
{
  g_return_val_if_fail (XENO_IS_CONNECTION (self), NULL);

  return self->host;
}
