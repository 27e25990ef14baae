/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console shares with its guest: noted on the machine, shown, and done. */
#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/xeno-machine-actions.h"
#include "app/xeno-share-memory.h"
#include "base/xeno-error.h"
#include "base/xeno-job.h"
#include "console/xeno-guest-monitors.h"
#include "console/xeno-usb-rules.h"
#include "dialogs/xeno-folder-dialog.h"
#include "dialogs/xeno-usb-dialog.h"
#include "find-widget.h"
#include "sharing-fixture.h"
#include "support/xeno-test.h"

static gboolean
is_on_machine (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *clipboard = xeno_machine_dup_note (fixture->machine, "clipboard");
  g_autofree char *follows = xeno_machine_dup_note (fixture->machine, "screen-follows-window");

  return g_strcmp0 (clipboard, "both") == 0 && g_strcmp0 (follows, "no") == 0;
}

static void
test_what_is_chosen_is_noted_on_the_machine (Fixture       *fixture,
                                             gconstpointer  data)
{
  g_autofree char *icon = NULL;

  set_abilities (fixture, XENO_DISPLAY_ALL_ABILITIES);
  assert_state (fixture, "clipboard", "'off'");
  assert_state (fixture, "follow-window", "true");
  change (fixture, "clipboard", g_variant_new_string ("both"));
  change (fixture, "follow-window", g_variant_new_boolean (FALSE));
  g_object_get (fixture->sharing, "clipboard-icon", &icon, NULL);
  g_assert_cmpstr (icon, ==, "xeno-clipboard-both-symbolic");
  xeno_test_until (is_on_machine, fixture);

  close_view (fixture);
  open_view (fixture);
  assert_state (fixture, "clipboard", "'both'");
  assert_state (fixture, "follow-window", "false");
  g_assert_cmpint (xeno_console_guest_get_policy (fixture->sharing), ==, XENO_CLIPBOARD_BOTH);
}

/* A refresh that was on its way may tell of the machine as it was a moment ago. */
static gboolean
shares_nothing (gpointer data)
{
  return !is_enabled (data, "clipboard") && !is_enabled (data, "usb-devices");
}

static gboolean
shares_something (gpointer data)
{
  return is_enabled (data, "clipboard");
}

