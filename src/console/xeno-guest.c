/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What flows between a guest and the desktop beside pixels and keys; knows nothing of GTK. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "console/xeno-guest.h"

typedef struct
{
  guint          abilities;
  double         volume;
  gboolean       listens;
  XenoCardReport card_report;
} XenoGuestPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XenoGuest, xeno_guest, G_TYPE_OBJECT)

enum
{
  PROP_ABILITIES = 1,
  N_PROPS,
};

enum
{
  GRABBED,
  REQUESTED,
  SENT,
  CARD_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

#define PRIVATE(self) ((XenoGuestPrivate *) xeno_guest_get_instance_private (self))

/* It will be pasted, into a terminal for example: no escapes, and nothing that is not UTF-8. */
static GBytes *
clean_text (GBytes *content)
{
  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  g_autofree char *valid = g_utf8_make_valid (data != NULL ? data : "", size);
  GString *text = g_string_sized_new (size);

  for (const char *from = valid; *from != '\0'; from = g_utf8_next_char (from))
    {
      gunichar character = g_utf8_get_char (from);

      if (character == '\n' || character == '\t' || !g_unichar_iscntrl (character))
        g_string_append_unichar (text, character);
    }
  return g_string_free_to_bytes (text);
}

static void
xeno_guest_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ABILITIES:
      g_value_set_uint (value, xeno_guest_get_abilities (XENO_GUEST (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_guest_class_init (XenoGuestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xeno_guest_get_property;

  /**
   * XenoGuest:abilities:
   *
   * What the guest can do at the moment, a mask of #XenoDisplayAbility.
   */
  properties[PROP_ABILITIES] =
    g_param_spec_uint ("abilities", NULL, NULL,
                       0, XENO_DISPLAY_ALL_ABILITIES, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[GRABBED] =
    g_signal_new ("grabbed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[REQUESTED] =
    g_signal_new ("requested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 2, G_TYPE_UINT, G_TYPE_TASK);
  signals[SENT] =
    g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[CARD_CHANGED] =
    g_signal_new ("card-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xeno_guest_init (XenoGuest *self)
{
  PRIVATE (self)->volume = 1.0;
}

/**
 * xeno_guest_get_abilities:
 * @self: a guest
 *
 * Returns: what it can do at the moment, a mask of #XenoDisplayAbility
 */
guint
xeno_guest_get_abilities (XenoGuest *self)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), 0);

  return PRIVATE (self)->abilities;
}

/**
 * xeno_guest_can:
 * @self: a guest
 * @ability: an ability
 *
 * Returns: whether it has it at the moment
 */
gboolean
xeno_guest_can (XenoGuest          *self,
                XenoDisplayAbility  ability)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), FALSE);

  return (PRIVATE (self)->abilities & ability) != 0;
}

/**
 * xeno_guest_arrange:
 * @self: a guest
 * @monitors: (array length=n_monitors): all monitors it should have, in order of their numbers
 * @n_monitors: how many these are, one at least
 *
 * Asks for these monitors, in one message. A guest that follows shows another surface, or other heads.
 */
void
xeno_guest_arrange (XenoGuest                *self,
                    const XenoDisplayMonitor *monitors,
                    guint                     n_monitors)
{
  g_return_if_fail (XENO_IS_GUEST (self));
  g_return_if_fail (monitors != NULL);
  g_return_if_fail (n_monitors > 0 && n_monitors <= XENO_DISPLAY_MAX_HEADS);

  XENO_GUEST_GET_CLASS (self)->arrange (self, monitors, n_monitors);
}

/**
 * xeno_guest_grab:
 * @self: a guest
 * @forms: in what forms, a mask of #XenoDisplayForm; 0: there is nothing any more
 *
 * Says that the desktop's clipboard has something for the guest.
 */
void
xeno_guest_grab (XenoGuest *self,
                 guint      forms)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  XENO_GUEST_GET_CLASS (self)->grab (self, forms);
}

/**
 * xeno_guest_request_async:
 * @self: a guest
 * @form: in what form
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called when there is an answer
 * @user_data: passed to @callback
 *
 * Asks for what the guest's clipboard has.
 */
void
xeno_guest_request_async (XenoGuest           *self,
                          guint                form,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_GUEST (self));
  g_return_if_fail (xeno_display_is_form (form));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_guest_request_async);
  g_object_set_data (G_OBJECT (task), "form", GUINT_TO_POINTER (form));
  XENO_GUEST_GET_CLASS (self)->request (self, form, task);
}

