/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lets a person choose a keyboard layout. */
#include "config.h"

#include "console/xeno-layout-list.h"
#include "dialogs/xeno-layout-dialog.h"

struct _XenoLayoutDialog
{
  AdwWindow           parent_instance;

  GtkLabel           *description;
  GtkSearchEntry     *search;
  GtkListView        *view;
  GtkSingleSelection *selection;
  GtkFilterListModel *found;
  GtkStack           *stack;
};

G_DEFINE_FINAL_TYPE (XenoLayoutDialog, xeno_layout_dialog, ADW_TYPE_WINDOW)

enum { CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
row_set_up_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *row)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "xeno-padded");
  gtk_list_item_set_child (row, label);
}

static void
row_bound_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *row)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (row)),
                       xeno_layout_name_get_label (gtk_list_item_get_item (row)));
}

static void
choose (XenoLayoutDialog *self,
        guint             position)
{
  g_autoptr (XenoLayoutName) name = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (name == NULL)
    return;

  g_signal_emit (self, signals[CHOSEN], 0, xeno_layout_name_get_name (name));
  gtk_window_close (GTK_WINDOW (self));
}

/* Enter in the search takes what stands first, as everywhere. */
static void
search_activated_cb (XenoLayoutDialog *self)
{
  choose (self, gtk_single_selection_get_selected (self->selection));
}

static void
go_to_list (XenoLayoutDialog *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
found_cb (XenoLayoutDialog *self)
{
  gboolean has_any = g_list_model_get_n_items (G_LIST_MODEL (self->found)) > 0;

  gtk_stack_set_visible_child_name (self->stack, has_any ? "layouts" : "nothing");
}

static void
xeno_layout_dialog_class_init (XenoLayoutDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /**
   * XenoLayoutDialog::chosen:
   * @name: what xeno_layout_new() takes; empty: none
   *
   * The person has chosen; the dialog closes.
   */
  signals[CHOSEN] =
    g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (XENO_TYPE_LAYOUT_NAME);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-layout-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoLayoutDialog, description);
  gtk_widget_class_bind_template_child (widget_class, XenoLayoutDialog, search);
  gtk_widget_class_bind_template_child (widget_class, XenoLayoutDialog, view);
  gtk_widget_class_bind_template_child (widget_class, XenoLayoutDialog, selection);
  gtk_widget_class_bind_template_child (widget_class, XenoLayoutDialog, found);
  gtk_widget_class_bind_template_child (widget_class, XenoLayoutDialog, stack);
  gtk_widget_class_bind_template_callback (widget_class, row_set_up_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_bound_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_to_list);
  gtk_widget_class_bind_template_callback (widget_class, found_cb);
}

static void
xeno_layout_dialog_init (XenoLayoutDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_entry_set_key_capture_widget (self->search, GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/* Takes it out of the alphabet; one that the list has not was written by other means, and stays. */
static XenoLayoutName *
take_name (GListStore *names,
           const char *wanted)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (names)); i++)
    {
      g_autoptr (XenoLayoutName) name = g_list_model_get_item (G_LIST_MODEL (names), i);

      if (!g_str_equal (xeno_layout_name_get_name (name), wanted))
        continue;
      g_list_store_remove (names, i);
      return g_steal_pointer (&name);
    }
  return xeno_layout_name_new (wanted, wanted);
}

/* What is chosen stands where it is seen. */
static void
fill (XenoLayoutDialog *self,
      const char       *none,
      const char       *present)
{
  g_autoptr (GListModel) names = xeno_layout_list_new ();
  g_autoptr (XenoLayoutName) first = xeno_layout_name_new ("", none);
  g_autoptr (XenoLayoutName) second = *present != '\0' ? take_name (G_LIST_STORE (names), present) : NULL;

  if (second != NULL)
    g_list_store_insert (G_LIST_STORE (names), 0, second);
  g_list_store_insert (G_LIST_STORE (names), 0, first);
  gtk_filter_list_model_set_model (self->found, names);
  gtk_single_selection_set_selected (self->selection, second != NULL ? 1 : 0);
}

/**
 * xeno_layout_dialog_new:
 * @parent: (nullable): the window to ask over
 * @description: what the layout is for
 * @none: what it is called to choose none
 * @present: the layout of the moment, or ""
 *
 * Makes the dialog. It emits “chosen”.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_layout_dialog_new (GtkWindow  *parent,
                        const char *description,
                        const char *none,
                        const char *present)
{
  XenoLayoutDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (description != NULL, NULL);
  g_return_val_if_fail (none != NULL, NULL);
  g_return_val_if_fail (present != NULL, NULL);

  self = g_object_new (XENO_TYPE_LAYOUT_DIALOG, "transient-for", parent, NULL);
  gtk_label_set_label (self->description, description);
  fill (self, none, present);
  return GTK_WIDGET (self);
}
