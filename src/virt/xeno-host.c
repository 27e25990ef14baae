/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The computer machines run on: what it has, what it does, and whether it is ready. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "base/xeno-error.h"
#include "base/xeno-read-only-list.h"
#include "base/xeno-text.h"
#include "spec/xeno-caps.h"
#include "virt/xeno-host-facts.h"
#include "virt/xeno-host-private.h"
#include "virt/xeno-virt-error.h"

#define DEADLINE_MS 10000
#define LANE "host"

struct _XenoHost
{
  GObject       parent_instance;
  XenoWorker   *worker;
  XenoLinkPool *pool;
  gboolean      is_local;
  gboolean      is_loaded;
  char         *hostname;
  guint         n_cpus;
  guint64       memory_bytes;
  const char   *cpu_flags;
  GListStore   *checks;
  GListModel   *public_checks;
};

typedef struct
{
  XenoLinkPool *pool;
  gboolean      is_local;
} Request;

enum
{
  PROP_0,
  PROP_HOSTNAME,
  PROP_N_CPUS,
  PROP_MEMORY_BYTES,
  PROP_IS_LOADED,
  PROP_CHECKS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoHost, xeno_host, G_TYPE_OBJECT)

static Request *
request_new (XenoHost *self)
{
  Request *request = g_new0 (Request, 1);

  g_set_object (&request->pool, self->pool);
  request->is_local = self->is_local;
  return request;
}

static void
request_free (Request *request)
{
  g_clear_object (&request->pool);
  g_free (request);
}

static gboolean
offers_kvm (virConnectPtr connection)
{
  g_autofree char *xml = virConnectGetCapabilities (connection);
  g_autoptr (XenoCaps) caps = xml != NULL ? xeno_caps_new (xml, NULL, NULL) : NULL;

  return caps != NULL && xeno_caps_offers_virt_type (caps, "kvm");
}

static void
read_link (XenoHostFacts *facts,
           virConnectPtr  connection)
{
  g_autofree char *hostname = virConnectGetHostname (connection);
  const char *type = virConnectGetType (connection);
  virNodeInfo info;

  facts->hostname = hostname != NULL ? xeno_text_clean (hostname, -1, 64) : NULL;
  if (virNodeGetInfo (connection, &info) == 0)
    {
      facts->n_cpus = info.cpus;
      facts->memory_bytes = (guint64) info.memory * 1024;
    }
  if (virConnectGetLibVersion (connection, &facts->libvirt_version) < 0)
    facts->libvirt_version = 0;
  if (virConnectGetVersion (connection, &facts->hypervisor_version) < 0)
    facts->hypervisor_version = 0;
  facts->hypervisor = type != NULL ? xeno_text_clean (type, -1, 32) : NULL;
  facts->offers_kvm = offers_kvm (connection);
}

static gpointer
load_work (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Request *request = data;
  g_autoptr (XenoHostFacts) facts = xeno_host_facts_new ();
  XenoLink *link = NULL;

  if (request->pool != NULL)
    link = xeno_link_pool_take (request->pool, XENO_CALL_DAEMON, error);
  if (request->pool != NULL && link == NULL)
    return NULL;

  if (link != NULL)
    {
      read_link (facts, xeno_link_get_handle (link));
      xeno_link_pool_give (request->pool, link);
    }
  if (request->is_local)
    xeno_host_facts_read_local (facts, "/");
  if (facts->n_cpus == 0 && request->is_local)
    facts->n_cpus = g_get_num_processors ();
  return g_steal_pointer (&facts);
}

static void
apply_facts (XenoHost            *self,
             const XenoHostFacts *facts)
{
  g_autoptr (GListModel) checks = xeno_host_facts_list_checks (facts);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (g_strcmp0 (self->hostname, facts->hostname) != 0)
    {
      g_free (self->hostname);
      self->hostname = g_strdup (facts->hostname);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOSTNAME]);
    }
  if (facts->is_local && facts->is_x86)
    self->cpu_flags = g_intern_string (facts->cpu_flag != NULL ? facts->cpu_flag : "");
  if (self->n_cpus != facts->n_cpus)
    {
      self->n_cpus = facts->n_cpus;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CPUS]);
    }
  if (self->memory_bytes != facts->memory_bytes)
    {
      self->memory_bytes = facts->memory_bytes;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY_BYTES]);
    }

  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    g_ptr_array_add (rows, g_list_model_get_item (checks, i));
  g_list_store_splice (self->checks, 0, g_list_model_get_n_items (G_LIST_MODEL (self->checks)),
                       rows->pdata, rows->len);

  if (!self->is_loaded)
    {
      self->is_loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_LOADED]);
    }
}

