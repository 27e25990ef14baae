/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a disc image to its picture in our window: every pixel as libvirt sees it, every key to the guest. */
#include "config.h"

#include <adwaita.h>
#include <signal.h>

#include "app/xeno-console-window.h"
#include "app/xeno-graphics-socket.h"
#include "app/xeno-machine-session.h"
#include "console/xeno-console.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"
#include "machine/daemon-fixture.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)

/* The screen guest's. */
#define GUEST_WIDTH 800
#define GUEST_HEIGHT 600

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *machine;
  GtkWidget      *window;
  XenoConsole    *console;
  guint32         wanted_corner; /* red, green, blue at (10, 10) */
  GdkTexture     *theirs;        /* borrowed */
} Fixture;

static XenoMedia *
open_disc (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_getenv ("XENO_TEST_SCREEN_ISO"));
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  XenoMedia *media;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, &error);
  g_assert_no_error (error);
  return media;
}

static XenoMachine *
create_machine (XenoConnection *connection,
                const char     *graphics)
{
  g_autoptr (XenoMedia) media = open_disc ();
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  XenoMachine *machine;

  xeno_recipe_set_title (recipe, graphics);
  xeno_recipe_set_memory_bytes (recipe, 64 * MIB);
  xeno_recipe_set_n_cpus (recipe, 1);
  xeno_recipe_set_disk_bytes (recipe, 64 * MIB);
  xeno_recipe_set_graphics (recipe, graphics);
  job = xeno_builder_start (connection, XENO_PLAN (recipe), TRUE, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  machine = xeno_builder_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_DONE);
  return machine;
}

static GtkWidget *
find_console (GtkWidget *widget)
{
  if (XENO_IS_CONSOLE (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_console (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static guchar *
download (GdkTexture *texture)
{
  gsize stride = (gsize) gdk_texture_get_width (texture) * 4;
  guchar *pixels = g_malloc (stride * gdk_texture_get_height (texture));

  gdk_texture_download (texture, pixels, stride); /* as cairo has it: blue, green, red, unused */
  return pixels;
}

static gboolean
shows_guest (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GdkTexture) texture = xeno_console_take_screenshot (fixture->console);
  g_autofree guchar *pixels = NULL;
  const guchar *corner;

  if (texture == NULL || gdk_texture_get_width (texture) != GUEST_WIDTH
      || gdk_texture_get_height (texture) != GUEST_HEIGHT)
    return FALSE;

  pixels = download (texture);
  corner = pixels + (10 * GUEST_WIDTH + 10) * 4;
  return ((guint32) corner[2] << 16 | (guint32) corner[1] << 8 | corner[0]) == fixture->wanted_corner;
}

static void
wait_for_corner (Fixture *fixture,
                 guint32  rgb)
{
  fixture->wanted_corner = rgb;
  xeno_test_until (shows_guest, fixture);
}

static gboolean
has_guest_size (gpointer data)
{
  GtkWidget *console = data;

  return gtk_widget_get_width (console) == GUEST_WIDTH
         && gtk_widget_get_height (console) == GUEST_HEIGHT;
}

static gboolean
has_size (gpointer data)
{
  return gtk_widget_get_width (data) > 0;
}

/* One pixel of the guest on one of the window: nothing is scaled, so nothing may differ. */
static void
fit_window (Fixture *fixture)
{
  GtkWidget *console = GTK_WIDGET (fixture->console);
  int width, height;

  xeno_test_until (has_size, console);
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window),
                               width + GUEST_WIDTH - gtk_widget_get_width (console),
                               height + GUEST_HEIGHT - gtk_widget_get_height (console));
  xeno_test_until (has_guest_size, console);
}

/* What the console shows, or NULL while it has not painted yet. */
static GdkTexture *
render (Fixture *fixture)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (fixture->console));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (fixture->window));
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable, snapshot, GUEST_WIDTH, GUEST_HEIGHT);
  node = gtk_snapshot_to_node (snapshot);
  if (node == NULL)
    return NULL;
  return gsk_renderer_render_texture (renderer, node,
                                      &GRAPHENE_RECT_INIT (0, 0, GUEST_WIDTH, GUEST_HEIGHT));
}

