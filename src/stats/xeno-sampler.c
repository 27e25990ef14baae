/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples a connection's machines and its computer, while somebody looks and not otherwise. */
#include "config.h"

#include "stats/xeno-history.h"
#include "stats/xeno-sampler.h"

#define TICK_MS 1000
/* A graph joins samples that are up to five seconds apart. */
#define LIST_TICK_MS 3000

struct _XenoSampler
{
  GObject              parent_instance;
  XenoConnection      *connection;
  GCancellable        *cancellable;
  GHashTable          *histories; /* machine's UUID -> XenoHistory */
  XenoSeries          *host_cpu;
  XenoSeries          *host_memory;
  XenoHostStatsRecord  host_record;
  gboolean             has_host_record;
  guint                n_watchers[XENO_SAMPLER_N_VIEWS];
  guint                tick_id;
  guint                tick_ms;
  gboolean             is_sampling;
  gboolean             is_sampling_host;
};

enum
{
  SIGNAL_SAMPLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoSampler, xeno_sampler, G_TYPE_OBJECT)

static gboolean
wants_machines (XenoSampler *self)
{
  return self->n_watchers[XENO_SAMPLER_LIST] + self->n_watchers[XENO_SAMPLER_MACHINE] > 0;
}

static gboolean
wants_host (XenoSampler *self)
{
  return self->n_watchers[XENO_SAMPLER_HOST] > 0;
}

static XenoHistory *
ensure_history (XenoSampler *self,
                const char  *machine_uuid)
{
  XenoHistory *history = g_hash_table_lookup (self->histories, machine_uuid);

  if (history == NULL)
    {
      history = xeno_history_new ();
      g_hash_table_insert (self->histories, g_strdup (machine_uuid), history);
    }
  return history;
}

static void
push_gap_to_host (XenoSampler *self)
{
  gint64 now = g_get_monotonic_time ();

  xeno_series_push_gap (self->host_cpu, now);
  xeno_series_push_gap (self->host_memory, now);
  self->has_host_record = FALSE;
}

/* Machines that @records does not speak of have stopped. */
static void
push_gaps (XenoSampler *self,
           GHashTable  *spoken_of)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer uuid, history;

  g_hash_table_iter_init (&iter, self->histories);
  while (g_hash_table_iter_next (&iter, &uuid, &history))
    if (spoken_of == NULL || !g_hash_table_contains (spoken_of, uuid))
      xeno_history_push_gap (history, now);
}

static void
take_records (XenoSampler *self,
              GPtrArray   *records)
{
  g_autoptr (GHashTable) spoken_of = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < records->len; i++)
    {
      const XenoStatsRecord *record = g_ptr_array_index (records, i);

      xeno_history_push (ensure_history (self, record->uuid), record);
      g_hash_table_add (spoken_of, (gpointer) record->uuid);
    }
  push_gaps (self, spoken_of);
}

static void
sample_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoSampler) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = xeno_connection_sample_finish (XENO_CONNECTION (source), result, &error);

  self->is_sampling = FALSE;
  if (!wants_machines (self))
    return;

  /* Why there is nothing shows at the connection itself. */
  if (records != NULL)
    take_records (self, records);
  else
    push_gaps (self, NULL);
  g_signal_emit (self, signals[SIGNAL_SAMPLED], 0);
}

static void
take_host_record (XenoSampler               *self,
                  const XenoHostStatsRecord *record)
{
  const XenoHostStatsRecord *before = &self->host_record;

  if (record->cpu_total_ns == 0) /* far away, where nobody tells */
    return;

  if (self->has_host_record
      && record->cpu_total_ns > before->cpu_total_ns && record->cpu_busy_ns >= before->cpu_busy_ns)
    {
      double busy = record->cpu_busy_ns - before->cpu_busy_ns;
      double total = record->cpu_total_ns - before->cpu_total_ns;

      xeno_series_push (self->host_cpu, record->time_us, MIN (busy / total, 1.0) * 100.0);
    }
  xeno_series_push (self->host_memory, record->time_us, record->memory_used_bytes);
  self->host_record = *record;
  self->has_host_record = TRUE;
}

