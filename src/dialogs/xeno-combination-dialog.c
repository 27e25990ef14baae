/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records a key combination and gives it a name. */
#include "config.h"

#include "console/xeno-key-recorder.h"
#include "dialogs/xeno-combination-dialog.h"

struct _XenoCombinationDialog
{
  XenoMessageDialog  parent_instance;

  XenoKeyRecorder   *recorder;
  GtkEditable       *entry;
};

G_DEFINE_FINAL_TYPE (XenoCombinationDialog, xeno_combination_dialog, XENO_TYPE_MESSAGE_DIALOG)

static char *
dup_name (XenoCombinationDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
}

static void
changed_cb (XenoCombinationDialog *self)
{
  g_autofree char *name = dup_name (self);
  gsize n_qnums;

  xeno_key_recorder_get_qnums (self->recorder, &n_qnums);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "add", n_qnums > 0 && *name != '\0');
}

/* The keys are a name, until the person finds a better one. */
static void
recorded_cb (XenoCombinationDialog *self)
{
  gtk_editable_set_text (self->entry, xeno_key_recorder_get_label (self->recorder));
  changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (self->entry, 0, -1);
}

static void
xeno_combination_dialog_class_init (XenoCombinationDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (XENO_TYPE_KEY_RECORDER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-combination-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoCombinationDialog, recorder);
  gtk_widget_class_bind_template_child (widget_class, XenoCombinationDialog, entry);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, recorded_cb);
}

static void
xeno_combination_dialog_init (XenoCombinationDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->recorder));
}

/**
 * xeno_combination_dialog_new:
 * @parent: (nullable): the window to ask over
 *
 * Makes the dialog. It answers "add" only with keys and a name.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_combination_dialog_new (GtkWindow *parent)
{
  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  return g_object_new (XENO_TYPE_COMBINATION_DIALOG, "transient-for", parent, NULL);
}

/**
 * xeno_combination_dialog_make:
 * @self: a dialog that answered "add"
 *
 * Returns: (transfer full): what the person recorded
 */
XenoOwnCombination *
xeno_combination_dialog_make (XenoCombinationDialog *self)
{
  g_autofree char *name = NULL;
  const guint *qnums;
  gsize n_qnums;

  g_return_val_if_fail (XENO_IS_COMBINATION_DIALOG (self), NULL);

  name = dup_name (self);
  qnums = xeno_key_recorder_get_qnums (self->recorder, &n_qnums);
  return xeno_own_combination_new (name, qnums, n_qnums);
}
