/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shell in a guest, through QEMU's guest agent, for tests to see what arrived. */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <json-glib/json-glib.h>

#include "guest-shell.h"

/* A desktop boots in half a minute under emulation on a machine that has nothing else to do. */
#define BOOT_SECONDS 300

struct _GuestShell
{
  GSocketConnection *connection;
  GDataInputStream  *input;
  gint64             pid;
  char              *said;
  int                status;
};

/* A question and its answer; the agent answers each in one line. */
static JsonObject *
ask (GuestShell  *self,
     JsonBuilder *question)
{
  g_autoptr (JsonNode) root = json_builder_get_root (question);
  g_autofree char *text = json_to_string (root, FALSE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  g_autofree char *answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)), line, strlen (line), NULL,
                             NULL, &error);
  g_assert_no_error (error);
  answer = g_data_input_stream_read_line (self->input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  node = json_from_string (answer, &error);
  g_assert_no_error (error);
  if (!json_object_has_member (json_node_get_object (node), "return"))
    g_error ("The guest's agent said %s", answer);
  return json_object_ref (json_object_get_object_member (json_node_get_object (node), "return"));
}

static JsonBuilder *
begin (const char *method)
{
  JsonBuilder *question = json_builder_new ();

  json_builder_begin_object (question);
  json_builder_set_member_name (question, "execute");
  json_builder_add_string_value (question, method);
  json_builder_set_member_name (question, "arguments");
  json_builder_begin_object (question);
  return question;
}

static void
end (JsonBuilder *question)
{
  json_builder_end_object (question);
  json_builder_end_object (question);
}

static void
start (GuestShell *self,
       const char *command)
{
  g_autoptr (JsonBuilder) question = begin ("guest-exec");
  g_autoptr (JsonObject) answer = NULL;

  json_builder_set_member_name (question, "path");
  json_builder_add_string_value (question, "/bin/sh");
  json_builder_set_member_name (question, "arg");
  json_builder_begin_array (question);
  json_builder_add_string_value (question, "-c");
  json_builder_add_string_value (question, command);
  json_builder_end_array (question);
  json_builder_set_member_name (question, "capture-output");
  json_builder_add_boolean_value (question, TRUE);
  end (question);
  answer = ask (self, question);
  self->pid = json_object_get_int_member (answer, "pid");
}

static gboolean
has_ended (gpointer data)
{
  GuestShell *self = data;
  g_autoptr (JsonBuilder) question = begin ("guest-exec-status");
  g_autoptr (JsonObject) answer = NULL;
  gsize length = 0;

  json_builder_set_member_name (question, "pid");
  json_builder_add_int_value (question, self->pid);
  end (question);
  answer = ask (self, question);
  if (!json_object_get_boolean_member (answer, "exited"))
    return FALSE;

  self->status = json_object_get_int_member_with_default (answer, "exitcode", -1);
  g_free (self->said);
  self->said = (char *) g_base64_decode (json_object_get_string_member_with_default (answer, "out-data", ""), &length);
  self->said = g_realloc (self->said, length + 1);
  self->said[length] = '\0';
  return TRUE;
}

/* Connects to where QEMU offers the agent, and waits for the guest to be up. */
GuestShell *
guest_shell_new (const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (JsonBuilder) question = begin ("guest-info");
  g_autoptr (JsonObject) answer = NULL;
  GuestShell *self = g_new0 (GuestShell, 1);
  g_autoptr (GError) error = NULL;

  xeno_test_until_exists (path);
  self->connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (self->connection), BOOT_SECONDS);
  self->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)));
  end (question);
  answer = ask (self, question);
  return self;
}

/* Leaves the guest to itself. */
void
guest_shell_free (GuestShell *self)
{
  g_object_unref (self->input);
  g_object_unref (self->connection);
  g_free (self->said);
  g_free (self);
}

/* Runs a command as root, and the main loop meanwhile: the guest may want something of the desktop.
 * Returns what it said; (transfer full). @status may be NULL. */
char *
guest_shell_run (GuestShell *self,
                 const char *command,
                 int        *status)
{
  start (self, command);
  xeno_test_until (has_ended, self);
  if (status != NULL)
    *status = self->status;
  return g_strdup (self->said);
}

typedef struct
{
  GuestShell *shell;
  const char *command;
} Trial;

static gboolean
succeeds (gpointer data)
{
  Trial *trial = data;
  g_autofree char *said = NULL;
  int status;

  said = guest_shell_run (trial->shell, trial->command, &status);
  return status == 0;
}

/* Runs a command again and again until it succeeds. */
void
guest_shell_await (GuestShell *self,
                   const char *command)
{
  Trial trial = { self, command };

  g_test_message ("awaiting %s", command);
  xeno_test_until (succeeds, &trial);
}