static void
test_an_untrusted_machine_shares_nothing (Fixture       *fixture,
                                          gconstpointer  data)
{
  static const char *const actions[] = { "clipboard", "send-files", "usb-devices", "mute", "microphone" };
  XenoGuest *guest = XENO_GUEST (fixture->guest);
  g_autofree char *icon = NULL, *words = NULL;
  gboolean can_share, has_sound;

  set_abilities (fixture, XENO_DISPLAY_ALL_ABILITIES);
  change (fixture, "microphone", g_variant_new_boolean (TRUE));
  g_assert_true (xeno_guest_listens (guest));
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    g_assert_true (is_enabled (fixture, actions[i]));

  set_note (fixture, "clipboard", "both");
  set_note (fixture, "untrusted", "yes");
  xeno_test_until (shares_nothing, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    g_assert_false (is_enabled (fixture, actions[i]));
  g_assert_false (xeno_guest_listens (guest));
  g_assert_cmpfloat (xeno_guest_get_volume (guest), ==, 0.0);
  change (fixture, "clipboard", g_variant_new_string ("both"));
  g_assert_cmpint (xeno_console_guest_get_policy (fixture->sharing), ==, XENO_CLIPBOARD_OFF);
  g_object_get (fixture->sharing, "clipboard-icon", &icon, "clipboard-words", &words, "can-share", &can_share,
                "has-sound", &has_sound, NULL);
  g_assert_cmpstr (icon, ==, "security-high-symbolic");
  g_assert_cmpstr (words, ==, "Nothing is shared with this machine");
  g_assert_true (can_share);
  g_assert_false (has_sound);
  g_assert_true (is_enabled (fixture, "follow-window"));

  /* Trusted again it has what it had, but for the microphone: that is asked for each time. */
  set_note (fixture, "untrusted", NULL);
  xeno_test_until (shares_something, fixture);
  g_assert_cmpint (xeno_console_guest_get_policy (fixture->sharing), ==, XENO_CLIPBOARD_BOTH);
  g_assert_cmpfloat (xeno_guest_get_volume (guest), ==, 1.0);
  g_assert_false (xeno_guest_listens (guest));
}

static gboolean
is_untrusted (gpointer machine)
{
  return xeno_machine_is_untrusted (machine);
}

/* From the machine's menu, which every machine has, whatever its guest can. */
static void
test_a_person_says_that_nothing_is_shared (Fixture       *fixture,
                                           gconstpointer  data)
{
  GActionGroup *actions = xeno_machine_actions_new (fixture->machine, GTK_WINDOW (fixture->window));
  g_autoptr (GVariant) before = g_action_group_get_action_state (actions, "share-nothing");
  g_autoptr (GVariant) after = NULL;

  g_assert_false (g_variant_get_boolean (before));
  g_action_group_change_action_state (actions, "share-nothing", g_variant_new_boolean (TRUE));
  xeno_test_until (is_untrusted, fixture->machine);
  after = g_action_group_get_action_state (actions, "share-nothing");
  g_assert_true (g_variant_get_boolean (after));
  g_assert_finalize_object (actions);
}

static void
test_offers_what_the_guest_can (Fixture       *fixture,
                                gconstpointer  data)
{
  gboolean can_share;

  g_object_get (fixture->sharing, "can-share", &can_share, NULL);
  g_assert_false (can_share);
  set_abilities (fixture, XENO_DISPLAY_ABILITY_TEXT);
  g_object_get (fixture->sharing, "can-share", &can_share, NULL);
  g_assert_true (can_share);
  g_assert_true (is_enabled (fixture, "clipboard"));
  g_assert_false (is_enabled (fixture, "follow-window"));
  g_assert_false (is_enabled (fixture, "send-files"));

  set_abilities (fixture, XENO_DISPLAY_ALL_ABILITIES);
  g_assert_true (is_enabled (fixture, "send-files"));
  xeno_console_set_view_only (xeno_console_view_get_console (fixture->view), TRUE);
  g_assert_false (is_enabled (fixture, "send-files"));
  g_assert_false (is_enabled (fixture, "follow-window"));
}

/* What the guest was given last. */
static void
await_share (Fixture    *fixture,
             const char *what)
{
  g_autofree char *note = g_strdup_printf ("share %s\n", what);

  await_note (fixture, note);
}

static void
test_a_folder_is_given_as_it_was_chosen (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("xs-XXXXXX", NULL);
  g_autofree char *to_change = g_strconcat (folder, " to change", NULL);
  g_autofree char *words = NULL;

  g_assert_false (is_enabled (fixture, "shared-folder"));
  set_abilities (fixture, XENO_DISPLAY_ABILITY_FOLDER);
  g_assert_true (is_enabled (fixture, "shared-folder"));
  xeno_console_guest_set_folder (fixture->sharing, folder, FALSE);
  await_share (fixture, folder);
  g_object_get (fixture->sharing, "clipboard-words", &words, NULL);
  g_assert_nonnull (strstr (words, "which the machine may read"));
  xeno_console_guest_set_folder (fixture->sharing, folder, TRUE);
  await_share (fixture, to_change);

  /* It is remembered, and taken back when nothing is to be shared. */
  close_view (fixture);
  open_view (fixture);
  await_share (fixture, to_change);
  set_note (fixture, "untrusted", "yes");
  await_share (fixture, "nothing");
  set_abilities (fixture, XENO_DISPLAY_ABILITY_FOLDER);
  g_assert_false (is_enabled (fixture, "shared-folder"));
  xeno_console_guest_set_folder (fixture->sharing, folder, TRUE);
  set_note (fixture, "untrusted", NULL);
  await_share (fixture, to_change);
  xeno_console_guest_set_folder (fixture->sharing, NULL, FALSE);
  await_share (fixture, "nothing");
  close_view (fixture);
  open_view (fixture);
  set_abilities (fixture, XENO_DISPLAY_ABILITY_RESIZE);
  fixture->expected = "arrange ";
  xeno_test_until (has_noted, fixture);
  g_assert_null (strstr (fixture->notes->str, "share"));
  g_rmdir (folder);
}

static void
test_a_folder_that_is_gone_is_not_given (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("xs-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  xeno_console_guest_set_folder (fixture->sharing, "/nonexistent/folder", FALSE);
  xeno_console_guest_set_folder (fixture->sharing, file, FALSE);
  await_share (fixture, "nothing");
  xeno_console_guest_set_folder (fixture->sharing, folder, FALSE);
  await_share (fixture, folder);
  xeno_console_guest_set_folder (fixture->sharing, NULL, FALSE);
  g_unlink (file);
  g_rmdir (folder);
}

static void
choose (XenoFolderDialog *dialog,
        const char       *path,
        gboolean          is_writable,
        GString          *chosen)
{
  g_string_append_printf (chosen, "%s %d\n", path != NULL ? path : "nothing", is_writable);
}

static void
test_the_folder_is_shown_before_it_may_be_changed (Fixture       *fixture,
                                                   gconstpointer  data)
{
  g_autoptr (GString) chosen = g_string_new (NULL);
  GtkWidget *dialog = xeno_folder_dialog_new (GTK_WINDOW (fixture->window), NULL, TRUE);
  GtkWidget *toggle = find_widget (dialog, GTK_TYPE_SWITCH);

  g_signal_connect (dialog, "changed", G_CALLBACK (choose), chosen);
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_false (gtk_widget_is_visible (toggle));
  xeno_folder_dialog_set (XENO_FOLDER_DIALOG (dialog), "/some/<b>folder</b>", FALSE);
  g_assert_true (gtk_widget_is_visible (toggle));
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (toggle)));
  gtk_switch_set_active (GTK_SWITCH (toggle), TRUE);
  g_assert_cmpstr (chosen->str, ==, "/some/<b>folder</b> 1\n");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The window is 803 pixels wide; the guest gets whole eights. */
static void
test_the_screen_follows_the_window (Fixture       *fixture,
                                    gconstpointer  data)
{
  set_abilities (fixture, XENO_DISPLAY_ABILITY_RESIZE);
  await_note (fixture, "arrange 0:800x");
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (last_backend), 800, 600);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 480);
  await_note (fixture, "arrange 0:640x");
}

