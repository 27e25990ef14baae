/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno stop: the power button, how long one waits for the guest, and the plug. */
#include "config.h"

#include <sys/stat.h>

#include "machine/cli-fixture.h"
#include "machine/daemon-fixture.h"

#define MIB (1024 * 1024)

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *obedient; /* heeds its power button; borrowed, as the other is */
  XenoMachine    *stubborn;
  char           *disk;
} Fixture;

static gboolean
is_at_work (gpointer path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_size > MIB;
}

static void
make_disk (const char *path)
{
  const char *argv[] = { "qemu-img", "create", "-q", "-f", "qcow2", path, "4M", NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *device = NULL;

  fixture->connection = open_session ();
  fixture->disk = g_build_filename (g_get_home_dir (), "worker.qcow2", NULL);
  make_disk (fixture->disk);
  device = g_strdup_printf ("<disk type='file'><driver name='qemu' type='qcow2'/><source file='%s'/>"
                            "<target dev='vda' bus='virtio'/></disk>", fixture->disk);

  fixture->obedient = add_machine_with (fixture->connection, "obedient",
                                        g_getenv ("XENO_TEST_WORKER_ISO"), device);
  fixture->stubborn = add_machine (fixture->connection, "stubborn", "");
  must ("start obedient stubborn");
  xeno_test_until (is_at_work, fixture->disk); /* it listens now */
  wait_for_machine (fixture->obedient, XENO_MACHINE_RUNNING);
  wait_for_machine (fixture->stubborn, XENO_MACHINE_RUNNING);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  g_free (fixture->disk);
}

static void
the_power_button_turns_a_guest_off (Fixture       *fixture,
                                    gconstpointer  data)
{
  must ("stop obedient");
  wait_for_machine (fixture->obedient, XENO_MACHINE_OFF);
  must_not ("stop obedient");
}

static void
waiting_ends_when_the_guest_is_off (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_auto (Run) run = { 0 };

  must ("stop --wait obedient");
  run_xeno (&run, "info --json obedient");
  g_assert_nonnull (strstr (run.output, "\"state\" : \"off\""));
}

static void
waiting_ends_in_time_and_names_the_next_step (Fixture       *fixture,
                                              gconstpointer  data)
{
  g_auto (Run) run = { 0 };

  run_xeno (&run, "stop --wait --timeout 1 stubborn");
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (run.errors, ==, "xeno: “stubborn” did not shut down in time. Wait longer, or use --force.\n");
  wait_for_machine (fixture->stubborn, XENO_MACHINE_RUNNING);

  must ("stop --force stubborn");
  wait_for_machine (fixture->stubborn, XENO_MACHINE_OFF);
}

static void
one_that_stays_on_keeps_no_other_from_stopping (Fixture       *fixture,
                                                gconstpointer  data)
{
  must_not ("stop --wait --timeout 1 stubborn obedient");
  g_assert_true (xeno_machine_is_active (fixture->stubborn));
  wait_for_machine (fixture->obedient, XENO_MACHINE_OFF);
}

static void
without_a_time_to_wait_nothing_is_done (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_auto (Run) run = { 0 };

  run_xeno (&run, "stop --wait --timeout 0 obedient");
  g_assert_cmpint (run.status, ==, 2);
  g_assert_cmpint (xeno_machine_get_state (fixture->obedient), ==, XENO_MACHINE_RUNNING);
}

static const struct
{
  const char *path;
  void      (*func) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "the-power-button-turns-a-guest-off", the_power_button_turns_a_guest_off },
  { "waiting-ends-when-the-guest-is-off", waiting_ends_when_the_guest_is_off },
  { "waiting-ends-in-time-and-names-the-next-step", waiting_ends_in_time_and_names_the_next_step },
  { "one-that-stays-on-keeps-no-other-from-stopping", one_that_stays_on_keeps_no_other_from_stopping },
  { "without-a-time-to-wait-nothing-is-done", without_a_time_to_wait_nothing_is_done },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/cli-stop/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return g_test_run ();
}
