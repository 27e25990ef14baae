/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who looks at an address: connects, encrypts, asks, and says in a sentence why it came to nothing. */
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <string.h>

#include "app/xeno-viewer-display.h"
#include "base/xeno-error.h"
#include "support/display-rig.h"
#include "support/xeno-test.h"

#define WIDTH 64
#define HEIGHT 48

/* Of the certificate in tls/server.pem. */
#define SUBJECT "CN=display, OU=displays, O=Xenolith tests"

typedef struct
{
  DisplayRig         *rig;
  GSettings          *settings;
  XenoAddress        *address;
  XenoViewer         *viewer;
  XenoConsoleBackend *backend;
  char               *log;
  XenoViewerQuestion  wanted;
  const char         *expected;
} Fixture;

static void
start_script (Fixture    *fixture,
              const char *script,
              const char *mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", script, NULL);
  const char *argv[] = { program, display_rig_get_path (fixture->rig), mode, fixture->log, NULL };

  display_rig_stop_server (fixture->rig);
  display_rig_start_server (fixture->rig, argv);
}

static void
start_server (Fixture    *fixture,
              const char *mode)
{
  start_script (fixture, "rfb-server.py", mode);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  mode)
{
  g_autoptr (GSettingsBackend) memory = g_memory_settings_backend_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;

  fixture->rig = display_rig_new ();
  fixture->log = g_strconcat (display_rig_get_path (fixture->rig), ".log", NULL);
  fixture->settings = g_settings_new_with_backend (XENO_APP_ID, memory);
  if (mode != NULL)
    start_server (fixture, mode);

  uri = g_strconcat ("vnc+unix://", display_rig_get_path (fixture->rig), NULL);
  fixture->address = xeno_address_new (uri, &error);
  g_assert_no_error (error);
}

static void
stop_viewer (Fixture *fixture)
{
  if (fixture->backend == NULL)
    return;

  xeno_console_backend_stop (fixture->backend);
  g_assert_finalize_object (fixture->backend);
  fixture->backend = NULL;
}

static gboolean
has_one_reference (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  mode)
{
  stop_viewer (fixture);
  if (fixture->viewer != NULL)
    {
      xeno_test_until (has_one_reference, fixture->viewer);
      g_assert_finalize_object (fixture->viewer);
    }
  display_rig_stop_server (fixture->rig);
  unlink (fixture->log);
  g_object_unref (fixture->rig);
  g_object_unref (fixture->settings);
  xeno_address_unref (fixture->address);
  g_free (fixture->log);
}

static void
view (Fixture *fixture)
{
  stop_viewer (fixture);
  g_clear_object (&fixture->viewer);
  fixture->viewer = xeno_viewer_new (fixture->address, fixture->settings);
  fixture->backend = xeno_viewer_display_open (fixture->viewer);
  g_signal_connect (fixture->backend, "damage", G_CALLBACK (xeno_console_backend_frame_done), NULL);
  xeno_console_backend_start (fixture->backend);
}

static gboolean
is_asking (gpointer data)
{
  Fixture *fixture = data;

  return xeno_viewer_get_question (fixture->viewer) == fixture->wanted;
}

static void
await_question (Fixture            *fixture,
                XenoViewerQuestion  question)
{
  fixture->wanted = question;
  xeno_test_until (is_asking, fixture);
}

static gboolean
shows_picture (gpointer data)
{
  XenoSurface *surface = xeno_console_backend_get_surface (((Fixture *) data)->backend);
  guint32 pixel;

  if (surface == NULL || xeno_surface_get_width (surface) != WIDTH)
    return FALSE;

  memcpy (&pixel, xeno_surface_get_pixels (surface) + 20 * xeno_surface_get_stride (surface) + 4 * 30, sizeof pixel);
  return (pixel & 0xffffff) == (30 << 16 | 20 << 8 | 7);
}

static gboolean
has_logged (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = NULL;

  return g_file_get_contents (fixture->log, &text, NULL, NULL) && strstr (text, fixture->expected) != NULL;
}

static void
assert_logs (Fixture    *fixture,
             const char *expected)
{
  fixture->expected = expected;
  xeno_test_until (has_logged, fixture);
}