static void
sample_host_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoSampler) self = user_data;
  g_autoptr (GError) error = NULL;
  XenoHostStatsRecord record = { 0 };

  self->is_sampling_host = FALSE;
  if (!wants_host (self))
    return;

  if (xeno_host_sample_finish (XENO_HOST (source), result, &record, &error))
    take_host_record (self, &record);
  else
    push_gap_to_host (self);
  g_signal_emit (self, signals[SIGNAL_SAMPLED], 0);
}

/* A call that is still under way is not joined by a second one. */
static void
sample (XenoSampler *self)
{
  XenoHost *host = xeno_connection_get_host (self->connection);

  if (xeno_connection_get_state (self->connection) != XENO_CONNECTION_OPEN)
    {
      push_gaps (self, NULL);
      push_gap_to_host (self);
      return;
    }

  if (!self->is_sampling && wants_machines (self))
    {
      self->is_sampling = TRUE;
      xeno_connection_sample_async (self->connection, self->cancellable, sample_cb, g_object_ref (self));
    }
  if (!self->is_sampling_host && wants_host (self) && host != NULL)
    {
      self->is_sampling_host = TRUE;
      xeno_host_sample_async (host, self->cancellable, sample_host_cb, g_object_ref (self));
    }
}

static gboolean
tick_cb (gpointer user_data)
{
  sample (user_data);
  return G_SOURCE_CONTINUE;
}

/* The closest look decides the pace; whoever begins to look sees something at once. */
static void
update_ticking (XenoSampler *self)
{
  guint tick_ms = 0;

  if (wants_host (self) || self->n_watchers[XENO_SAMPLER_MACHINE] > 0)
    tick_ms = TICK_MS;
  else if (wants_machines (self))
    tick_ms = LIST_TICK_MS;
  if (self->tick_ms == tick_ms)
    return;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->tick_ms = tick_ms;
  if (tick_ms > 0)
    self->tick_id = g_timeout_add (tick_ms, tick_cb, self);
}

static void
machine_removed_cb (XenoSampler *self,
                    XenoMachine *machine)
{
  g_hash_table_remove (self->histories, xeno_machine_get_uuid (machine));
}

