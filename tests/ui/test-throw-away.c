/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Throw-away copies from the machine's menu: run, marked, kept ready, and gone. */
#include "config.h"

#include "app-rig.h"
#include "app/xeno-console-window.h"
#include "find-widget.h"
#include "pages/xeno-trust-badge.h"
#include "support/xeno-test.h"
#include "virt/xeno-warm-note.h"

static GListModel *
get_machines (void)
{
  return xeno_connection_get_machines (xeno_machine_get_connection (find_machine (UUID)));
}

static gboolean
has_machines (gpointer n_machines)
{
  return g_list_model_get_n_items (get_machines ()) == GPOINTER_TO_UINT (n_machines);
}

/* Borrowed: it lives in the list. */
static XenoMachine *
find_copy (void)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_machines ()); i++)
    {
      g_autoptr (XenoMachine) machine = g_list_model_get_item (get_machines (), i);

      if (xeno_machine_is_throw_away (machine))
        return machine;
    }
  return NULL;
}

static gboolean
is_kept_ready (gpointer data)
{
  g_autoptr (XenoWarmNote) note = xeno_warm_note_of_machine (find_machine (UUID));

  return note != NULL;
}

static gboolean
is_kept_no_more (gpointer data)
{
  return !is_kept_ready (data);
}

static void
answer (const char *response)
{
  AdwMessageDialog *dialog = await_window (ADW_TYPE_MESSAGE_DIALOG);

  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static const char *
get_word (GtkWidget *badge)
{
  return gtk_label_get_label (GTK_LABEL (adw_bin_get_child (ADW_BIN (badge))));
}

/* What runs is shown with its mark, and is gone when it stops. */
static void
see_copy_go (const char *word)
{
  GtkWidget *window = await_window (XENO_TYPE_CONSOLE_WINDOW);
  GtkWidget *badge = find_widget (window, XENO_TYPE_TRUST_BADGE);

  g_assert_true (gtk_widget_get_visible (badge));
  g_assert_cmpstr (get_word (badge), ==, word);
  g_assert_nonnull (gtk_widget_get_tooltip_text (badge));
  virsh ("destroy", xeno_machine_get_uuid (find_copy ()));
  xeno_test_until (has_machines, GUINT_TO_POINTER (1));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CONSOLE_WINDOW));
}

static void
test_copy_runs_and_is_gone (void)
{
  g_application_activate (G_APPLICATION (application));
  define_machine ();
  xeno_test_until (shows_page, (gpointer) "machines");
  xeno_window_show_machine (get_main_window (), find_machine (UUID));

  act_in_window ("machine.run-throw-away");
  xeno_test_until (has_machines, GUINT_TO_POINTER (2));
  see_copy_go ("Throw-away");
}

static gboolean
is_untrusted (gpointer data)
{
  return xeno_machine_is_untrusted (find_machine (UUID));
}

static gboolean
is_trusted (gpointer data)
{
  return !is_untrusted (data);
}

static void
test_copy_of_what_is_not_trusted (void)
{
  act_in_window ("machine.share-nothing");
  xeno_test_until (is_untrusted, NULL);
  act_in_window ("machine.run-throw-away");
  xeno_test_until (has_machines, GUINT_TO_POINTER (2));
  see_copy_go ("Untrusted");
  act_in_window ("machine.share-nothing");
  xeno_test_until (is_trusted, NULL);
}

/* Without an agent a person says when it is ready. */
static void
test_copy_is_kept_ready (void)
{
  g_assert_false (offers_action ((gpointer) "machine.discard-ready"));
  act_in_window ("machine.keep-ready");
  answer ("cancel");
  g_assert_true (offers_action ((gpointer) "machine.keep-ready"));

  activate_in_window ("machine.keep-ready");
  answer ("keep");
  xeno_test_until (has_window, GSIZE_TO_POINTER (XENO_TYPE_CONSOLE_WINDOW));
  answer ("ready");
  xeno_test_until (is_kept_ready, NULL);
  xeno_test_until (has_machines, GUINT_TO_POINTER (1));
  xeno_test_until (has_no_window, GSIZE_TO_POINTER (XENO_TYPE_CONSOLE_WINDOW));

  act_in_window ("machine.run-throw-away");
  xeno_test_until (has_machines, GUINT_TO_POINTER (2));
  see_copy_go ("Throw-away");

  act_in_window ("machine.discard-ready");
  answer ("discard");
  xeno_test_until (is_kept_no_more, NULL);
  xeno_test_until (offers_action, (gpointer) "machine.keep-ready");
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  start_application ();

  g_test_add_func ("/xeno/throw-away/runs-and-is-gone", test_copy_runs_and_is_gone);
  g_test_add_func ("/xeno/throw-away/is-not-trusted-where-the-machine-is-not", test_copy_of_what_is_not_trusted);
  g_test_add_func ("/xeno/throw-away/goes-on-from-what-is-kept-ready", test_copy_is_kept_ready);
  status = g_test_run ();

  stop_application ();
  return status;
}
