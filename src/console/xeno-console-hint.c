/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person has to know about keys while looking at a guest: pills over the console. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "console/xeno-combination.h"
#include "console/xeno-console-hint.h"
#include "console/xeno-typist.h"

/* How long advice stays. */
#define ADVICE_MS 4000

/* A person who reaches for a mouse takes longer than one who reads. */
#define SIGN_IN_MS 15000

struct _XenoConsoleHint
{
  GtkWidget       parent_instance;

  XenoConsole    *console;
  GSignalGroup   *console_signals;
  XenoTypist     *typist;
  gboolean        is_windows;
  gboolean        is_dismissed;
  guint           advice_id;
  guint           sign_in_id;

  GtkRevealer    *typing;
  GtkProgressBar *typing_bar;
  GtkRevealer    *sign_in;
  GtkRevealer    *advice;
  GtkLabel       *advice_label;
};

G_DEFINE_FINAL_TYPE (XenoConsoleHint, xeno_console_hint, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_CONSOLE, PROP_IS_WINDOWS, N_PROPS };

static GParamSpec *properties[N_PROPS];

static gboolean
takes_movements (XenoConsoleHint *self)
{
  XenoConsoleBackend *backend = xeno_console_get_backend (self->console);

  return backend != NULL && !xeno_console_backend_has_absolute_pointer (backend);
}

