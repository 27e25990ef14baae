/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person finds an operating system among many. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-os-row.h"

#define LIST_WIDTH_CHARS 32

struct _XenoOsRow
{
  AdwActionRow        parent_instance;
  XenoOs             *os;

  GtkMenuButton      *button;
  GtkLabel           *label;
  GtkPopover         *popover;
  GtkEditable        *search;
  GtkStack           *stack;
  GtkWidget          *found;
  GtkWidget          *nothing;
  GtkListView        *list;
  GtkFilterListModel *matches;
};

enum
{
  PROP_0,
  PROP_OS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoOsRow, xeno_os_row, ADW_TYPE_ACTION_ROW)

static void
choose (XenoOsRow *self,
        guint      position)
{
  g_autoptr (XenoOs) os = g_list_model_get_item (G_LIST_MODEL (self->matches), position);

  if (os == NULL)
    return;

  gtk_popover_popdown (self->popover);
  xeno_os_row_set_os (self, os);
}

static void
list_activated_cb (XenoOsRow *self,
                   guint      position)
{
  choose (self, position);
}

static void
search_activated_cb (XenoOsRow *self)
{
  choose (self, 0);
}

static void
stop_search_cb (XenoOsRow *self)
{
  gtk_popover_popdown (self->popover);
}

static void
matches_changed_cb (XenoOsRow *self)
{
  gboolean has_matches = g_list_model_get_n_items (G_LIST_MODEL (self->matches)) > 0;

  gtk_stack_set_visible_child (self->stack, has_matches ? self->found : self->nothing);
}

static void
shown_cb (XenoOsRow *self)
{
  gtk_editable_set_text (self->search, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (label, 0.0);
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (label, LIST_WIDTH_CHARS);
  gtk_list_item_set_child (item, GTK_WIDGET (label));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       xeno_os_get_name (XENO_OS (gtk_list_item_get_item (item))));
}

static void
update (XenoOsRow *self)
{
  const char *name = self->os != NULL ? xeno_os_get_name (self->os) : _("Not known");

  gtk_label_set_label (self->label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
}

static void
xeno_os_row_dispose (GObject *object)
{
  XenoOsRow *self = XENO_OS_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_OS_ROW);
  g_clear_object (&self->os);

  G_OBJECT_CLASS (xeno_os_row_parent_class)->dispose (object);
}

static void
xeno_os_row_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OS:
      g_value_set_object (value, XENO_OS_ROW (object)->os);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_os_row_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_OS:
      xeno_os_row_set_os (XENO_OS_ROW (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_os_row_class_init (XenoOsRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_os_row_dispose;
  object_class->get_property = xeno_os_row_get_property;
  object_class->set_property = xeno_os_row_set_property;

  /**
   * XenoOsRow:os:
   *
   * The operating system that is chosen, or %NULL while none is.
   */
  properties[PROP_OS] =
    g_param_spec_object ("os", NULL, NULL, XENO_TYPE_OS,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-os-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, button);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, label);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, popover);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, search);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, found);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, nothing);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, list);
  gtk_widget_class_bind_template_child (widget_class, XenoOsRow, matches);
  gtk_widget_class_bind_template_callback (widget_class, list_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, matches_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
}

static void
xeno_os_row_init (XenoOsRow *self)
{
  g_type_ensure (XENO_TYPE_OS);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), GTK_WIDGET (self->list));
  update (self);
}

/**
 * xeno_os_row_new:
 *
 * Makes a row with nothing to choose from.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
xeno_os_row_new (void)
{
  return g_object_new (XENO_TYPE_OS_ROW, NULL);
}

/**
 * xeno_os_row_set_systems:
 * @self: a row
 * @systems: (nullable): a list of #XenoOs
 *
 * Sets what there is to choose from.
 */
void
xeno_os_row_set_systems (XenoOsRow  *self,
                         GListModel *systems)
{
  g_return_if_fail (XENO_IS_OS_ROW (self));
  g_return_if_fail (systems == NULL || G_IS_LIST_MODEL (systems));

  gtk_filter_list_model_set_model (self->matches, systems);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), systems != NULL);
}

/**
 * xeno_os_row_get_os:
 * @self: a row
 *
 * Gets the operating system that is chosen.
 *
 * Returns: (transfer none) (nullable): the operating system, or %NULL while none is
 */
XenoOs *
xeno_os_row_get_os (XenoOsRow *self)
{
  g_return_val_if_fail (XENO_IS_OS_ROW (self), NULL);

  return self->os;
}

/**
 * xeno_os_row_set_os:
 * @self: a row
 * @os: (nullable): an operating system
 *
 * Sets the operating system that is chosen.
 */
void
xeno_os_row_set_os (XenoOsRow *self,
                    XenoOs    *os)
{
  g_return_if_fail (XENO_IS_OS_ROW (self));
  g_return_if_fail (os == NULL || XENO_IS_OS (os));

  if (!g_set_object (&self->os, os))
    return;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OS]);
}