static void
want (Fixture      *fixture,
      gconstpointer viewer,
      guint         head,
      guint         width,
      guint         height)
{
  XenoMonitorWish wish = { .head = head, .follows = TRUE, .width = width, .height = height };

  xeno_guest_monitors_want (xeno_guest_monitors_get (last_backend), viewer, &wish);
}

static void
assert_asks (Fixture    *fixture,
             const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_noted, fixture);
  g_assert_cmpstr (fixture->notes->str, ==, expected);
  g_string_set_size (fixture->notes, 0);
}

/* A backend that no console shows. */
static void
use_other_backend (Fixture *fixture)
{
  xeno_console_set_backend (xeno_console_view_get_console (fixture->view), NULL);
  set_abilities (fixture, XENO_DISPLAY_ABILITY_RESIZE);
  g_string_set_size (fixture->notes, 0);
}

static void
test_asks_for_one_size_at_a_time (Fixture       *fixture,
                                  gconstpointer  data)
{
  XenoBackendFake *backend = XENO_BACKEND_FAKE (last_backend);
  const int viewer = 0;

  use_other_backend (fixture);
  xeno_backend_fake_resize (backend, 640, 480);
  for (guint width = 700; width <= 1000; width++)
    want (fixture, &viewer, 0, width, 500);
  assert_asks (fixture, "arrange 0:1000x500+0+0\n");

  /* What is wanted meanwhile waits for the answer; a size in between is never asked for. */
  want (fixture, &viewer, 0, 1100, 500);
  want (fixture, &viewer, 0, 1200, 500);
  xeno_backend_fake_resize (backend, 1000, 500);
  assert_asks (fixture, "arrange 0:1200x500+0+0\n");

  /* For where it is there is nothing to ask. */
  xeno_backend_fake_resize (backend, 1200, 500);
  want (fixture, &viewer, 0, 1200, 500);
  want (fixture, &viewer, 0, 800, 600);
  assert_asks (fixture, "arrange 0:800x600+0+0\n");
}

