/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file chooser for what a machine can be made from. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-media-chooser.h"

static void
add_filter (GtkFileChooser     *chooser,
            const char         *name,
            const char * const *suffixes)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (suffixes == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  for (gsize i = 0; suffixes != NULL && suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static GtkFileChooserNative *
make_chooser (const char *title,
              GtkWindow  *parent)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN,
                                                               _("_Open"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

/**
 * xeno_media_chooser_new:
 * @parent: the window to ask over
 *
 * Makes a file chooser for disc images and disks. What it gives is looked at before it is believed.
 *
 * Returns: (transfer full): the chooser, to be shown, and destroyed in its "response"
 */
GtkNativeDialog *
xeno_media_chooser_new (GtkWindow *parent)
{
  static const char * const suffixes[] = {
    "iso", "qcow2", "qcow", "img", "raw", "vmdk", "vdi", "vhd", "vhdx", "ova", "ovf", "xeno",
    "gz", "xz", NULL
  };
  GtkFileChooserNative *chooser;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);

  chooser = make_chooser (_("Choose a Disc Image or Disk"), parent);
  add_filter (GTK_FILE_CHOOSER (chooser), _("Disc images and disks"), suffixes);
  add_filter (GTK_FILE_CHOOSER (chooser), _("All files"), NULL);
  return GTK_NATIVE_DIALOG (chooser);
}

/**
 * xeno_media_chooser_new_for_kernel:
 * @parent: the window to ask over
 *
 * Makes a file chooser for kernels, whose names say little.
 *
 * Returns: (transfer full): the chooser, to be shown, and destroyed in its "response"
 */
GtkNativeDialog *
xeno_media_chooser_new_for_kernel (GtkWindow *parent)
{
  GtkFileChooserNative *chooser;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);

  chooser = make_chooser (_("Choose a Kernel"), parent);
  add_filter (GTK_FILE_CHOOSER (chooser), _("All files"), NULL);
  return GTK_NATIVE_DIALOG (chooser);
}
