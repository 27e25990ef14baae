/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The agent's client against agents that answer as they should, late, nonsense, or never. */
#include "config.h"

#include <string.h>

#include "agent/xeno-agent-exec.h"
#include "agent/xeno-agent-file.h"
#include "base/xeno-error.h"
#include "support/xeno-test.h"

/* An agent that answers from a list, one answer after the other, and the last one for ever. */
#define FAKE_TYPE_AGENT (fake_agent_get_type ())

G_DECLARE_FINAL_TYPE (FakeAgent, fake_agent, FAKE, AGENT, GObject)

struct _FakeAgent
{
  GObject             parent_instance;
  const char * const *answers; /* "!" is that there is no agent; a text without "{" is refused with it */
  guint               n_asked;
  GPtrArray          *questions;
};

static void fake_agent_transport_init (XenoAgentTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeAgent, fake_agent, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XENO_TYPE_AGENT_TRANSPORT, fake_agent_transport_init))

static void
ask_async (XenoAgentTransport  *transport,
           const char          *question,
           guint                timeout_s,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  FakeAgent *self = FAKE_AGENT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *answer = self->answers[self->n_asked];

  if (self->answers[self->n_asked + 1] != NULL)
    self->n_asked++;
  g_ptr_array_add (self->questions, g_strdup (question));
  if (g_str_equal (answer, "!"))
    g_task_return_error (task, xeno_error_new (XENO_ERROR_NO_AGENT, NULL, "There is no agent."));
  else
    g_task_return_pointer (task, g_strdup (answer), g_free);
}