static void
assert_closed (Fixture    *fixture,
               XenoError   code,
               const char *words)
{
  const GError *error;

  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  error = xeno_console_backend_get_error (fixture->backend);
  g_assert_error (error, XENO_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

/* The same place, as a file describes it that says who vouches for it. */
static void
describe (Fixture    *fixture,
          const char *subject)
{
  g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "tls", "ca.pem", NULL);
  g_autofree char *pem = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size;

  g_file_get_contents (path, &pem, NULL, &error);
  g_assert_no_error (error);
  g_key_file_set_string (file, "virt-viewer", "type", "vnc");
  g_key_file_set_string (file, "virt-viewer", "unix-path", display_rig_get_path (fixture->rig));
  g_key_file_set_string (file, "virt-viewer", "ca", pem);
  if (subject != NULL)
    g_key_file_set_string (file, "virt-viewer", "host-subject", subject);
  data = g_key_file_to_data (file, &size, NULL);

  xeno_address_unref (fixture->address);
  fixture->address = xeno_address_new_from_data (data, size, &error);
  g_assert_no_error (error);
}

static void
test_shows_what_is_there (Fixture       *fixture,
                          gconstpointer  mode)
{
  view (fixture);
  xeno_test_until (shows_picture, fixture);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  g_assert_false (xeno_viewer_is_encrypted (fixture->viewer));
}

static gboolean
has_name (gpointer data)
{
  return xeno_console_backend_get_name (((Fixture *) data)->backend) != NULL;
}

static void
test_knows_its_name (Fixture       *fixture,
                     gconstpointer  mode)
{
  view (fixture);
  xeno_test_until (has_name, fixture);
  g_assert_true (g_utf8_validate (xeno_console_backend_get_name (fixture->backend), -1, NULL));
}

static void
test_asks_for_a_password_until_it_is_right (Fixture       *fixture,
                                            gconstpointer  mode)
{
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  g_assert_cmpint (xeno_viewer_get_wanted (fixture->viewer), ==, XENO_VIEWER_PASSWORD);
  g_assert_false (xeno_viewer_was_refused (fixture->viewer));
  xeno_viewer_answer_credentials (fixture->viewer, "", "falsch", FALSE);
  assert_logs (fixture, "wrong");

  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  g_assert_true (xeno_viewer_was_refused (fixture->viewer));
  xeno_viewer_answer_credentials (fixture->viewer, "", "geheim1", FALSE);
  xeno_test_until (shows_picture, fixture);
}

/* Whoever is connected again after the server went away is not asked again. */
static void
test_keeps_the_password_for_the_next_connection (Fixture       *fixture,
                                                 gconstpointer  mode)
{
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  xeno_viewer_answer_credentials (fixture->viewer, "", "geheim1", FALSE);
  xeno_test_until (shows_picture, fixture);

  start_server (fixture, "password");
  display_rig_await_state (fixture->backend, XENO_CONSOLE_FROZEN);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
  assert_logs (fixture, "right");
}

static void
test_ends_when_nobody_answers (Fixture       *fixture,
                               gconstpointer  mode)
{
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  xeno_viewer_refuse_answer (fixture->viewer);
  assert_closed (fixture, XENO_ERROR_NO_PERMISSION, "did not answer");
}

static void
test_withdraws_its_question (Fixture       *fixture,
                             gconstpointer  mode)
{
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  xeno_console_backend_stop (fixture->backend);
  await_question (fixture, XENO_VIEWER_ASKS_NOTHING);
}

static void
test_shows_a_certificate_once (Fixture       *fixture,
                               gconstpointer  mode)
{
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_TRUST);
  g_assert_nonnull (xeno_viewer_get_certificate (fixture->viewer));
  g_assert_null (xeno_viewer_get_known_fingerprint (fixture->viewer));
  xeno_viewer_answer_trust (fixture->viewer);
  xeno_test_until (shows_picture, fixture);
  g_assert_true (xeno_viewer_is_encrypted (fixture->viewer));

  view (fixture);
  xeno_test_until (shows_picture, fixture);
}

