/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console with a fake guest in a window, and the hand that types into it. */
#include "config.h"

#include <gdk/x11/gdkx.h>

#include "console-fixture.h"

static void
painted_cb (Fixture *fixture)
{
  fixture->n_frames++;
}

gboolean
was_painted (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_frames >= fixture->wanted_frames;
}

void
await_frame (Fixture *fixture)
{
  fixture->wanted_frames = fixture->n_frames + 1;
  gtk_widget_queue_draw (GTK_WIDGET (fixture->console));
  xeno_test_until (was_painted, fixture);
}

gboolean
has_input (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *input = xeno_backend_fake_take_input (fixture->fake);

  g_string_append (fixture->input, input);
  return g_str_has_suffix (fixture->input->str, fixture->wanted_input);
}

/* Waits until the input ends as @expected does, and checks that nothing came before it. */
void
assert_input (Fixture    *fixture,
              const char *expected)
{
  fixture->wanted_input = expected;
  xeno_test_until (has_input, fixture);
  g_assert_cmpstr (fixture->input->str, ==, expected);
  g_string_truncate (fixture->input, 0);
}

static gboolean
is_as_wanted (gpointer data)
{
  Fixture *fixture = data;

  return xeno_console_is_grabbed (fixture->console) == fixture->wanted_grab;
}

void
await_grab (Fixture  *fixture,
            gboolean  is_grabbed)
{
  fixture->wanted_grab = is_grabbed;
  xeno_test_until (is_as_wanted, fixture);
}

Display *
get_xdisplay (void)
{
  return gdk_x11_display_get_xdisplay (gdk_display_get_default ());
}

/* There is no window manager to give the focus. */
void
set_focus (GtkWidget *window)
{
  Window xid = window != NULL ? gdk_x11_surface_get_xid (gtk_native_get_surface (GTK_NATIVE (window)))
                              : None;

  XSetInputFocus (get_xdisplay (), xid, RevertToNone, CurrentTime);
  XSync (get_xdisplay (), False);
}

void
type (Fixture    *fixture,
      const char *first,
      ...) G_GNUC_NULL_TERMINATED;

void
type (Fixture    *fixture,
      const char *first,
      ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  va_list args;

  g_ptr_array_add (argv, (gpointer) "xdotool");
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static void
passed_cb (Fixture *fixture)
{
  fixture->n_passed++;
}

void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *controller = gtk_event_controller_key_new ();

  fixture->input = g_string_new (NULL);
  fixture->backend = xeno_backend_fake_new ();
  fixture->fake = XENO_BACKEND_FAKE (fixture->backend);
  xeno_console_backend_start (fixture->backend);
  xeno_console_backend_set_absolute_pointer (fixture->backend, TRUE);
  xeno_backend_fake_resize (fixture->fake, GUEST_WIDTH, GUEST_HEIGHT);

  fixture->window = gtk_window_new ();
  fixture->console = XENO_CONSOLE (xeno_console_new ());
  fixture->entry = gtk_entry_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->console), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->console));
  gtk_box_append (GTK_BOX (box), fixture->entry);
  gtk_widget_hide (fixture->entry);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), GUEST_WIDTH, GUEST_HEIGHT);
  g_signal_connect_swapped (controller, "key-released", G_CALLBACK (passed_cb), fixture);
  gtk_widget_add_controller (fixture->window, controller);
  xeno_console_set_backend (fixture->console, fixture->backend);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->console));
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_signal_connect_swapped (gtk_widget_get_frame_clock (fixture->window), "after-paint",
                            G_CALLBACK (painted_cb), fixture);
  await_frame (fixture);
  set_focus (fixture->window);
  await_grab (fixture, TRUE);
}

void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (fixture->window), fixture);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->backend);
  g_string_free (fixture->input, TRUE);
}

static gboolean
has_size (gpointer data)
{
  Fixture *fixture = data;
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  return gtk_widget_get_width (GTK_WIDGET (fixture->console)) == width &&
         gtk_widget_get_height (GTK_WIDGET (fixture->console)) == height;
}

void
resize (Fixture *fixture,
        int      width,
        int      height)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, height);
  xeno_test_until (has_size, fixture);
  await_frame (fixture);
}