/* One message has all of them, also those of which nothing was said. */
static void
test_arranges_all_monitors_at_once (Fixture       *fixture,
                                    gconstpointer  data)
{
  static const XenoDisplayHead one[] = { { 0, 0, 0, 640, 480 } };
  static const XenoDisplayHead two[] = { { 0, 0, 0, 640, 480 }, { 1, 640, 0, 800, 600 } };
  static const XenoDisplayHead larger[] = { { 0, 0, 0, 640, 480 }, { 1, 640, 0, 896, 700 } };
  static const XenoDisplayHead three[] = { { 0, 0, 0, 640, 480 }, { 1, 640, 0, 800, 600 }, { 3, 1440, 0, 320, 200 } };
  const int viewers[3] = { 0 };

  use_other_backend (fixture);
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (last_backend), 1760, 600);
  xeno_console_backend_set_heads (last_backend, one, G_N_ELEMENTS (one), 4);

  /* Another window turns a monitor on. */
  want (fixture, &viewers[0], 0, 640, 480);
  want (fixture, &viewers[1], 1, 800, 600);
  assert_asks (fixture, "arrange 0:640x480+0+0 1:800x600+640+0\n");
  xeno_console_backend_set_heads (last_backend, two, G_N_ELEMENTS (two), 4);

  /* One the guest has turned on by itself stays as it is, and no number is made up. */
  xeno_console_backend_set_heads (last_backend, three, G_N_ELEMENTS (three), 4);
  want (fixture, &viewers[2], 4, 1024, 768);
  want (fixture, &viewers[1], 1, 900, 700);
  assert_asks (fixture, "arrange 0:640x480+0+0 1:896x700+640+0 3:320x200+1536+0\n");

  /* With its window a monitor goes; the last window takes none with it. */
  xeno_console_backend_set_heads (last_backend, larger, G_N_ELEMENTS (larger), 4);
  xeno_guest_monitors_forget (xeno_guest_monitors_get (last_backend), &viewers[2]);
  xeno_guest_monitors_forget (xeno_guest_monitors_get (last_backend), &viewers[1]);
  assert_asks (fixture, "arrange 0:640x480+0+0\n");
  xeno_console_backend_set_heads (last_backend, one, G_N_ELEMENTS (one), 4);

  /* Side by side each gets its part of the window. */
  xeno_console_backend_set_heads (last_backend, two, G_N_ELEMENTS (two), 4);
  want (fixture, &viewers[0], XENO_ALL_HEADS, 2000, 700);
  assert_asks (fixture, "arrange 0:1000x700+0+0 1:1000x700+1000+0\n");
}

/* Windows that fill monitors say how the guest's stand; where one does not they stand in a row. */
static void
test_monitors_stand_as_the_desktops_do (Fixture       *fixture,
                                        gconstpointer  data)
{
  static const XenoDisplayHead heads[] = { { 0, 0, 0, 640, 480 }, { 1, 640, 0, 640, 480 } };
  XenoMonitorWish upper = { 0, TRUE, 640, 480, 0, 0, TRUE, 1000, 480 };
  XenoMonitorWish lower = { 1, TRUE, 640, 480, 0, 0, TRUE, 1200, 960 };
  XenoGuestMonitors *monitors;

  use_other_backend (fixture);
  monitors = xeno_guest_monitors_get (last_backend);
  xeno_backend_fake_resize (XENO_BACKEND_FAKE (last_backend), 1280, 480);
  xeno_console_backend_set_heads (last_backend, heads, G_N_ELEMENTS (heads), 2);
  xeno_guest_monitors_want (monitors, &upper, &upper);
  xeno_guest_monitors_want (monitors, &lower, &lower);
  assert_asks (fixture, "arrange 0:640x480+0+0 1:640x480+200+480\n");

  /* Sizes differ from those of the monitors where scales do: nothing may lie over anything. */
  lower.y = 700;
  lower.width = 800;
  xeno_console_backend_set_heads (last_backend, heads, 1, 2);
  xeno_console_backend_set_heads (last_backend, heads, 2, 2);
  xeno_guest_monitors_want (monitors, &lower, &lower);
  assert_asks (fixture, "arrange 0:640x480+0+0 1:800x480+640+0\n");
}