static void
append_line (GString    *text,
             const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

static char *
dup_advice (XenoConsoleHint *self)
{
  const char *chord = xeno_release_chord_get_label (xeno_console_get_release_chord (self->console));
  GString *text = g_string_new (NULL);

  if (xeno_console_holds_pointer (self->console))
    /* Translators: %s is keys, as “Left Ctrl + Left Alt” */
    g_string_append_printf (text, _("Press %s to release the keyboard and the mouse"), chord);
  else
    /* Translators: %s is keys, as “Left Ctrl + Left Alt” */
    g_string_append_printf (text, _("Press %s to release the keyboard"), chord);

  if (takes_movements (self) && !xeno_console_holds_pointer (self->console))
    append_line (text, _("Click the screen to use the mouse"));
  if (!xeno_console_has_desktop_keys (self->console) &&
      xeno_console_get_grab_policy (self->console) != XENO_GRAB_NEVER)
    append_line (text, _("This desktop keeps its own shortcuts"));

  return g_string_free (text, FALSE);
}

static gboolean
hide_advice_cb (gpointer user_data)
{
  XenoConsoleHint *self = user_data;

  self->advice_id = 0;
  gtk_revealer_set_reveal_child (self->advice, FALSE);
  return G_SOURCE_REMOVE;
}

static void show_sign_in (XenoConsoleHint *self);

static void
dismiss (XenoConsoleHint *self)
{
  self->is_dismissed = TRUE;
  show_sign_in (self);
}

static gboolean
hide_sign_in_cb (gpointer user_data)
{
  XenoConsoleHint *self = user_data;

  self->sign_in_id = 0;
  dismiss (self);
  return G_SOURCE_REMOVE;
}

static void
show_sign_in (XenoConsoleHint *self)
{
  gboolean is_wanted = self->is_windows && !self->is_dismissed && self->console != NULL &&
                       xeno_console_is_grabbed (self->console);

  if (is_wanted && self->sign_in_id == 0)
    self->sign_in_id = g_timeout_add (SIGN_IN_MS, hide_sign_in_cb, self);
  gtk_revealer_set_reveal_child (self->sign_in, is_wanted);
}

/* Anew with everything that becomes true or untrue while the console has the keyboard. */
static void
advise (XenoConsoleHint *self)
{
  gboolean is_grabbed = self->console != NULL && xeno_console_is_grabbed (self->console);
  g_autofree char *advice = is_grabbed ? dup_advice (self) : NULL;

  g_clear_handle_id (&self->advice_id, g_source_remove);
  if (is_grabbed)
    {
      gtk_label_set_label (self->advice_label, advice);
      self->advice_id = g_timeout_add (ADVICE_MS, hide_advice_cb, self);
    }
  gtk_revealer_set_reveal_child (self->advice, is_grabbed);
  show_sign_in (self);
}

static void
backend_cb (XenoConsoleHint *self)
{
  xeno_console_hint_stop_typing (self);
}

static void
sign_in_cb (XenoConsoleHint *self)
{
  const XenoCombination *combination = xeno_combination_find ("ctrl-alt-delete");

  xeno_console_send_keys (self->console, combination->qnums, xeno_combination_get_n_keys (combination));
  dismiss (self);
}

static void
progress_cb (XenoConsoleHint *self)
{
  gtk_progress_bar_set_fraction (self->typing_bar, xeno_typist_get_progress (self->typist));
}

static void
finished_cb (XenoConsoleHint *self)
{
  g_clear_object (&self->typist);
  gtk_revealer_set_reveal_child (self->typing, FALSE);
}

/* Between the pills is the guest's screen. */
static gboolean
xeno_console_hint_contains (GtkWidget *widget,
                            double     x,
                            double     y)
{
  return FALSE;
}

static void
xeno_console_hint_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  XenoConsoleHint *self = XENO_CONSOLE_HINT (object);

  switch (prop_id)
    {
    case PROP_CONSOLE:
      g_value_set_object (value, self->console);
      break;

    case PROP_IS_WINDOWS:
      g_value_set_boolean (value, self->is_windows);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_hint_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  XenoConsoleHint *self = XENO_CONSOLE_HINT (object);

  switch (prop_id)
    {
    case PROP_CONSOLE:
      xeno_console_hint_set_console (self, g_value_get_object (value));
      break;

    case PROP_IS_WINDOWS:
      xeno_console_hint_set_is_windows (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_hint_dispose (GObject *object)
{
  XenoConsoleHint *self = XENO_CONSOLE_HINT (object);

  g_clear_handle_id (&self->advice_id, g_source_remove);
  g_clear_handle_id (&self->sign_in_id, g_source_remove);
  if (self->typist != NULL)
    g_signal_handlers_disconnect_by_data (self->typist, self);
  g_clear_object (&self->typist);
  g_clear_object (&self->console_signals);
  g_clear_object (&self->console);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));

  G_OBJECT_CLASS (xeno_console_hint_parent_class)->dispose (object);
}

static void
xeno_console_hint_class_init (XenoConsoleHintClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_console_hint_dispose;
  object_class->get_property = xeno_console_hint_get_property;
  object_class->set_property = xeno_console_hint_set_property;
  widget_class->contains = xeno_console_hint_contains;

  /**
   * XenoConsoleHint:console:
   *
   * The console whose keys it is about.
   */
  properties[PROP_CONSOLE] =
    g_param_spec_object ("console", NULL, NULL, XENO_TYPE_CONSOLE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoConsoleHint:is-windows:
   *
   * Whether the guest asks for Ctrl+Alt+Delete before a person may sign in.
   */
  properties[PROP_IS_WINDOWS] =
    g_param_spec_boolean ("is-windows", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-console-hint.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleHint, typing);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleHint, typing_bar);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleHint, sign_in);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleHint, advice);
  gtk_widget_class_bind_template_child (widget_class, XenoConsoleHint, advice_label);
  gtk_widget_class_bind_template_callback_full (widget_class, "dismiss_cb", G_CALLBACK (dismiss));
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, xeno_console_hint_stop_typing);
}

static void
xeno_console_hint_init (XenoConsoleHint *self)
{
  static const char *const facts[] = {
    "notify::is-grabbed", "notify::has-desktop-keys", "notify::holds-pointer", "notify::release-chord",
  };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->console_signals = g_signal_group_new (XENO_TYPE_CONSOLE);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    g_signal_group_connect_swapped (self->console_signals, facts[i], G_CALLBACK (advise), self);
  g_signal_group_connect_swapped (self->console_signals, "notify::backend", G_CALLBACK (backend_cb), self);
}

