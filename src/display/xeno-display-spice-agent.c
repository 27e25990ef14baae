/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the SPICE agent in a guest does: clipboard, size of the screen, files. */
#include "config.h"

#include <glib/gstdio.h>
#include <spice/vd_agent.h>

#include "display/xeno-display-spice-agent.h"
#include "display/xeno-display-spice-file.h"
#include "display/xeno-display-text.h"

/* Nobody pastes so often at once. */
#define MAX_REQUESTS 8

#define SELECTION VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD

#define AGENT_ABILITIES (XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_PICTURES | \
                         XENO_DISPLAY_ABILITY_RESIZE | XENO_DISPLAY_ABILITY_FILES)

struct _XenoDisplaySpiceAgent
{
  GObject            parent_instance;
  XenoDisplayServer *server; /* outlives it */
  SpiceMainChannel  *main;
  gboolean           is_connected;
  guint              host_forms;    /* what the desktop has for the guest */
  guint              offered_forms; /* what of it the agent has been told */
  gboolean           is_offer_new;
  guint              n_asked;
  GQueue             requests; /* of GTask; the first has been asked for */
  guint              timeout_id;
};

G_DEFINE_FINAL_TYPE (XenoDisplaySpiceAgent, xeno_display_spice_agent, G_TYPE_OBJECT)

static const struct
{
  guint32 type;
  guint   form;
} forms_of_types[] = {
  { VD_AGENT_CLIPBOARD_UTF8_TEXT, XENO_DISPLAY_FORM_TEXT },
  { VD_AGENT_CLIPBOARD_IMAGE_PNG, XENO_DISPLAY_FORM_PNG },
  { VD_AGENT_CLIPBOARD_IMAGE_BMP, XENO_DISPLAY_FORM_BMP },
  { VD_AGENT_CLIPBOARD_IMAGE_TIFF, XENO_DISPLAY_FORM_TIFF },
  { VD_AGENT_CLIPBOARD_IMAGE_JPG, XENO_DISPLAY_FORM_JPEG },
};

static void ask (XenoDisplaySpiceAgent *self);

static guint
get_form (guint32 type)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms_of_types); i++)
    if (forms_of_types[i].type == type)
      return forms_of_types[i].form;
  return 0;
}

static guint32
get_type (guint form)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms_of_types); i++)
    if (forms_of_types[i].form == form)
      return forms_of_types[i].type;
  return VD_AGENT_CLIPBOARD_NONE;
}

static gboolean
has_capability (XenoDisplaySpiceAgent *self,
                guint32                capability)
{
  return self->is_connected && spice_main_channel_agent_test_capability (self->main, capability);
}

/* Takes what is asked for off the queue. */
static GTask *
end_request (XenoDisplaySpiceAgent *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  return g_queue_pop_head (&self->requests);
}

static void
fail_request (XenoDisplaySpiceAgent *self,
              GIOErrorEnum           code,
              const char            *reason)
{
  g_autoptr (GTask) task = end_request (self);

  g_task_return_new_error (task, G_IO_ERROR, code, "%s", reason);
}

static void
fail_all_requests (XenoDisplaySpiceAgent *self)
{
  while (!g_queue_is_empty (&self->requests))
    fail_request (self, G_IO_ERROR_CLOSED, "the guest's clipboard has nothing any more");
}

static gboolean
timeout_cb (gpointer user_data)
{
  XenoDisplaySpiceAgent *self = user_data;

  self->timeout_id = 0;
  fail_request (self, G_IO_ERROR_TIMED_OUT, "the guest does not answer");
  ask (self);
  return G_SOURCE_REMOVE;
}

/* The protocol's answers do not say what they answer: one question at a time. */
static void
ask (XenoDisplaySpiceAgent *self)
{
  GTask *task = g_queue_peek_head (&self->requests);
  guint form;

  if (task == NULL || self->timeout_id != 0)
    return;

  form = GPOINTER_TO_UINT (g_task_get_task_data (task));
  self->timeout_id = g_timeout_add (XENO_DISPLAY_CLIPBOARD_MS, timeout_cb, self);
  spice_main_channel_clipboard_selection_request (self->main, SELECTION, get_type (form));
}

