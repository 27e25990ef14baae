/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console that was resized and opened again and again takes no more than one that was not. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "app/xeno-viewer-display.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

/* How often, where nobody says otherwise: `XENO_TEST_RESIZES=10000 XENO_TEST_RECONNECTS=500`. */
#define N_RESIZES 400
#define N_RECONNECTS 30

/* What the first ones leave in caches, arenas and pools of threads is no growth. */
#define N_WARM 10
#define MAX_GROWTH_KIB 3072

#if defined (__SANITIZE_ADDRESS__)
# define IS_SANITIZED TRUE
#else
# define IS_SANITIZED FALSE
#endif

typedef struct
{
  guint64 pss_kib;
  guint   n_fds;
} Footprint;

typedef struct
{
  DisplayRig         *rig;
  XenoViewer         *viewer;
  XenoConsoleBackend *backend;
  guint               n_surfaces;
  guint               n_wanted;
} Fixture;

static guint
get_number (const char *name,
            guint       otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? strtoul (text, NULL, 10) : otherwise;
}

static guint64
read_pss (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL));
  line = strstr (text, "\nPss_Anon:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen ("\nPss_Anon:"), NULL, 10);
}

static guint
count_fds (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static gboolean
has_few_fds (gpointer data)
{
  return count_fds () <= *(guint *) data;
}

static Footprint
measure (void)
{
  return (Footprint) { read_pss (), count_fds () };
}

static void
assert_no_growth (Footprint  before,
                  guint      n_times)
{
  Footprint after;

  /* What came or was closed last is still on its way. */
  xeno_test_until (has_few_fds, &before.n_fds);
  after = measure ();
  g_test_message ("%u times: %" G_GUINT64_FORMAT " KiB before, %" G_GUINT64_FORMAT " KiB after; "
                  "%u descriptors before, %u after",
                  n_times, before.pss_kib, after.pss_kib, before.n_fds, after.n_fds);
  if (!IS_SANITIZED)
    g_assert_cmpuint (after.pss_kib, <=, before.pss_kib + MAX_GROWTH_KIB);
}

static void
start_server (Fixture    *fixture,
              const char *mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "rfb-server.py", NULL);
  const char *argv[] = { program, display_rig_get_path (fixture->rig), mode, NULL };

  display_rig_start_server (fixture->rig, argv);
}

static void
surface_cb (Fixture *fixture)
{
  fixture->n_surfaces++;
}

static gboolean
has_enough (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_surfaces >= fixture->n_wanted;
}

static void
await_surfaces (Fixture *fixture,
                guint    n)
{
  /* So many at a time as the deadline allows. */
  const guint step = 200;

  while (n > 0)
    {
      fixture->n_wanted = fixture->n_surfaces + MIN (n, step);
      n -= MIN (n, step);
      xeno_test_until (has_enough, fixture);
    }
}

static void
test_resizes_without_growing (void)
{
  const guint n_times = get_number ("XENO_TEST_RESIZES", N_RESIZES);
  Fixture fixture = { .rig = display_rig_new () };
  Footprint before;

  start_server (&fixture, "resize-forever");
  fixture.backend = display_rig_new_backend (fixture.rig, "vnc");
  g_signal_connect_swapped (fixture.backend, "surface-changed", G_CALLBACK (surface_cb), &fixture);
  await_surfaces (&fixture, 5 * N_WARM);

  before = measure ();
  await_surfaces (&fixture, n_times);
  assert_no_growth (before, n_times);

  xeno_console_backend_stop (fixture.backend);
  g_assert_finalize_object (fixture.backend);
  g_object_unref (fixture.rig);
}

static void
open_and_close (Fixture *fixture)
{
  xeno_console_backend_start (fixture->backend);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  xeno_console_backend_stop (fixture->backend);
}

static gboolean
has_one_reference (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
test_reconnects_without_growing (void)
{
  const guint n_times = get_number ("XENO_TEST_RECONNECTS", N_RECONNECTS);
  Fixture fixture = { .rig = display_rig_new () };
  g_autoptr (XenoAddress) address = NULL;
  g_autofree char *uri = NULL;
  Footprint before;

  start_server (&fixture, "good");
  uri = g_strconcat ("vnc+unix://", display_rig_get_path (fixture.rig), NULL);
  address = xeno_address_new (uri, NULL);
  fixture.viewer = xeno_viewer_new (address, NULL);
  fixture.backend = xeno_viewer_display_open (fixture.viewer);
  g_signal_connect (fixture.backend, "damage", G_CALLBACK (xeno_console_backend_frame_done), NULL);

  for (guint i = 0; i < N_WARM; i++)
    open_and_close (&fixture);
  before = measure ();
  for (guint i = 0; i < n_times; i++)
    open_and_close (&fixture);
  assert_no_growth (before, n_times);

  g_assert_finalize_object (fixture.backend);
  xeno_test_until (has_one_reference, fixture.viewer);
  g_assert_finalize_object (fixture.viewer);
  g_object_unref (fixture.rig);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/growth/resizes-without-growing", test_resizes_without_growing);
  g_test_add_func ("/xeno/growth/reconnects-without-growing", test_reconnects_without_growing);

  return g_test_run ();
}