static GFile *
make_file (const char *folder,
           const char *name,
           const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (content != NULL)
    g_assert_true (g_file_set_contents (path, content, -1, NULL));
  else
    g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return g_file_new_for_path (path);
}

static void
append_file (GListStore *files,
             GFile      *file)
{
  g_list_store_append (files, file);
  g_object_unref (file);
}

static gboolean
has_ended (gpointer data)
{
  return xeno_job_get_state (data) != XENO_JOB_RUNNING;
}

static XenoJob *
start_sending (Fixture    *fixture,
               GListStore *files)
{
  XenoJob *job = NULL;

  set_abilities (fixture, XENO_DISPLAY_ABILITY_FILES);
  xeno_console_guest_send_files (fixture->sharing, G_LIST_MODEL (files));
  g_object_get (fixture->sharing, "job", &job, NULL);
  g_assert_nonnull (job);
  g_assert_false (is_enabled (fixture, "send-files"));
  return job;
}

static void
test_files_go_in_one_after_the_other (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("xs-XXXXXX", NULL);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (XenoJob) job = NULL;
  const char *details;

  append_file (files, make_file (folder, "one.txt", "1"));
  append_file (files, make_file (folder, "folder", NULL));
  append_file (files, make_file (folder, "two.txt", "22"));
  append_file (files, g_file_new_for_path ("/nonexistent/three.txt"));
  append_file (files, g_file_new_for_path ("/dev/null"));
  job = start_sending (fixture, files);
  await_note (fixture, "file one.txt 1\n");
  xeno_guest_fake_end_file (fixture->guest, NULL);
  await_note (fixture, "file two.txt 2\n");
  xeno_guest_fake_end_file (fixture->guest, "the disk is full");
  xeno_test_until (has_ended, job);

  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_FAILED);
  g_assert_nonnull (strstr (xeno_job_get_error (job)->message, "4 of 5 files"));
  details = xeno_error_get_details (xeno_job_get_error (job));
  g_assert_nonnull (strstr (details, "folder: it is a folder; put it into an archive first"));
  g_assert_nonnull (strstr (details, "two.txt: the disk is full"));
  g_assert_nonnull (strstr (details, "three.txt: No such file"));
  g_assert_nonnull (strstr (details, "null: it is no file"));
  g_assert_true (is_enabled (fixture, "send-files"));
}

static void
test_sending_can_be_stopped (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("xs-XXXXXX", NULL);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (XenoJob) job = NULL;

  append_file (files, make_file (folder, "one.txt", "1"));
  append_file (files, make_file (folder, "two.txt", "22"));
  job = start_sending (fixture, files);
  await_note (fixture, "file one.txt 1\n");
  xeno_job_cancel (job);
  xeno_guest_fake_end_file (fixture->guest, NULL);
  xeno_test_until (has_ended, job);
  g_assert_cmpint (xeno_job_get_state (job), ==, XENO_JOB_CANCELLED);
}

static void
make_usb (const char *sysfs,
          const char *name,
          const char *attribute,
          const char *value)
{
  g_autofree char *folder = g_build_filename (sysfs, name, NULL);
  g_autofree char *path = g_build_filename (folder, attribute, NULL);
  g_autofree char *line = g_strconcat (value, "\n", NULL);

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, line, -1, NULL));
}