static void
xeno_sampler_dispose (GObject *object)
{
  XenoSampler *self = XENO_SAMPLER (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  memset (self->n_watchers, 0, sizeof self->n_watchers);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (xeno_sampler_parent_class)->dispose (object);
}

static void
xeno_sampler_finalize (GObject *object)
{
  XenoSampler *self = XENO_SAMPLER (object);

  g_hash_table_unref (self->histories);
  g_object_unref (self->cancellable);
  g_object_unref (self->host_cpu);
  g_object_unref (self->host_memory);

  G_OBJECT_CLASS (xeno_sampler_parent_class)->finalize (object);
}

static void
xeno_sampler_class_init (XenoSamplerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_sampler_dispose;
  object_class->finalize = xeno_sampler_finalize;

  /**
   * XenoSampler::sampled:
   * @self: the sampler
   *
   * All machines, or the computer, were measured once more.
   */
  signals[SIGNAL_SAMPLED] =
    g_signal_new ("sampled", XENO_TYPE_SAMPLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
xeno_sampler_init (XenoSampler *self)
{
  self->cancellable = g_cancellable_new ();
  self->histories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->host_cpu = xeno_series_new (XENO_HISTORY_CAPACITY);
  self->host_memory = xeno_series_new (XENO_HISTORY_CAPACITY);
}

/**
 * xeno_sampler_new:
 * @connection: whose machines to measure
 *
 * Makes a sampler that rests until somebody watches.
 *
 * Returns: (transfer full): the sampler
 */
XenoSampler *
xeno_sampler_new (XenoConnection *connection)
{
  XenoSampler *self;

  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);

  self = g_object_new (XENO_TYPE_SAMPLER, NULL);
  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "machine-removed", G_CALLBACK (machine_removed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_sampler_watch:
 * @self: a sampler
 * @view: what somebody looks at from now on
 *
 * Measures what @view shows. Watchers are counted: the first starts the ticking.
 */
void
xeno_sampler_watch (XenoSampler     *self,
                    XenoSamplerView  view)
{
  g_return_if_fail (XENO_IS_SAMPLER (self));
  g_return_if_fail (view < XENO_SAMPLER_N_VIEWS);

  if (self->n_watchers[view]++ > 0)
    return;

  update_ticking (self);
  sample (self);
}

/**
 * xeno_sampler_unwatch:
 * @self: a sampler that is watched
 * @view: what xeno_sampler_watch() was told
 *
 * Somebody looks no longer. The last one stops the ticking, which leaves a gap.
 */
void
xeno_sampler_unwatch (XenoSampler     *self,
                      XenoSamplerView  view)
{
  g_return_if_fail (XENO_IS_SAMPLER (self));
  g_return_if_fail (view < XENO_SAMPLER_N_VIEWS);
  g_return_if_fail (self->n_watchers[view] > 0);

  if (--self->n_watchers[view] > 0)
    return;

  update_ticking (self);
  if (!wants_machines (self))
    push_gaps (self, NULL);
  if (!wants_host (self))
    push_gap_to_host (self);
}

/**
 * xeno_sampler_is_watched:
 * @self: a sampler
 *
 * Whether somebody looks, so that it measures again and again.
 *
 * Returns: whether it ticks
 */
gboolean
xeno_sampler_is_watched (XenoSampler *self)
{
  g_return_val_if_fail (XENO_IS_SAMPLER (self), FALSE);

  return self->tick_ms > 0;
}

/**
 * xeno_sampler_get_series:
 * @self: a sampler
 * @machine_uuid: a machine
 * @metric: a row of the metric table
 * @line: which of its lines
 *
 * Gets what was measured, on one line of one graph. It lives with the machine.
 *
 * Returns: (transfer none): the series, perhaps empty
 */
XenoSeries *
xeno_sampler_get_series (XenoSampler      *self,
                         const char       *machine_uuid,
                         const XenoMetric *metric,
                         guint             line)
{
  g_return_val_if_fail (XENO_IS_SAMPLER (self), NULL);
  g_return_val_if_fail (machine_uuid != NULL, NULL);

  return xeno_history_get_series (ensure_history (self, machine_uuid), metric, line);
}

/**
 * xeno_sampler_get_limit:
 * @self: a sampler
 * @machine_uuid: a machine
 * @metric: a row of the metric table
 *
 * Gets the upper end of a graph's scale.
 *
 * Returns: the natural end in the metric's unit, or 0 where the scale follows the data or nothing
 *   is known now
 */
double
xeno_sampler_get_limit (XenoSampler      *self,
                        const char       *machine_uuid,
                        const XenoMetric *metric)
{
  const XenoStatsRecord *record;

  g_return_val_if_fail (metric != NULL, 0.0);

  record = xeno_sampler_get_record (self, machine_uuid);
  return record != NULL ? metric->limit (record) : 0.0;
}

/**
 * xeno_sampler_get_record:
 * @self: a sampler
 * @machine_uuid: a machine
 *
 * Gets the newest record of a machine. It is good until the next tick.
 *
 * Returns: (nullable) (transfer none): the record, or %NULL where nothing is known now
 */
const XenoStatsRecord *
xeno_sampler_get_record (XenoSampler *self,
                         const char  *machine_uuid)
{
  XenoHistory *history;

  g_return_val_if_fail (XENO_IS_SAMPLER (self), NULL);
  g_return_val_if_fail (machine_uuid != NULL, NULL);

  history = g_hash_table_lookup (self->histories, machine_uuid);
  return history != NULL ? xeno_history_get_record (history) : NULL;
}

/**
 * xeno_sampler_get_host_series:
 * @self: a sampler
 * @id: "cpu" or "memory"
 *
 * Gets what was measured of the host: percent of all its processors, or bytes of memory used.
 *
 * Returns: (nullable) (transfer none): the series, or %NULL for another @id
 */
XenoSeries *
xeno_sampler_get_host_series (XenoSampler *self,
                              const char  *id)
{
  g_return_val_if_fail (XENO_IS_SAMPLER (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  if (g_str_equal (id, "cpu"))
    return self->host_cpu;
  return g_str_equal (id, "memory") ? self->host_memory : NULL;
}