static GdkTexture *
take_libvirts_picture (XenoMachine *machine)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) error = NULL;
  GdkTexture *texture;

  xeno_machine_screenshot_async (machine, 0, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  picture = xeno_machine_screenshot_finish (machine, result, &error);
  g_assert_no_error (error);
  texture = gdk_texture_new_from_bytes (picture, &error);
  g_assert_no_error (error);
  return texture;
}

static guint
count_differences (GdkTexture *ours,
                   GdkTexture *theirs)
{
  g_autofree guchar *a = download (ours);
  g_autofree guchar *b = download (theirs);
  guint n = 0;

  g_assert_cmpint (gdk_texture_get_width (ours), ==, gdk_texture_get_width (theirs));
  g_assert_cmpint (gdk_texture_get_height (ours), ==, gdk_texture_get_height (theirs));
  for (gsize i = 0; i < (gsize) GUEST_WIDTH * GUEST_HEIGHT; i++)
    if (memcmp (a + i * 4, b + i * 4, 3) != 0)
      n++;
  return n;
}

static gboolean
shows_libvirts_picture (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GdkTexture) ours = render (fixture);

  return ours != NULL && count_differences (ours, fixture->theirs) == 0;
}

/* The window paints a frame after it was given its size. */
static void
wait_for_libvirts_picture (Fixture *fixture)
{
  g_autoptr (GdkTexture) theirs = take_libvirts_picture (fixture->machine);

  fixture->theirs = theirs;
  xeno_test_until (shows_libvirts_picture, fixture);
}

static void
type_key (Fixture    *fixture,
          const char *key)
{
  const char *argv[] = { "xdotool", "search", "--name", xeno_machine_get_title (fixture->machine),
                         "windowfocus", "--sync", "key", key, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) xdotool = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_no_error (error);
  g_subprocess_wait_check_async (xdotool, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_true (g_subprocess_wait_check_finish (xdotool, result, &error));
  g_assert_no_error (error);
}

static gboolean
is_frozen (gpointer data)
{
  return xeno_console_backend_get_state (xeno_console_get_backend (data)) == XENO_CONSOLE_FROZEN;
}

static gboolean
is_live (gpointer data)
{
  return xeno_console_backend_get_state (xeno_console_get_backend (data)) == XENO_CONSOLE_LIVE;
}

static void
signal_decoder (const char *name)
{
  g_autofree char *parent = g_strdup_printf ("%d", getpid ());
  const char *argv[] = { "pkill", name, "-P", parent, "-f", "xenolith-display", NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  graphics)
{
  g_autoptr (XenoConsoleSession) session = NULL;

  fixture->connection = open_session ();
  fixture->machine = create_machine (fixture->connection, graphics);
  session = xeno_machine_session_new (fixture->machine, xeno_graphics_socket_open);
  fixture->window = xeno_console_window_new (NULL, session);
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->console = XENO_CONSOLE (find_console (fixture->window));
  wait_for_corner (fixture, 0x0a0a00);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  graphics)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->machine);
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
}

static void
pixels_in_the_window_are_those_libvirt_sees (Fixture       *fixture,
                                             gconstpointer  graphics)
{
  fit_window (fixture);
  wait_for_libvirts_picture (fixture);
}

static void
keys_typed_into_the_window_arrive_in_the_guest (Fixture       *fixture,
                                                gconstpointer  graphics)
{
  type_key (fixture, "a");
  wait_for_corner (fixture, 0x9eff9e); /* the guest's answer to letting go of 1e */
  type_key (fixture, "Right");
  wait_for_corner (fixture, 0xcdffcd);
  fit_window (fixture);
  wait_for_libvirts_picture (fixture);
}

static void
picture_comes_back_after_a_reset_and_a_new_start (Fixture       *fixture,
                                                  gconstpointer  graphics)
{
  type_key (fixture, "a");
  wait_for_corner (fixture, 0x9eff9e);
  do_verb (fixture->machine, "reset");
  wait_for_corner (fixture, 0x0a0a00);

  type_key (fixture, "a");
  wait_for_corner (fixture, 0x9eff9e);
  do_verb (fixture->machine, "force-off");
  wait_for_machine (fixture->machine, XENO_MACHINE_OFF);
  do_verb (fixture->machine, "start");
  wait_for_corner (fixture, 0x0a0a00);
}

