/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One bulk statistics call, turned into plain records. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "virt/xeno-connection-private.h"
#include "virt/xeno-sample.h"
#include "virt/xeno-virt-error.h"

#define KIB 1024

/* A QEMU that hangs keeps the call that first meets it. The next call passes it by, so giving up
 * soon costs the others a few seconds. */
#define SAMPLE_MS 3000

/* So many of those calls are enough. While they hang, only what no QEMU is asked for is
 * measured. */
#define MAX_HUNG 3

#define HOST_GROUPS (VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_INTERFACE)
#define QEMU_GROUPS (VIR_DOMAIN_STATS_CPU_TOTAL | VIR_DOMAIN_STATS_BALLOON \
                     | VIR_DOMAIN_STATS_VCPU | VIR_DOMAIN_STATS_BLOCK)

static guint64
get_number (const virTypedParameter *param)
{
  switch (param->type)
    {
    case VIR_TYPED_PARAM_INT:
      return MAX (param->value.i, 0);
    case VIR_TYPED_PARAM_UINT:
      return param->value.ui;
    case VIR_TYPED_PARAM_LLONG:
      return MAX (param->value.l, 0);
    case VIR_TYPED_PARAM_ULLONG:
      return param->value.ul;
    default:
      return 0;
    }
}

/* What a guest says of its memory, in KiB; G_MAXUINT64 where it says nothing. */
typedef struct
{
  guint64 available;
  guint64 unused;
  guint64 usable;
  guint64 resident;
  guint64 vcpu_time_ns;
} Said;

/* Rows of groups that libvirt numbers: "block.0.rd.bytes". The sum over all of them is kept. */
static const struct
{
  const char *group;
  const char *name;
  gsize       offset;
} sums[] = {
  { "block.", ".rd.bytes", G_STRUCT_OFFSET (XenoStatsRecord, disk_read_bytes) },
  { "block.", ".wr.bytes", G_STRUCT_OFFSET (XenoStatsRecord, disk_written_bytes) },
  { "block.", ".allocation", G_STRUCT_OFFSET (XenoStatsRecord, disk_allocated_bytes) },
  { "block.", ".capacity", G_STRUCT_OFFSET (XenoStatsRecord, disk_capacity_bytes) },
  { "net.", ".rx.bytes", G_STRUCT_OFFSET (XenoStatsRecord, network_received_bytes) },
  { "net.", ".tx.bytes", G_STRUCT_OFFSET (XenoStatsRecord, network_sent_bytes) },
};

static void
add (guint64 *sum,
     guint64  value)
{
  *sum = *sum == G_MAXUINT64 ? value : *sum + value;
}

static void
read_sum (XenoStatsRecord         *record,
          const virTypedParameter *param)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sums); i++)
    if (g_str_has_prefix (param->field, sums[i].group)
        && g_str_has_suffix (param->field, sums[i].name))
      add (&G_STRUCT_MEMBER (guint64, record, sums[i].offset), get_number (param));
}

static void
read_param (XenoStatsRecord         *record,
            Said                    *said,
            const virTypedParameter *param)
{
  if (strcmp (param->field, "cpu.time") == 0)
    record->cpu_time_ns = get_number (param);
  else if (strcmp (param->field, "vcpu.current") == 0)
    record->n_cpus = get_number (param);
  else if (strcmp (param->field, "balloon.current") == 0)
    record->memory_total_bytes = get_number (param) * KIB;
  else if (strcmp (param->field, "balloon.available") == 0)
    said->available = get_number (param);
  else if (strcmp (param->field, "balloon.unused") == 0)
    said->unused = get_number (param);
  else if (strcmp (param->field, "balloon.usable") == 0)
    said->usable = get_number (param);
  else if (strcmp (param->field, "balloon.rss") == 0)
    said->resident = get_number (param);
  else if (g_str_has_prefix (param->field, "vcpu.") && g_str_has_suffix (param->field, ".time"))
    add (&said->vcpu_time_ns, get_number (param));
  else
    read_sum (record, param);
}