static void
test_warns_of_another_certificate (Fixture       *fixture,
                                   gconstpointer  mode)
{
  g_autofree char *known = NULL;

  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_TRUST);
  known = xeno_certificate_dup_fingerprint (xeno_viewer_get_certificate (fixture->viewer));
  xeno_viewer_answer_trust (fixture->viewer);
  xeno_test_until (shows_picture, fixture);

  start_server (fixture, "tls-other");
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_TRUST);
  g_assert_cmpstr (xeno_viewer_get_known_fingerprint (fixture->viewer), ==, known);
  xeno_viewer_refuse_answer (fixture->viewer);
  assert_closed (fixture, XENO_ERROR_NO_PERMISSION, "did not answer");

  /* What was refused has changed nothing. */
  start_server (fixture, "tls-none");
  view (fixture);
  xeno_test_until (shows_picture, fixture);
}

static void
test_believes_who_a_file_names (Fixture       *fixture,
                                gconstpointer  mode)
{
  describe (fixture, SUBJECT);
  view (fixture);
  xeno_test_until (shows_picture, fixture);
  g_assert_true (xeno_viewer_is_encrypted (fixture->viewer));
}

static void
test_refuses_another_subject_than_the_file_names (Fixture       *fixture,
                                                  gconstpointer  mode)
{
  describe (fixture, "CN=somebody else, OU=displays, O=Xenolith tests");
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_PERMISSION, "vouches");
}

static void
test_refuses_another_authority_than_the_file_names (Fixture       *fixture,
                                                    gconstpointer  mode)
{
  describe (fixture, NULL);
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_PERMISSION, "vouches");
}

static void
test_says_who_one_is_within_tls (Fixture       *fixture,
                                 gconstpointer  mode)
{
  describe (fixture, SUBJECT);
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  g_assert_cmpint (xeno_viewer_get_wanted (fixture->viewer), ==, XENO_VIEWER_USERNAME | XENO_VIEWER_PASSWORD);
  xeno_viewer_answer_credentials (fixture->viewer, "somebody", "falsch", FALSE);
  assert_logs (fixture, "plain somebody falsch\nwrong");

  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  g_assert_true (xeno_viewer_was_refused (fixture->viewer));
  xeno_viewer_answer_credentials (fixture->viewer, "somebody", "geheim1", FALSE);
  xeno_test_until (shows_picture, fixture);
}

static void
test_asks_for_a_password_within_tls (Fixture       *fixture,
                                     gconstpointer  mode)
{
  describe (fixture, SUBJECT);
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  xeno_viewer_answer_credentials (fixture->viewer, "", "geheim1", FALSE);
  xeno_test_until (shows_picture, fixture);
  g_assert_true (xeno_viewer_is_encrypted (fixture->viewer));
}

/* Behind it there is what the rig's socket leads to, whatever the name. */
static GSubprocess *
start_proxy (Fixture     *fixture,
             const char  *account,
             char       **place)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "http-proxy.py", NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;
  GSubprocess *proxy;

  proxy = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
                            display_rig_get_path (fixture->rig), fixture->log, account, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (proxy));
  port = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  *place = g_strconcat ("127.0.0.1:", port, NULL);
  return proxy;
}

static void
stop_proxy (GSubprocess *proxy)
{
  g_subprocess_force_exit (proxy);
  g_subprocess_wait (proxy, NULL, NULL);
  g_object_unref (proxy);
}

/* Web consoles name hosts that only their proxy understands. */
static void
describe_behind (Fixture    *fixture,
                 const char *proxy,
                 const char *type)
{
  g_autofree char *data = g_strdup_printf ("[virt-viewer]\ntype=%s\nhost=vm:673f1b2c:100::0a1b\nport=61000\n"
                                           "proxy=http://%s\n", type, proxy);
  g_autoptr (GError) error = NULL;

  xeno_address_unref (fixture->address);
  fixture->address = xeno_address_new_from_data (data, strlen (data), &error);
  g_assert_no_error (error);
}

