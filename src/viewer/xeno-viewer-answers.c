/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer asks of the person, one thing at a time, and what becomes of the answer. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/xeno-error.h"
#include "viewer/xeno-keyring.h"
#include "viewer/xeno-viewer-private.h"

static void
set_question (XenoViewer         *self,
              XenoViewerQuestion  question)
{
  if (self->question == question)
    return;

  self->question = question;
  xeno_viewer_notify_question (self);
}

static GTask *
end_question (XenoViewer *self)
{
  GTask *task = g_steal_pointer (&self->asking);

  if (self->cancelled_id != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  self->cancelled_id = 0;
  set_question (self, XENO_VIEWER_ASKS_NOTHING);
  return task;
}

static gboolean
withdraw_cb (gpointer user_data)
{
  xeno_viewer_refuse_answer (user_data);
  return G_SOURCE_REMOVE;
}

/* A handler of a cancellable must not disconnect itself. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_idle_add_full (G_PRIORITY_HIGH, withdraw_cb, g_object_ref (user_data), g_object_unref);
}

/* Takes @task. */
static void
pose (XenoViewer         *self,
      XenoViewerQuestion  question,
      GTask              *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (self->asking != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "something else is being asked");
      g_object_unref (task);
      return;
    }

  self->asking = task;
  if (cancellable != NULL)
    self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  set_question (self, question);
}

static gboolean
has_all (XenoViewer            *self,
         XenoViewerCredentials  wanted)
{
  return ((wanted & XENO_VIEWER_USERNAME) == 0 || self->username != NULL) &&
         ((wanted & XENO_VIEWER_PASSWORD) == 0 || self->password != NULL);
}

void
xeno_viewer_forget (XenoViewer *self)
{
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_clear_pointer (&self->password, g_free);
}

static void
recalled_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  XenoViewer *self = g_task_get_source_object (task);
  g_autofree char *username = NULL;
  g_autofree char *password = xeno_keyring_recall_finish (result, &self->can_remember, &username);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  /* What was refused is not tried again, wherever it comes from. */
  if (password != NULL && !self->was_refused)
    {
      xeno_viewer_forget (self);
      self->password = g_steal_pointer (&password);
      if (*username != '\0')
        {
          g_free (self->username);
          self->username = g_steal_pointer (&username);
        }
    }

  if (!has_all (self, self->wanted))
    {
      pose (self, XENO_VIEWER_ASKS_CREDENTIALS, task);
    }
  else
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

/**
 * xeno_viewer_ask_async:
 * @self: a viewer
 * @wanted: what the server wants to know
 * @cancellable: (nullable): to give up
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Finds out who the person is: from the address, from the keyring, or from the person.
 */
void
xeno_viewer_ask_async (XenoViewer            *self,
                       XenoViewerCredentials  wanted,
                       GCancellable          *cancellable,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_VIEWER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_viewer_ask_async);
  self->wanted = wanted;
  if (!has_all (self, wanted))
    {
      xeno_keyring_recall_async (self->address, cancellable, recalled_cb, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * xeno_viewer_ask_finish:
 * @self: a viewer
 * @result: as the callback got it
 * @username: (out) (transfer full): who the person is, perhaps empty
 * @password: (out) (transfer full): what proves it, perhaps empty, for the caller to wipe
 * @error: (out) (optional): why it is not known
 *
 * Returns: whether it is known
 */
gboolean
xeno_viewer_ask_finish (XenoViewer    *self,
                        GAsyncResult  *result,
                        char         **username,
                        char         **password,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *username = g_strdup (self->username != NULL ? self->username : "");
  *password = g_strdup (self->password != NULL ? self->password : "");
  return TRUE;
}

/**
 * xeno_viewer_take_refusal:
 * @self: a viewer
 *
 * Hears that the server did not take what it was told. It is forgotten, here and in the keyring.
 */
void
xeno_viewer_take_refusal (XenoViewer *self)
{
  g_return_if_fail (XENO_IS_VIEWER (self));

  self->was_refused = TRUE;
  xeno_viewer_forget (self);
  if (self->can_remember)
    xeno_keyring_forget (self->address);
}

void
xeno_viewer_ask_trust_async (XenoViewer          *self,
                             GTlsCertificate     *certificate,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, xeno_viewer_ask_trust_async);
  g_set_object (&self->certificate, certificate);
  pose (self, XENO_VIEWER_ASKS_TRUST, task);
}

gboolean
xeno_viewer_ask_trust_finish (XenoViewer    *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_viewer_get_question:
 * @self: a viewer
 *
 * Returns: what it asks
 */
XenoViewerQuestion
xeno_viewer_get_question (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), XENO_VIEWER_ASKS_NOTHING);

  return self->question;
}