/**
 * xeno_console_hint_get_console:
 * @self: a hint
 *
 * Returns: (transfer none) (nullable): the console whose keys it is about
 */
XenoConsole *
xeno_console_hint_get_console (XenoConsoleHint *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_HINT (self), NULL);

  return self->console;
}

/**
 * xeno_console_hint_set_console:
 * @self: a hint
 * @console: (nullable): the console whose keys it is about
 */
void
xeno_console_hint_set_console (XenoConsoleHint *self,
                               XenoConsole     *console)
{
  g_return_if_fail (XENO_IS_CONSOLE_HINT (self));
  g_return_if_fail (console == NULL || XENO_IS_CONSOLE (console));

  if (!g_set_object (&self->console, console))
    return;

  xeno_console_hint_stop_typing (self);
  g_signal_group_set_target (self->console_signals, console);
  advise (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONSOLE]);
}

/**
 * xeno_console_hint_get_is_windows:
 * @self: a hint
 *
 * Returns: whether the guest asks for Ctrl+Alt+Delete before a person may sign in
 */
gboolean
xeno_console_hint_get_is_windows (XenoConsoleHint *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_HINT (self), FALSE);

  return self->is_windows;
}

/**
 * xeno_console_hint_set_is_windows:
 * @self: a hint
 * @is_windows: whether the guest asks for Ctrl+Alt+Delete before a person may sign in
 */
void
xeno_console_hint_set_is_windows (XenoConsoleHint *self,
                                  gboolean         is_windows)
{
  g_return_if_fail (XENO_IS_CONSOLE_HINT (self));

  if (self->is_windows == !!is_windows)
    return;

  self->is_windows = !!is_windows;
  show_sign_in (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_WINDOWS]);
}

/**
 * xeno_console_hint_type:
 * @self: a hint with a console that takes input
 * @layout: the layout the guest's keyboard has
 * @text: what to type
 * @is_fast: whether the guest hears of each key as it is pressed, rather than when it asks
 *
 * Types on the guest's keyboard, shows how far it is, and offers to stop.
 */
void
xeno_console_hint_type (XenoConsoleHint *self,
                        XenoLayout      *layout,
                        const char      *text,
                        gboolean         is_fast)
{
  g_return_if_fail (XENO_IS_CONSOLE_HINT (self));
  g_return_if_fail (XENO_IS_LAYOUT (layout));
  g_return_if_fail (text != NULL);

  xeno_console_hint_stop_typing (self);
  if (self->console == NULL || !xeno_console_accepts_input (self->console))
    return;

  self->typist = xeno_typist_new (xeno_console_get_backend (self->console), layout, text, is_fast);
  g_signal_connect_swapped (self->typist, "notify::progress", G_CALLBACK (progress_cb), self);
  g_signal_connect_swapped (self->typist, "finished", G_CALLBACK (finished_cb), self);
  progress_cb (self);
  gtk_revealer_set_reveal_child (self->typing, TRUE);
}

/**
 * xeno_console_hint_is_typing:
 * @self: a hint
 *
 * Returns: whether a text is being typed
 */
gboolean
xeno_console_hint_is_typing (XenoConsoleHint *self)
{
  g_return_val_if_fail (XENO_IS_CONSOLE_HINT (self), FALSE);

  return self->typist != NULL;
}

/**
 * xeno_console_hint_stop_typing:
 * @self: a hint
 *
 * Stops what is being typed. What is down comes up.
 */
void
xeno_console_hint_stop_typing (XenoConsoleHint *self)
{
  g_return_if_fail (XENO_IS_CONSOLE_HINT (self));

  if (self->typist != NULL)
    xeno_typist_cancel (self->typist);
}
