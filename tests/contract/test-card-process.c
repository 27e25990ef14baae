/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The app's end of a guest's smart card: what it believes of the process that gives one. */
#include "config.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>

#include "console/xeno-card-process.h"
#include "support/xeno-test.h"

#define FLOOD_US (G_USEC_PER_SEC)

/* One comes every tenth of a second; and a little more, for a computer that is busy. */
#define MAX_OF_FLOOD 12

typedef struct
{
  XenoCardProcess *process;
  guint            n_changed;
  int              fd; /* the guest's end */
} Fixture;

static void
changed_cb (XenoCardProcess *process,
            gpointer         user_data)
{
  ((Fixture *) user_data)->n_changed++;
}

static void
open_as (Fixture    *fixture,
         const char *way)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "fake-card.py", NULL);
  g_autoptr (GError) error = NULL;

  g_setenv ("XENOLITH_CARD_PATH", program, TRUE);
  fixture->process = xeno_card_process_new ();
  g_signal_connect (fixture->process, "changed", G_CALLBACK (changed_cb), fixture);
  g_assert_cmpint (xeno_card_process_open (fixture->process, NULL), ==, -1);
  xeno_card_process_set_reader (fixture->process, way);
  fixture->fd = xeno_card_process_open (fixture->process, &error);
  g_assert_no_error (error);
}

static void
finish (Fixture *fixture)
{
  g_close (fixture->fd, NULL);
  g_assert_finalize_object (fixture->process);
}

static gboolean
is_given (gpointer process)
{
  const XenoCardReport *report = xeno_card_process_get_report (process);

  return report->n_readers == 1 && report->readers[0].state == XENO_CARD_GIVEN;
}

static gboolean
is_awaited (gpointer process)
{
  return xeno_card_process_get_report (process)->service == XENO_CARD_SERVICE_AWAITED;
}

static gboolean
has_ended (gpointer data)
{
  struct pollfd end = { .fd = ((Fixture *) data)->fd, .events = POLLIN };

  return poll (&end, 1, 0) == 1;
}

static void
test_what_it_tells_is_known (void)
{
  Fixture fixture = { NULL };

  open_as (&fixture, "sane");
  xeno_test_until (is_given, fixture.process);
  g_assert_cmpstr (xeno_card_process_get_report (fixture.process)->readers[0].name, ==, "Front");
  xeno_card_process_set_reader (fixture.process, NULL);
  g_assert_true (is_awaited (fixture.process));
  g_assert_false (xeno_card_process_is_wanted (fixture.process));
  xeno_test_until (has_ended, &fixture);
  finish (&fixture);
}

/* It is not believed any more, and ended. */
static void
test_a_report_that_cannot_be_is_the_last (gconstpointer way)
{
  Fixture fixture = { NULL };

  open_as (&fixture, way);
  xeno_test_until (is_given, fixture.process);
  xeno_test_until (is_awaited, fixture.process);
  xeno_test_until (has_ended, &fixture);
  finish (&fixture);
}

static gboolean
has_time_passed (gpointer until)
{
  return g_get_monotonic_time () >= *(gint64 *) until;
}

static void
test_a_flood_is_read_slowly (void)
{
  Fixture fixture = { NULL };
  gint64 until;

  open_as (&fixture, "flood");
  xeno_test_until (is_given, fixture.process);
  fixture.n_changed = 0;
  until = g_get_monotonic_time () + FLOOD_US;
  xeno_test_until (has_time_passed, &until);
  g_assert_cmpuint (fixture.n_changed, >, 0);
  g_assert_cmpuint (fixture.n_changed, <=, MAX_OF_FLOOD);
  finish (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const ways[] = { "empty", "short", "long", "service", "readers", "state", "name" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/card-process/what-it-tells-is-known", test_what_it_tells_is_known);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/card-process/a-report-that-cannot-be-is-the-last/", ways[i], NULL);

      g_test_add_data_func (path, ways[i], test_a_report_that_cannot_be_is_the_last);
    }
  g_test_add_func ("/xeno/card-process/a-flood-is-read-slowly", test_a_flood_is_read_slowly);

  return g_test_run ();
}