static void
test_goes_through_a_proxy (Fixture       *fixture,
                           gconstpointer  mode)
{
  g_autofree char *place = NULL;
  GSubprocess *proxy = start_proxy (fixture, "", &place);

  describe_behind (fixture, place, "vnc");
  view (fixture);
  xeno_test_until (shows_picture, fixture);
  assert_logs (fixture, "CONNECT vm:673f1b2c:100::0a1b:61000 HTTP/1.");
  stop_viewer (fixture);
  stop_proxy (proxy);
}

/* SASL is for what is beyond a network alone. */
static void
test_says_by_sasl_who_one_is_within_tls (Fixture       *fixture,
                                         gconstpointer  mode)
{
  g_autofree char *place = NULL;
  GSubprocess *proxy = start_proxy (fixture, "", &place);

  describe_behind (fixture, place, "vnc");
  view (fixture);
  await_question (fixture, XENO_VIEWER_ASKS_TRUST);
  xeno_viewer_answer_trust (fixture->viewer);
  await_question (fixture, XENO_VIEWER_ASKS_CREDENTIALS);
  g_assert_cmpint (xeno_viewer_get_wanted (fixture->viewer), ==, XENO_VIEWER_USERNAME | XENO_VIEWER_PASSWORD);
  xeno_viewer_answer_credentials (fixture->viewer, "somebody", "geheim1", FALSE);
  assert_logs (fixture, "PLAIN somebody geheim1\nright");
  xeno_test_until (shows_picture, fixture);
  stop_viewer (fixture);
  stop_proxy (proxy);
}

static void
refuse_to_say (Fixture    *fixture,
               const char *type)
{
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;
  GSubprocess *proxy = start_proxy (fixture, "", &place);

  describe_behind (fixture, place, type);
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NOT_SUPPORTED, "in clear");
  g_assert_true (g_file_get_contents (fixture->log, &text, NULL, NULL));
  g_assert_null (strstr (text, "PLAIN"));
  stop_proxy (proxy);
}

static void
test_says_no_password_in_clear (Fixture       *fixture,
                                gconstpointer  mode)
{
  refuse_to_say (fixture, "vnc");
  start_script (fixture, "spice-server.py", "link-sasl");
  refuse_to_say (fixture, "spice");
}

static void
test_says_to_a_proxy_who_one_is (Fixture       *fixture,
                                 gconstpointer  mode)
{
  g_autofree char *place = NULL;
  g_autofree char *account = NULL;
  GSubprocess *proxy = start_proxy (fixture, "mona:geheim1", &place);

  describe_behind (fixture, place, "vnc");
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_CONNECTION, "proxy");

  account = g_strconcat ("mona:geheim1@", place, NULL);
  describe_behind (fixture, account, "vnc");
  view (fixture);
  xeno_test_until (shows_picture, fixture);
  stop_viewer (fixture);
  stop_proxy (proxy);
}

static void
test_says_that_a_proxy_leads_nowhere (Fixture       *fixture,
                                      gconstpointer  mode)
{
  g_autofree char *place = NULL;
  GSubprocess *proxy = start_proxy (fixture, "", &place);

  describe_behind (fixture, place, "vnc");
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_CONNECTION, "proxy");
  stop_proxy (proxy);

  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_CONNECTION, "proxy");
}

static void
test_says_that_nobody_answers (Fixture       *fixture,
                               gconstpointer  mode)
{
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_CONNECTION, "Nobody answers");
}

static void
test_says_that_it_is_no_display (Fixture       *fixture,
                                 gconstpointer  mode)
{
  view (fixture);
  assert_closed (fixture, XENO_ERROR_INVALID, "no VNC server");
}

static void
test_passes_a_refusal_on (Fixture       *fixture,
                          gconstpointer  mode)
{
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NO_CONNECTION, "refuses");
  g_assert_null (strchr (xeno_console_backend_get_error (fixture->backend)->message, '\033'));
}

static void
test_does_not_use_what_nobody_knows (Fixture       *fixture,
                                     gconstpointer  mode)
{
  view (fixture);
  assert_closed (fixture, XENO_ERROR_NOT_SUPPORTED, "does not know");
}