/* A stick, a hub, a mouse, and what nobody can make head or tail of. */
static char *
make_sysfs (void)
{
  static const char *const attributes[][3] = {
    { "usb1", "bDeviceClass", "09" }, { "usb1", "idVendor", "1d6b" }, { "usb1", "idProduct", "0002" },
    { "1-1", "bDeviceClass", "00" }, { "1-1", "idVendor", "abcd" }, { "1-1", "idProduct", "1234" },
    { "1-1", "manufacturer", "<b>Maker</b>" }, { "1-1", "product", "Stick\33[31m" },
    { "1-1", "busnum", "1" }, { "1-1", "devnum", "99" }, { "1-1:1.0", "bInterfaceClass", "08" },
    { "1-2", "bDeviceClass", "00" }, { "1-2", "idVendor", "046d" }, { "1-2", "idProduct", "c077" },
    { "1-2", "product", "Mouse" }, { "1-2", "busnum", "1" }, { "1-2", "devnum", "98" },
    { "1-2:1.0", "bInterfaceClass", "03" },
    { "1-3", "idVendor", "abcd" }, { "1-3", "idProduct", "1234" }, { "1-3", "busnum", "-1" },
    { "1-3", "devnum", "99999999999999999999" },
  };
  char *sysfs = g_dir_make_tmp ("xu-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    make_usb (sysfs, attributes[i][0], attributes[i][1], attributes[i][2]);
  return sysfs;
}

static void
test_usb_devices_are_listed_by_name (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (GListModel) devices = xeno_usb_device_list (sysfs);
  g_autoptr (GListModel) none = xeno_usb_device_list ("/nonexistent");
  g_autoptr (XenoUsbDevice) device = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (devices), ==, 1);
  device = g_list_model_get_item (devices, 0);
  g_assert_nonnull (strstr (xeno_usb_device_get_title (device), "<b>Maker</b> Stick"));
  g_assert_null (strchr (xeno_usb_device_get_title (device), '\33'));
  g_assert_cmpstr (xeno_usb_device_get_details (device), ==, "Bus 1, device 99 · abcd:1234");
}

static void
note_failure (GString *failures,
              GError  *error)
{
  g_string_append_printf (failures, "%s\n", error->message);
}

static void
note_listed (guint *n_listed)
{
  (*n_listed)++;
}

typedef struct
{
  XenoUsbMonitor *monitor;
  guint           n_listed;
  guint           n_wanted;
  GString        *failures;
} Watching;

static gboolean
has_listed (gpointer data)
{
  Watching *watching = data;

  return watching->n_listed >= watching->n_wanted;
}

static void
look (Watching *watching)
{
  watching->n_wanted = watching->n_listed + 1;
  xeno_usb_monitor_look (watching->monitor);
  xeno_test_until (has_listed, watching);
}

static gboolean
has_failed (gpointer data)
{
  return ((Watching *) data)->failures->len > 0;
}

static void
plug_in (const char *sysfs,
         const char *name,
         const char *product,
         const char *number)
{
  make_usb (sysfs, name, "idVendor", "abcd");
  make_usb (sysfs, name, "idProduct", product);
  make_usb (sysfs, name, "product", name);
  make_usb (sysfs, name, "busnum", "1");
  make_usb (sysfs, name, "devnum", number);
}