static gboolean
sample_local (XenoHostStatsRecord  *record,
              GError              **error)
{
  g_autoptr (XenoHostFacts) facts = xeno_host_facts_new ();
  g_autofree char *stat = NULL;
  guint64 ticks[8] = { 0 };
  guint64 ns_per_tick = G_GUINT64_CONSTANT (1000000000) / (guint64) sysconf (_SC_CLK_TCK);
  char *next;

  if (!g_file_get_contents ("/proc/stat", &stat, NULL, error))
    return FALSE;

  /* user nice system idle iowait irq softirq steal, of all processors together; proc(5) */
  next = stat + strcspn (stat, " ");
  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++)
    {
      ticks[i] = g_ascii_strtoull (next, &next, 10);
      record->cpu_total_ns += ticks[i] * ns_per_tick;
    }
  record->cpu_busy_ns = record->cpu_total_ns - (ticks[3] + ticks[4]) * ns_per_tick;

  xeno_host_facts_read_memory (facts, "/");
  record->memory_total_bytes = facts->memory_bytes;
  record->memory_used_bytes = facts->memory_bytes - facts->available_bytes;
  record->n_cpus = g_get_num_processors ();
  return TRUE;
}

static guint64
sum_cpu (virNodeCPUStatsPtr  stats,
         int                 n_stats,
         gboolean            is_idle)
{
  guint64 sum = 0;

  for (int i = 0; i < n_stats; i++)
    {
      gboolean idle = g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_IDLE)
                      || g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_IOWAIT);

      if (idle == is_idle && !g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_UTILIZATION))
        sum += stats[i].value;
    }
  return sum;
}

static gboolean
read_counters (virConnectPtr         connection,
               XenoHostStatsRecord  *record,
               GError              **error)
{
  int n_cpu = 0;
  int n_memory = 0;
  g_autofree virNodeCPUStats *cpu = NULL;
  g_autofree virNodeMemoryStats *memory = NULL;
  guint64 spare_kib = 0;

  if (virNodeGetCPUStats (connection, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, &n_cpu, 0) < 0
      || virNodeGetMemoryStats (connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n_memory,
                                0) < 0)
    {
      xeno_virt_set_error (error, _("The load of the host is not known."));
      return FALSE;
    }

  cpu = g_new0 (virNodeCPUStats, MAX (n_cpu, 1));
  memory = g_new0 (virNodeMemoryStats, MAX (n_memory, 1));
  if (virNodeGetCPUStats (connection, VIR_NODE_CPU_STATS_ALL_CPUS, cpu, &n_cpu, 0) < 0
      || virNodeGetMemoryStats (connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, memory, &n_memory,
                                0) < 0)
    {
      xeno_virt_set_error (error, _("The load of the host is not known."));
      return FALSE;
    }

  record->cpu_busy_ns = sum_cpu (cpu, n_cpu, FALSE);
  record->cpu_total_ns = record->cpu_busy_ns + sum_cpu (cpu, n_cpu, TRUE);
  for (int i = 0; i < n_memory; i++)
    {
      if (g_str_equal (memory[i].field, VIR_NODE_MEMORY_STATS_TOTAL))
        record->memory_total_bytes = memory[i].value * 1024;
      else
        spare_kib += memory[i].value; /* free, buffers, cached */
    }
  record->memory_used_bytes = record->memory_total_bytes
                              - MIN (spare_kib * 1024, record->memory_total_bytes);
  return TRUE;
}

static gboolean
sample_link (XenoLinkPool         *pool,
             XenoHostStatsRecord  *record,
             GError              **error)
{
  XenoLink *link = xeno_link_pool_take (pool, XENO_CALL_DAEMON, error);
  gboolean done;

  if (link == NULL)
    return FALSE;

  done = read_counters (xeno_link_get_handle (link), record, error);
  xeno_link_pool_give (pool, link);
  return done;
}

