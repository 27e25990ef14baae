/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Discs and images: those that can be downloaded, and those that are there. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-download-page.h"
#include "dialogs/xeno-library-page.h"
#include "dialogs/xeno-media-window.h"
#include "widgets/xeno-toast.h"

struct _XenoMediaWindow
{
  AdwWindow         parent_instance;

  AdwToastOverlay  *toasts;
  AdwViewStack     *stack;
  XenoDownloadPage *download_page;
  XenoLibraryPage  *library_page;
};

enum
{
  DOWNLOAD,
  USE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoMediaWindow, xeno_media_window, ADW_TYPE_WINDOW)

static void
download_cb (XenoMediaWindow *self,
             XenoOsDownload  *download)
{
  g_autofree char *text = NULL;

  g_signal_emit (self, signals[DOWNLOAD], 0, download);
  /* Translators: %s is a system, "Fedora Workstation 42" */
  text = g_strdup_printf (_("“%s” is being downloaded"), xeno_os_download_get_title (download));
  xeno_toast_show (self->toasts, xeno_toast_new (text));
}

static void
use_cb (XenoMediaWindow *self,
        GFile           *file)
{
  g_signal_emit (self, signals[USE], 0, file);
  gtk_window_close (GTK_WINDOW (self));
}

static void
failed_cb (XenoMediaWindow *self,
           const GError    *error)
{
  xeno_toast_show_error (self->toasts, error);
}

static void
visible_page_cb (XenoMediaWindow *self)
{
  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "library") == 0)
    xeno_library_page_refresh (self->library_page);
  else
    xeno_download_page_focus (self->download_page);
}

static void
xeno_media_window_class_init (XenoMediaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /**
   * XenoMediaWindow::download:
   * @download: what to download
   *
   * The person wants it.
   */
  signals[DOWNLOAD] = g_signal_new ("download", XENO_TYPE_MEDIA_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, XENO_TYPE_OS_DOWNLOAD);

  /**
   * XenoMediaWindow::use:
   * @file: a disc or an image
   *
   * The person wants a machine of it.
   */
  signals[USE] = g_signal_new ("use", XENO_TYPE_MEDIA_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_FILE);

  g_type_ensure (XENO_TYPE_DOWNLOAD_PAGE);
  g_type_ensure (XENO_TYPE_LIBRARY_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-media-window.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoMediaWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, XenoMediaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoMediaWindow, download_page);
  gtk_widget_class_bind_template_child (widget_class, XenoMediaWindow, library_page);
  gtk_widget_class_bind_template_callback (widget_class, download_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_page_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
xeno_media_window_init (XenoMediaWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_media_window_new:
 * @parent: (nullable): the window to show it over
 * @connection: a connection of this computer, whose machines may use what is there
 * @os_db: the operating systems that are known
 *
 * Makes the window and begins to look for both.
 *
 * Returns: (transfer floating): the window
 */
GtkWidget *
xeno_media_window_new (GtkWindow      *parent,
                       XenoConnection *connection,
                       XenoOsDb       *os_db)
{
  XenoMediaWindow *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (XENO_IS_OS_DB (os_db), NULL);

  self = g_object_new (XENO_TYPE_MEDIA_WINDOW, "transient-for", parent, NULL);
  xeno_download_page_load (self->download_page, os_db);
  xeno_library_page_set_connection (self->library_page, connection);
  return GTK_WIDGET (self);
}

/**
 * xeno_media_window_show_downloads:
 * @self: a media window
 *
 * Shows what can be downloaded.
 */
void
xeno_media_window_show_downloads (XenoMediaWindow *self)
{
  g_return_if_fail (XENO_IS_MEDIA_WINDOW (self));

  adw_view_stack_set_visible_child_name (self->stack, "downloads");
}

/**
 * xeno_media_window_show_library:
 * @self: a media window
 *
 * Shows what is there.
 */
void
xeno_media_window_show_library (XenoMediaWindow *self)
{
  g_return_if_fail (XENO_IS_MEDIA_WINDOW (self));

  adw_view_stack_set_visible_child_name (self->stack, "library");
}

/**
 * xeno_media_window_refresh:
 * @self: a media window
 *
 * Looks again for what is there: something was downloaded.
 */
void
xeno_media_window_refresh (XenoMediaWindow *self)
{
  g_return_if_fail (XENO_IS_MEDIA_WINDOW (self));

  xeno_library_page_refresh (self->library_page);
}
