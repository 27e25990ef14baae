/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How tests wait: for a result or a condition, with a deadline, never for time to pass. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* More than anything takes on a slow machine under a sanitizer. */
#define XENO_TEST_SECONDS 60

typedef gboolean (*XenoTestFunc) (gpointer data);

/* Whether the main loop turns. */
typedef struct
{
  int    schedstat;
  guint  beat_id;
  gint64 beat_us;
  gint64 waited_us;
  gint64 longest_us;
} XenoTestPulse;

void          xeno_test_until        (XenoTestFunc   is_so,
                                      gpointer       data);
void          xeno_test_until_exists (const char    *path);
void          xeno_test_result_cb    (GObject       *source,
                                      GAsyncResult  *result,
                                      gpointer       user_data);
GAsyncResult *xeno_test_await        (GAsyncResult **result);
void          xeno_test_remove_tree  (const char    *path);
void          xeno_test_pulse_start  (XenoTestPulse *pulse);
gint64        xeno_test_pulse_stop   (XenoTestPulse *pulse);

G_END_DECLS