/* Some agents send the zero that ends a string in C. */
static GBytes *
take_text (XenoDisplaySpiceAgent *self,
           const char            *data,
           gsize                  size)
{
  g_autoptr (GBytes) text = NULL;

  while (size > 0 && data[size - 1] == '\0')
    size--;
  text = g_bytes_new (data, size);
  return has_capability (self, VD_AGENT_CAP_GUEST_LINEEND_CRLF) ? xeno_display_text_from_crlf (text)
                                                                : g_steal_pointer (&text);
}

static void
content_cb (XenoDisplaySpiceAgent *self,
            guint                  selection,
            guint                  type,
            gpointer               data,
            guint                  size)
{
  GTask *asked = g_queue_peek_head (&self->requests);
  guint form = get_form (type);
  g_autoptr (GTask) task = NULL;

  if (asked == NULL || selection != SELECTION ||
      (type != VD_AGENT_CLIPBOARD_NONE && form != GPOINTER_TO_UINT (g_task_get_task_data (asked))))
    return;

  task = end_request (self);
  if (type == VD_AGENT_CLIPBOARD_NONE)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the guest gives nothing");
  else if (size > xeno_display_get_max_content (form))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "%u bytes are too many", size);
  else
    g_task_return_pointer (task,
                           form == XENO_DISPLAY_FORM_TEXT ? take_text (self, data, size)
                                                          : g_bytes_new (data, size),
                           (GDestroyNotify) g_bytes_unref);
  ask (self);
}

static gboolean
guest_grabs_cb (XenoDisplaySpiceAgent *self,
                guint                  selection,
                gpointer               types,
                guint                  n_types)
{
  const guint32 *known = types;
  guint forms = 0;

  if (selection != SELECTION)
    return FALSE;

  for (guint i = 0; i < n_types; i++)
    forms |= get_form (known[i]);
  self->host_forms = 0;
  self->offered_forms = 0;
  xeno_display_server_grab (self->server, forms);
  return TRUE;
}

static void
guest_releases_cb (XenoDisplaySpiceAgent *self,
                   guint                  selection)
{
  if (selection != SELECTION)
    return;

  fail_all_requests (self);
  xeno_display_server_grab (self->server, 0);
}

static void
give (XenoDisplaySpiceAgent *self,
      guint32                type,
      GBytes                *content)
{
  gsize size = 0;
  gconstpointer data = content != NULL ? g_bytes_get_data (content, &size) : NULL;

  if (self->is_connected)
    spice_main_channel_clipboard_selection_notify (self->main, SELECTION,
                                                   content != NULL ? type : VD_AGENT_CLIPBOARD_NONE,
                                                   data, size);
}

typedef struct
{
  XenoDisplaySpiceAgent *self;
  guint32                type;
} Question;

static void
answer_cb (GObject      *server,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (XenoDisplaySpiceAgent) self = question->self;
  g_autoptr (GBytes) content = xeno_display_server_request_finish (XENO_DISPLAY_SERVER (server), result, NULL);

  self->n_asked--;
  if (content != NULL && question->type == VD_AGENT_CLIPBOARD_UTF8_TEXT &&
      has_capability (self, VD_AGENT_CAP_GUEST_LINEEND_CRLF))
    {
      GBytes *text = xeno_display_text_to_crlf (content);

      g_bytes_unref (content);
      content = text;
    }
  give (self, question->type, content);
}

static gboolean
guest_requests_cb (XenoDisplaySpiceAgent *self,
                   guint                  selection,
                   guint                  type)
{
  guint form = get_form (type);
  Question *question;

  if (selection != SELECTION)
    return FALSE;

  if ((form & self->offered_forms) == 0 || self->n_asked >= MAX_REQUESTS)
    {
      give (self, type, NULL);
      return TRUE;
    }

  question = g_new (Question, 1);
  question->self = g_object_ref (self);
  question->type = type;
  self->n_asked++;
  xeno_display_server_request_async (self->server, form, NULL, answer_cb, question);
  return TRUE;
}