/* None of them can be opened, and that one cannot be tells that it was to be. */
static void
test_only_what_is_plugged_in_by_a_rule_goes_in (Fixture       *fixture,
                                                gconstpointer  data)
{
  static const char *const kinds[] = { "abcd:1234", NULL };
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (XenoUsbPlugs) plugs = xeno_usb_plugs_new ();
  g_autoptr (XenoUsbMonitor) monitor = xeno_usb_monitor_new (sysfs);
  g_autoptr (XenoUsbRules) rules = xeno_usb_rules_new (plugs, monitor);
  Watching watching = { .monitor = monitor, .failures = g_string_new (NULL) };

  xeno_usb_plugs_set_guest (plugs, XENO_GUEST (fixture->guest));
  g_signal_connect_swapped (rules, "failed", G_CALLBACK (note_failure), watching.failures);
  g_signal_connect_swapped (monitor, "listed", G_CALLBACK (note_listed), &watching.n_listed);
  xeno_usb_rules_set_kinds (rules, kinds);
  xeno_usb_rules_set_active (rules, TRUE);
  watching.n_wanted = 1;
  xeno_test_until (has_listed, &watching);

  /* What was there before, and what nobody spoke of. */
  plug_in (sysfs, "other", "4321", "50");
  look (&watching);
  look (&watching);
  g_assert_cmpuint (watching.failures->len, ==, 0);

  plug_in (sysfs, "meant", "1234", "51");
  look (&watching);
  xeno_test_until (has_failed, &watching);
  g_assert_cmpstr (watching.failures->str, ==, "“meant” is not plugged in any more.\n");
  look (&watching);
  g_assert_cmpstr (watching.failures->str, ==, "“meant” is not plugged in any more.\n");

  /* One that came while nothing may be shared stays out. */
  xeno_usb_rules_set_active (rules, FALSE);
  plug_in (sysfs, "late", "1234", "52");
  look (&watching);
  xeno_usb_rules_set_active (rules, TRUE);
  look (&watching);
  g_assert_null (strstr (watching.failures->str, "late"));
  g_signal_handlers_disconnect_by_data (monitor, &watching.n_listed);
  g_signal_handlers_disconnect_by_data (rules, watching.failures);
  g_string_free (watching.failures, TRUE);
}

static void
test_a_kind_goes_to_one_machine (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr (GSettings) settings = g_settings_new (XENO_APP_ID);
  g_auto (GStrv) first = NULL;
  g_auto (GStrv) second = NULL;
  g_auto (GStrv) none = NULL;

  xeno_share_memory_set_kind (settings, "one", "abcd:1234", TRUE);
  xeno_share_memory_set_kind (settings, "one", "abcd:0001", TRUE);
  xeno_share_memory_set_kind (settings, "two", "abcd:1234", TRUE);
  first = xeno_share_memory_dup_kinds (settings, "one");
  second = xeno_share_memory_dup_kinds (settings, "two");
  g_assert_cmpuint (g_strv_length (first), ==, 1);
  g_assert_cmpstr (first[0], ==, "abcd:0001");
  g_assert_cmpuint (g_strv_length (second), ==, 1);
  g_assert_cmpstr (second[0], ==, "abcd:1234");
  xeno_share_memory_set_kind (settings, "two", "abcd:1234", FALSE);
  none = xeno_share_memory_dup_kinds (settings, "two");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_settings_reset (settings, "usb-rules");
}

static void
test_an_unplugged_device_is_said_to_be (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (GListModel) devices = xeno_usb_device_list (sysfs);
  g_autoptr (XenoUsbDevice) device = g_list_model_get_item (devices, 0);
  g_autoptr (XenoUsbPlugs) plugs = xeno_usb_plugs_new ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_usb_plugs_set_guest (plugs, XENO_GUEST (fixture->guest));
  xeno_usb_plugs_attach_async (plugs, device, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_false (xeno_usb_plugs_attach_finish (plugs, result, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "not plugged in any more"));
  g_assert_false (xeno_usb_plugs_has (plugs, device));
}

static gboolean
shows_devices (gpointer stack)
{
  return g_str_equal (gtk_stack_get_visible_child_name (stack), "devices");
}

static gboolean
is_ready (gpointer toggle)
{
  return gtk_widget_get_sensitive (toggle);
}

static void
test_a_switch_shows_what_the_guest_has (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (XenoUsbPlugs) plugs = xeno_usb_plugs_new ();
  GtkWidget *dialog, *stack, *toggle;

  xeno_usb_plugs_set_guest (plugs, XENO_GUEST (fixture->guest));
  dialog = xeno_usb_dialog_new (GTK_WINDOW (fixture->window), plugs, sysfs);
  stack = find_widget (dialog, GTK_TYPE_STACK);
  g_assert_false (shows_devices (stack));
  gtk_window_present (GTK_WINDOW (dialog));
  xeno_test_until (shows_devices, stack);

  /* Its device is not there: the switch goes back, and a toast says why. */
  toggle = g_object_ref (find_widget (dialog, GTK_TYPE_SWITCH));
  gtk_switch_set_active (GTK_SWITCH (toggle), TRUE);
  g_assert_false (gtk_widget_get_sensitive (toggle));
  xeno_test_until (is_ready, toggle);
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (toggle)));
  g_object_unref (toggle);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
