/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel under test in its window: its serial port in view, what it said when it gave up, and the next build by
 * one key. */
#include "config.h"

#include <adwaita.h>

#include "app/xeno-console-view-private.h"
#include "app/xeno-console-window.h"
#include "app/xeno-machine-session.h"
#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"
#include "machine/daemon-fixture.h"

#define MIB   (G_GUINT64_CONSTANT (1) << 20)
#define WORDS "No working init found."

typedef struct
{
  XenoConnection  *connection;
  XenoMachine     *machine;
  GtkWidget       *window;
  XenoConsoleView *view;
  const char      *wanted;
} Fixture;

static XenoMedia *
open_kernel (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_getenv ("XENO_TEST_KERNEL"));
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

/* It waits for its debugger, so that nothing it says is missed. */
static XenoMachine *
create_machine (XenoConnection *connection,
                const char     *words)
{
  g_autoptr (XenoMedia) media = open_kernel ();
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);
  XenoDirectBoot *boot = xeno_recipe_get_direct_boot (recipe);
  g_autoptr (XenoJob) job = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  XenoMachine *machine;

  xeno_recipe_set_title (recipe, "kernel");
  xeno_recipe_set_memory_bytes (recipe, 64 * MIB);
  xeno_recipe_set_n_cpus (recipe, 1);
  xeno_recipe_set_disk_bytes (recipe, 0);
  xeno_direct_boot_set_cmdline (boot, words);
  xeno_direct_boot_set_light (boot, TRUE);
  xeno_direct_boot_set_debugger (boot, TRUE);
  xeno_direct_boot_set_waits (boot, TRUE);
  job = xeno_builder_start (connection, XENO_PLAN (recipe), TRUE, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  machine = xeno_builder_finish (result, &error);
  g_assert_no_error (error);
  return machine;
}

/* Its display is not what is looked at. */
static XenoConsoleBackend *
open_nothing (XenoMachine *machine,
              const char  *type,
              guint        index)
{
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (XenoConsoleSession) session = NULL;

  fixture->connection = open_session ();
  fixture->machine = create_machine (fixture->connection, data);
  session = xeno_machine_session_new (fixture->machine, open_nothing);
  fixture->window = xeno_console_window_new (NULL, session);
  fixture->view = xeno_console_window_get_view (XENO_CONSOLE_WINDOW (fixture->window));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *) data)->window == NULL;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_close (GTK_WINDOW (fixture->window));
  xeno_test_until (is_closed, fixture);
  g_object_unref (fixture->machine);
  remove_machines (fixture->connection);
  g_assert_finalize_object (fixture->connection);
}

static gboolean
listens (gpointer data)
{
  Fixture *fixture = data;
  XenoTextPage *page = xeno_console_view_get_text (fixture->view);

  return page != NULL && xeno_text_page_is_open (page);
}

/* With its port open before the first word. */
static void
let_it_go_on (Fixture *fixture)
{
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
  xeno_test_until (listens, fixture);
  do_verb (fixture->machine, "resume");
}

static gboolean
is_written (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = xeno_terminal_dup_text (xeno_console_view_get_terminal (fixture->view));

  return strstr (text, fixture->wanted) != NULL;
}

static gboolean
says_why (gpointer data)
{
  return g_strcmp0 (xeno_panic_bar_get_text (((Fixture *) data)->view->panic_bar), WORDS) == 0;
}

static gboolean
says_nothing (gpointer data)
{
  return xeno_panic_bar_get_text (((Fixture *) data)->view->panic_bar) == NULL;
}

static void
a_panic_is_said_and_one_key_runs_it_again (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_assert_cmpstr (xeno_console_view_get_shown (fixture->view), ==, "serial-0");
  g_assert_true (says_nothing (fixture));
  let_it_go_on (fixture);
  fixture->wanted = "<b>kernel</b> panic";
  xeno_test_until (is_written, fixture);
  xeno_test_until (says_why, fixture);
  g_assert_cmpstr (xeno_machine_get_panic (fixture->machine), ==, WORDS);
  wait_for_machine (fixture->machine, XENO_MACHINE_PANICKED);
  g_assert_true (says_why (fixture));

  /* Also while it is paused again, its last words are of the past. */
  gtk_widget_activate_action (fixture->window, "machine.run-again", NULL);
  wait_for_machine (fixture->machine, XENO_MACHINE_PAUSED);
  xeno_test_until (says_nothing, fixture);
  let_it_go_on (fixture);
  xeno_test_until (says_why, fixture);
}

static void
a_closed_bar_stays_closed (Fixture       *fixture,
                           gconstpointer  data)
{
  GtkWidget *bar = gtk_widget_get_first_child (GTK_WIDGET (fixture->view->panic_bar));

  let_it_go_on (fixture);
  xeno_test_until (says_why, fixture);
  gtk_info_bar_response (GTK_INFO_BAR (bar), GTK_RESPONSE_CLOSE);
  g_assert_true (says_nothing (fixture));
  wait_for_machine (fixture->machine, XENO_MACHINE_PANICKED);
  g_assert_true (says_nothing (fixture));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/xeno/kernel-window/a-panic-is-said-and-one-key-runs-it-again", Fixture, "<b>kernel</b> panic", set_up,
              a_panic_is_said_and_one_key_runs_it_again, tear_down);
  g_test_add ("/xeno/kernel-window/a-closed-bar-stays-closed", Fixture, "panic", set_up, a_closed_bar_stays_closed,
              tear_down);

  return g_test_run ();
}