/* One agent knows nothing of what was offered to the one before. */
static void
update_offer (XenoDisplaySpiceAgent *self)
{
  guint32 types[G_N_ELEMENTS (forms_of_types)];
  guint n_types = 0;
  guint forms = has_capability (self, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND) ? self->host_forms : 0;

  if (self->offered_forms == forms && !self->is_offer_new)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (forms_of_types); i++)
    if ((forms & forms_of_types[i].form) != 0)
      types[n_types++] = forms_of_types[i].type;
  if (n_types > 0)
    spice_main_channel_clipboard_selection_grab (self->main, SELECTION, types, n_types);
  else if (self->offered_forms != 0 && self->is_connected)
    spice_main_channel_clipboard_selection_release (self->main, SELECTION);
  self->offered_forms = forms;
  self->is_offer_new = FALSE;
}

static guint
get_abilities (XenoDisplaySpiceAgent *self)
{
  guint abilities = 0;

  if (has_capability (self, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND))
    abilities |= XENO_DISPLAY_ABILITY_TEXT | XENO_DISPLAY_ABILITY_PICTURES;
  if (has_capability (self, VD_AGENT_CAP_MONITORS_CONFIG))
    abilities |= XENO_DISPLAY_ABILITY_RESIZE;
  if (self->is_connected && !has_capability (self, VD_AGENT_CAP_FILE_XFER_DISABLED))
    abilities |= XENO_DISPLAY_ABILITY_FILES;
  return abilities;
}

/* An agent comes and goes with the guest's sessions; what it can do is told a little later. */
static void
agent_cb (XenoDisplaySpiceAgent *self)
{
  gboolean is_connected;

  g_object_get (self->main, "agent-connected", &is_connected, NULL);
  if (self->is_connected && !is_connected)
    {
      fail_all_requests (self);
      xeno_display_server_grab (self->server, 0);
    }
  self->is_connected = is_connected;
  xeno_display_server_set_abilities (self->server, AGENT_ABILITIES, get_abilities (self));
  update_offer (self);
}

static void
xeno_display_spice_agent_dispose (GObject *object)
{
  XenoDisplaySpiceAgent *self = XENO_DISPLAY_SPICE_AGENT (object);

  self->is_connected = FALSE;
  fail_all_requests (self);
  g_clear_object (&self->main);

  G_OBJECT_CLASS (xeno_display_spice_agent_parent_class)->dispose (object);
}

static void
xeno_display_spice_agent_class_init (XenoDisplaySpiceAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_display_spice_agent_dispose;
}

static void
xeno_display_spice_agent_init (XenoDisplaySpiceAgent *self)
{
  g_queue_init (&self->requests);
}

/**
 * xeno_display_spice_agent_new:
 * @server: whom to tell; it outlives the agent
 * @main: the session's main channel, not yet connected
 *
 * Returns: (transfer full): the agent, whether or not the guest has one at the moment
 */
