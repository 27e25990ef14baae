/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smart card that a guest is given: chosen, remembered, and shown. */
#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "dialogs/xeno-card-dialog.h"
#include "find-widget.h"
#include "sharing-fixture.h"
#include "spec/xeno-device.h"
#include "support/xeno-test.h"

static void
report (Fixture         *fixture,
        XenoCardService  service,
        const char      *reader,
        XenoCardState    state)
{
  XenoCardReport told = { service, reader != NULL ? 1 : 0 };

  if (reader != NULL)
    {
      told.readers[0].state = state;
      g_strlcpy (told.readers[0].name, reader, sizeof told.readers[0].name);
    }
  xeno_guest_set_card_report (XENO_GUEST (fixture->guest), &told);
}

static void
await_card (Fixture    *fixture,
            const char *what)
{
  g_autofree char *note = g_strdup_printf ("card %s\n", what);

  await_note (fixture, note);
}

/* What the guest is not asked in what follows it would have been asked before that. */
static void
assert_no_card (Fixture *fixture)
{
  set_abilities (fixture, XENO_DISPLAY_ABILITY_RESIZE);
  fixture->expected = "arrange ";
  xeno_test_until (has_noted, fixture);
  g_assert_null (strstr (fixture->notes->str, "card"));
  g_string_set_size (fixture->notes, 0);
}

static gboolean
offers_card (gpointer fixture)
{
  return is_enabled (fixture, "smart-card");
}

static gboolean
offers_no_card (gpointer fixture)
{
  return !offers_card (fixture);
}

static void
test_a_card_is_given_when_a_person_says_so (Fixture       *fixture,
                                            gconstpointer  data)
{
  g_autofree char *words = NULL;

  g_assert_true (offers_no_card (fixture));
  set_abilities (fixture, XENO_DISPLAY_ABILITY_CARD);
  g_assert_true (offers_card (fixture));
  assert_no_card (fixture);
  xeno_console_guest_set_card (fixture->sharing, "");
  await_card (fixture, "");
  report (fixture, XENO_CARD_SERVICE_READY, "Front", XENO_CARD_GIVEN);
  g_object_get (fixture->sharing, "clipboard-words", &words, NULL);
  g_assert_nonnull (strstr (words, "A smart card"));
  xeno_console_guest_set_card (fixture->sharing, "Front");
  await_card (fixture, "Front");

  /* It is remembered for the machine, until that is to have none. */
  close_view (fixture);
  open_view (fixture);
  await_card (fixture, "Front");
  xeno_console_guest_set_card (fixture->sharing, NULL);
  await_card (fixture, "nothing");
  close_view (fixture);
  open_view (fixture);
  assert_no_card (fixture);
}

static void
test_an_untrusted_machine_gets_no_card (Fixture       *fixture,
                                        gconstpointer  data)
{
  set_abilities (fixture, XENO_DISPLAY_ABILITY_CARD);
  xeno_console_guest_set_card (fixture->sharing, "");
  await_card (fixture, "");
  set_note (fixture, "untrusted", "yes");
  await_card (fixture, "nothing");
  xeno_test_until (offers_no_card, fixture);
  xeno_console_guest_set_card (fixture->sharing, "Front");
  close_view (fixture);
  open_view (fixture);
  assert_no_card (fixture);
  set_note (fixture, "untrusted", NULL);
  await_card (fixture, "Front");
  xeno_console_guest_set_card (fixture->sharing, NULL);
  await_card (fixture, "nothing");
}

static GtkWidget *
find_label (GtkWidget  *widget,
            const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL &&
      gtk_widget_get_mapped (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, text);
  return found;
}

typedef struct
{
  GtkWidget  *widget;
  const char *text;
} Shown;

static gboolean
is_shown (gpointer data)
{
  Shown *shown = data;

  return find_label (shown->widget, shown->text) != NULL;
}

static void
await_words (GtkWidget  *dialog,
             const char *text)
{
  Shown shown = { dialog, text };

  xeno_test_until (is_shown, &shown);
}

static GtkWidget *
find_dialog (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item != NULL; item = item->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (item->data, type))
      return item->data;
  return NULL;
}

static GtkWidget *
open_dialog (Fixture *fixture)
{
  GtkWidget *dialog;

  g_action_group_activate_action (xeno_console_view_get_actions (fixture->view), "smart-card", NULL);
  dialog = find_dialog (XENO_TYPE_CARD_DIALOG);
  g_assert_nonnull (dialog);
  return dialog;
}

