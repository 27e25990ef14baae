/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one place that shows an error to a person. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "widgets/xeno-toast.h"

#define ERROR_SECONDS 10
#define LONGEST_DETAILS 16384

/**
 * xeno_toast_new:
 * @text: what to say, plain text
 *
 * Makes a toast that shows @text as it is: a toast of libadwaita takes markup, and ours never do.
 *
 * Returns: (transfer full): the toast
 */
AdwToast *
xeno_toast_new (const char *text)
{
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  escaped = g_markup_escape_text (text, -1);
  return adw_toast_new (escaped);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             const char       *text)
{
  if (g_strcmp0 (response, "copy") == 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), text);
}

/* The sentence again, because a toast may have cut it, and the library's own words below. */
static void
show_details (GtkWidget    *near,
              const GError *error)
{
  g_autoptr(GtkBuilder) builder =
    gtk_builder_new_from_resource ("/org/unaos/Xenolith/xeno-error-details.ui");
  GtkWidget *dialog = GTK_WIDGET (gtk_builder_get_object (builder, "dialog"));
  GtkWidget *scroller = GTK_WIDGET (gtk_builder_get_object (builder, "scroller"));
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_builder_get_object (builder, "buffer"));
  const char *raw = xeno_error_get_details (error);
  g_autofree char *details = raw != NULL ? xeno_text_clean (raw, -1, LONGEST_DETAILS) : NULL;
  char *copy;

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), error->message);
  gtk_widget_set_visible (scroller, details != NULL);
  if (details != NULL)
    gtk_text_buffer_set_text (buffer, details, -1);

  copy = g_strconcat (error->message, details != NULL ? "\n" : NULL, details, NULL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), copy,
                         (GClosureNotify) G_CALLBACK (g_free), 0);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (near)));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
button_clicked_cb (AdwToast  *toast,
                   GtkWidget *overlay)
{
  show_details (overlay, g_object_get_data (G_OBJECT (toast), "error"));
}

/**
 * xeno_toast_show_error:
 * @overlay: where to show it
 * @error: what went wrong
 *
 * Shows an error as a toast, with a button for all of it and the details. What a person cancelled
 * is no error.
 */
void
xeno_toast_show_error (AdwToastOverlay *overlay,
                       const GError    *error)
{
  AdwToast *toast;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  toast = xeno_toast_new (error->message);
  adw_toast_set_timeout (toast, ERROR_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (toast, _("_Details"));
  g_object_set_data_full (G_OBJECT (toast), "error", g_error_copy (error),
                          (GDestroyNotify) g_error_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (button_clicked_cb), overlay, 0);
  adw_toast_overlay_add_toast (overlay, toast);
}
