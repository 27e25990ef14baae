/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One text console of a machine: opened when it is first looked at, while the machine runs. */
#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "app/xeno-text-page.h"
#include "app/xeno-text-port.h"
#include "base/xeno-error.h"
#include "console/xeno-serial-console.h"

struct _XenoTextPage
{
  GtkWidget             parent_instance;

  XenoMachine          *machine;
  char                 *port;
  XenoSerialConsole    *serial;
  gboolean              is_wanted; /* somebody has looked at it */
  guint                 run; /* of the machine, which it was opened in */
  GCancellable         *cancellable;
  GError               *error;
  XenoConsoleSituation  situation;
  char                 *panic; /* what the guest's kernel said */
  guint                 note_id;
  gboolean              has_news; /* beside what was noted last */
};

G_DEFINE_FINAL_TYPE (XenoTextPage, xeno_text_page, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_SITUATION, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void update (XenoTextPage *self);

/* A guest can panic as often as it likes to write so; what it says is noted once a second. */
#define NOTE_REST_MS 1000

static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xeno_machine_set_note_finish (XENO_MACHINE (source), result, &error))
    g_debug ("A panic was not noted: %s", error->message);
}

static gboolean
rested_cb (gpointer user_data)
{
  XenoTextPage *self = user_data;

  gboolean is_new = self->has_news && g_strcmp0 (self->panic, xeno_machine_get_panic (self->machine)) != 0;

  self->has_news = FALSE;
  if (is_new)
    {
      xeno_machine_set_note_async (self->machine, XENO_SPEC_NOTE_PANIC, self->panic, NULL, noted_cb, NULL);
      return G_SOURCE_CONTINUE;
    }

  self->note_id = 0;
  return G_SOURCE_REMOVE;
}

/* On the machine, where everybody reads it who looks at the machine, in any program. */
static void
note_panic (XenoTextPage *self,
            const char   *text)
{
  g_free (self->panic);
  self->panic = g_strdup (text);
  self->has_news = TRUE;
  if (self->note_id == 0 && rested_cb (self))
    self->note_id = g_timeout_add (NOTE_REST_MS, rested_cb, self);
}

static void
begun_cb (XenoTextPage *self)
{
  note_panic (self, NULL);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(XenoTextPage) self = user_data;
  g_autoptr(GError) error = NULL;
  int fd = xeno_machine_open_console_finish (XENO_MACHINE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (fd >= 0 && self->serial == NULL)
    close (fd);
  else if (fd >= 0)
    xeno_serial_console_connect_fd (self->serial, fd);
  else
    self->error = g_steal_pointer (&error);

  update (self);
}

static void
open_port (XenoTextPage *self)
{
  g_autofree char *alias = xeno_text_port_dup_alias (self->machine, self->port);

  self->cancellable = g_cancellable_new ();
  xeno_machine_open_console_async (self->machine, alias, self->cancellable, opened_cb,
                                   g_object_ref (self));
}

static void
close_port (XenoTextPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  if (self->serial != NULL)
    xeno_serial_console_disconnect (self->serial);
}

static XenoConsoleSituation
find_situation (XenoTextPage *self)
{
  XenoConsoleSituation situation = xeno_console_situation_from_machine (self->machine);

  if (situation != XENO_SITUATION_CLEAR)
    return situation;
  if (self->error != NULL)
    return XENO_SITUATION_TEXT_CLOSED;

  return xeno_serial_console_is_connected (self->serial) ? XENO_SITUATION_CLEAR
                                                         : XENO_SITUATION_TEXT_CONNECTING;
}

static void
update (XenoTextPage *self)
{
  gboolean is_active = xeno_machine_is_active (self->machine);
  guint run = xeno_machine_get_run (self->machine);
  XenoConsoleSituation situation;

  if (self->serial == NULL)
    return;

  /* Of a machine that was off for a moment the port that was opened is gone. */
  if (!is_active || self->run != run)
    {
      self->run = run;
      close_port (self);
      g_clear_error (&self->error);
    }
  if (is_active && self->is_wanted && self->error == NULL && self->cancellable == NULL &&
      !xeno_serial_console_is_connected (self->serial))
    open_port (self);

  situation = find_situation (self);
  if (self->situation == situation)
    return;

  self->situation = situation;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITUATION]);
}

static void
connected_cb (XenoTextPage *self)
{
  if (!xeno_serial_console_is_connected (self->serial) && self->is_wanted && self->error == NULL &&
      self->cancellable == NULL && xeno_machine_is_active (self->machine))
    self->error = xeno_error_new (XENO_ERROR_FAILED, NULL,
                                  _("The text console was closed from the other side."));
  update (self);
}

static gboolean
xeno_text_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (xeno_text_page_get_terminal (XENO_TEXT_PAGE (widget))));
}