/**
 * xeno_viewer_get_wanted:
 * @self: a viewer that asks for credentials
 *
 * Returns: which
 */
XenoViewerCredentials
xeno_viewer_get_wanted (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), 0);

  return self->wanted;
}

/**
 * xeno_viewer_get_username:
 * @self: a viewer
 *
 * Returns: (nullable): who the person is, as far as anybody has said
 */
const char *
xeno_viewer_get_username (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), NULL);

  return self->username;
}

/**
 * xeno_viewer_was_refused:
 * @self: a viewer
 *
 * Returns: whether the server did not take the last answer
 */
gboolean
xeno_viewer_was_refused (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), FALSE);

  return self->was_refused;
}

/**
 * xeno_viewer_can_remember:
 * @self: a viewer that asks for credentials
 *
 * Returns: whether there is a keyring
 */
gboolean
xeno_viewer_can_remember (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), FALSE);

  return self->can_remember;
}

/**
 * xeno_viewer_get_certificate:
 * @self: a viewer that asks for trust
 *
 * Returns: (transfer none): the certificate in question
 */
GTlsCertificate *
xeno_viewer_get_certificate (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), NULL);

  return self->certificate;
}

/**
 * xeno_viewer_get_known_fingerprint:
 * @self: a viewer that asks for trust
 *
 * Returns: (nullable): the fingerprint of another certificate, which the person trusted before
 */
const char *
xeno_viewer_get_known_fingerprint (XenoViewer *self)
{
  g_return_val_if_fail (XENO_IS_VIEWER (self), NULL);

  return self->known;
}

/**
 * xeno_viewer_answer_credentials:
 * @self: a viewer that asks for credentials
 * @username: who the person is, perhaps empty
 * @password: what proves it, perhaps empty
 * @remember: whether the keyring shall remember it
 *
 * Answers the question.
 */
void
xeno_viewer_answer_credentials (XenoViewer *self,
                                const char *username,
                                const char *password,
                                gboolean    remember)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_VIEWER (self));
  g_return_if_fail (username != NULL && password != NULL);

  if (self->question != XENO_VIEWER_ASKS_CREDENTIALS)
    return;

  xeno_viewer_forget (self);
  g_free (self->username);
  self->username = g_strdup (username);
  self->password = g_strdup (password);
  if (remember)
    xeno_keyring_store (self->address, username, password);

  task = end_question (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * xeno_viewer_answer_trust:
 * @self: a viewer that asks for trust
 *
 * The person trusts the certificate, now and later.
 */
void
xeno_viewer_answer_trust (XenoViewer *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_VIEWER (self));

  if (self->question != XENO_VIEWER_ASKS_TRUST)
    return;

  g_free (self->known);
  self->known = xeno_certificate_dup_fingerprint (self->certificate);
  if (self->settings != NULL)
    xeno_certificate_store_fingerprint (self->settings, self->address, self->known);

  task = end_question (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * xeno_viewer_refuse_answer:
 * @self: a viewer
 *
 * The person does not answer.
 */
void
xeno_viewer_refuse_answer (XenoViewer *self)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *place = NULL;

  g_return_if_fail (XENO_IS_VIEWER (self));

  if (self->asking == NULL)
    return;

  place = xeno_address_dup_place (self->address);
  task = end_question (self);
  g_task_return_error (task,
                       xeno_error_new (XENO_ERROR_NO_PERMISSION, NULL,
                                       /* Translators: %s is an address */
                                       _("“%s” was not opened, because you did not answer its question. Try "
                                         "again to be asked once more."),
                                       place));
}