static void
conclude (XenoStatsRecord *record,
          const Said      *said)
{
  guint64 left = said->usable != G_MAXUINT64 ? said->usable : said->unused;

  if (record->cpu_time_ns == G_MAXUINT64)
    record->cpu_time_ns = said->vcpu_time_ns;
  if (said->available != G_MAXUINT64 && left <= said->available)
    record->memory_used_bytes = (said->available - left) * KIB;
  else if (said->resident != G_MAXUINT64)
    record->memory_used_bytes = said->resident * KIB;
}

/*
 * xeno_sample_read:
 * @stats: what libvirt said of one machine
 * @record: (out): what it means
 *
 * Turns libvirt's named values into a record.
 */
void
xeno_sample_read (const virDomainStatsRecord *stats,
                  XenoStatsRecord            *record)
{
  XenoFacts facts = { .state = VIR_DOMAIN_NOSTATE };
  Said said = { G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, G_MAXUINT64 };

  *record = (XenoStatsRecord) {
    .time_us = g_get_monotonic_time (),
    .cpu_time_ns = G_MAXUINT64,
    .memory_total_bytes = G_MAXUINT64,
    .memory_used_bytes = G_MAXUINT64,
    .disk_read_bytes = G_MAXUINT64,
    .disk_written_bytes = G_MAXUINT64,
    .disk_allocated_bytes = G_MAXUINT64,
    .disk_capacity_bytes = G_MAXUINT64,
    .network_received_bytes = G_MAXUINT64,
    .network_sent_bytes = G_MAXUINT64,
  };
  virDomainGetUUIDString (stats->dom, record->uuid);
  virTypedParamsGetInt (stats->params, stats->nparams, "state.state", &facts.state);
  virTypedParamsGetInt (stats->params, stats->nparams, "state.reason", &facts.reason);
  record->state = xeno_facts_get_state (&facts);
  for (int i = 0; i < stats->nparams; i++)
    read_param (record, &said, &stats->params[i]);
  conclude (record, &said);
}

/* One measurement, for as long as libvirt is at it: longer than somebody waits for it. */
typedef struct
{
  GWeakRef connection;
  guint    groups;
} Sample;

static Sample *
sample_new (XenoConnection *connection)
{
  Sample *sample = g_new0 (Sample, 1);

  g_weak_ref_init (&sample->connection, connection);
  sample->groups = connection->n_samples < MAX_HUNG ? HOST_GROUPS | QEMU_GROUPS : HOST_GROUPS;
  connection->n_samples++;
  return sample;
}

/* In the main thread, as its making was. */
static void
sample_free (gpointer data)
{
  Sample *sample = data;
  g_autoptr (XenoConnection) connection = g_weak_ref_get (&sample->connection);

  if (connection != NULL)
    connection->n_samples--;
  g_weak_ref_clear (&sample->connection);
  g_free (sample);
}

static gpointer
sample_call (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  const Sample *sample = data;
  virDomainStatsRecordPtr *stats = NULL;
  /* NOWAIT passes by machines that another call already waits for. */
  int n_stats = virConnectGetAllDomainStats (handle, sample->groups, &stats,
                                             VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE
                                             | VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  GPtrArray *records;

  if (n_stats < 0)
    {
      xeno_virt_set_error (error, _("The machines could not be measured."));
      return NULL;
    }

  records = g_ptr_array_new_full (n_stats, g_free);
  for (int i = 0; i < n_stats; i++)
    {
      XenoStatsRecord *record = g_new0 (XenoStatsRecord, 1);

      xeno_sample_read (stats[i], record);
      g_ptr_array_add (records, record);
    }
  virDomainStatsRecordListFree (stats);
  return records;
}

/**
 * xeno_connection_sample_async:
 * @self: a connection
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the records
 * @user_data: passed to @callback
 *
 * Measures all running machines by one call. Where machines hang, what only they can tell is not
 * known of some or of all.
 */
void
xeno_connection_sample_async (XenoConnection      *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_sample_async);
  xeno_connection_call (self, XENO_CALL_MACHINE, NULL, SAMPLE_MS, task, sample_call,
                        sample_new (self), sample_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * xeno_connection_sample_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: where to say why there are no records
 *
 * Finishes xeno_connection_sample_async().
 *
 * Returns: (transfer full) (element-type XenoStatsRecord) (nullable): a record a running machine
 */
GPtrArray *
xeno_connection_sample_finish (XenoConnection  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
