/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine's text console: a terminal over the socket of its serial port.
 *
 * What the guest writes is shown and does nothing else: it opens no link, sets no clipboard, and
 * gets no answer to what it asks the terminal. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>
#include <vte/vte.h>

#include "console/xeno-serial-console.h"

/* A guest that never stops writing gets this much of the main loop's time and no more; the rest
 * waits in the socket, and the guest with it. */
#define READ_SIZE   (64 * 1024)
#define READ_REST_MS 16

/* More input than this waiting for a guest that reads nothing is dropped. */
#define MAX_PENDING (1024 * 1024)

#define SCROLLBACK_LINES 10000

struct _XenoSerialConsole
{
  GtkWidget    parent_instance;

  VteTerminal *terminal;
  GListModel  *controllers;
  GCancellable *cancellable;
  gboolean     is_pasting;

  int          fd;
  guint        read_id;
  guint        write_id;
  GByteArray  *pending;
};

G_DEFINE_FINAL_TYPE (XenoSerialConsole, xeno_serial_console, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_IS_CONNECTED, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void watch (XenoSerialConsole *self);

static gboolean
rested_cb (gpointer user_data)
{
  XenoSerialConsole *self = user_data;

  self->read_id = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static gboolean
readable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  XenoSerialConsole *self = user_data;
  char buffer[READ_SIZE];
  gssize n_read = read (fd, buffer, sizeof buffer);

  if (n_read < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  if (n_read <= 0)
    {
      xeno_serial_console_disconnect (self);
      return G_SOURCE_REMOVE;
    }

  vte_terminal_feed (self->terminal, buffer, n_read);
  self->read_id = g_timeout_add (READ_REST_MS, rested_cb, self);
  return G_SOURCE_REMOVE;
}

static void
watch (XenoSerialConsole *self)
{
  self->read_id = g_unix_fd_add_full (G_PRIORITY_DEFAULT_IDLE, self->fd,
                                      G_IO_IN | G_IO_HUP | G_IO_ERR, readable_cb, self, NULL);
}

static gboolean
writable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  XenoSerialConsole *self = user_data;
  gssize n_written = write (fd, self->pending->data, self->pending->len);

  if (n_written < 0 && errno != EAGAIN && errno != EINTR)
    g_byte_array_set_size (self->pending, 0);
  else if (n_written > 0)
    g_byte_array_remove_range (self->pending, 0, n_written);

  if (self->pending->len > 0)
    return G_SOURCE_CONTINUE;

  self->write_id = 0;
  return G_SOURCE_REMOVE;
}

/* The terminal emits what a person typed and what it answers a guest's questions with as one and
 * the same signal. A person's input is emitted while an event is being handled. */
static gboolean
is_handling_event (XenoSerialConsole *self)
{
  guint n_controllers = g_list_model_get_n_items (self->controllers);

  for (guint i = 0; i < n_controllers; i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (self->controllers, i);

      if (gtk_event_controller_get_current_event (controller) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* Input methods emit between events, but only text; every answer begins with a control code. */
static gboolean
is_plain_text (const char *text,
               guint       length)
{
  gunichar first = length > 0 ? g_utf8_get_char_validated (text, length) : 0;

  return first >= 0x20 && first != 0x7f && !(first >= 0x80 && first < 0xa0) &&
         first < (gunichar) -2;
}

static void
commit_cb (XenoSerialConsole *self,
           const char        *text,
           guint              length)
{
  if (self->fd < 0 || self->pending->len + length > MAX_PENDING)
    return;
  if (!self->is_pasting && !is_handling_event (self) && !is_plain_text (text, length))
    return;

  g_byte_array_append (self->pending, (const guint8 *) text, length);
  if (self->write_id == 0)
    self->write_id = g_unix_fd_add (self->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, writable_cb, self);
}

static void
copy_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  XenoSerialConsole *self = XENO_SERIAL_CONSOLE (widget);

  vte_terminal_copy_clipboard_format (self->terminal, VTE_FORMAT_TEXT);
}

static void
paste_text_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(XenoSerialConsole) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (text == NULL || self->fd < 0)
    return;

  self->is_pasting = TRUE;
  vte_terminal_paste_text (self->terminal, text);
  self->is_pasting = FALSE;
}

static void
paste_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  XenoSerialConsole *self = XENO_SERIAL_CONSOLE (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->cancellable,
                                 paste_text_cb, g_object_ref (self));
}

static gboolean
xeno_serial_console_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (XENO_SERIAL_CONSOLE (widget)->terminal));
}