/**
 * xeno_guest_request_finish:
 * @self: a guest
 * @result: what the callback got
 * @error: where to say why there is nothing
 *
 * Finishes xeno_guest_request_async(). Text is valid UTF-8 without control characters but line feed
 * and tabulator; a picture is as the guest gave it.
 *
 * Returns: (transfer full) (nullable): what the guest's clipboard has
 */
GBytes *
xeno_guest_request_finish (XenoGuest     *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr (GBytes) content = NULL;
  guint form;

  g_return_val_if_fail (XENO_IS_GUEST (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  form = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (result), "form"));
  content = g_task_propagate_pointer (G_TASK (result), error);
  if (content == NULL)
    return NULL;

  return form == XENO_DISPLAY_FORM_TEXT ? clean_text (content) : g_steal_pointer (&content);
}

/**
 * xeno_guest_send_file_async:
 * @self: a guest
 * @fd: (transfer full): a regular file, open for reading
 * @name: what the guest shall call it
 * @size: how much of it there is
 * @cancellable: (nullable): to stop it
 * @callback: (scope async): called when the guest has it, or will not get it
 * @user_data: passed to @callback
 *
 * Sends a file, and tells by "sent" how much has gone. One at a time.
 */
void
xeno_guest_send_file_async (XenoGuest           *self,
                            int                  fd,
                            const char          *name,
                            guint64              size,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_GUEST (self));
  g_return_if_fail (fd >= 0);
  g_return_if_fail (name != NULL && strlen (name) <= XENO_DISPLAY_MAX_FILE_NAME);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_guest_send_file_async);
  XENO_GUEST_GET_CLASS (self)->send_file (self, fd, name, size, task);
}

/**
 * xeno_guest_send_file_finish:
 * @self: a guest
 * @result: what the callback got
 * @error: where to say why the guest does not have it; the words are the agent's
 *
 * Returns: whether the guest has it
 */
gboolean
xeno_guest_send_file_finish (XenoGuest     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
set_sound (XenoGuest *self)
{
  XenoGuestPrivate *priv = PRIVATE (self);

  if (XENO_GUEST_GET_CLASS (self)->set_sound != NULL)
    XENO_GUEST_GET_CLASS (self)->set_sound (self, priv->volume, priv->listens);
}

/**
 * xeno_guest_get_volume:
 * @self: a guest
 *
 * Returns: how loud it may be, 0 to 1
 */
double
xeno_guest_get_volume (XenoGuest *self)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), 0.0);

  return PRIVATE (self)->volume;
}

/**
 * xeno_guest_set_volume:
 * @self: a guest
 * @volume: how loud it may be, 0 to 1
 */
void
xeno_guest_set_volume (XenoGuest *self,
                       double     volume)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  volume = CLAMP (volume, 0.0, 1.0);
  if (PRIVATE (self)->volume == volume)
    return;

  PRIVATE (self)->volume = volume;
  set_sound (self);
}

/**
 * xeno_guest_listens:
 * @self: a guest
 *
 * Returns: whether it may use the microphone; it may not to begin with
 */
gboolean
xeno_guest_listens (XenoGuest *self)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), FALSE);

  return PRIVATE (self)->listens;
}

/**
 * xeno_guest_set_listens:
 * @self: a guest
 * @listens: whether it may use the microphone
 */
void
xeno_guest_set_listens (XenoGuest *self,
                        gboolean   listens)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  if (PRIVATE (self)->listens == !!listens)
    return;

  PRIVATE (self)->listens = !!listens;
  set_sound (self);
}

/**
 * xeno_guest_share_folder:
 * @self: a guest
 * @folder: (transfer full): a directory of this computer's; -1: none any more
 * @is_writable: whether the guest may change what is in it
 *
 * Lets the guest have a folder, in place of the one before.
 */
void
xeno_guest_share_folder (XenoGuest *self,
                         int        folder,
                         gboolean   is_writable)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  if (XENO_GUEST_GET_CLASS (self)->share_folder != NULL)
    XENO_GUEST_GET_CLASS (self)->share_folder (self, folder, is_writable);
  else if (folder >= 0)
    g_close (folder, NULL);
}

/**
 * xeno_guest_give_card:
 * @self: a guest
 * @reader: (nullable): the reader of this computer's whose card it gets; "": the first that has one;
 *   %NULL: it gets none
 *
 * Lets the guest have a smart card, which nobody else has meanwhile.
 */
