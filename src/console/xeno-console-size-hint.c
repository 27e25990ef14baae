/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says over a console what size the guest's screen gets, while it changes. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "console/xeno-console-size-hint.h"

/* How long it stays after the last change. */
#define SHOWN_MS 1000

struct _XenoConsoleSizeHint
{
  GtkWidget    parent_instance;
  XenoConsole *console;
  GtkWidget   *revealer;
  GtkWidget   *label;
  guint        hide_id;
};

enum
{
  PROP_0,
  PROP_CONSOLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoConsoleSizeHint, xeno_console_size_hint, GTK_TYPE_WIDGET)

static gboolean
hide_cb (gpointer user_data)
{
  XenoConsoleSizeHint *self = user_data;

  self->hide_id = 0;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  return G_SOURCE_REMOVE;
}

static void
size_wanted_cb (XenoConsoleSizeHint *self,
                guint                width,
                guint                height)
{
  /* Translators: a screen's width and height in pixels */
  g_autofree char *size = g_strdup_printf (_("%u × %u"), width, height);

  gtk_label_set_label (GTK_LABEL (self->label), size);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
  g_clear_handle_id (&self->hide_id, g_source_remove);
  self->hide_id = g_timeout_add (SHOWN_MS, hide_cb, self);
}

/* Under it the guest's screen is. */
static gboolean
xeno_console_size_hint_contains (GtkWidget *widget,
                                 double     x,
                                 double     y)
{
  return FALSE;
}

static void
xeno_console_size_hint_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONSOLE:
      g_value_set_object (value, XENO_CONSOLE_SIZE_HINT (object)->console);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_size_hint_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  XenoConsoleSizeHint *self = XENO_CONSOLE_SIZE_HINT (object);

  switch (prop_id)
    {
    case PROP_CONSOLE:
      self->console = g_value_dup_object (value);
      if (self->console != NULL)
        g_signal_connect_object (self->console, "size-wanted", G_CALLBACK (size_wanted_cb), self,
                                 G_CONNECT_SWAPPED);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_console_size_hint_dispose (GObject *object)
{
  XenoConsoleSizeHint *self = XENO_CONSOLE_SIZE_HINT (object);

  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  g_clear_object (&self->console);

  G_OBJECT_CLASS (xeno_console_size_hint_parent_class)->dispose (object);
}

static void
xeno_console_size_hint_class_init (XenoConsoleSizeHintClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_console_size_hint_dispose;
  object_class->get_property = xeno_console_size_hint_get_property;
  object_class->set_property = xeno_console_size_hint_set_property;
  widget_class->contains = xeno_console_size_hint_contains;

  /**
   * XenoConsoleSizeHint:console:
   *
   * The console whose size it is about.
   */
  properties[PROP_CONSOLE] =
    g_param_spec_object ("console", NULL, NULL, XENO_TYPE_CONSOLE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
xeno_console_size_hint_init (XenoConsoleSizeHint *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  self->label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->label, "osd");
  gtk_widget_add_css_class (self->label, "console-hint");
  gtk_widget_add_css_class (self->label, "numeric");
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->label);
  gtk_widget_set_parent (self->revealer, widget);
}