static void
xeno_serial_console_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  XenoSerialConsole *self = XENO_SERIAL_CONSOLE (object);

  switch (prop_id)
    {
    case PROP_IS_CONNECTED:
      g_value_set_boolean (value, xeno_serial_console_is_connected (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_serial_console_dispose (GObject *object)
{
  XenoSerialConsole *self = XENO_SERIAL_CONSOLE (object);

  g_cancellable_cancel (self->cancellable);
  xeno_serial_console_disconnect (self);
  g_clear_object (&self->controllers);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  self->terminal = NULL;

  G_OBJECT_CLASS (xeno_serial_console_parent_class)->dispose (object);
}

static void
xeno_serial_console_finalize (GObject *object)
{
  XenoSerialConsole *self = XENO_SERIAL_CONSOLE (object);

  g_object_unref (self->cancellable);
  g_byte_array_unref (self->pending);

  G_OBJECT_CLASS (xeno_serial_console_parent_class)->finalize (object);
}

static void
xeno_serial_console_class_init (XenoSerialConsoleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_serial_console_dispose;
  object_class->finalize = xeno_serial_console_finalize;
  object_class->get_property = xeno_serial_console_get_property;
  widget_class->grab_focus = xeno_serial_console_grab_focus;

  /**
   * XenoSerialConsole:is-connected:
   *
   * Whether what is typed goes to a guest.
   */
  properties[PROP_IS_CONNECTED] =
    g_param_spec_boolean ("is-connected", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "terminal.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "terminal.paste", NULL, paste_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "terminal.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "terminal.paste", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "serial");
}

#define RGB(hex) { ((hex) >> 16 & 0xff) / 255.f, ((hex) >> 8 & 0xff) / 255.f, ((hex) & 0xff) / 255.f, 1 }

static void
xeno_serial_console_init (XenoSerialConsole *self)
{
  static const GdkRGBA text = RGB (0xeeeeee);
  static const GdkRGBA background = RGB (0x000000);
  /* Of libadwaita's colours: every one can be read on black. */
  static const GdkRGBA palette[] = {
    RGB (0x3d3846), RGB (0xed333b), RGB (0x33d17a), RGB (0xf5c211),
    RGB (0x62a0ea), RGB (0xc061cb), RGB (0x33c7de), RGB (0xdeddda),
    RGB (0x9a9996), RGB (0xf66151), RGB (0x8ff0a4), RGB (0xf9f06b),
    RGB (0x99c1f1), RGB (0xdc8add), RGB (0x93ddc2), RGB (0xffffff),
  };
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->fd = -1;
  self->pending = g_byte_array_new ();
  self->cancellable = g_cancellable_new ();
  self->terminal = VTE_TERMINAL (vte_terminal_new ());
  self->controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->terminal));

  vte_terminal_set_allow_hyperlink (self->terminal, FALSE);
  vte_terminal_set_audible_bell (self->terminal, FALSE);
  vte_terminal_set_cursor_blink_mode (self->terminal, VTE_CURSOR_BLINK_OFF);
  vte_terminal_set_scrollback_lines (self->terminal, SCROLLBACK_LINES);
  vte_terminal_set_colors (self->terminal, &text, &background, palette,
                           G_N_ELEMENTS (palette));
  g_signal_connect_swapped (self->terminal, "commit", G_CALLBACK (commit_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->terminal));
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
}

/**
 * xeno_serial_console_new:
 *
 * Returns: (transfer floating): a terminal without a guest
 */
GtkWidget *
xeno_serial_console_new (void)
{
  return g_object_new (XENO_TYPE_SERIAL_CONSOLE, NULL);
}

/**
 * xeno_serial_console_connect_fd:
 * @self: a text console
 * @fd: (transfer full): a socket to the serial port
 *
 * Shows what comes from @fd and sends what is typed there. A connection before it is closed.
 */
void
xeno_serial_console_connect_fd (XenoSerialConsole *self,
                                int                fd)
{
  g_return_if_fail (XENO_IS_SERIAL_CONSOLE (self));
  g_return_if_fail (fd >= 0);

  xeno_serial_console_disconnect (self);
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  self->fd = fd;
  watch (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_CONNECTED]);
}

/**
 * xeno_serial_console_disconnect:
 * @self: a text console
 *
 * Closes the socket. What was shown stays.
 */
void
xeno_serial_console_disconnect (XenoSerialConsole *self)
{
  g_return_if_fail (XENO_IS_SERIAL_CONSOLE (self));

  if (self->fd < 0)
    return;

  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_byte_array_set_size (self->pending, 0);
  close (self->fd);
  self->fd = -1;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_CONNECTED]);
}

/**
 * xeno_serial_console_is_connected:
 * @self: a text console
 *
 * Returns: whether what is typed goes to a guest
 */
gboolean
xeno_serial_console_is_connected (XenoSerialConsole *self)
{
  g_return_val_if_fail (XENO_IS_SERIAL_CONSOLE (self), FALSE);

  return self->fd >= 0;
}

/**
 * xeno_serial_console_dup_text:
 * @self: a text console
 *
 * Returns: (transfer full): what stands on the visible screen
 */
char *
xeno_serial_console_dup_text (XenoSerialConsole *self)
{
  g_return_val_if_fail (XENO_IS_SERIAL_CONSOLE (self), NULL);

  return vte_terminal_get_text (self->terminal, NULL, NULL, NULL);
}
