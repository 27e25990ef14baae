/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A terminal for text that nobody vouches for: it shows it, and does nothing that it asks.
 *
 * It opens no link, sets no clipboard, moves nothing by itself, and gives no answer to what the text
 * asks a terminal. */
#include "config.h"

#include "console/xeno-terminal-private.h"

#define MIN_SCALE  0.5
#define MAX_SCALE  4.0
#define SCALE_STEP 1.2

G_DEFINE_FINAL_TYPE (XenoTerminal, xeno_terminal, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_ACCEPTS_INPUT,
  PROP_FONT_SCALE,
  PROP_MATCHES_CASE,
  PROP_USES_REGEX,
  N_PROPS
};

enum { TYPED, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* The terminal emits what a person typed and what it answers a guest's questions with as one and
 * the same signal. A person's input is emitted while an event is being handled. */
static gboolean
is_handling_event (XenoTerminal *self)
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
commit_cb (XenoTerminal *self,
           const char   *text,
           guint         length)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!xeno_terminal_accepts_input (self))
    return;
  if (!self->is_pasting && !is_handling_event (self) && !is_plain_text (text, length))
    return;

  bytes = g_bytes_new (text, length);
  g_signal_emit (self, signals[TYPED], 0, bytes);
}

static void
copy_cb (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  XenoTerminal *self = XENO_TERMINAL (widget);

  if (vte_terminal_get_has_selection (self->vte))
    vte_terminal_copy_clipboard_format (self->vte, VTE_FORMAT_TEXT);
}

static void
paste_text_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(XenoTerminal) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (text == NULL || self->vte == NULL)
    return;

  self->is_pasting = TRUE;
  vte_terminal_paste_text (self->vte, text);
  self->is_pasting = FALSE;
}

static void
paste_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  XenoTerminal *self = XENO_TERMINAL (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->cancellable,
                                 paste_text_cb, g_object_ref (self));
}

static void
select_all_cb (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  vte_terminal_select_all (XENO_TERMINAL (widget)->vte);
}

static void
zoom_in_cb (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  XenoTerminal *self = XENO_TERMINAL (widget);

  xeno_terminal_set_font_scale (self, xeno_terminal_get_font_scale (self) * SCALE_STEP);
}

static void
zoom_out_cb (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  XenoTerminal *self = XENO_TERMINAL (widget);

  xeno_terminal_set_font_scale (self, xeno_terminal_get_font_scale (self) / SCALE_STEP);
}

static void
zoom_normal_cb (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  xeno_terminal_set_font_scale (XENO_TERMINAL (widget), 1);
}

static void
menu_cb (XenoTerminal    *self,
         int              n_press,
         double           x,
         double           y,
         GtkGestureClick *gesture)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }

  gtk_widget_translate_coordinates (GTK_WIDGET (self->vte), GTK_WIDGET (self), x, y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle) { x, y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static gboolean
xeno_terminal_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (XENO_TERMINAL (widget)->vte));
}

static void
xeno_terminal_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  XenoTerminal *self = XENO_TERMINAL (widget);

  gtk_widget_allocate (gtk_widget_get_first_child (widget), width, height, baseline, NULL);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