static void
xeno_text_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  XenoTextPage *self = XENO_TEXT_PAGE (object);

  switch (prop_id)
    {
    case PROP_SITUATION:
      g_value_set_enum (value, self->situation);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_text_page_dispose (GObject *object)
{
  XenoTextPage *self = XENO_TEXT_PAGE (object);

  xeno_text_page_close (self);
  g_clear_handle_id (&self->note_id, g_source_remove);
  if (self->serial != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->serial));
  self->serial = NULL;
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (xeno_text_page_parent_class)->dispose (object);
}

static void
xeno_text_page_finalize (GObject *object)
{
  XenoTextPage *self = XENO_TEXT_PAGE (object);

  g_free (self->port);
  g_free (self->panic);

  G_OBJECT_CLASS (xeno_text_page_parent_class)->finalize (object);
}

static void
xeno_text_page_class_init (XenoTextPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_text_page_dispose;
  object_class->finalize = xeno_text_page_finalize;
  object_class->get_property = xeno_text_page_get_property;
  widget_class->grab_focus = xeno_text_page_grab_focus;

  /**
   * XenoTextPage:situation:
   *
   * What stands between a person and the text.
   */
  properties[PROP_SITUATION] =
    g_param_spec_enum ("situation", NULL, NULL, XENO_TYPE_CONSOLE_SITUATION, XENO_SITUATION_CLEAR,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
xeno_text_page_init (XenoTextPage *self)
{
  self->serial = XENO_SERIAL_CONSOLE (xeno_serial_console_new ());
  g_signal_connect_object (self->serial, "notify::is-connected", G_CALLBACK (connected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->serial, "panicked", G_CALLBACK (note_panic), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->serial, "begun", G_CALLBACK (begun_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (GTK_WIDGET (self->serial), GTK_WIDGET (self));
}

/**
 * xeno_text_page_new:
 * @machine: a machine
 * @port: one of its text ports
 *
 * Returns: (transfer floating): a page for it, not opened
 */
GtkWidget *
xeno_text_page_new (XenoMachine *machine,
                    const char  *port)
{
  XenoTextPage *self;

  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  self = g_object_new (XENO_TYPE_TEXT_PAGE, NULL);
  self->machine = g_object_ref (machine);
  self->port = g_strdup (port);
  g_signal_connect_object (machine, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/**
 * xeno_text_page_get_port:
 * @self: a page
 *
 * Returns: which of the machine's text ports it shows
 */
const char *
xeno_text_page_get_port (XenoTextPage *self)
{
  g_return_val_if_fail (XENO_IS_TEXT_PAGE (self), NULL);

  return self->port;
}

/**
 * xeno_text_page_get_terminal:
 * @self: a page
 *
 * Returns: (transfer none): the terminal
 */
XenoTerminal *
xeno_text_page_get_terminal (XenoTextPage *self)
{
  g_return_val_if_fail (XENO_IS_TEXT_PAGE (self), NULL);

  return xeno_serial_console_get_terminal (self->serial);
}

/**
 * xeno_text_page_get_situation:
 * @self: a page
 *
 * Returns: what stands between a person and the text
 */
XenoConsoleSituation
xeno_text_page_get_situation (XenoTextPage *self)
{
  g_return_val_if_fail (XENO_IS_TEXT_PAGE (self), XENO_SITUATION_UNKNOWN);

  return self->situation;
}

/**
 * xeno_text_page_get_reason:
 * @self: a page
 *
 * Returns: (nullable): why it is closed
 */
const char *
xeno_text_page_get_reason (XenoTextPage *self)
{
  g_return_val_if_fail (XENO_IS_TEXT_PAGE (self), NULL);

  return self->error != NULL ? self->error->message : NULL;
}

/**
 * xeno_text_page_is_open:
 * @self: a page
 *
 * Returns: whether what the guest writes arrives, also while something else hides it
 */
gboolean
xeno_text_page_is_open (XenoTextPage *self)
{
  g_return_val_if_fail (XENO_IS_TEXT_PAGE (self), FALSE);

  return self->serial != NULL && xeno_serial_console_is_connected (self->serial);
}

/**
 * xeno_text_page_open:
 * @self: a page
 *
 * Opens the port, now or as soon as the machine runs, and again whenever it was stopped and started.
 * A port that is no longer looked at stays open: what the guest writes is not lost.
 */
void
xeno_text_page_open (XenoTextPage *self)
{
  g_return_if_fail (XENO_IS_TEXT_PAGE (self));

  self->is_wanted = TRUE;
  update (self);
}

/**
 * xeno_text_page_try_again:
 * @self: a page
 *
 * Opens the port anew.
 */
void
xeno_text_page_try_again (XenoTextPage *self)
{
  g_return_if_fail (XENO_IS_TEXT_PAGE (self));

  g_clear_error (&self->error);
  xeno_text_page_open (self);
}

/**
 * xeno_text_page_close:
 * @self: a page
 *
 * Closes the port. What was shown stays.
 */
void
xeno_text_page_close (XenoTextPage *self)
{
  g_return_if_fail (XENO_IS_TEXT_PAGE (self));

  self->is_wanted = FALSE;
  close_port (self);
}
