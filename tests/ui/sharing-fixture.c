/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in a console whose guest is a fake, and what is shared with it. */
#include "config.h"

#include <string.h>

#include "sharing-fixture.h"
#include "support/xeno-test.h"

void
open_view (Fixture *fixture)
{
  fixture->session = open_session (fixture->connection, "running");
  fixture->machine = xeno_console_session_get_machine (fixture->session);
  fixture->view = XENO_CONSOLE_VIEW (xeno_console_view_new (fixture->session));
  fixture->guest = XENO_GUEST_FAKE (xeno_console_backend_get_guest (last_backend));
  g_object_get (fixture->view, "guest", &fixture->sharing, NULL);
  g_object_unref (fixture->sharing);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 803, 600);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

void
close_view (Fixture *fixture)
{
  gpointer window = fixture->window;

  xeno_console_session_close (fixture->session);
  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  xeno_test_until (is_null, &window);
  g_assert_finalize_object (fixture->session);
}

void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->connection = open_machines (&fixture->path);
  fixture->notes = g_string_new (NULL);
  open_view (fixture);
}

void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  close_view (fixture);
  g_string_free (fixture->notes, TRUE);
  close_machines (fixture->connection, fixture->path);
}

void
set_abilities (Fixture *fixture,
               guint    abilities)
{
  xeno_guest_set_abilities (XENO_GUEST (fixture->guest), abilities);
}

gboolean
has_noted (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *notes = xeno_guest_fake_take_notes (fixture->guest);

  g_string_append (fixture->notes, notes);
  return strstr (fixture->notes->str, fixture->expected) != NULL;
}

void
await_note (Fixture    *fixture,
            const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_noted, fixture);
  g_string_set_size (fixture->notes, 0);
}

gboolean
is_enabled (Fixture    *fixture,
            const char *action)
{
  return g_action_group_get_action_enabled (xeno_console_view_get_actions (fixture->view), action);
}

void
assert_state (Fixture    *fixture,
              const char *action,
              const char *expected)
{
  g_autoptr (GVariant) state =
    g_action_group_get_action_state (xeno_console_view_get_actions (fixture->view), action);
  g_autofree char *text = g_variant_print (state, FALSE);

  g_assert_cmpstr (text, ==, expected);
}

void
change (Fixture    *fixture,
        const char *action,
        GVariant   *state)
{
  g_action_group_change_action_state (xeno_console_view_get_actions (fixture->view), action, state);
}

void
set_note (Fixture    *fixture,
          const char *key,
          const char *value)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_machine_set_note_async (fixture->machine, key, value, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_machine_set_note_finish (fixture->machine, result, &error);
  g_assert_no_error (error);
}