static gpointer
sample_work (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Request *request = data;
  g_autofree XenoHostStatsRecord *record = g_new0 (XenoHostStatsRecord, 1);
  gboolean done;

  if (request->is_local)
    done = sample_local (record, error);
  else if (request->pool != NULL)
    done = sample_link (request->pool, record, error);
  else
    {
      xeno_set_error (error, XENO_ERROR_NO_CONNECTION, NULL,
                      _("The host is not connected. It is tried again by itself."));
      done = FALSE;
    }
  if (!done)
    return NULL;

  record->time_us = g_get_monotonic_time ();
  return g_steal_pointer (&record);
}

static void
xeno_host_finalize (GObject *object)
{
  XenoHost *self = XENO_HOST (object);

  g_clear_object (&self->worker);
  g_clear_object (&self->pool);
  g_clear_object (&self->public_checks);
  g_clear_object (&self->checks);
  g_free (self->hostname);

  G_OBJECT_CLASS (xeno_host_parent_class)->finalize (object);
}

static void
xeno_host_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  XenoHost *self = XENO_HOST (object);

  switch (prop_id)
    {
    case PROP_HOSTNAME:
      g_value_set_string (value, self->hostname);
      break;

    case PROP_N_CPUS:
      g_value_set_uint (value, self->n_cpus);
      break;

    case PROP_MEMORY_BYTES:
      g_value_set_uint64 (value, self->memory_bytes);
      break;

    case PROP_IS_LOADED:
      g_value_set_boolean (value, self->is_loaded);
      break;

    case PROP_CHECKS:
      g_value_set_object (value, self->public_checks);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_host_class_init (XenoHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xeno_host_finalize;
  object_class->get_property = xeno_host_get_property;

  /**
   * XenoHost:hostname:
   *
   * Its name in the network; %NULL while not known.
   */
  properties[PROP_HOSTNAME] = g_param_spec_string ("hostname", NULL, NULL, NULL, readable);

  /**
   * XenoHost:n-cpus:
   *
   * How many processors it has; 0 while not known.
   */
  properties[PROP_N_CPUS] = g_param_spec_uint ("n-cpus", NULL, NULL, 0, G_MAXUINT, 0, readable);

  /**
   * XenoHost:memory-bytes:
   *
   * How much memory it has; 0 while not known.
   */
  properties[PROP_MEMORY_BYTES] =
    g_param_spec_uint64 ("memory-bytes", NULL, NULL, 0, G_MAXUINT64, 0, readable);

  /**
   * XenoHost:is-loaded:
   *
   * Whether the rest is known.
   */
  properties[PROP_IS_LOADED] = g_param_spec_boolean ("is-loaded", NULL, NULL, FALSE, readable);

  /**
   * XenoHost:checks:
   *
   * The readiness checks.
   */
  properties[PROP_CHECKS] =
    g_param_spec_object ("checks", NULL, NULL, G_TYPE_LIST_MODEL, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_host_init (XenoHost *self)
{
  self->checks = g_list_store_new (XENO_TYPE_CHECK);
  self->public_checks = xeno_read_only_list_new (G_LIST_MODEL (self->checks));
}

/* xeno_host_new:
 * @worker: what runs its blocking calls
 * @is_local: whether it is this computer */
XenoHost *
xeno_host_new (XenoWorker *worker,
               gboolean    is_local)
{
  XenoHost *self;

  g_return_val_if_fail (XENO_IS_WORKER (worker), NULL);

  self = g_object_new (XENO_TYPE_HOST, NULL);
  self->worker = g_object_ref (worker);
  self->is_local = is_local;
  return self;
}

/* xeno_host_set_pool:
 * @pool: (nullable): the links to it, or %NULL while there is none */
void
xeno_host_set_pool (XenoHost     *self,
                    XenoLinkPool *pool)
{
  g_return_if_fail (XENO_IS_HOST (self));

  g_set_object (&self->pool, pool);
}

/**
 * xeno_host_get_hostname:
 * @self: a host
 *
 * Gets its name in the network.
 *
 * Returns: (nullable) (transfer none): the name, or %NULL while not known
 */
const char *
xeno_host_get_hostname (XenoHost *self)
{
  g_return_val_if_fail (XENO_IS_HOST (self), NULL);

  return self->hostname;
}

/**
 * xeno_host_get_n_cpus:
 * @self: a host
 *
 * Gets how many processors it has.
 *
 * Returns: the number, or 0 while not known
 */
guint
xeno_host_get_n_cpus (XenoHost *self)
{
  g_return_val_if_fail (XENO_IS_HOST (self), 0);

  return self->n_cpus;
}

/**
 * xeno_host_get_cpu_flags:
 * @self: a host
 *
 * Gets how its processors offer virtualization, for xeno_caps_choose_virt_type().
 *
 * Returns: (nullable) (transfer none): "vmx", "svm", "" where they offer none, or %NULL where that
 *   is not known: far away, not x86, or not loaded
 */
const char *
xeno_host_get_cpu_flags (XenoHost *self)
{
  g_return_val_if_fail (XENO_IS_HOST (self), NULL);

  return self->cpu_flags;
}

/**
 * xeno_host_get_memory_bytes:
 * @self: a host
 *
 * Gets how much memory it has.
 *
 * Returns: bytes, or 0 while not known
 */
guint64
xeno_host_get_memory_bytes (XenoHost *self)
{
  g_return_val_if_fail (XENO_IS_HOST (self), 0);

  return self->memory_bytes;
}

/**
 * xeno_host_is_loaded:
 * @self: a host
 *
 * Tells whether xeno_host_load_async() has succeeded once.
 *
 * Returns: %TRUE when the host is known
 */
gboolean
xeno_host_is_loaded (XenoHost *self)
{
  g_return_val_if_fail (XENO_IS_HOST (self), FALSE);

  return self->is_loaded;
}

/**
 * xeno_host_get_checks:
 * @self: a host
 *
 * Gets the readiness checks, empty until loaded.
 *
 * Returns: (transfer none): a list of #XenoCheck
 */
GListModel *
xeno_host_get_checks (XenoHost *self)
{
  g_return_val_if_fail (XENO_IS_HOST (self), NULL);

  return self->public_checks;
}

/**
 * xeno_host_load_async:
 * @self: a host
 * @cancellable: (nullable): to give up waiting
 * @callback: called when it is known
 * @user_data: passed to @callback
 *
 * Looks at the host: through libvirt where it is connected, and at its files where it is this
 * computer. Cheap to do again.
 */
void
xeno_host_load_async (XenoHost            *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_HOST (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_host_load_async);
  xeno_worker_run (self->worker, LANE, DEADLINE_MS, task, load_work, request_new (self),
                   (GDestroyNotify) request_free, (GDestroyNotify) xeno_host_facts_free);
}

/**
 * xeno_host_load_finish:
 * @self: a host
 * @result: what the callback was given
 * @error: %XENO_ERROR_TIMEOUT when the host did not answer
 *
 * Ends xeno_host_load_async(). The properties are set when it returns.
 *
 * Returns: %TRUE when the host is known
 */
gboolean
xeno_host_load_finish (XenoHost      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_autoptr (XenoHostFacts) facts = NULL;

  g_return_val_if_fail (XENO_IS_HOST (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  facts = g_task_propagate_pointer (G_TASK (result), error);
  if (facts == NULL)
    return FALSE;

  apply_facts (self, facts);
  return TRUE;
}

/**
 * xeno_host_sample_async:
 * @self: a host
 * @cancellable: (nullable): to give up waiting
 * @callback: called when the sample is there
 * @user_data: passed to @callback
 *
 * Reads the counters of the host as they stand.
 */
void
xeno_host_sample_async (XenoHost            *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_HOST (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_host_sample_async);
  xeno_worker_run (self->worker, LANE, DEADLINE_MS, task, sample_work, request_new (self),
                   (GDestroyNotify) request_free, g_free);
}

/**
 * xeno_host_sample_finish:
 * @self: a host
 * @result: what the callback was given
 * @record: (out caller-allocates): the counters
 * @error: %XENO_ERROR_NO_CONNECTION, %XENO_ERROR_TIMEOUT, or what libvirt said
 *
 * Ends xeno_host_sample_async().
 *
 * Returns: %TRUE when @record was set
 */
gboolean
xeno_host_sample_finish (XenoHost             *self,
                         GAsyncResult         *result,
                         XenoHostStatsRecord  *record,
                         GError              **error)
{
  g_autofree XenoHostStatsRecord *sample = NULL;

  g_return_val_if_fail (XENO_IS_HOST (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (record != NULL, FALSE);

  sample = g_task_propagate_pointer (G_TASK (result), error);
  if (sample == NULL)
    return FALSE;

  *record = *sample;
  return TRUE;
}