static char *
ask_finish (XenoAgentTransport  *transport,
            GAsyncResult        *result,
            GError             **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_agent_transport_init (XenoAgentTransportInterface *iface)
{
  iface->ask_async = ask_async;
  iface->ask_finish = ask_finish;
}

static void
fake_agent_finalize (GObject *object)
{
  g_ptr_array_unref (FAKE_AGENT (object)->questions);

  G_OBJECT_CLASS (fake_agent_parent_class)->finalize (object);
}

static void
fake_agent_class_init (FakeAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_agent_finalize;
}

static void
fake_agent_init (FakeAgent *self)
{
  self->questions = g_ptr_array_new_with_free_func (g_free);
}

static XenoAgent *
make_agent (const char * const  *answers,
            FakeAgent          **fake)
{
  g_autoptr (FakeAgent) transport = g_object_new (FAKE_TYPE_AGENT, NULL);
  XenoAgent *agent = xeno_agent_new (XENO_AGENT_TRANSPORT (transport));

  transport->answers = answers;
  if (fake != NULL)
    *fake = g_object_ref (transport);
  return agent;
}

typedef struct
{
  GString *streams[2];
  int      status;
  GError  *error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_string_free (outcome->streams[0], TRUE);
  g_string_free (outcome->streams[1], TRUE);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
output_cb (gboolean  is_error,
           GBytes   *bytes,
           gpointer  user_data)
{
  Outcome *outcome = user_data;

  g_string_append_len (outcome->streams[is_error], g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
execute (XenoAgent          *agent,
         const char * const *argv,
         Outcome            *outcome)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;

  outcome->streams[0] = g_string_new (NULL);
  outcome->streams[1] = g_string_new (NULL);
  xeno_agent_exec_async (agent, "/tmp/x", argv, output_cb, outcome, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_agent_exec_finish (agent, result, &outcome->status, &outcome->error);
}

static void
test_output_and_status_are_exact (void)
{
  static const char * const answers[] = {
    "{\"return\": {\"pid\": 7}}",
    "{\"return\": {\"exited\": false}}",
    "{\"return\": 100}",                                               /* .out is open */
    "{\"return\": {\"count\": 3, \"buf-b64\": \"YQD/\", \"eof\": false}}", /* a, NUL, 0xff */
    "{\"return\": {\"count\": 0, \"buf-b64\": \"\", \"eof\": true}}",
    "{\"return\": 101}",                                               /* .err */
    "{\"return\": {\"count\": 0, \"buf-b64\": \"\", \"eof\": true}}",
    "{\"return\": {\"exited\": true, \"exitcode\": 42}}",
    "{\"return\": {\"count\": 2, \"buf-b64\": \"Ygo=\", \"eof\": true}}",
    "{\"return\": {\"count\": 0, \"buf-b64\": \"\", \"eof\": true}}",
    "{\"return\": {\"count\": 2, \"buf-b64\": \"ZQo=\", \"eof\": true}}",
    "{\"return\": {\"count\": 0, \"buf-b64\": \"\", \"eof\": true}}",
    NULL,
  };
  const char * const argv[] = { "a b", "$(id)", "\";'\n\\", NULL };
  g_autoptr (FakeAgent) fake = NULL;
  g_autoptr (XenoAgent) agent = make_agent (answers, &fake);
  g_auto (Outcome) outcome = { { NULL } };
  g_autoptr (JsonNode) question = NULL;
  JsonArray *arg;

  g_assert_true (execute (agent, argv, &outcome));
  g_assert_cmpint (outcome.status, ==, 42);
  g_assert_cmpmem (outcome.streams[0]->str, outcome.streams[0]->len, "a\0\377b\n", 5);
  g_assert_cmpstr (outcome.streams[1]->str, ==, "e\n");

  /* No shell sees the words. */
  question = json_from_string (g_ptr_array_index (fake->questions, 0), NULL);
  arg = json_object_get_array_member (json_object_get_object_member (json_node_get_object (question), "arguments"),
                                      "arg");
  for (guint i = 0; argv[i] != NULL; i++)
    g_assert_cmpstr (json_array_get_string_element (arg, json_array_get_length (arg) - 3 + i), ==, argv[i]);
}

static void
test_signal_is_a_status (void)
{
  static const char * const answers[] = {
    "{\"return\": {\"pid\": 7}}", "{\"return\": {\"exited\": true, \"signal\": 9}}",
    "{\"error\": {}}", "{\"error\": {}}", NULL,
  };
  const char * const argv[] = { "x", NULL };
  g_autoptr (XenoAgent) agent = make_agent (answers, NULL);
  g_auto (Outcome) outcome = { { NULL } };

  g_assert_true (execute (agent, argv, &outcome));
  g_assert_cmpint (outcome.status, ==, 137);
}

/* What a guest may say instead of an answer. */
static void
test_nonsense_is_an_error (void)
{
  const char * const argv[] = { "x", NULL };
  g_autofree char *deep = g_strnfill (100000, '[');
  const char *nonsense[] = {
    "", "null", "[]", "{", "{}", "{\"return\"}", "{\"error\": {\"class\": \"GenericError\"}}", "\xff\xfe{}",
    "{\"return\": null}", "{\"return\": []}", "{\"return\": \"pid\"}", "{\"return\": {\"pid\": -5}}",
    "{\"return\": {\"pid\": \"7\"}}", deep,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      const char * const answers[] = { nonsense[i], NULL };
      g_autoptr (XenoAgent) agent = make_agent (answers, NULL);
      g_auto (Outcome) outcome = { { NULL } };

      g_assert_false (execute (agent, argv, &outcome));
      g_assert_error (outcome.error, XENO_ERROR, XENO_ERROR_FAILED);
    }
}

/* It lies about what it wrote: what is not written is not taken for written, and nothing overruns. */
static void
test_lies_about_writing (void)
{
  static const char * const counts[] = { "0", "-1", "6", "99999999999", "\"3\"", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *lie = g_strdup_printf ("{\"return\": {\"count\": %s}}", counts[i]);
      const char * const answers[] = { "{\"return\": 5}", lie, NULL };
      g_autoptr (XenoAgent) agent = make_agent (answers, NULL);
      g_autoptr (GBytes) content = g_bytes_new_static ("hello", 5);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      GAsyncResult *pending = NULL;

      xeno_agent_write_file_async (agent, "/tmp/f", content, NULL, xeno_test_result_cb, &pending);
      result = xeno_test_await (&pending);
      g_assert_false (xeno_agent_write_file_finish (agent, result, &error));
      g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_SPACE);
    }
}

static void
test_is_awaited (void)
{
  static const char * const comes[] = { "!", "!", "{\"return\": {}}", NULL };
  static const char * const never[] = { "!", NULL };
  g_autoptr (XenoAgent) late = make_agent (comes, NULL);
  g_autoptr (XenoAgent) none = make_agent (never, NULL);
  g_autoptr (GAsyncResult) came = NULL;
  g_autoptr (GAsyncResult) missed = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  xeno_agent_await_async (late, 30, NULL, xeno_test_result_cb, &pending);
  came = xeno_test_await (&pending);
  g_assert_true (xeno_agent_await_finish (late, came, &error));
  g_assert_no_error (error);

  xeno_agent_await_async (none, 0, NULL, xeno_test_result_cb, &pending);
  missed = xeno_test_await (&pending);
  g_assert_false (xeno_agent_await_finish (none, missed, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_NO_AGENT);
}

/* Output without end is given on piece by piece, and stops when nobody wants it. */
static void
stop_cb (gboolean  is_error,
         GBytes   *bytes,
         gpointer  user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_flood_can_be_stopped (void)
{
  static const char * const answers[] = {
    "{\"return\": {\"pid\": 7}}", "{\"return\": {\"exited\": false}}", "{\"return\": 100}",
    "{\"return\": {\"count\": 3, \"buf-b64\": \"YWJj\", \"eof\": false}}", NULL,
  };
  const char * const argv[] = { "yes", NULL };
  g_autoptr (XenoAgent) agent = make_agent (answers, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  int status;

  xeno_agent_exec_async (agent, "/tmp/x", argv, stop_cb, cancellable, cancellable, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  g_assert_false (xeno_agent_exec_finish (agent, result, &status, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/agent/output-and-exit-status-are-exact", test_output_and_status_are_exact);
  g_test_add_func ("/xeno/agent/a-signal-is-a-status-as-shells-have-it", test_signal_is_a_status);
  g_test_add_func ("/xeno/agent/nonsense-is-an-error", test_nonsense_is_an_error);
  g_test_add_func ("/xeno/agent/lies-about-writing-are-noticed", test_lies_about_writing);
  g_test_add_func ("/xeno/agent/is-awaited-until-the-time-is-up", test_is_awaited);
  g_test_add_func ("/xeno/agent/a-flood-can-be-stopped", test_flood_can_be_stopped);

  return g_test_run ();
}
