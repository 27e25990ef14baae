/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's clipboard as content of the desktop's: fetched when somebody pastes. */
#include "config.h"

#include "console/xeno-clipboard-forms.h"
#include "console/xeno-guest-content.h"

struct _XenoGuestContent
{
  GdkContentProvider  parent_instance;
  XenoGuest          *guest;
  guint               forms;
};

G_DEFINE_FINAL_TYPE (XenoGuestContent, xeno_guest_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
xeno_guest_content_ref_formats (GdkContentProvider *provider)
{
  return xeno_clipboard_forms_to_formats (XENO_GUEST_CONTENT (provider)->forms);
}

static void
written_cb (GObject      *stream,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
got_content_cb (GObject      *guest,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GOutputStream *stream = g_task_get_task_data (task);
  GError *error = NULL;
  GBytes *content = xeno_guest_request_finish (XENO_GUEST (guest), result, &error);
  gsize size;
  gconstpointer data;

  if (content == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* Until it is written. */
  g_object_set_data_full (G_OBJECT (task), "content", content, (GDestroyNotify) g_bytes_unref);
  data = g_bytes_get_data (content, &size);
  g_output_stream_write_all_async (stream, data, size, g_task_get_priority (task),
                                   g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

static void
xeno_guest_content_write_mime_type_async (GdkContentProvider  *provider,
                                          const char          *mime_type,
                                          GOutputStream       *stream,
                                          int                  io_priority,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  XenoGuestContent *self = XENO_GUEST_CONTENT (provider);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  guint form = xeno_clipboard_forms_from_type (mime_type);

  g_task_set_source_tag (task, xeno_guest_content_write_mime_type_async);
  g_task_set_priority (task, io_priority);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  if ((form & self->forms) != 0)
    {
      xeno_guest_request_async (self->guest, form, cancellable, got_content_cb, task);
      return;
    }

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the guest has no %s", mime_type);
  g_object_unref (task);
}

static gboolean
xeno_guest_content_write_mime_type_finish (GdkContentProvider  *provider,
                                           GAsyncResult        *result,
                                           GError             **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
xeno_guest_content_finalize (GObject *object)
{
  g_object_unref (XENO_GUEST_CONTENT (object)->guest);

  G_OBJECT_CLASS (xeno_guest_content_parent_class)->finalize (object);
}

static void
xeno_guest_content_class_init (XenoGuestContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_guest_content_finalize;
  provider_class->ref_formats = xeno_guest_content_ref_formats;
  provider_class->write_mime_type_async = xeno_guest_content_write_mime_type_async;
  provider_class->write_mime_type_finish = xeno_guest_content_write_mime_type_finish;
}

static void
xeno_guest_content_init (XenoGuestContent *self)
{
}

/**
 * xeno_guest_content_new:
 * @guest: whose clipboard it is
 * @forms: what it has, a mask of #XenoDisplayForm
 *
 * Returns: (transfer full): what to put into the desktop's clipboard
 */
GdkContentProvider *
xeno_guest_content_new (XenoGuest *guest,
                        guint      forms)
{
  XenoGuestContent *self;

  g_return_val_if_fail (XENO_IS_GUEST (guest), NULL);

  self = g_object_new (XENO_TYPE_GUEST_CONTENT, NULL);
  self->guest = g_object_ref (guest);
  self->forms = forms;
  return GDK_CONTENT_PROVIDER (self);
}