xeno_terminal_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (widget), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
xeno_terminal_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  XenoTerminal *self = XENO_TERMINAL (object);

  switch (prop_id)
    {
    case PROP_ACCEPTS_INPUT:
      g_value_set_boolean (value, xeno_terminal_accepts_input (self));
      break;

    case PROP_FONT_SCALE:
      g_value_set_double (value, xeno_terminal_get_font_scale (self));
      break;

    case PROP_MATCHES_CASE:
      g_value_set_boolean (value, self->matches_case);
      break;

    case PROP_USES_REGEX:
      g_value_set_boolean (value, self->uses_regex);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_choice (XenoTerminal *self,
            gboolean     *choice,
            const GValue *value,
            GParamSpec   *pspec)
{
  if (*choice == g_value_get_boolean (value))
    return;

  *choice = g_value_get_boolean (value);
  xeno_terminal_update_search (self);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
xeno_terminal_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  XenoTerminal *self = XENO_TERMINAL (object);

  switch (prop_id)
    {
    case PROP_ACCEPTS_INPUT:
      xeno_terminal_set_accepts_input (self, g_value_get_boolean (value));
      break;

    case PROP_FONT_SCALE:
      xeno_terminal_set_font_scale (self, g_value_get_double (value));
      break;

    case PROP_MATCHES_CASE:
      set_choice (self, &self->matches_case, value, pspec);
      break;

    case PROP_USES_REGEX:
      set_choice (self, &self->uses_regex, value, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_terminal_dispose (GObject *object)
{
  XenoTerminal *self = XENO_TERMINAL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->controllers);
  self->popover = NULL;
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));

  G_OBJECT_CLASS (xeno_terminal_parent_class)->dispose (object);
}

static void
xeno_terminal_finalize (GObject *object)
{
  g_object_unref (XENO_TERMINAL (object)->cancellable);

  G_OBJECT_CLASS (xeno_terminal_parent_class)->finalize (object);
}

static void
xeno_terminal_class_init (XenoTerminalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_terminal_dispose;
  object_class->finalize = xeno_terminal_finalize;
  object_class->get_property = xeno_terminal_get_property;
  object_class->set_property = xeno_terminal_set_property;
  widget_class->grab_focus = xeno_terminal_grab_focus;
  widget_class->measure = xeno_terminal_measure;
  widget_class->size_allocate = xeno_terminal_size_allocate;

  /**
   * XenoTerminal:accepts-input:
   *
   * Whether a person can type.
   */
  properties[PROP_ACCEPTS_INPUT] =
    g_param_spec_boolean ("accepts-input", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoTerminal:font-scale:
   *
   * How large the text is, 1 being the desktop's own size.
   */
  properties[PROP_FONT_SCALE] =
    g_param_spec_double ("font-scale", NULL, NULL, MIN_SCALE, MAX_SCALE, 1,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoTerminal:matches-case:
   *
   * Whether a search tells capital letters from small ones.
   */
  properties[PROP_MATCHES_CASE] =
    g_param_spec_boolean ("matches-case", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoTerminal:uses-regex:
   *
   * Whether what is looked for is a regular expression.
   */
  properties[PROP_USES_REGEX] =
    g_param_spec_boolean ("uses-regex", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XenoTerminal::typed:
   * @self: a terminal
   * @bytes: what the other side shall get
   *
   * A person typed or pasted something.
   */
  signals[TYPED] = g_signal_new ("typed", XENO_TYPE_TERMINAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_BYTES);

  g_type_ensure (VTE_TYPE_TERMINAL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-terminal.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoTerminal, menu);
  gtk_widget_class_bind_template_child (widget_class, XenoTerminal, search_bar);
  gtk_widget_class_bind_template_child (widget_class, XenoTerminal, search_entry);
  gtk_widget_class_bind_template_child (widget_class, XenoTerminal, vte);
  gtk_widget_class_bind_template_callback (widget_class, commit_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_cb);
  xeno_terminal_class_init_search (widget_class);

  gtk_widget_class_install_action (widget_class, "terminal.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "terminal.paste", NULL, paste_cb);
  gtk_widget_class_install_action (widget_class, "terminal.select-all", NULL, select_all_cb);
  gtk_widget_class_install_action (widget_class, "terminal.zoom-in", NULL, zoom_in_cb);
  gtk_widget_class_install_action (widget_class, "terminal.zoom-out", NULL, zoom_out_cb);
  gtk_widget_class_install_action (widget_class, "terminal.zoom-normal", NULL, zoom_normal_cb);
  gtk_widget_class_set_css_name (widget_class, "terminal");
}

#define RGB(hex) { ((hex) >> 16 & 0xff) / 255.f, ((hex) >> 8 & 0xff) / 255.f, ((hex) & 0xff) / 255.f, 1 }

static void
xeno_terminal_init (XenoTerminal *self)
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

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->vte));
  vte_terminal_set_colors (self->vte, &text, &background, palette, G_N_ELEMENTS (palette));
  vte_terminal_search_set_wrap_around (self->vte, TRUE);
}

/**
 * xeno_terminal_new:
 *
 * Returns: (transfer floating): an empty terminal
 */
GtkWidget *
xeno_terminal_new (void)
{
  return g_object_new (XENO_TYPE_TERMINAL, NULL);
}

/**
 * xeno_terminal_feed:
 * @self: a terminal
 * @bytes: (array length=n_bytes): text and escape sequences, from anybody
 * @n_bytes: how many
 *
 * Shows what came.
 */
void
xeno_terminal_feed (XenoTerminal *self,
                    const char   *bytes,
                    gsize         n_bytes)
{
  g_return_if_fail (XENO_IS_TERMINAL (self));

  vte_terminal_feed (self->vte, bytes, (gssize) n_bytes);
}

/**
 * xeno_terminal_begin_anew:
 * @self: a terminal
 *
 * Forgets what the text so far has set, as colours, modes and half a sequence. What was shown stays.
 */
void
xeno_terminal_begin_anew (XenoTerminal *self)
{
  long column, row;

  g_return_if_fail (XENO_IS_TERMINAL (self));

  vte_terminal_reset (self->vte, TRUE, FALSE);
  vte_terminal_get_cursor_position (self->vte, &column, &row);
  if (column > 0)
    vte_terminal_feed (self->vte, "\r\n", 2);
}

/**
 * xeno_terminal_accepts_input:
 * @self: a terminal
 *
 * Returns: whether a person can type
 */
gboolean
xeno_terminal_accepts_input (XenoTerminal *self)
{
  g_return_val_if_fail (XENO_IS_TERMINAL (self), FALSE);

  return vte_terminal_get_input_enabled (self->vte);
}

/**
 * xeno_terminal_set_accepts_input:
 * @self: a terminal
 * @accepts_input: whether a person can type
 */
void
xeno_terminal_set_accepts_input (XenoTerminal *self,
                                 gboolean      accepts_input)
{
  g_return_if_fail (XENO_IS_TERMINAL (self));

  if (xeno_terminal_accepts_input (self) == !!accepts_input)
    return;

  vte_terminal_set_input_enabled (self->vte, accepts_input);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "terminal.paste", accepts_input);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCEPTS_INPUT]);
}