void
xeno_guest_give_card (XenoGuest  *self,
                      const char *reader)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  if (XENO_GUEST_GET_CLASS (self)->give_card != NULL)
    XENO_GUEST_GET_CLASS (self)->give_card (self, reader);
}

/**
 * xeno_guest_get_card_report:
 * @self: a guest
 *
 * Returns: (transfer none): what is known of this computer's readers while it gets a card
 */
const XenoCardReport *
xeno_guest_get_card_report (XenoGuest *self)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), NULL);

  return &PRIVATE (self)->card_report;
}

/**
 * xeno_guest_attach_usb_async:
 * @self: a guest
 * @number: a number for the device
 * @fd: (transfer full): the device, open for reading and writing
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when the guest has it, or will not get it
 * @user_data: passed to @callback
 *
 * Plugs a USB device of this computer's into the guest.
 */
void
xeno_guest_attach_usb_async (XenoGuest           *self,
                             guint                number,
                             int                  fd,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_GUEST (self));
  g_return_if_fail (fd >= 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_guest_attach_usb_async);
  if (XENO_GUEST_GET_CLASS (self)->attach_usb != NULL)
    {
      XENO_GUEST_GET_CLASS (self)->attach_usb (self, number, fd, task);
      return;
    }

  g_close (fd, NULL);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this display carries no USB");
}

/**
 * xeno_guest_attach_usb_finish:
 * @self: a guest
 * @result: what the callback got
 * @error: where to say why the guest does not have it
 *
 * Returns: whether the guest has it
 */
gboolean
xeno_guest_attach_usb_finish (XenoGuest     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (XENO_IS_GUEST (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xeno_guest_detach_usb:
 * @self: a guest
 * @number: the device's number
 *
 * Takes a USB device out of the guest.
 */
void
xeno_guest_detach_usb (XenoGuest *self,
                       guint      number)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  if (XENO_GUEST_GET_CLASS (self)->detach_usb != NULL)
    XENO_GUEST_GET_CLASS (self)->detach_usb (self, number);
}

/**
 * xeno_guest_set_abilities:
 * @self: a guest
 * @abilities: what it can do now
 *
 * For implementations. An unknown ability is none.
 */
void
xeno_guest_set_abilities (XenoGuest *self,
                          guint      abilities)
{
  XenoGuestPrivate *priv;

  g_return_if_fail (XENO_IS_GUEST (self));

  priv = PRIVATE (self);
  abilities &= XENO_DISPLAY_ALL_ABILITIES;
  if (priv->abilities == abilities)
    return;

  priv->abilities = abilities;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ABILITIES]);
}

/**
 * xeno_guest_emit_grabbed:
 * @self: a guest
 * @forms: in what forms its clipboard has something; 0: nothing any more
 *
 * For implementations. An unknown form is none.
 */
void
xeno_guest_emit_grabbed (XenoGuest *self,
                         guint      forms)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  g_signal_emit (self, signals[GRABBED], 0, forms & XENO_DISPLAY_ALL_FORMS);
}

/**
 * xeno_guest_ask:
 * @self: a guest
 * @form: in what form
 * @task: gets a #GBytes, or an error where nobody gives anything
 *
 * For implementations: the guest wants what the desktop's clipboard has.
 */
void
xeno_guest_ask (XenoGuest *self,
                guint      form,
                GTask     *task)
{
  gboolean is_taken = FALSE;

  g_return_if_fail (XENO_IS_GUEST (self));
  g_return_if_fail (G_IS_TASK (task));

  if (xeno_display_is_form (form))
    g_signal_emit (self, signals[REQUESTED], 0, form, task, &is_taken);
  if (!is_taken)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "nothing for this guest");
}

/**
 * xeno_guest_emit_sent:
 * @self: a guest
 * @bytes: how much of the file on its way has gone
 *
 * For implementations.
 */
void
xeno_guest_emit_sent (XenoGuest *self,
                      guint64    bytes)
{
  g_return_if_fail (XENO_IS_GUEST (self));

  g_signal_emit (self, signals[SENT], 0, bytes);
}

/**
 * xeno_guest_set_card_report:
 * @self: a guest
 * @report: what is known of this computer's readers
 *
 * For implementations.
 */
void
xeno_guest_set_card_report (XenoGuest            *self,
                            const XenoCardReport *report)
{
  g_return_if_fail (XENO_IS_GUEST (self));
  g_return_if_fail (report != NULL);

  PRIVATE (self)->card_report = *report;
  g_signal_emit (self, signals[CARD_CHANGED], 0);
}