note_kind (GtkWidget  *dialog,
           const char *kind,
           gboolean    is_given,
           GString    *changes)
{
  g_string_append_printf (changes, "%s %d\n", kind, is_given);
}

static void
test_a_rule_is_made_in_the_list (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const char *const none[] = { NULL };
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (XenoUsbPlugs) plugs = xeno_usb_plugs_new ();
  g_autoptr (GString) changes = g_string_new (NULL);
  GtkWidget *dialog = xeno_usb_dialog_new (GTK_WINDOW (fixture->window), plugs, sysfs);
  GtkWidget *stack = find_widget (dialog, GTK_TYPE_STACK);
  GtkToggleButton *pin;

  xeno_usb_dialog_set_kinds (XENO_USB_DIALOG (dialog), none);
  g_signal_connect (dialog, "kind-changed", G_CALLBACK (note_kind), changes);
  gtk_window_present (GTK_WINDOW (dialog));
  xeno_test_until (shows_devices, stack);
  pin = GTK_TOGGLE_BUTTON (find_widget (dialog, GTK_TYPE_TOGGLE_BUTTON));
  g_assert_false (gtk_toggle_button_get_active (pin));
  gtk_toggle_button_set_active (pin, TRUE);
  gtk_toggle_button_set_active (pin, FALSE);
  g_assert_cmpstr (changes->str, ==, "abcd:1234 1\nabcd:1234 0\n");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *sentence;
    void      (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "what-is-chosen-is-noted-on-the-machine", test_what_is_chosen_is_noted_on_the_machine },
    { "an-untrusted-machine-shares-nothing", test_an_untrusted_machine_shares_nothing },
    { "a-person-says-that-nothing-is-shared", test_a_person_says_that_nothing_is_shared },
    { "offers-what-the-guest-can", test_offers_what_the_guest_can },
    { "a-folder-is-given-as-it-was-chosen", test_a_folder_is_given_as_it_was_chosen },
    { "a-folder-that-is-gone-is-not-given", test_a_folder_that_is_gone_is_not_given },
    { "the-folder-is-shown-before-it-may-be-changed", test_the_folder_is_shown_before_it_may_be_changed },
    { "the-screen-follows-the-window", test_the_screen_follows_the_window },
    { "asks-for-one-size-at-a-time", test_asks_for_one_size_at_a_time },
    { "arranges-all-monitors-at-once", test_arranges_all_monitors_at_once },
    { "monitors-stand-as-the-desktops-do", test_monitors_stand_as_the_desktops_do },
    { "files-go-in-one-after-the-other", test_files_go_in_one_after_the_other },
    { "sending-can-be-stopped", test_sending_can_be_stopped },
    { "usb-devices-are-listed-by-name", test_usb_devices_are_listed_by_name },
    { "only-what-is-plugged-in-by-a-rule-goes-in", test_only_what_is_plugged_in_by_a_rule_goes_in },
    { "a-kind-goes-to-one-machine", test_a_kind_goes_to_one_machine },
    { "a-rule-is-made-in-the-list", test_a_rule_is_made_in_the_list },
    { "an-unplugged-device-is-said-to-be", test_an_unplugged_device_is_said_to_be },
    { "a-switch-shows-what-the-guest-has", test_a_switch_shows_what_the_guest_has },
  };

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/sharing/", tests[i].sentence, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