XenoDisplaySpiceAgent *
xeno_display_spice_agent_new (XenoDisplayServer *server,
                              SpiceMainChannel  *main)
{
  static const struct
  {
    const char *signal;
    GCallback   callback;
  } handlers[] = {
    { "main-agent-update", G_CALLBACK (agent_cb) },
    { "notify::agent-connected", G_CALLBACK (agent_cb) },
    { "main-clipboard-selection", G_CALLBACK (content_cb) },
    { "main-clipboard-selection-grab", G_CALLBACK (guest_grabs_cb) },
    { "main-clipboard-selection-release", G_CALLBACK (guest_releases_cb) },
    { "main-clipboard-selection-request", G_CALLBACK (guest_requests_cb) },
  };
  XenoDisplaySpiceAgent *self;

  g_return_val_if_fail (XENO_IS_DISPLAY_SERVER (server), NULL);
  g_return_val_if_fail (SPICE_IS_MAIN_CHANNEL (main), NULL);

  self = g_object_new (XENO_TYPE_DISPLAY_SPICE_AGENT, NULL);
  self->server = server;
  self->main = g_object_ref (main);
  g_object_set (main,
                "max-clipboard", XENO_DISPLAY_MAX_PICTURE + 2,
                "disable-display-align", TRUE, /* the app knows where its windows are */
                NULL);
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (main, handlers[i].signal, handlers[i].callback, self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_display_spice_agent_arrange:
 * @self: an agent
 * @monitors: (array length=n_monitors): all monitors the guest should have, in order of their numbers
 * @n_monitors: how many these are
 *
 * Asks the guest for these monitors, in one message.
 */
void
xeno_display_spice_agent_arrange (XenoDisplaySpiceAgent    *self,
                                  const XenoDisplayMonitor *monitors,
                                  guint                     n_monitors)
{
  guint n = 0;

  g_return_if_fail (XENO_IS_DISPLAY_SPICE_AGENT (self));
  g_return_if_fail (monitors != NULL);

  if (!self->is_connected)
    return;

  for (guint id = 0; id < XENO_DISPLAY_MAX_HEADS; id++)
    {
      const XenoDisplayMonitor *monitor = n < n_monitors && monitors[n].id == id ? &monitors[n++] : NULL;

      spice_main_channel_update_display_enabled (self->main, id, monitor != NULL, FALSE);
      if (monitor == NULL)
        continue;
      spice_main_channel_update_display (self->main, id, monitor->x, monitor->y, monitor->width,
                                         monitor->height, FALSE);
      spice_main_channel_update_display_mm (self->main, id, monitor->width_mm, monitor->height_mm, FALSE);
    }
  spice_main_channel_send_monitor_config (self->main);
}

/**
 * xeno_display_spice_agent_grab:
 * @self: an agent
 * @forms: in what forms the desktop's clipboard has something; 0: nothing any more
 *
 * Tells the guest.
 */
void
xeno_display_spice_agent_grab (XenoDisplaySpiceAgent *self,
                               guint                  forms)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_AGENT (self));

  self->host_forms = forms;
  self->is_offer_new = TRUE;
  update_offer (self);
}

/**
 * xeno_display_spice_agent_request:
 * @self: an agent
 * @form: in what form
 * @task: gets a #GBytes
 *
 * Asks the guest for what its clipboard has.
 */
void
xeno_display_spice_agent_request (XenoDisplaySpiceAgent *self,
                                  guint                  form,
                                  GTask                 *task)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_AGENT (self));
  g_return_if_fail (G_IS_TASK (task));

  if (!has_capability (self, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the guest has no agent");
      return;
    }
  if (g_queue_get_length (&self->requests) >= MAX_REQUESTS)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "too many requests");
      return;
    }

  g_task_set_task_data (task, GUINT_TO_POINTER (form), NULL);
  g_queue_push_tail (&self->requests, g_object_ref (task));
  ask (self);
}

/**
 * xeno_display_spice_agent_send_file:
 * @self: an agent
 * @fd: (transfer full): the file
 * @name: what the guest shall call it
 * @size: how much of it there is
 * @task: gets %TRUE when the guest has it
 *
 * Sends a file to the guest.
 */
void
xeno_display_spice_agent_send_file (XenoDisplaySpiceAgent *self,
                                    int                    fd,
                                    const char            *name,
                                    guint64                size,
                                    GTask                 *task)
{
  g_return_if_fail (XENO_IS_DISPLAY_SPICE_AGENT (self));
  g_return_if_fail (G_IS_TASK (task));

  if (self->is_connected)
    {
      xeno_display_spice_file_send (self->main, self->server, fd, name, size, task);
    }
  else
    {
      g_close (fd, NULL);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "the guest has no agent");
    }
}
