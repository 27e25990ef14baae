/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Somebody who looks at an address: connects to it, and asks the person what only they know. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/xeno-error.h"
#include "viewer/xeno-viewer-attempt.h"
#include "viewer/xeno-viewer-private.h"

G_DEFINE_FINAL_TYPE (XenoViewer, xeno_viewer, G_TYPE_OBJECT)

enum
{
  QUESTION_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void attempt (GTask *task);

static void
trusted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (xeno_viewer_ask_trust_finish (XENO_VIEWER (object), result, &error))
    {
      attempt (task);
    }
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

/* Between two attempts a person may say what a server wants to know before it lets a decoder near. */
static void
told_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  g_autofree char *username = NULL;
  g_autofree char *password = NULL;
  GError *error = NULL;

  if (xeno_viewer_ask_finish (XENO_VIEWER (object), result, &username, &password, &error))
    {
      attempt (task);
      explicit_bzero (password, strlen (password));
    }
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

static void
end_denied (GTask             *task,
            const XenoAddress *address)
{
  g_autofree char *place = xeno_address_dup_place (address);

  g_task_return_error (task,
                       xeno_error_new (XENO_ERROR_NO_PERMISSION, NULL,
                                       /* Translators: %s is an address */
                                       _("The certificate of “%s” is not the one that its file vouches for. "
                                         "Get a new file from where it came from."),
                                       place));
  g_object_unref (task);
}

static void
attempted_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  XenoViewer *self = g_task_get_source_object (task);
  const XenoViewerAttempt *found = xeno_viewer_attempt_get (result);
  GError *error = NULL;
  int fd = xeno_viewer_attempt_run_finish (result, &error);

  if (fd >= 0)
    {
      self->is_encrypted = found->is_encrypted;
      g_task_set_task_data (task, GINT_TO_POINTER (found->is_certified), NULL);
      g_task_return_int (task, fd);
      g_object_unref (task);
    }
  else if (found->certificate != NULL && found->trust == XENO_TRUST_DENIED)
    {
      g_clear_error (&error);
      end_denied (task, self->address);
    }
  else if (found->certificate != NULL)
    {
      g_clear_error (&error);
      xeno_viewer_ask_trust_async (self, found->certificate, g_task_get_cancellable (task), trusted_cb, task);
    }
  else if (found->wants_credentials)
    {
      g_clear_error (&error);
      xeno_viewer_ask_async (self, XENO_VIEWER_USERNAME | XENO_VIEWER_PASSWORD,
                             g_task_get_cancellable (task), told_cb, task);
    }
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

static void
attempt (GTask *task)
{
  XenoViewer *self = g_task_get_source_object (task);

  xeno_viewer_attempt_run_async (self->address, self->known, self->username, self->password,
                                 g_task_get_cancellable (task), attempted_cb, task);
}

static void
xeno_viewer_dispose (GObject *object)
{
  xeno_viewer_refuse_answer (XENO_VIEWER (object));

  G_OBJECT_CLASS (xeno_viewer_parent_class)->dispose (object);
}

static void
xeno_viewer_finalize (GObject *object)
{
  XenoViewer *self = XENO_VIEWER (object);

  xeno_viewer_forget (self);
  g_clear_object (&self->certificate);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->address, xeno_address_unref);
  g_free (self->username);
  g_free (self->known);

  G_OBJECT_CLASS (xeno_viewer_parent_class)->finalize (object);
}

static void
xeno_viewer_class_init (XenoViewerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_viewer_dispose;
  object_class->finalize = xeno_viewer_finalize;

  /**
   * XenoViewer::question-changed:
   *
   * Something is asked, or no longer.
   */
  signals[QUESTION_CHANGED] =
    g_signal_new ("question-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_viewer_init (XenoViewer *self)
{
}

void
xeno_viewer_notify_question (XenoViewer *self)
{
  g_signal_emit (self, signals[QUESTION_CHANGED], 0);
}

/**
 * xeno_viewer_new:
 * @address: where to look
 * @settings: (nullable): where certificates are remembered
 *
 * Makes a viewer. It connects to nothing yet.
 *
 * Returns: (transfer full): the viewer
 */
XenoViewer *
xeno_viewer_new (XenoAddress *address,
                 GSettings   *settings)
{
  XenoViewer *self;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (settings == NULL || G_IS_SETTINGS (settings), NULL);

  self = g_object_new (XENO_TYPE_VIEWER, NULL);
  self->address = xeno_address_ref (address);
  self->username = g_strdup (address->username);
  self->password = g_strdup (address->password);
  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      self->known = xeno_certificate_recall_fingerprint (settings, address);
    }
  return self;
}

/**
 * xeno_viewer_get_address:
 * @self: a viewer
 *
 * Returns: (transfer none): where it looks
 */
XenoAddress *
xeno_viewer_get_address (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), NULL);

  return self->address;
}

/**
 * xeno_viewer_is_encrypted:
 * @self: a viewer
 *
 * Returns: whether nobody on the way can read along in the newest connection
 */
gboolean
xeno_viewer_is_encrypted (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), FALSE);

  return self->is_encrypted;
}

/**
 * xeno_viewer_open_async:
 * @self: a viewer
 * @cancellable: (nullable): to give up
 * @callback: called when there is a socket, or none
 * @user_data: for @callback
 *
 * Connects. The person may be asked whether they trust the server's certificate.
 */
void
xeno_viewer_open_async (XenoViewer          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_VIEWER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_viewer_open_async);
  g_task_set_check_cancellable (task, FALSE);
  attempt (task);
}

/**
 * xeno_viewer_open_finish:
 * @self: a viewer
 * @result: as the callback got it
 * @is_certified: (out): whether what passes goes through TLS with a server whose certificate is believed
 * @error: (out) (optional): why there is none
 *
 * Returns: a socket for a decoder, which the caller owns, or -1; with %XENO_ERROR_NO_PERMISSION the
 *   person does not want it
 */
int
xeno_viewer_open_finish (XenoViewer    *self,
                         GAsyncResult  *result,
                         gboolean      *is_certified,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  g_return_val_if_fail (is_certified != NULL, -1);

  *is_certified = GPOINTER_TO_INT (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_int (G_TASK (result), error);
}
