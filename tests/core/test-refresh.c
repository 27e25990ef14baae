/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What cannot be read is read again, and what no event tells is read when somebody looks. */
#include "config.h"

#include <dlfcn.h>

#include "core/virt-fixture.h"

/* Set by a test: the machine's state cannot be read. */
static gint is_failing;
static gint n_failed;

/* In the place of libvirt's own. */
int
virDomainGetState (virDomainPtr  domain,
                   int          *state,
                   int          *reason,
                   unsigned int  flags)
{
  static int (*get_state) (virDomainPtr, int *, int *, unsigned int);

  if (g_atomic_int_get (&is_failing))
    {
      g_atomic_int_inc (&n_failed);
      return -1;
    }

  if (get_state == NULL)
    get_state = dlsym (RTLD_NEXT, "virDomainGetState");
  return get_state (domain, state, reason, flags);
}

static gboolean
has_failed_twice (gpointer data)
{
  return g_atomic_int_get (&n_failed) >= 2;
}

static void
what_could_not_be_read_is_read_again (Fixture       *fixture,
                                      gconstpointer  data)
{
  virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, TEST_UUID);

  g_atomic_int_set (&n_failed, 0);
  g_atomic_int_set (&is_failing, TRUE);
  g_assert_cmpint (virDomainSuspend (domain), ==, 0);
  xeno_test_until (has_failed_twice, NULL); /* the second time without an event */
  g_assert_cmpint (xeno_machine_get_state (fixture->machine), ==, XENO_MACHINE_RUNNING);

  g_atomic_int_set (&is_failing, FALSE);
  wait_for_state (fixture->machine, XENO_MACHINE_PAUSED);
  virDomainFree (domain);
}

static gboolean
has_autostart (gpointer machine)
{
  return xeno_machine_has_autostart (machine);
}

static void
autostart_that_another_program_set_is_read_when_somebody_looks (Fixture       *fixture,
                                                                gconstpointer  data)
{
  virDomainPtr domain = virDomainLookupByUUIDString (fixture->outside, TEST_UUID);

  g_assert_cmpint (virDomainSetAutostart (domain, TRUE), ==, 0);
  g_assert_false (xeno_machine_has_autostart (fixture->machine));
  xeno_machine_refresh (fixture->machine);
  xeno_test_until (has_autostart, fixture->machine);
  virDomainSetAutostart (domain, FALSE);
  virDomainFree (domain);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "what-could-not-be-read-is-read-again", what_could_not_be_read_is_read_again },
  { "autostart-that-another-program-set-is-read-when-somebody-looks",
    autostart_that_another_program_set_is_read_when_somebody_looks },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/refresh/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
    }
  return g_test_run ();
}