static void
test_gives_up_where_there_never_was_a_picture (Fixture       *fixture,
                                               gconstpointer  mode)
{
  view (fixture);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_CLOSED);
  g_assert_nonnull (xeno_console_backend_get_error (fixture->backend));
}

static void
test_comes_back_with_the_server (Fixture       *fixture,
                                 gconstpointer  mode)
{
  view (fixture);
  xeno_test_until (shows_picture, fixture);
  display_rig_stop_server (fixture->rig);
  display_rig_await_state (fixture->backend, XENO_CONSOLE_FROZEN);
  g_assert_nonnull (xeno_console_backend_get_surface (fixture->backend));
  start_server (fixture, "good");
  display_rig_await_state (fixture->backend, XENO_CONSOLE_LIVE);
}

/* A connection that hangs is given up, and nothing of it stays. */
static void
test_may_be_dropped_while_it_waits (Fixture       *fixture,
                                    gconstpointer  mode)
{
  for (guint i = 0; i < 20; i++)
    {
      view (fixture);
      for (guint turns = 0; turns < i; turns++)
        g_main_context_iteration (NULL, FALSE);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    const char *mode;
    void      (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/xeno/viewer/shows-what-is-there", "good", test_shows_what_is_there },
    { "/xeno/viewer/knows-its-name", "good", test_knows_its_name },
    { "/xeno/viewer/asks-for-a-password-until-it-is-right", "password",
      test_asks_for_a_password_until_it_is_right },
    { "/xeno/viewer/keeps-the-password-for-the-next-connection", "password",
      test_keeps_the_password_for_the_next_connection },
    { "/xeno/viewer/ends-when-nobody-answers", "password", test_ends_when_nobody_answers },
    { "/xeno/viewer/withdraws-its-question", "password", test_withdraws_its_question },
    { "/xeno/viewer/shows-a-certificate-once", "tls-none", test_shows_a_certificate_once },
    { "/xeno/viewer/warns-of-another-certificate", "tls-none", test_warns_of_another_certificate },
    { "/xeno/viewer/believes-who-a-file-names", "tls-none", test_believes_who_a_file_names },
    { "/xeno/viewer/refuses-another-subject-than-the-file-names", "tls-none",
      test_refuses_another_subject_than_the_file_names },
    { "/xeno/viewer/refuses-another-authority-than-the-file-names", "tls-other",
      test_refuses_another_authority_than_the_file_names },
    { "/xeno/viewer/says-who-one-is-within-tls", "tls-plain", test_says_who_one_is_within_tls },
    { "/xeno/viewer/asks-for-a-password-within-tls", "tls-password", test_asks_for_a_password_within_tls },
    { "/xeno/viewer/says-by-sasl-who-one-is-within-tls", "tls-sasl", test_says_by_sasl_who_one_is_within_tls },
    { "/xeno/viewer/says-no-password-in-clear", "sasl", test_says_no_password_in_clear },
    { "/xeno/viewer/goes-through-a-proxy", "good", test_goes_through_a_proxy },
    { "/xeno/viewer/says-to-a-proxy-who-one-is", "good", test_says_to_a_proxy_who_one_is },
    { "/xeno/viewer/says-that-a-proxy-leads-nowhere", NULL, test_says_that_a_proxy_leads_nowhere },
    { "/xeno/viewer/says-that-nobody-answers", NULL, test_says_that_nobody_answers },
    { "/xeno/viewer/says-that-it-is-no-display", "other-protocol", test_says_that_it_is_no_display },
    { "/xeno/viewer/passes-a-refusal-on", "refuses", test_passes_a_refusal_on },
    { "/xeno/viewer/does-not-use-what-nobody-knows", "unknown-kinds", test_does_not_use_what_nobody_knows },
    { "/xeno/viewer/gives-up-where-there-never-was-a-picture", "hangs-up",
      test_gives_up_where_there_never_was_a_picture },
    { "/xeno/viewer/comes-back-with-the-server", "good", test_comes_back_with_the_server },
    { "/xeno/viewer/may-be-dropped-while-it-waits", "mute", test_may_be_dropped_while_it_waits },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, tests[i].mode, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
