/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMUs that stand still: however many there are, nobody else waits for them. */
#include "config.h"

#include <signal.h>

#include "base/xeno-error.h"
#include "machine/daemon-fixture.h"

/* More than libvirt's daemon serves at a time of one client. */
#define MAX_HUNG 6

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *hung[MAX_HUNG]; /* borrowed */
  GPid            qemus[MAX_HUNG];
  guint           n_hung;
  XenoMachine    *other;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->connection = open_session ();
  fixture->n_hung = GPOINTER_TO_UINT (data);
  for (guint i = 0; i < fixture->n_hung; i++)
    {
      g_autofree char *name = g_strdup_printf ("hung-%u", i);

      fixture->hung[i] = add_machine (fixture->connection, name, "");
      do_verb (fixture->hung[i], "start");
      fixture->qemus[i] = find_qemu (fixture->hung[i]);
    }
  fixture->other = add_machine (fixture->connection, "other", "");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
}

static void
signal_all (Fixture *fixture,
            int      number)
{
  for (guint i = 0; i < fixture->n_hung; i++)
    kill (fixture->qemus[i], number);
}

static GPtrArray *
sample (Fixture  *fixture,
        GError  **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_connection_sample_async (fixture->connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_connection_sample_finish (fixture->connection, result, error);
}

static void
take_picture (XenoMachine *machine)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;

  xeno_machine_screenshot_async (machine, 0, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  picture = xeno_machine_screenshot_finish (machine, result, &error);
  g_assert_no_error (error);
}

static void
use (XenoMachine *machine)
{
  do_verb (machine, "start");
  do_verb (machine, "pause");
  take_picture (machine);
  do_verb (machine, "resume");
  wait_for_machine (machine, XENO_MACHINE_RUNNING);
}

/* An order and no time: saving has ten minutes, and the calls to the others come back before. */
static void
their_calls_keep_nobody_waiting (Fixture       *fixture,
                                 gconstpointer  data)
{
  GAsyncResult *stuck[MAX_HUNG] = { NULL };

  signal_all (fixture, SIGSTOP);
  for (guint i = 0; i < fixture->n_hung; i++)
    xeno_machine_run_async (fixture->hung[i], xeno_verb_find ("save"), NULL, xeno_test_result_cb, &stuck[i]);

  use (fixture->other);
  for (guint i = 0; i < fixture->n_hung; i++)
    g_assert_null (stuck[i]);

  signal_all (fixture, SIGCONT);
  for (guint i = 0; i < fixture->n_hung; i++)
    {
      g_autoptr (GAsyncResult) result = xeno_test_await (&stuck[i]);
      g_autoptr (GError) error = NULL;

      xeno_machine_run_finish (fixture->hung[i], result, &error);
      g_assert_no_error (error);
      wait_for_machine (fixture->hung[i], XENO_MACHINE_SAVED);
    }
}

static const XenoStatsRecord *
find_record (GPtrArray   *records,
             XenoMachine *machine)
{
  for (guint i = 0; i < records->len; i++)
    {
      const XenoStatsRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (record->uuid, xeno_machine_get_uuid (machine)))
        return record;
    }
  return NULL;
}

/* Each measurement may meet one of them first; after that they are passed by. From the fourth on that
 * costs too much, and what only QEMU knows is not measured. */
static void
measuring_goes_on_and_takes_no_call_away (Fixture       *fixture,
                                          gconstpointer  data)
{
  GAsyncResult *stuck[MAX_HUNG] = { NULL };
  g_autoptr (GPtrArray) records = NULL;
  const XenoStatsRecord *record;

  do_verb (fixture->other, "start");
  signal_all (fixture, SIGSTOP);
  for (guint i = 0; i <= fixture->n_hung && records == NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      records = sample (fixture, &error);
      g_assert_true (records != NULL || g_error_matches (error, XENO_ERROR, XENO_ERROR_TIMEOUT));
    }
  g_assert_nonnull (records);
  record = find_record (records, fixture->other);
  g_assert_nonnull (record);
  g_assert_cmpint (record->state, ==, XENO_MACHINE_RUNNING);
  if (fixture->n_hung < MAX_HUNG)
    g_assert_cmpuint (record->cpu_time_ns, !=, G_MAXUINT64);

  for (guint i = 0; i < fixture->n_hung; i++)
    xeno_machine_run_async (fixture->hung[i], xeno_verb_find ("save"), NULL, xeno_test_result_cb, &stuck[i]);
  do_verb (fixture->other, "force-off");
  use (fixture->other);

  signal_all (fixture, SIGCONT);
  for (guint i = 0; i < fixture->n_hung; i++)
    g_object_unref (xeno_test_await (&stuck[i]));
}

static const struct
{
  const char *path;
  guint       n_hung;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "calls-to-two-stopped-qemus-keep-nobody-waiting", 2, their_calls_keep_nobody_waiting },
  { "calls-to-six-stopped-qemus-keep-nobody-waiting", MAX_HUNG, their_calls_keep_nobody_waiting },
  { "measuring-goes-on-beside-two-stopped-qemus", 2, measuring_goes_on_and_takes_no_call_away },
  { "measuring-goes-on-beside-six-stopped-qemus", MAX_HUNG, measuring_goes_on_and_takes_no_call_away },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/hung/", tests[i].path, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (tests[i].n_hung), set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
