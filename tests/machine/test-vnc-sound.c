/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest plays is heard through VNC, from a real QEMU. */
#include "config.h"

#include <glib/gstdio.h>

#include "support/display-rig.h"
#include "support/xeno-test.h"

/* The guest of the agent's tests beeps without end. */
static void
test_the_speaker_is_heard (void)
{
  const char *path = g_getenv ("XENO_TEST_SOUND");
  g_autofree char *asked_path = g_strconcat (path, ".asked", NULL);
  DisplayRig *rig = display_rig_new ();
  g_autofree char *drive = g_strdup_printf ("file=%s,format=raw,media=cdrom", g_getenv ("XENO_TEST_BRIDGE_ISO"));
  g_autofree char *vnc = g_strdup_printf ("unix:%s,audiodev=sound", display_rig_get_path (rig));
  g_autofree char *asked = NULL;
  const char *argv[] = {
    "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-accel", "tcg", "-m", "32", "-vga", "std",
    "-audiodev", "none,id=sound", "-machine", "pc,pcspk-audiodev=sound", "-drive", drive,
    "-serial", "null", "-serial", "null", "-vnc", vnc, NULL,
  };
  XenoConsoleBackend *backend;

  display_rig_start_server (rig, argv);
  backend = display_rig_new_backend (rig, "vnc");
  display_rig_await_ability (backend, XENO_DISPLAY_ABILITY_SOUND);
  display_rig_await_sound (path);
  g_assert_true (g_file_get_contents (asked_path, &asked, NULL, NULL));
  g_assert_cmpstr (asked, ==, "play 44100 2\n");

  xeno_console_backend_stop (backend);
  g_assert_finalize_object (backend);
  display_rig_stop_server (rig);
  g_object_unref (rig);
  g_unlink (path);
  g_unlink (asked_path);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *program = NULL;
  g_autofree char *sound = NULL;

  g_test_init (&argc, &argv, NULL);

  program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "fake-sound.sh", NULL);
  sound = g_build_filename (g_get_tmp_dir (), "vnc-sound", NULL);
  g_setenv ("XENOLITH_SOUND_PATH", program, TRUE);
  g_setenv ("XENO_TEST_SOUND", sound, TRUE);
  g_test_add_func ("/xeno/vnc-sound/the-speaker-is-heard", test_the_speaker_is_heard);

  return g_test_run ();
}
