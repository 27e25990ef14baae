/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every console backend does, whatever its frames come from. */
#include "config.h"

#include "xeno-backend-fake.h"

static void
test_releases_what_is_pressed (void)
{
  g_autoptr (XenoConsoleBackend) backend = xeno_backend_fake_new ();
  g_autofree char *input = NULL;

  xeno_console_backend_start (backend);
  xeno_console_backend_key (backend, 0x1d, 0xffe3, TRUE);
  xeno_console_backend_key (backend, 0x1e, 'a', TRUE);
  xeno_console_backend_key (backend, 0x1e, 'a', TRUE);
  xeno_console_backend_button (backend, 9, TRUE);
  xeno_console_backend_key (backend, 0x30, 'b', FALSE);
  xeno_console_backend_button (backend, 1, FALSE);
  xeno_console_backend_button (backend, 40, TRUE);
  xeno_console_backend_stop (backend);

  input = xeno_backend_fake_take_input (XENO_BACKEND_FAKE (backend));
  g_assert_cmpstr (input, ==,
                   "key 1d down\nkey 1e down\nkey 1e down\nbutton 9 down\n"
                   "key 1e up\nkey 1d up\nbutton 9 up\n");
}

static void
count_cb (XenoConsoleBackend *backend,
          int                 x,
          int                 y,
          int                 width,
          int                 height,
          GString            *seen)
{
  g_string_append_printf (seen, "%d,%d %dx%d\n", x, y, width, height);
}

static void
test_cuts_damage_to_the_surface (void)
{
  g_autoptr (XenoConsoleBackend) backend = xeno_backend_fake_new ();
  g_autoptr (GString) seen = g_string_new (NULL);

  g_signal_connect (backend, "damage", G_CALLBACK (count_cb), seen);
  xeno_console_backend_damage (backend, 0, 0, 10, 10);
  xeno_console_backend_start (backend);
  xeno_console_backend_damage (backend, -5, -5, 10, 10);
  xeno_console_backend_damage (backend, 630, 470, G_MAXINT, G_MAXINT);
  xeno_console_backend_damage (backend, 640, 0, 1, 1);
  xeno_console_backend_damage (backend, 3, 3, -1, 5);
  xeno_console_backend_damage (backend, G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT);

  g_assert_cmpstr (seen->str, ==, "0,0 5x5\n630,470 10x10\n");
}

static void
test_a_surface_outlives_its_backend (void)
{
  XenoConsoleBackend *backend = xeno_backend_fake_new ();
  g_autoptr (XenoSurface) surface = NULL;

  xeno_console_backend_start (backend);
  surface = xeno_surface_ref (xeno_console_backend_get_surface (backend));
  xeno_backend_fake_fill (XENO_BACKEND_FAKE (backend), 0, 0, 1, 1, 0x00123456);
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (backend), 10, 10);
  g_assert_finalize_object (backend);

  g_assert_cmpuint (xeno_surface_get_width (surface), ==, 640);
  g_assert_cmphex (*(const guint32 *) (gconstpointer) xeno_surface_get_pixels (surface), ==, 0x123456);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/console-backend/releases-what-is-pressed", test_releases_what_is_pressed);
  g_test_add_func ("/xeno/console-backend/cuts-damage-to-the-surface", test_cuts_damage_to_the_surface);
  g_test_add_func ("/xeno/console-backend/a-surface-outlives-its-backend",
                   test_a_surface_outlives_its_backend);

  return g_test_run ();
}