/**
 * xeno_terminal_get_font_scale:
 * @self: a terminal
 *
 * Returns: how large the text is, 1 being the desktop's own size
 */
double
xeno_terminal_get_font_scale (XenoTerminal *self)
{
  g_return_val_if_fail (XENO_IS_TERMINAL (self), 1);

  return vte_terminal_get_font_scale (self->vte);
}

/**
 * xeno_terminal_set_font_scale:
 * @self: a terminal
 * @font_scale: how large the text is, 1 being the desktop's own size
 */
void
xeno_terminal_set_font_scale (XenoTerminal *self,
                              double        font_scale)
{
  g_return_if_fail (XENO_IS_TERMINAL (self));

  font_scale = CLAMP (font_scale, MIN_SCALE, MAX_SCALE);
  if (ABS (font_scale - 1) < 0.01)
    font_scale = 1;
  if (xeno_terminal_get_font_scale (self) == font_scale)
    return;

  vte_terminal_set_font_scale (self->vte, font_scale);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FONT_SCALE]);
}

/**
 * xeno_terminal_dup_text:
 * @self: a terminal
 *
 * Returns: (transfer full): what stands on the visible screen
 */
char *
xeno_terminal_dup_text (XenoTerminal *self)
{
  g_return_val_if_fail (XENO_IS_TERMINAL (self), NULL);

#if VTE_CHECK_VERSION (0, 76, 0)
  return vte_terminal_get_text_format (self->vte, VTE_FORMAT_TEXT);
#else
  return vte_terminal_get_text (self->vte, NULL, NULL, NULL);
#endif
}

/**
 * xeno_terminal_dup_all:
 * @self: a terminal
 *
 * Returns: (transfer full): all that was shown and is still kept, as plain UTF-8 text
 */
GBytes *
xeno_terminal_dup_all (XenoTerminal *self)
{
  g_autoptr(GOutputStream) stream = NULL;

  g_return_val_if_fail (XENO_IS_TERMINAL (self), NULL);

  /* Memory takes everything. */
  stream = g_memory_output_stream_new_resizable ();
  vte_terminal_write_contents_sync (self->vte, stream, VTE_WRITE_DEFAULT, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}
