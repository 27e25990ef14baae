/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far a download is, told by the thread that does the work to the job that a person looks at. */
#pragma once

#include "base/xeno-job.h"

G_BEGIN_DECLS

/**
 * XenoDownloadProgress:
 * @job: who is told
 * @told_us: when it was told last
 * @began_us: when the first byte came
 * @began_bytes: what was there then
 * @total_bytes: how much it will be, or 0 while nobody knows
 *
 * Belongs to the thread that does the work.
 */
typedef struct
{
  XenoJob *job;
  gint64   told_us;
  gint64   began_us;
  guint64  began_bytes;
  guint64  total_bytes;
} XenoDownloadProgress;

void xeno_download_progress_begin (XenoDownloadProgress *self,
                                   guint64               there_bytes,
                                   guint64               total_bytes);
void xeno_download_progress_tell  (XenoDownloadProgress *self,
                                   guint64               done_bytes);
void xeno_download_progress_check (XenoDownloadProgress *self,
                                   double                fraction);

G_END_DECLS
