/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The About window, with a report about this computer to copy into a problem report. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application-private.h"

static void
append_connection (GString        *report,
                   XenoConnection *connection)
{
  GListModel *checks = xeno_host_get_checks (xeno_connection_get_host (connection));
  GEnumClass *states = g_type_class_ref (XENO_TYPE_CONNECTION_STATE);
  const GError *error = xeno_connection_get_error (connection);

  g_string_append_printf (report, "\n%s: %s\n", xeno_connection_get_uri (connection),
                          g_enum_get_value (states, xeno_connection_get_state (connection))->value_nick);
  if (error != NULL)
    g_string_append_printf (report, "  %s\n", error->message);

  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (XenoCheck) check = g_list_model_get_item (checks, i);

      g_string_append_printf (report, "  %s: %s\n", xeno_check_get_title (check),
                              xeno_check_get_result (check));
    }
  g_type_class_unref (states);
}

static char *
make_report (XenoApplication *self)
{
  XenoConnectionList *list = xeno_application_get_connections (self);
  GListModel *connections = xeno_connection_list_get_connections (list);
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  const char *renderer = g_getenv ("GSK_RENDERER");
  GString *report = g_string_new (NULL);

  g_string_append_printf (report, "Xenolith %s\n", XENO_VERSION);
  g_string_append_printf (report, "%s\n", os != NULL ? os : "?");
  g_string_append_printf (report, "GTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\n",
                          gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
                          glib_major_version, glib_minor_version, glib_micro_version);
  g_string_append_printf (report, "%s, renderer %s\n", G_OBJECT_TYPE_NAME (gdk_display_get_default ()),
                          renderer != NULL ? renderer : "default");

  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr (XenoConnection) connection = g_list_model_get_item (connections, i);

      append_connection (report, connection);
    }
  return g_string_free (report, FALSE);
}

/**
 * xeno_application_show_about:
 * @self: the application
 *
 * Shows the About window.
 */
void
xeno_application_show_about (XenoApplication *self)
{
  static const char * const developers[] = { "The Xenolith developers", NULL };
  g_autofree char *report = make_report (self);

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)),
                         "application-name", "Xenolith",
                         "application-icon", XENO_APP_ID,
                         "version", XENO_VERSION,
                         "developer-name", _("The Xenolith developers"),
                         "developers", developers,
                         "copyright", "© 2026 The Xenolith developers",
                         "license-type", GTK_LICENSE_LGPL_2_1,
                         "comments", _("Virtual machines, at hand in a moment"),
                         "translator-credits", _("translator-credits"),
                         "debug-info", report,
                         "debug-info-filename", "xenolith.txt",
                         NULL);
}
