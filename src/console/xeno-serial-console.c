/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine's text console: a terminal over the socket of its serial port. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#include "base/xeno-panic.h"
#include "console/xeno-serial-console.h"

/* A guest that never stops writing gets this much of the main loop's time and no more; the rest
 * waits in the socket, and the guest with it. */
#define READ_SIZE   (64 * 1024)
#define READ_REST_MS 16

/* More input than this waiting for a guest that reads nothing is dropped. */
#define MAX_PENDING (1024 * 1024)

struct _XenoSerialConsole
{
  GtkWidget        parent_instance;

  XenoTerminal    *terminal;
  XenoPanicReader *panic_reader;
  int              fd;
  guint            read_id;
  guint            write_id;
  GByteArray      *pending;
};

G_DEFINE_FINAL_TYPE (XenoSerialConsole, xeno_serial_console, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_IS_CONNECTED, N_PROPS };

static GParamSpec *properties[N_PROPS];

enum { PANICKED, BEGUN, N_SIGNALS };

static guint signals[N_SIGNALS];

static void watch (XenoSerialConsole *self);

static gboolean
rested_cb (gpointer user_data)
{
  XenoSerialConsole *self = user_data;

  self->read_id = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static void
look_for_news (XenoSerialConsole *self,
               const char        *bytes,
               gsize              length)
{
  switch (xeno_panic_reader_feed (self->panic_reader, bytes, length))
    {
    case XENO_PANIC_PANICKED:
      g_signal_emit (self, signals[PANICKED], 0, xeno_panic_reader_get_text (self->panic_reader));
      break;

    case XENO_PANIC_BEGUN:
      g_signal_emit (self, signals[BEGUN], 0);
      break;

    case XENO_PANIC_NOTHING:
    default:
      break;
    }
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

  xeno_terminal_feed (self->terminal, buffer, n_read);
  look_for_news (self, buffer, n_read);
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

static void
typed_cb (XenoSerialConsole *self,
          GBytes            *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (self->fd < 0 || self->pending->len + length > MAX_PENDING)
    return;

  g_byte_array_append (self->pending, data, length);
  if (self->write_id == 0)
    self->write_id = g_unix_fd_add (self->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, writable_cb, self);
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

  xeno_serial_console_disconnect (self);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  self->terminal = NULL;

  G_OBJECT_CLASS (xeno_serial_console_parent_class)->dispose (object);
}

static void
xeno_serial_console_finalize (GObject *object)
{
  XenoSerialConsole *self = XENO_SERIAL_CONSOLE (object);

  g_byte_array_unref (self->pending);
  xeno_panic_reader_free (self->panic_reader);

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

  /**
   * XenoSerialConsole::panicked:
   * @self: the text console
   * @text: why, in its own words: clean and short, but a guest's
   *
   * The guest's kernel wrote that it gave up.
   */
  signals[PANICKED] = g_signal_new ("panicked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * XenoSerialConsole::begun:
   * @self: the text console
   *
   * A kernel wrote that it begins.
   */
  signals[BEGUN] = g_signal_new ("begun", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "serial");
}

static void
xeno_serial_console_init (XenoSerialConsole *self)
{
  self->fd = -1;
  self->pending = g_byte_array_new ();
  self->panic_reader = xeno_panic_reader_new ();
  self->terminal = XENO_TERMINAL (xeno_terminal_new ());
  g_signal_connect_swapped (self->terminal, "typed", G_CALLBACK (typed_cb), self);
  gtk_widget_set_parent (GTK_WIDGET (self->terminal), GTK_WIDGET (self));
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
 * Shows what comes from @fd, below what is there already, and sends what is typed there. A connection
 * before it is closed.
 */
void
xeno_serial_console_connect_fd (XenoSerialConsole *self,
                                int                fd)
{
  g_return_if_fail (XENO_IS_SERIAL_CONSOLE (self));
  g_return_if_fail (fd >= 0);

  xeno_serial_console_disconnect (self);
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  xeno_terminal_begin_anew (self->terminal);
  xeno_panic_reader_reset (self->panic_reader);
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
 * xeno_serial_console_get_terminal:
 * @self: a text console
 *
 * Returns: (transfer none): the terminal
 */
XenoTerminal *
xeno_serial_console_get_terminal (XenoSerialConsole *self)
{
  g_return_val_if_fail (XENO_IS_SERIAL_CONSOLE (self), NULL);

  return self->terminal;
}