static void
assert_comes_back (Fixture *fixture)
{
  g_autoptr (GdkTexture) frozen = NULL;

  xeno_test_until (is_frozen, fixture->console);
  frozen = xeno_console_take_screenshot (fixture->console);
  g_assert_nonnull (frozen);
  xeno_test_until (is_live, fixture->console);
  type_key (fixture, "a");
  wait_for_corner (fixture, 0x9eff9e);
  fit_window (fixture);
  wait_for_libvirts_picture (fixture);
}

static void
picture_stands_and_comes_back_when_the_decoder_is_killed (Fixture       *fixture,
                                                          gconstpointer  graphics)
{
  signal_decoder ("-KILL");
  assert_comes_back (fixture);
}

static void
picture_stands_and_comes_back_when_the_decoder_hangs (Fixture       *fixture,
                                                      gconstpointer  graphics)
{
  signal_decoder ("-STOP");
  type_key (fixture, "b"); /* a guest that stands still looks no other */
  assert_comes_back (fixture);
}

static XenoConsoleSession *
get_session (Fixture *fixture)
{
  return xeno_console_view_get_session (xeno_console_window_get_view (XENO_CONSOLE_WINDOW (fixture->window)));
}

static gboolean
is_taken (gpointer data)
{
  return xeno_console_session_get_situation (data) == XENO_SITUATION_TAKEN;
}

static gboolean
is_clear (gpointer data)
{
  return xeno_console_session_get_situation (data) == XENO_SITUATION_CLEAR;
}

/* Its own connections have all been told. */
static gboolean
is_settled (gpointer data)
{
  return g_get_monotonic_time () - *(gint64 *) data > 3 * G_USEC_PER_SEC;
}

static void
another_viewer_is_given_way_to (Fixture       *fixture,
                                gconstpointer  graphics)
{
  XenoConsoleSession *session = get_session (fixture);
  g_autoptr (XenoConsoleSession) rival = NULL;
  gint64 since_us = g_get_monotonic_time ();

  xeno_test_until (is_clear, session);
  xeno_test_until (is_settled, &since_us);
  rival = xeno_machine_session_new (fixture->machine, xeno_graphics_socket_open);
  xeno_test_until (is_clear, rival);

  /* SPICE and QEMU's own have one viewer at a time, VNC many. */
  if (g_str_equal (graphics, "vnc"))
    {
      g_assert_true (is_clear (session));
      return;
    }

  xeno_test_until (is_taken, session);
  g_assert_true (is_clear (rival));
  xeno_console_session_close (rival);
  gtk_widget_activate_action (fixture->window, "console.try-again", NULL);
  xeno_test_until (is_clear, session);
  type_key (fixture, "a");
  wait_for_corner (fixture, 0x9eff9e);
}

static const struct
{
  const char *name;
  void      (*func) (Fixture       *fixture,
                     gconstpointer  graphics);
} tests[] = {
  { "pixels-in-the-window-are-those-libvirt-sees", pixels_in_the_window_are_those_libvirt_sees },
  { "keys-typed-into-the-window-arrive-in-the-guest", keys_typed_into_the_window_arrive_in_the_guest },
  { "picture-comes-back-after-a-reset-and-a-new-start",
    picture_comes_back_after_a_reset_and_a_new_start },
  { "picture-stands-and-comes-back-when-the-decoder-is-killed",
    picture_stands_and_comes_back_when_the_decoder_is_killed },
  { "picture-stands-and-comes-back-when-the-decoder-hangs",
    picture_stands_and_comes_back_when_the_decoder_hangs },
  { "another-viewer-is-given-way-to", another_viewer_is_given_way_to },
};

int
main (int   argc,
      char *argv[])
{
  static const char * const kinds[] = { "spice", "vnc", "dbus" };

  g_test_init (&argc, &argv, NULL);
  adw_init ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/xeno/screen/%s/%s", kinds[i], tests[j].name);

        g_test_add (path, Fixture, kinds[i], set_up, tests[j].func, tear_down);
      }
  return g_test_run ();
}
