/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows what a machine's hypervisor wrote down. */
#include "config.h"

#include "dialogs/xeno-log-dialog.h"
#include "virt/xeno-machine-log.h"

struct _XenoLogDialog
{
  AdwWindow       parent_instance;
  GCancellable   *cancellable;
  AdwWindowTitle *heading;
  GtkStack       *stack;
  AdwStatusPage  *problem;
  GtkTextView    *view;
  GtkTextBuffer  *buffer;
  GtkWidget      *copy_button;
};

G_DEFINE_FINAL_TYPE (XenoLogDialog, xeno_log_dialog, ADW_TYPE_WINDOW)

static void
copy (XenoLogDialog *self)
{
  g_autofree char *text = NULL;

  g_object_get (self->buffer, "text", &text, NULL);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

/* A status page takes its description as markup. */
static void
show_problem (XenoLogDialog *self,
              const GError  *error)
{
  g_autofree char *markup = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->problem, markup);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

/* How it ended is in the last line. */
static void
show_text (XenoLogDialog *self,
           const char    *text)
{
  GtkTextIter end;

  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_place_cursor (self->buffer, &end);
  gtk_text_view_scroll_to_mark (self->view, gtk_text_buffer_get_insert (self->buffer), 0, FALSE, 0, 0);
  gtk_widget_set_sensitive (self->copy_button, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static void
read_cb (GObject      *machine,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (XenoLogDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = xeno_machine_read_log_finish (XENO_MACHINE (machine), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (text != NULL)
    show_text (self, text);
  else
    show_problem (self, error);
}

static void
xeno_log_dialog_dispose (GObject *object)
{
  g_cancellable_cancel (XENO_LOG_DIALOG (object)->cancellable);

  G_OBJECT_CLASS (xeno_log_dialog_parent_class)->dispose (object);
}

static void
xeno_log_dialog_finalize (GObject *object)
{
  g_object_unref (XENO_LOG_DIALOG (object)->cancellable);

  G_OBJECT_CLASS (xeno_log_dialog_parent_class)->finalize (object);
}

static void
xeno_log_dialog_class_init (XenoLogDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_log_dialog_dispose;
  object_class->finalize = xeno_log_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-log-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoLogDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, XenoLogDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoLogDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, XenoLogDialog, view);
  gtk_widget_class_bind_template_child (widget_class, XenoLogDialog, buffer);
  gtk_widget_class_bind_template_child (widget_class, XenoLogDialog, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, copy);
}

static void
xeno_log_dialog_init (XenoLogDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_log_dialog_new:
 * @parent: (nullable): the window to show it over
 * @machine: whose log it is
 *
 * Returns: (transfer none): the dialog
 */
GtkWidget *
xeno_log_dialog_new (GtkWindow   *parent,
                     XenoMachine *machine)
{
  XenoLogDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  self = g_object_new (XENO_TYPE_LOG_DIALOG, "transient-for", parent, NULL);
  adw_window_title_set_subtitle (self->heading, xeno_machine_get_title (machine));
  xeno_machine_read_log_async (machine, self->cancellable, read_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
