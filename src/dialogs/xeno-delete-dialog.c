/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks whether to delete a machine, and which of its disks, with the reason for each. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "dialogs/xeno-delete-dialog.h"
#include "virt/xeno-delete-plan.h"

#define LONGEST_PATH 512

struct _XenoDeleteDialog
{
  XenoMessageDialog  parent_instance;
  XenoMachine       *machine;
  GCancellable      *cancellable;
  GPtrArray         *fates;   /* of XenoDiskFate */
  GPtrArray         *checks;  /* of GtkCheckButton, beside fates */

  GtkWidget         *scroller;
  GtkListBox        *disks;
  GtkLabel          *notice;
};

G_DEFINE_FINAL_TYPE (XenoDeleteDialog, xeno_delete_dialog, XENO_TYPE_MESSAGE_DIALOG)

/* The file's name first: that is what a person knows it by. */
/* What is not known to take any room has no size to tell. */
static char *
dup_subtitle (const XenoDiskFate *fate)
{
  g_autofree char *size = fate->size_bytes > 0 ? xeno_units_format_size (fate->size_bytes) : NULL;

  if (size == NULL || fate->reason == NULL)
    return g_strdup (size != NULL ? size : fate->reason);
  return g_strdup_printf ("%s · %s", size, fate->reason);
}

/* A window that is there already does not grow by itself. */
static void
make_room (XenoDeleteDialog *self)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (self->scroller);
  int most = gtk_scrolled_window_get_max_content_height (scroller);
  int width = gtk_widget_get_width (gtk_widget_get_parent (GTK_WIDGET (self->notice)));
  int height;

  if (width <= 0)
    return;

  gtk_widget_measure (GTK_WIDGET (self->disks), GTK_ORIENTATION_VERTICAL, width,
                      NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (scroller, MIN (height, most));
}

static void
add_row (XenoDeleteDialog   *self,
         const XenoDiskFate *fate)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *path = xeno_text_clean (fate->path, -1, LONGEST_PATH);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *subtitle = dup_subtitle (fate);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  g_object_set (row, "subtitle", subtitle, "subtitle-lines", 3, NULL);
  gtk_widget_set_tooltip_text (row, path);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), fate->may_remove && fate->remove);
  gtk_widget_set_sensitive (check, fate->may_remove);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);

  gtk_list_box_append (self->disks, row);
  g_ptr_array_add (self->checks, check);
}

static void
planned_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoDeleteDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fates = xeno_machine_plan_delete_finish (XENO_MACHINE (source), result, &error);
  gboolean can_choose = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "delete", TRUE);
  if (fates == NULL)
    {
      g_autofree char *text = g_strdup_printf (_("%s Its disks will be kept."), error->message);

      gtk_label_set_label (self->notice, text);
      return;
    }

  self->fates = g_steal_pointer (&fates);
  for (guint i = 0; i < self->fates->len; i++)
    {
      const XenoDiskFate *fate = g_ptr_array_index (self->fates, i);

      add_row (self, fate);
      can_choose = can_choose || fate->may_remove;
    }
  gtk_widget_set_visible (self->scroller, self->fates->len > 0);
  make_room (self);
  gtk_label_set_label (self->notice, can_choose
                       ? _("Chosen disks go to the trash and are removed after a week.")
                       : self->fates->len > 0 ? _("Its disks are kept.") : _("It has no disks."));
}

static void
xeno_delete_dialog_dispose (GObject *object)
{
  XenoDeleteDialog *self = XENO_DELETE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (xeno_delete_dialog_parent_class)->dispose (object);
}

static void
xeno_delete_dialog_finalize (GObject *object)
{
  XenoDeleteDialog *self = XENO_DELETE_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->fates, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (xeno_delete_dialog_parent_class)->finalize (object);
}

static void
xeno_delete_dialog_class_init (XenoDeleteDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_delete_dialog_dispose;
  object_class->finalize = xeno_delete_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-delete-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoDeleteDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, XenoDeleteDialog, disks);
  gtk_widget_class_bind_template_child (widget_class, XenoDeleteDialog, notice);
}

static void
xeno_delete_dialog_init (XenoDeleteDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_delete_dialog_new:
 * @parent: (nullable): the window to ask over
 * @machine: a machine
 *
 * Makes the dialog, and begins to look at the machine's disks.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_delete_dialog_new (GtkWindow   *parent,
                        XenoMachine *machine)
{
  XenoDeleteDialog *self;
  g_autofree char *heading = NULL;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_MACHINE (machine), NULL);

  self = g_object_new (XENO_TYPE_DELETE_DIALOG, "transient-for", parent, NULL);
  self->machine = g_object_ref (machine);
  heading = g_strdup_printf (_("Delete “%s”?"), xeno_machine_get_title (machine));
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (self), heading);
  if (xeno_machine_is_active (machine))
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self),
                                 _("It is running and will be forced off. Unsaved work in it is lost."));

  xeno_machine_plan_delete_async (machine, self->cancellable, planned_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}

/**
 * xeno_delete_dialog_dup_disks:
 * @self: a delete dialog
 *
 * Gets the disks the person wants to be removed too.
 *
 * Returns: (transfer full): their paths
 */
GStrv
xeno_delete_dialog_dup_disks (XenoDeleteDialog *self)
{
  g_autoptr (GStrvBuilder) builder = NULL;

  g_return_val_if_fail (XENO_IS_DELETE_DIALOG (self), NULL);

  builder = g_strv_builder_new ();
  for (guint i = 0; i < self->checks->len; i++)
    {
      const XenoDiskFate *fate = g_ptr_array_index (self->fates, i);

      if (gtk_check_button_get_active (g_ptr_array_index (self->checks, i)))
        g_strv_builder_add (builder, fate->path);
    }
  return g_strv_builder_end (builder);
}
