/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows the certificate of a display's server, and asks whether to trust it. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-text.h"
#include "dialogs/xeno-trust-dialog.h"

#define MAX_NAME_CHARS 200

struct _XenoTrustDialog
{
  XenoMessageDialog  parent_instance;

  GtkListBox        *facts;
};

G_DEFINE_FINAL_TYPE (XenoTrustDialog, xeno_trust_dialog, XENO_TYPE_MESSAGE_DIALOG)

static void
xeno_trust_dialog_class_init (XenoTrustDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-trust-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoTrustDialog, facts);
}

static void
xeno_trust_dialog_init (XenoTrustDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_row (XenoTrustDialog *self,
         const char      *title,
         const char      *text)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "title", title,
                                 "subtitle", text,
                                 "subtitle-lines", 0,
                                 "activatable", FALSE,
                                 NULL);

  gtk_list_box_append (self->facts, row);
}

/* What a certificate says is its server's text. */
static void
add_fact (XenoTrustDialog *self,
          const char      *title,
          const char      *text)
{
  g_autofree char *clean = xeno_text_clean (text, -1, MAX_NAME_CHARS);

  if (*clean != '\0')
    add_row (self, title, clean);
}

/* A line ends between two bytes, never within one. */
static void
add_fingerprint (XenoTrustDialog *self,
                 const char      *title,
                 const char      *fingerprint)
{
  g_autoptr (GString) text = g_string_new (fingerprint);

  g_string_replace (text, ":", ":\342\200\213", 0);
  add_row (self, title, text->str);
}

static char *
format_date (GDateTime *date)
{
  g_autoptr (GDateTime) local = date != NULL ? g_date_time_to_local (date) : NULL;

  return local != NULL ? g_date_time_format (local, "%x") : NULL;
}

static void
show_certificate (XenoTrustDialog *self,
                  GTlsCertificate *certificate,
                  const char      *known)
{
  g_autofree char *fingerprint = xeno_certificate_dup_fingerprint (certificate);
  g_autofree char *subject = NULL;
  g_autofree char *issuer = NULL;
  g_autoptr (GDateTime) begin = NULL;
  g_autoptr (GDateTime) end = NULL;
  g_autofree char *first_day = NULL;
  g_autofree char *last_day = NULL;
  g_autofree char *days = NULL;

  g_object_get (certificate,
                "subject-name", &subject,
                "issuer-name", &issuer,
                "not-valid-before", &begin,
                "not-valid-after", &end,
                NULL);
  first_day = format_date (begin);
  last_day = format_date (end);
  if (first_day != NULL && last_day != NULL)
    /* Translators: two dates */
    days = g_strdup_printf (_("%s to %s"), first_day, last_day);

  add_fingerprint (self, _("Fingerprint (SHA-256)"), fingerprint);
  if (known != NULL)
    add_fingerprint (self, _("Fingerprint you trusted before"), known);
  add_fact (self, _("Issued to"), subject);
  add_fact (self, _("Issued by"), issuer);
  add_fact (self, _("Valid"), days);
}

/**
 * xeno_trust_dialog_new:
 * @parent: (nullable): the window to ask over
 * @viewer: a viewer that asks for trust
 *
 * Makes the dialog. It answers "trust" or "cancel".
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_trust_dialog_new (GtkWindow  *parent,
                       XenoViewer *viewer)
{
  XenoTrustDialog *self;
  AdwMessageDialog *dialog;
  const char *known;
  g_autofree char *place = NULL;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_VIEWER (viewer), NULL);

  self = g_object_new (XENO_TYPE_TRUST_DIALOG, "transient-for", parent, NULL);
  dialog = ADW_MESSAGE_DIALOG (self);
  place = xeno_address_dup_place (xeno_viewer_get_address (viewer));
  known = xeno_viewer_get_known_fingerprint (viewer);
  if (known != NULL)
    {
      adw_message_dialog_set_heading (dialog, _("The Certificate Is Another One"));
      adw_message_dialog_format_body (dialog,
                                      _("“%s” shows another certificate than before. Somebody may be reading "
                                        "along. Ask who runs it before you go on."), place);
      adw_message_dialog_set_response_appearance (dialog, "trust", ADW_RESPONSE_DESTRUCTIVE);
    }
  else
    {
      adw_message_dialog_set_heading (dialog, _("Trust This Server?"));
      adw_message_dialog_format_body (dialog,
                                      _("Nobody this computer knows vouches for “%s”. Compare the fingerprint "
                                        "with that of its server, then it is remembered."), place);
    }
  show_certificate (self, xeno_viewer_get_certificate (viewer), known);
  return GTK_WIDGET (self);
}
