/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which folder of this computer's a machine sees, and what it may do there. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-text.h"
#include "dialogs/xeno-folder-dialog.h"

#define MAX_PATH_CHARS 300

struct _XenoFolderDialog
{
  AdwWindow             parent_instance;
  char                 *path;
  gboolean              is_writable;
  gboolean              is_seen;
  AdwPreferencesGroup  *group;
  AdwActionRow         *folder_row;
  GtkWidget            *writable_row;
  GtkSwitch            *writable;
  GtkWidget            *end_group;
  GtkFileChooserNative *chooser;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoFolderDialog, xeno_folder_dialog, ADW_TYPE_WINDOW)

static const char *
get_words (XenoFolderDialog *self)
{
  if (self->path == NULL)
    return _("The machine sees the folder you choose, and nothing else of this computer.");
  if (self->is_seen)
    return _("The machine sees this folder, and nothing else of this computer.");
  return _("Nobody in the machine looks at it yet. There it needs spice-webdavd, which comes with the SPICE guest "
           "tools for Windows.");
}

static void
show (XenoFolderDialog *self)
{
  g_autofree char *name = self->path != NULL ? g_filename_display_name (self->path) : NULL;
  g_autofree char *clean = name != NULL ? xeno_text_clean (name, -1, MAX_PATH_CHARS) : NULL;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->folder_row), FALSE);
  adw_action_row_set_subtitle (self->folder_row, clean != NULL ? clean : _("No folder yet"));
  adw_preferences_group_set_description (self->group, get_words (self));
  gtk_switch_set_active (self->writable, self->is_writable);
  gtk_widget_set_visible (self->writable_row, self->path != NULL);
  gtk_widget_set_visible (self->end_group, self->path != NULL);
}

static void
set (XenoFolderDialog *self,
     const char       *path,
     gboolean          is_writable)
{
  g_autofree char *owned = g_strdup (path);

  xeno_folder_dialog_set (self, owned, is_writable);
  g_signal_emit (self, signals[CHANGED], 0, self->path, self->is_writable);
}

static void
chosen_cb (XenoFolderDialog *self,
           int               response)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    set (self, path, FALSE);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
choose_cb (XenoFolderDialog *self)
{
  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Choose a Folder"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Share"), NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
writable_cb (XenoFolderDialog *self)
{
  gboolean is_writable = gtk_switch_get_active (self->writable);

  if (self->path != NULL && self->is_writable != is_writable)
    set (self, self->path, is_writable);
}

static void
end_cb (XenoFolderDialog *self)
{
  set (self, NULL, FALSE);
}

static void
xeno_folder_dialog_dispose (GObject *object)
{
  g_clear_object (&XENO_FOLDER_DIALOG (object)->chooser);

  G_OBJECT_CLASS (xeno_folder_dialog_parent_class)->dispose (object);
}

static void
xeno_folder_dialog_finalize (GObject *object)
{
  g_free (XENO_FOLDER_DIALOG (object)->path);

  G_OBJECT_CLASS (xeno_folder_dialog_parent_class)->finalize (object);
}

static void
xeno_folder_dialog_class_init (XenoFolderDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_folder_dialog_dispose;
  object_class->finalize = xeno_folder_dialog_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-folder-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoFolderDialog, group);
  gtk_widget_class_bind_template_child (widget_class, XenoFolderDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, XenoFolderDialog, writable_row);
  gtk_widget_class_bind_template_child (widget_class, XenoFolderDialog, writable);
  gtk_widget_class_bind_template_child (widget_class, XenoFolderDialog, end_group);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, writable_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_cb);
}

static void
xeno_folder_dialog_init (XenoFolderDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  show (self);
}

/**
 * xeno_folder_dialog_new:
 * @parent: (nullable): the window to show it over
 * @path: (nullable): what is shared
 * @is_writable: whether the machine may change it
 *
 * Returns: (transfer none): the dialog
 */
GtkWidget *
xeno_folder_dialog_new (GtkWindow  *parent,
                        const char *path,
                        gboolean    is_writable)
{
  XenoFolderDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  self = g_object_new (XENO_TYPE_FOLDER_DIALOG, "transient-for", parent, NULL);
  xeno_folder_dialog_set (self, path, is_writable);
  return GTK_WIDGET (self);
}

/**
 * xeno_folder_dialog_set:
 * @self: a dialog
 * @path: (nullable): what is shared
 * @is_writable: whether the machine may change it
 *
 * Shows what is shared now.
 */
void
xeno_folder_dialog_set (XenoFolderDialog *self,
                        const char       *path,
                        gboolean          is_writable)
{
  char *owned;

  g_return_if_fail (XENO_IS_FOLDER_DIALOG (self));

  owned = g_strdup (path);
  g_free (self->path);
  self->path = owned;
  self->is_writable = path != NULL && is_writable;
  show (self);
}

/**
 * xeno_folder_dialog_set_seen:
 * @self: a dialog
 * @is_seen: whether a program in the machine looks at the folder
 */
void
xeno_folder_dialog_set_seen (XenoFolderDialog *self,
                             gboolean          is_seen)
{
  g_return_if_fail (XENO_IS_FOLDER_DIALOG (self));

  self->is_seen = is_seen;
  show (self);
}
