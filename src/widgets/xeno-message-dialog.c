/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A question in a dialog whose heading may be of any length. */
#include "config.h"

#include "widgets/xeno-message-dialog.h"

/* Wider than a letter of either size, narrower than any dialog. */
#define LEAST_HEADING 120

G_DEFINE_TYPE (XenoMessageDialog, xeno_message_dialog, ADW_TYPE_MESSAGE_DIALOG)

static gboolean
is_heading (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) &&
         (gtk_widget_has_css_class (widget, "title-2") || gtk_widget_has_css_class (widget, "title-4"));
}

/* libadwaita has the heading in two sizes and measures both for any width, but only the small one wraps; then
 * it shows the small one where the large one is too wide. Since GTK 4.18 that is a warning for each dialog.
 * Where both wrap and want the same at least, both can be measured, and what is shown is the same. */
static void
settle_headings (GtkWidget *widget)
{
  if (is_heading (widget))
    {
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (widget), PANGO_WRAP_WORD_CHAR);
      gtk_widget_set_size_request (widget, LEAST_HEADING, -1);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    settle_headings (child);
}

/* Low windows have but the small heading, which nobody but the dialog is told. */
static void
measure_headings_anew (GtkWidget *widget)
{
  if (is_heading (widget))
    gtk_widget_queue_resize (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    measure_headings_anew (child);
}

static void
xeno_message_dialog_constructed (GObject *object)
{
  settle_headings (GTK_WIDGET (object));
  g_signal_connect (object, "notify::css-classes", G_CALLBACK (measure_headings_anew), NULL);

  G_OBJECT_CLASS (xeno_message_dialog_parent_class)->constructed (object);
}

static void
xeno_message_dialog_class_init (XenoMessageDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = xeno_message_dialog_constructed;
}

static void
xeno_message_dialog_init (XenoMessageDialog *self)
{
}

/**
 * xeno_message_dialog_new:
 * @parent: (nullable): the window to ask over
 * @heading: (nullable): the question
 * @body: (nullable): what follows from the answers
 *
 * Returns: (transfer floating): the dialog, without answers
 */
GtkWidget *
xeno_message_dialog_new (GtkWindow  *parent,
                         const char *heading,
                         const char *body)
{
  GtkWidget *dialog;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  dialog = g_object_new (XENO_TYPE_MESSAGE_DIALOG,
                         "transient-for", parent,
                         "modal", TRUE,
                         NULL);
  if (heading != NULL)
    adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (dialog), heading);
  if (body != NULL)
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  return dialog;
}