/* The name is as the device says, and no markup. */
static void
test_the_dialog_says_what_is_missing (Fixture       *fixture,
                                      gconstpointer  data)
{
  const char *name = "<b>Front</b> & Co";
  GtkWidget *dialog;
  GtkSwitch *given;

  set_abilities (fixture, XENO_DISPLAY_ABILITY_CARD);
  dialog = open_dialog (fixture);
  given = find_widget (dialog, GTK_TYPE_SWITCH);
  g_assert_false (gtk_switch_get_active (given));
  await_words (dialog, "Whoever knows the PIN");
  gtk_switch_set_active (given, TRUE);
  await_card (fixture, "");
  await_words (dialog, "Looking for readers");
  report (fixture, XENO_CARD_SERVICE_MISSING, NULL, 0);
  await_words (dialog, "Install pcscd");
  report (fixture, XENO_CARD_SERVICE_REFUSES, NULL, 0);
  await_words (dialog, "does not let you");
  report (fixture, XENO_CARD_SERVICE_READY, NULL, 0);
  await_words (dialog, "Plug one into this computer");
  report (fixture, XENO_CARD_SERVICE_READY, name, XENO_CARD_EMPTY);
  await_words (dialog, "Put one into a reader");
  await_words (dialog, name);
  report (fixture, XENO_CARD_SERVICE_READY, name, XENO_CARD_BUSY);
  await_words (dialog, "Another program");
  report (fixture, XENO_CARD_SERVICE_READY, name, XENO_CARD_GIVEN);
  await_words (dialog, "The machine has its card");
  gtk_switch_set_active (given, FALSE);
  await_card (fixture, "nothing");
  await_words (dialog, "Whoever knows the PIN");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_a_reader_can_be_chosen (Fixture       *fixture,
                             gconstpointer  data)
{
  GtkListBox *readers;
  AdwActionRow *row;
  GtkWidget *dialog;

  set_abilities (fixture, XENO_DISPLAY_ABILITY_CARD);
  xeno_console_guest_set_card (fixture->sharing, "");
  dialog = open_dialog (fixture);
  report (fixture, XENO_CARD_SERVICE_READY, "Front", XENO_CARD_PRESENT);
  readers = GTK_LIST_BOX (gtk_widget_get_ancestor (find_widget (dialog, GTK_TYPE_CHECK_BUTTON),
                                                   GTK_TYPE_LIST_BOX));
  row = ADW_ACTION_ROW (gtk_list_box_get_row_at_index (readers, 1));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (row)), TRUE);
  await_card (fixture, "Front");
  report (fixture, XENO_CARD_SERVICE_READY, "Back", XENO_CARD_EMPTY);
  await_words (dialog, "The reader you chose is not there");
  row = ADW_ACTION_ROW (gtk_list_box_get_row_at_index (readers, 0));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (row)), TRUE);
  await_card (fixture, "");
  gtk_window_destroy (GTK_WINDOW (dialog));
  xeno_console_guest_set_card (fixture->sharing, NULL);
}

static gboolean
has_reader (gpointer machine)
{
  g_autoptr (XenoSpec) spec = xeno_machine_dup_spec (machine);
  g_autoptr (GPtrArray) readers = xeno_spec_list_devices (spec, "smartcard");
  g_autofree char *channel = NULL, *type = NULL;

  if (readers->len != 1)
    return FALSE;

  channel = xeno_device_dup_string (readers->pdata[0], "source-channel");
  type = xeno_device_dup_string (readers->pdata[0], "type");
  return g_strcmp0 (channel, XENO_DISPLAY_CARD_PORT_NAME) == 0 && g_strcmp0 (type, "spiceport") == 0;
}

static void
add_reader (gconstpointer data)
{
  const char *name = data;
  Fixture fixture = { NULL };

  fixture.connection = open_machines (&fixture.path);
  fixture.session = open_session (fixture.connection, name);
  fixture.machine = xeno_console_session_get_machine (fixture.session);
  fixture.view = XENO_CONSOLE_VIEW (xeno_console_view_new (fixture.session));
  fixture.window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture.window), GTK_WIDGET (fixture.view));
  gtk_window_present (GTK_WINDOW (fixture.window));
  xeno_test_until (offers_card, &fixture);
  g_action_group_activate_action (xeno_console_view_get_actions (fixture.view), "smart-card", NULL);
  g_assert_nonnull (find_dialog (ADW_TYPE_MESSAGE_DIALOG));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog (ADW_TYPE_MESSAGE_DIALOG)), "add");
  xeno_test_until (has_reader, fixture.machine);
  xeno_test_until (offers_no_card, &fixture);
  close_view (&fixture);
  close_machines (fixture.connection, fixture.path);
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
    { "a-card-is-given-when-a-person-says-so", test_a_card_is_given_when_a_person_says_so },
    { "an-untrusted-machine-gets-no-card", test_an_untrusted_machine_gets_no_card },
    { "the-dialog-says-what-is-missing", test_the_dialog_says_what_is_missing },
    { "a-reader-can-be-chosen", test_a_reader_can_be_chosen },
  };

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/smart-card/", tests[i].sentence, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  g_test_add_data_func ("/xeno/smart-card/a-machine-without-a-reader-is-offered-one", "speaks-spice", add_reader);
  g_test_add_data_func ("/xeno/smart-card/a-reader-of-another-kind-becomes-ours", "other-reader", add_reader);

  return g_test_run ();
}
