/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Discs and images: what is downloaded, and what is made of it. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application-private.h"
#include "base/xeno-text.h"
#include "create/xeno-download.h"
#include "create/xeno-media-library.h"
#include "dialogs/xeno-media-window.h"
#include "widgets/xeno-toast.h"

#define MAX_NAME_CHARS 60

static XenoMediaWindow *
find_media_window (XenoApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (XENO_IS_MEDIA_WINDOW (l->data))
      return l->data;
  return NULL;
}

static void
notify (XenoApplication *self,
        const char      *text,
        const char      *path)
{
  g_autoptr (GNotification) notification = g_notification_new (text);

  g_notification_set_default_action_and_target (notification, "app.review", "s", path);
  g_notification_add_button_with_target (notification, _("New Machine…"), "app.review", "s", path);
  g_application_send_notification (G_APPLICATION (self), path, notification);
}

/* Where the person looks: in a window that is in front, else on the desktop. */
static void
tell (XenoApplication *self,
      const char      *path,
      gboolean         is_checked)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  g_autofree char *text = NULL;
  AdwToast *toast;

  /* Translators: %s is the name of a file */
  text = g_strdup_printf (is_checked ? _("“%s” is there, and agrees with its checksum") : _("“%s” is there"), name);
  if (window == NULL || !gtk_window_is_active (window))
    {
      notify (self, text, path);
      return;
    }

  toast = xeno_toast_new (text);
  adw_toast_set_button_label (toast, _("New Machine…"));
  adw_toast_set_action_name (toast, "app.review");
  adw_toast_set_action_target (toast, "s", path);
  adw_toast_set_timeout (toast, 0);
  xeno_application_show_toast (self, NULL, toast);
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (XenoApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_checked = FALSE;
  g_autofree char *path = xeno_download_finish (result, &is_checked, &error);
  XenoMediaWindow *window = find_media_window (self);

  if (window != NULL)
    xeno_media_window_refresh (window);
  if (path != NULL)
    tell (self, path, is_checked);
  else
    xeno_application_show_error (self, NULL, error);
}

static void
download_cb (XenoApplication *self,
             XenoOsDownload  *download)
{
  g_autoptr (XenoJob) job = NULL;

  job = xeno_download_start (xeno_os_download_get_url (download), xeno_media_library_get_folder (), downloaded_cb,
                             g_object_ref (self));
  xeno_application_add_job (self, job);
}

static void
use_cb (XenoApplication *self,
        GFile           *file)
{
  xeno_application_review (self, NULL, file);
}

/**
 * xeno_application_present_media:
 * @self: the application
 *
 * Presents the window of discs and images, made at the first call.
 *
 * Returns: (transfer none): the window
 */
XenoMediaWindow *
xeno_application_present_media (XenoApplication *self)
{
  XenoConnectionList *connections = xeno_application_get_connections (self);
  XenoMediaWindow *window = find_media_window (self);

  if (window == NULL)
    {
      window = XENO_MEDIA_WINDOW (xeno_media_window_new (GTK_WINDOW (xeno_application_present_window (self)),
                                                         xeno_connection_list_get_default (connections),
                                                         xeno_application_get_os_db (self)));
      gtk_application_add_window (GTK_APPLICATION (self), GTK_WINDOW (window));
      g_signal_connect_object (window, "download", G_CALLBACK (download_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (window, "use", G_CALLBACK (use_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (GTK_WINDOW (window));
  return window;
}
