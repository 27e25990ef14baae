/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one bulk statistics call says of one machine: counters as they stand, no rates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Counters that this driver or machine does not report are G_MAXUINT64. */
typedef struct
{
  char    uuid[37];
  gint64  time_us;               /* monotonic clock, when the call returned */
  guint   state;                 /* XenoMachineState */
  guint   n_cpus;
  guint64 cpu_time_ns;           /* of all its processors together, since it started */
  guint64 memory_total_bytes;    /* what the guest has */
  guint64 memory_used_bytes;     /* by the guest's own account, else resident on the host */
  guint64 disk_read_bytes;       /* all disks, since it started */
  guint64 disk_written_bytes;
  guint64 disk_allocated_bytes;  /* on the host */
  guint64 disk_capacity_bytes;   /* what the guest sees */
  guint64 network_received_bytes;
  guint64 network_sent_bytes;
} XenoStatsRecord;

/* What the host does as a whole, read beside it (local connections; zeros elsewhere). */
typedef struct
{
  gint64  time_us;
  guint   n_cpus;
  guint64 cpu_busy_ns;
  guint64 cpu_total_ns;
  guint64 memory_total_bytes;
  guint64 memory_used_bytes;
} XenoHostStatsRecord;

G_END_DECLS
