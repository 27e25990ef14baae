/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of a guest, by its agent. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "agent/xeno-agent-file.h"
#include "base/xeno-error.h"

/* Twice this, as text, crosses libvirt's wire at once. */
#define PIECE_BYTES (1 << 20)

static JsonNode *
make_arguments (const char *first_name,
                ...)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  const char *name = first_name;
  va_list args;

  json_builder_begin_object (builder);
  va_start (args, first_name);
  for (; name != NULL; name = va_arg (args, const char *))
    {
      json_builder_set_member_name (builder, name);
      json_builder_add_string_value (builder, va_arg (args, const char *));
    }
  va_end (args);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
make_handle_arguments (gint64      handle,
                       const char *name,
                       gint64      number)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "handle");
  json_builder_add_int_value (builder, handle);
  if (name != NULL)
    {
      json_builder_set_member_name (builder, name);
      json_builder_add_int_value (builder, number);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
read_handle (JsonNode  *value,
             gint64    *handle,
             GError   **error)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_INT64)
    {
      *handle = json_node_get_int (value);
      return TRUE;
    }
  xeno_set_error (error, XENO_ERROR_FAILED, NULL, _("The guest’s agent did not say which file it opened."));
  return FALSE;
}

/* A file on its way into the guest. */
typedef struct
{
  GBytes *content;
  gsize   n_written;
  gint64  handle;
} Transfer;

static void
transfer_free (Transfer *transfer)
{
  g_bytes_unref (transfer->content);
  g_free (transfer);
}

static void write_piece (GTask *task);

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (JsonNode) value = NULL;
  GError *error = NULL;

  value = xeno_agent_call_finish (XENO_AGENT (source), result, &error);
  if (value != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
piece_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  gsize left = g_bytes_get_size (transfer->content) - transfer->n_written;
  g_autoptr (JsonNode) value = NULL;
  GError *error = NULL;
  gint64 n = 0;

  value = xeno_agent_call_finish (XENO_AGENT (source), result, &error);
  if (value != NULL && JSON_NODE_HOLDS_OBJECT (value))
    n = json_object_get_int_member_with_default (json_node_get_object (value), "count", 0);
  if (error == NULL && (n <= 0 || (guint64) n > MIN (left, PIECE_BYTES)))
    xeno_set_error (&error, XENO_ERROR_NO_SPACE, NULL,
                    _("The guest did not take all of the file. Look whether its disk is full."));
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  transfer->n_written += n;
  write_piece (task);
}

static void
write_piece (GTask *task)
{
  XenoAgent *self = g_task_get_source_object (task);
  Transfer *transfer = g_task_get_task_data (task);
  gsize size;
  const guint8 *data = g_bytes_get_data (transfer->content, &size);
  gsize length = MIN (size - transfer->n_written, PIECE_BYTES);
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *text = NULL;

  if (length == 0)
    {
      xeno_agent_call_async (self, "guest-file-close", make_handle_arguments (transfer->handle, NULL, 0),
                             g_task_get_cancellable (task), closed_cb, g_object_ref (task));
      return;
    }

  text = g_base64_encode (data + transfer->n_written, length);
  builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "handle");
  json_builder_add_int_value (builder, transfer->handle);
  json_builder_set_member_name (builder, "buf-b64");
  json_builder_add_string_value (builder, text);
  json_builder_end_object (builder);
  xeno_agent_call_async (self, "guest-file-write", json_builder_get_root (builder),
                         g_task_get_cancellable (task), piece_written_cb, g_object_ref (task));
}

static void
opened_to_write_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (JsonNode) value = NULL;
  GError *error = NULL;

  value = xeno_agent_call_finish (XENO_AGENT (source), result, &error);
  if (value != NULL && read_handle (value, &transfer->handle, &error))
    write_piece (task);
  else
    g_task_return_error (task, error);
}

/**
 * xeno_agent_write_file_async:
 * @self: a client
 * @path: a file of the guest, made or replaced
 * @content: what it shall hold
 * @cancellable: (nullable): stops; what was written stays
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * Writes a file in the guest, piece by piece.
 */
void
xeno_agent_write_file_async (XenoAgent           *self,
                             const char          *path,
                             GBytes              *content,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Transfer *transfer;

  g_return_if_fail (XENO_IS_AGENT (self));
  g_return_if_fail (path != NULL && content != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_agent_write_file_async);
  transfer = g_new0 (Transfer, 1);
  transfer->content = g_bytes_ref (content);
  g_task_set_task_data (task, transfer, (GDestroyNotify) transfer_free);
  xeno_agent_call_async (self, "guest-file-open", make_arguments ("path", path, "mode", "w", NULL), cancellable,
                         opened_to_write_cb, g_steal_pointer (&task));
}

/**
 * xeno_agent_write_file_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_SPACE, or as xeno_agent_call_finish()
 *
 * Ends xeno_agent_write_file_async().
 *
 * Returns: %TRUE if it is written
 */
gboolean
xeno_agent_write_file_finish (XenoAgent     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_agent_open_file_async:
 * @self: a client
 * @path: a file of the guest
 * @cancellable: (nullable): stops the waiting
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens a file to read it as it grows.
 */
void
xeno_agent_open_file_async (XenoAgent           *self,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (path != NULL);

  xeno_agent_call_async (self, "guest-file-open", make_arguments ("path", path, "mode", "r", NULL), cancellable,
                         callback, user_data);
}

/**
 * xeno_agent_open_file_finish:
 * @self: a client
 * @result: what the callback was given
 * @handle: (out): by which the agent knows it
 * @error: as xeno_agent_call_finish()
 *
 * Ends xeno_agent_open_file_async().
 *
 * Returns: %TRUE if it is open
 */
gboolean
xeno_agent_open_file_finish (XenoAgent     *self,
                             GAsyncResult  *result,
                             gint64        *handle,
                             GError       **error)
{
  g_autoptr (JsonNode) value = xeno_agent_call_finish (self, result, error);

  g_return_val_if_fail (handle != NULL, FALSE);

  return value != NULL && read_handle (value, handle, error);
}

/**
 * xeno_agent_read_file_async:
 * @self: a client
 * @handle: an open file
 * @cancellable: (nullable): stops the waiting
 * @callback: called with what there is
 * @user_data: for @callback
 *
 * Reads on where the last read ended.
 */
void
xeno_agent_read_file_async (XenoAgent           *self,
                            gint64               handle,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  xeno_agent_call_async (self, "guest-file-read", make_handle_arguments (handle, "count", PIECE_BYTES),
                         cancellable, callback, user_data);
}

/**
 * xeno_agent_read_file_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: as xeno_agent_call_finish()
 *
 * Ends xeno_agent_read_file_async().
 *
 * Returns: (transfer full): what was read, empty at the end of what there is; or %NULL
 */
GBytes *
xeno_agent_read_file_finish (XenoAgent     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_autoptr (JsonNode) value = xeno_agent_call_finish (self, result, error);
  const char *text = NULL;
  guint8 *data;
  gsize length;

  if (value == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (value))
    text = json_object_get_string_member_with_default (json_node_get_object (value), "buf-b64", "");
  if (text == NULL)
    {
      xeno_set_error (error, XENO_ERROR_FAILED, NULL, _("The guest’s agent gave no text that can be read."));
      return NULL;
    }
  data = g_base64_decode (text, &length);
  return g_bytes_new_take (data, MIN (length, PIECE_BYTES));
}
