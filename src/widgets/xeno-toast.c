/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one place that shows toasts and errors to a person. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "widgets/xeno-message-dialog.h"
#include "widgets/xeno-toast.h"

#define ERROR_SECONDS 10
#define LONGEST_DETAILS 16384

/* A toast of libadwaita 1.2 that is taken away while it still slides in uses freed memory. So it takes
 * no clicks and keys before it is there, and none comes before the last is gone, or it would slide in
 * more slowly. Either way takes 300 ms. */
#define SLIDE_MS 400

/* The toasts of one overlay, one after the other. */
typedef struct
{
  AdwToastOverlay *overlay;   /* which it belongs to */
  GQueue           waiting;
  AdwToast        *shown;
  gulong           dismissed_id;
  guint            slide_id;  /* while one comes or goes */
  gboolean         gives_way; /* as soon as it is there */
} Line;

static G_DEFINE_QUARK (xeno-toast-line, line)

static void
line_free (gpointer data)
{
  Line *line = data;

  if (line->shown != NULL)
    g_clear_signal_handler (&line->dismissed_id, line->shown);
  g_clear_object (&line->shown);
  g_clear_handle_id (&line->slide_id, g_source_remove);
  g_queue_clear_full (&line->waiting, g_object_unref);
  g_free (line);
}

static void show_next (Line *line);

static gboolean
gone_cb (gpointer user_data)
{
  Line *line = user_data;

  line->slide_id = 0;
  show_next (line);
  return G_SOURCE_REMOVE;
}

static void
dismissed_cb (Line *line)
{
  g_clear_signal_handler (&line->dismissed_id, line->shown);
  g_clear_object (&line->shown);
  g_clear_handle_id (&line->slide_id, g_source_remove);
  line->slide_id = g_timeout_add (SLIDE_MS, gone_cb, line);
}

/* The overlay's last child is the toast that came last. */
static void
set_reachable (Line     *line,
               gboolean  is_reachable)
{
  GtkWidget *widget = gtk_widget_get_last_child (GTK_WIDGET (line->overlay));

  gtk_widget_set_can_target (widget, is_reachable);
  gtk_widget_set_can_focus (widget, is_reachable);
}

static gboolean
there_cb (gpointer user_data)
{
  Line *line = user_data;

  line->slide_id = 0;
  set_reachable (line, TRUE);
  if (line->gives_way)
    adw_toast_dismiss (line->shown);
  return G_SOURCE_REMOVE;
}

static void
show_next (Line *line)
{
  if (line->shown != NULL || line->slide_id != 0 || g_queue_is_empty (&line->waiting))
    return;

  line->gives_way = FALSE;
  line->shown = g_queue_pop_head (&line->waiting);
  line->dismissed_id = g_signal_connect_swapped (line->shown, "dismissed",
                                                 G_CALLBACK (dismissed_cb), line);
  adw_toast_overlay_add_toast (line->overlay, g_object_ref (line->shown));
  set_reachable (line, FALSE);
  line->slide_id = g_timeout_add (SLIDE_MS, there_cb, line);
}

/* Escape, too, dismisses a toast. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                Line                  *line)
{
  return keyval == GDK_KEY_Escape && line->shown != NULL && line->slide_id != 0;
}

static Line *
get_line (AdwToastOverlay *overlay)
{
  Line *line = g_object_get_qdata (G_OBJECT (overlay), line_quark ());
  GtkEventController *keys;

  if (line != NULL)
    return line;

  line = g_new0 (Line, 1);
  line->overlay = overlay;
  g_queue_init (&line->waiting);
  g_object_set_qdata_full (G_OBJECT (overlay), line_quark (), line, line_free);

  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), line);
  gtk_widget_add_controller (GTK_WIDGET (overlay), keys);
  return line;
}

static gboolean
is_error (AdwToast *toast)
{
  return g_object_get_data (G_OBJECT (toast), "error") != NULL;
}

/* What can still be undone keeps its place; all else gives way to an error. */
static gboolean
may_give_way (AdwToast *toast)
{
  return is_error (toast) || adw_toast_get_button_label (toast) == NULL;
}

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

/**
 * xeno_toast_show:
 * @overlay: where to show it
 * @toast: (transfer full): what to say
 *
 * Shows a toast once those before it are gone; an error comes next.
 */
void
xeno_toast_show (AdwToastOverlay *overlay,
                 AdwToast        *toast)
{
  Line *line;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));
  g_return_if_fail (ADW_IS_TOAST (toast));

  line = get_line (overlay);
  if (!is_error (toast))
    g_queue_push_tail (&line->waiting, toast);
  else
    {
      g_queue_push_head (&line->waiting, toast);
      line->gives_way = line->shown != NULL && may_give_way (line->shown);
      if (line->gives_way && line->slide_id == 0)
        adw_toast_dismiss (line->shown);
    }
  show_next (line);
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
  g_autoptr(GtkBuilder) builder = NULL;
  GtkWidget *dialog, *scroller;
  GtkTextBuffer *buffer;
  const char *raw = xeno_error_get_details (error);
  g_autofree char *details = raw != NULL ? xeno_text_clean (raw, -1, LONGEST_DETAILS) : NULL;
  char *copy;

  g_type_ensure (XENO_TYPE_MESSAGE_DIALOG);
  builder = gtk_builder_new_from_resource ("/org/unaos/Xenolith/xeno-error-details.ui");
  dialog = GTK_WIDGET (gtk_builder_get_object (builder, "dialog"));
  scroller = GTK_WIDGET (gtk_builder_get_object (builder, "scroller"));
  buffer = GTK_TEXT_BUFFER (gtk_builder_get_object (builder, "buffer"));

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
  adw_toast_set_button_label (toast, _("_Details"));
  g_object_set_data_full (G_OBJECT (toast), "error", g_error_copy (error),
                          (GDestroyNotify) g_error_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (button_clicked_cb), overlay, 0);
  xeno_toast_show (overlay, toast);
}
