/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of a clipboard's content as GDK names them, and reading one of them within bounds. */
#include "config.h"

#include "console/xeno-clipboard-forms.h"

#define CHUNK (256 * 1024)

/* The first of a form's names is the one we give. */
static const struct
{
  guint       form;
  const char *mime_type;
} names[] = {
  { XENO_DISPLAY_FORM_TEXT, "text/plain;charset=utf-8" },
  { XENO_DISPLAY_FORM_TEXT, "text/plain" },
  { XENO_DISPLAY_FORM_PNG, "image/png" },
  { XENO_DISPLAY_FORM_BMP, "image/bmp" },
  { XENO_DISPLAY_FORM_BMP, "image/x-bmp" },
  { XENO_DISPLAY_FORM_BMP, "image/x-MS-bmp" },
  { XENO_DISPLAY_FORM_TIFF, "image/tiff" },
  { XENO_DISPLAY_FORM_JPEG, "image/jpeg" },
};

typedef struct
{
  guint         form;
  GInputStream *stream;
  GByteArray   *content;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_object (&reading->stream);
  g_byte_array_unref (reading->content);
  g_free (reading);
}

/**
 * xeno_clipboard_forms_to_formats:
 * @forms: a mask of #XenoDisplayForm
 *
 * Returns: (transfer full): what GDK calls them
 */
GdkContentFormats *
xeno_clipboard_forms_to_formats (guint forms)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((names[i].form & forms) != 0)
      gdk_content_formats_builder_add_mime_type (builder, names[i].mime_type);
  return gdk_content_formats_builder_free_to_formats (builder);
}

/**
 * xeno_clipboard_forms_from_formats:
 * @formats: what a clipboard has
 *
 * Returns: the forms among them, a mask of #XenoDisplayForm
 */
guint
xeno_clipboard_forms_from_formats (GdkContentFormats *formats)
{
  g_autoptr (GdkContentFormats) all = NULL;
  guint forms = 0;

  g_return_val_if_fail (formats != NULL, 0);

  /* What is copied in this process can be asked for in every form GDK can write it in. */
  all = gdk_content_formats_union_serialize_mime_types (gdk_content_formats_ref (formats));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (gdk_content_formats_contain_mime_type (all, names[i].mime_type))
      forms |= names[i].form;
  return forms;
}

/**
 * xeno_clipboard_forms_from_type:
 * @mime_type: a name of GDK's
 *
 * Returns: the form it names, or 0
 */
guint
xeno_clipboard_forms_from_type (const char *mime_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i].mime_type, mime_type) == 0)
      return names[i].form;
  return 0;
}

static void read_more (GTask *task);

static void
return_content (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  gsize size = reading->content->len;

  if (reading->form == XENO_DISPLAY_FORM_TEXT && size > 0 &&
      !g_utf8_validate_len ((const char *) reading->content->data, size, NULL))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "this is no text");
  else
    g_task_return_pointer (task, g_bytes_new (reading->content->data, size),
                           (GDestroyNotify) g_bytes_unref);
}

static void
chunk_cb (GObject      *stream,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (stream), result, &error);

  if (chunk == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      return_content (task);
      return;
    }
  if (reading->content->len + g_bytes_get_size (chunk) > xeno_display_get_max_content (reading->form))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "there is too much of it");
      return;
    }

  g_byte_array_append (reading->content, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  read_more (task);
}

static void
read_more (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (reading->stream, CHUNK, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   chunk_cb, g_object_ref (task));
}

static void
opened_cb (GObject      *clipboard,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;

  reading->stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (clipboard), result, NULL, &error);
  if (reading->stream != NULL)
    read_more (task);
  else
    g_task_return_error (task, error);
}

/**
 * xeno_clipboard_read_async:
 * @clipboard: a clipboard
 * @form: in what form
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called when it is read
 * @user_data: passed to @callback
 *
 * Reads what the clipboard has, unless there is too much of it.
 */
void
xeno_clipboard_read_async (GdkClipboard        *clipboard,
                           guint                form,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  const char *mime_types[G_N_ELEMENTS (names) + 1] = { NULL };
  guint n_types = 0;
  Reading *reading;
  GTask *task;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));
  g_return_if_fail (xeno_display_is_form (form));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].form == form)
      mime_types[n_types++] = names[i].mime_type;

  reading = g_new0 (Reading, 1);
  reading->form = form;
  reading->content = g_byte_array_new ();
  task = g_task_new (clipboard, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_clipboard_read_async);
  g_task_set_task_data (task, reading, reading_free);
  gdk_clipboard_read_async (clipboard, mime_types, G_PRIORITY_DEFAULT, cancellable, opened_cb, task);
}

/**
 * xeno_clipboard_read_finish:
 * @clipboard: a clipboard
 * @result: what the callback got
 * @error: where to say why there is nothing
 *
 * Returns: (transfer full) (nullable): what it has; text is valid UTF-8
 */
GBytes *
xeno_clipboard_read_finish (GdkClipboard  *clipboard,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (GDK_IS_CLIPBOARD (clipboard), NULL);
  g_return_val_if_fail (g_task_is_valid (result, clipboard), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
