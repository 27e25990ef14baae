/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preferences: where machines are looked for, what is sampled, and whether this computer is ready. */
#include "config.h"

#include <glib/gi18n.h>

#include "console/xeno-layout-list.h"
#include "dialogs/xeno-keys-group.h"
#include "dialogs/xeno-layout-dialog.h"
#include "dialogs/xeno-preferences-window.h"
#include "virt/xeno-connection.h"

struct _XenoPreferencesWindow
{
  AdwPreferencesWindow  parent_instance;
  GSettings            *settings;
  GListModel           *connections;

  GtkListBox           *connections_list;
  GtkEditable          *uri_row;
  GtkLabel             *uri_problem;
  GtkSwitch            *graphs_switch;
  GtkSwitch            *tabs_switch;
  AdwComboRow          *scale_row;
  AdwComboRow          *clipboard_row;
  AdwComboRow          *grab_row;
  AdwComboRow          *release_row;
  GtkRange             *scroll_scale;
  AdwActionRow         *layout_row;
  XenoKeysGroup        *keys_group;
  GtkListBox           *checks_list;
};

G_DEFINE_FINAL_TYPE (XenoPreferencesWindow, xeno_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
is_known (XenoPreferencesWindow *self,
          const char            *uri)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->connections); i++)
    {
      g_autoptr (XenoConnection) connection = g_list_model_get_item (self->connections, i);

      if (g_strcmp0 (xeno_connection_get_uri (connection), uri) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
set_problem (XenoPreferencesWindow *self,
             const char            *problem)
{
  gtk_label_set_label (self->uri_problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->uri_problem), problem != NULL);
}

static void
uri_changed_cb (XenoPreferencesWindow *self)
{
  set_problem (self, NULL);
}

/* Whether it can be reached shows in the list; here only what could never be an address is refused. */
static void
uri_applied_cb (XenoPreferencesWindow *self)
{
  g_autofree char *uri = g_strstrip (g_strdup (gtk_editable_get_text (self->uri_row)));
  g_autofree char *scheme = g_uri_parse_scheme (uri);
  g_auto (GStrv) uris = NULL;
  g_autoptr (GStrvBuilder) builder = NULL;

  if (scheme == NULL)
    {
      set_problem (self, _("An address looks like qemu+ssh://user@host/system."));
      return;
    }
  if (is_known (self, uri))
    {
      set_problem (self, _("This connection is in the list already."));
      return;
    }

  uris = g_settings_get_strv (self->settings, "connections");
  builder = g_strv_builder_new ();
  g_strv_builder_addv (builder, (const char **) uris);
  g_strv_builder_add (builder, uri);
  g_strfreev (uris);
  uris = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "connections", (const char * const *) uris);
  gtk_editable_set_text (self->uri_row, "");
}

static void
remove_cb (XenoConnection *connection,
           GtkWidget      *button)
{
  XenoPreferencesWindow *self =
    XENO_PREFERENCES_WINDOW (gtk_widget_get_ancestor (button, XENO_TYPE_PREFERENCES_WINDOW));
  g_auto (GStrv) uris = g_settings_get_strv (self->settings, "connections");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) rest = NULL;

  for (gsize i = 0; uris[i] != NULL; i++)
    if (g_strcmp0 (uris[i], xeno_connection_get_uri (connection)) != 0)
      g_strv_builder_add (builder, uris[i]);
  rest = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "connections", (const char * const *) rest);
}

static void
update_connection_row_cb (XenoConnection *connection,
                          GParamSpec     *pspec,
                          GtkWidget      *row)
{
  const GError *error = xeno_connection_get_error (connection);
  GtkWidget *retry = g_object_get_data (G_OBJECT (row), "retry");
  XenoConnectionState state = xeno_connection_get_state (connection);
  const char *subtitle = xeno_connection_get_uri (connection);

  if (state == XENO_CONNECTION_OPENING)
    subtitle = _("Connecting…");
  else if (state != XENO_CONNECTION_OPEN && error != NULL)
    subtitle = error->message;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_visible (retry, state == XENO_CONNECTION_LOST || state == XENO_CONNECTION_UNREACHABLE);
}

static GtkWidget *
new_row_button (const char *icon,
                const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
create_connection_row (gpointer item,
                       gpointer user_data)
{
  XenoPreferencesWindow *self = user_data;
  XenoConnection *connection = XENO_CONNECTION (item);
  g_auto (GStrv) uris = g_settings_get_strv (self->settings, "connections");
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *retry = new_row_button ("view-refresh-symbolic", _("Try Again"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xeno_connection_get_title (connection));
  g_object_set (row, "subtitle-lines", 4, NULL);

  g_signal_connect_object (retry, "clicked", G_CALLBACK (xeno_connection_retry), connection,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), retry);
  g_object_set_data (G_OBJECT (row), "retry", retry);

  if (g_strv_contains ((const char * const *) uris, xeno_connection_get_uri (connection)))
    {
      GtkWidget *remove = new_row_button ("user-trash-symbolic", _("Remove from the List"));

      g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_cb), connection,
                               G_CONNECT_SWAPPED);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
    }

  g_signal_connect_object (connection, "notify::state", G_CALLBACK (update_connection_row_cb), row, 0);
  g_signal_connect_object (connection, "notify::error", G_CALLBACK (update_connection_row_cb), row, 0);
  update_connection_row_cb (connection, NULL, row);
  return row;
}

static const char *
get_check_icon (XenoCheckLevel level)
{
  switch (level)
    {
    case XENO_CHECK_BAD:
      return "dialog-error-symbolic";

    case XENO_CHECK_NOTE:
      return "dialog-information-symbolic";

    case XENO_CHECK_GOOD:
    default:
      return "emblem-ok-symbolic";
    }
}

static GtkWidget *
create_check_row (gpointer item,
                  gpointer user_data)
{
  XenoCheck *check = XENO_CHECK (item);
  const char *advice = xeno_check_get_advice (check);
  g_autofree char *subtitle = NULL;
  GtkWidget *row = adw_action_row_new ();

  subtitle = advice != NULL ? g_strdup_printf ("%s\n%s", xeno_check_get_result (check), advice)
                            : g_strdup (xeno_check_get_result (check));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xeno_check_get_title (check));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), get_check_icon (xeno_check_get_level (check)));
  return row;
}

static void
host_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* What could not be read is missing from the list of checks, which says so itself. */
  if (!xeno_host_load_finish (XENO_HOST (source), result, &error))
    g_debug ("The host could not be looked at: %s", error->message);
}

/* Nicks in the order of a row's choices. */
static const char *const scales[] = { "fit", "down", "actual", "integer", "stretch", NULL };
static const char *const clipboards[] = { "off", "to-guest", "from-guest", "both", NULL };
static const char *const grabs[] = { "focus", "click", "pointer", "never", NULL };
static const char *const releases[] = { "ctrl-alt", "right-ctrl", "both-ctrl", NULL };

static gboolean
nick_to_choice (GValue   *choice,
                GVariant *nick,
                gpointer  user_data)
{
  const char *const *nicks = user_data;

  for (guint i = 0; nicks[i] != NULL; i++)
    if (g_str_equal (nicks[i], g_variant_get_string (nick, NULL)))
      {
        g_value_set_uint (choice, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
choice_to_nick (const GValue       *choice,
                const GVariantType *type,
                gpointer            user_data)
{
  const char *const *nicks = user_data;

  return g_variant_new_string (nicks[g_value_get_uint (choice)]);
}

static void
bind_choice (XenoPreferencesWindow *self,
             const char            *key,
             AdwComboRow           *row,
             const char *const     *nicks)
{
  g_settings_bind_with_mapping (self->settings, key, row, "selected", G_SETTINGS_BIND_DEFAULT,
                                nick_to_choice, choice_to_nick, (gpointer) nicks, NULL);
}

static char *
dup_own_layout (void)
{
  return g_strdup (_("As on This Computer"));
}

static void
show_layout (XenoPreferencesWindow *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "console-layout");
  g_autofree char *label = *name != '\0' ? xeno_layout_dup_label (name) : dup_own_layout ();

  adw_action_row_set_subtitle (self->layout_row, label);
}

static void
layout_chosen_cb (XenoPreferencesWindow *self,
                  const char            *name)
{
  g_settings_set_string (self->settings, "console-layout", name);
}

static void
choose_layout (XenoPreferencesWindow *self)
{
  g_autofree char *present = g_settings_get_string (self->settings, "console-layout");
  g_autofree char *own = dup_own_layout ();
  GtkWidget *dialog = xeno_layout_dialog_new (GTK_WINDOW (self),
                                              _("Texts are typed as on this keyboard, into every machine that has "
                                                "no layout of its own."),
                                              own, present);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (layout_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
xeno_preferences_window_dispose (GObject *object)
{
  XenoPreferencesWindow *self = XENO_PREFERENCES_WINDOW (object);

  /* The lists outlive their window, so they must not keep what they show. */
  if (self->connections != NULL)
    {
      gtk_list_box_bind_model (self->connections_list, NULL, NULL, NULL, NULL);
      gtk_list_box_bind_model (self->checks_list, NULL, NULL, NULL, NULL);
    }
  g_clear_object (&self->settings);
  g_clear_object (&self->connections);

  G_OBJECT_CLASS (xeno_preferences_window_parent_class)->dispose (object);
}

static void
xeno_preferences_window_class_init (XenoPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_preferences_window_dispose;

  g_type_ensure (XENO_TYPE_KEYS_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, connections_list);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, uri_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, uri_problem);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, graphs_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, tabs_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, scale_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, clipboard_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, grab_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, release_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, scroll_scale);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, layout_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, keys_group);
  gtk_widget_class_bind_template_child (widget_class, XenoPreferencesWindow, checks_list);
  gtk_widget_class_bind_template_callback (widget_class, choose_layout);
  gtk_widget_class_bind_template_callback (widget_class, uri_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, uri_applied_cb);
}

static void
xeno_preferences_window_init (XenoPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_preferences_window_new:
 * @parent: (nullable): the window to show it over
 * @settings: the application's settings
 * @connections: a list of #XenoConnection; the first is the one of this computer
 *
 * Makes the preferences window.
 *
 * Returns: (transfer floating): the window
 */
GtkWidget *
xeno_preferences_window_new (GtkWindow  *parent,
                             GSettings  *settings,
                             GListModel *connections)
{
  XenoPreferencesWindow *self;
  g_autoptr (XenoConnection) first = NULL;
  XenoHost *host;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (connections), NULL);

  self = g_object_new (XENO_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);
  self->settings = g_object_ref (settings);
  self->connections = g_object_ref (connections);

  gtk_list_box_bind_model (self->connections_list, connections, create_connection_row, self, NULL);
  g_settings_bind (settings, "list-graphs", self->graphs_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "console-tabs", self->tabs_switch, "active", G_SETTINGS_BIND_DEFAULT);
  bind_choice (self, "console-scale", self->scale_row, scales);
  bind_choice (self, "console-clipboard", self->clipboard_row, clipboards);
  bind_choice (self, "console-grab", self->grab_row, grabs);
  bind_choice (self, "console-release", self->release_row, releases);
  g_settings_bind (settings, "console-scroll-speed", gtk_range_get_adjustment (self->scroll_scale), "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed::console-layout", G_CALLBACK (show_layout), self,
                           G_CONNECT_SWAPPED);
  show_layout (self);
  xeno_keys_group_set_settings (self->keys_group, settings);

  first = g_list_model_get_item (connections, 0);
  host = xeno_connection_get_host (first);
  gtk_list_box_bind_model (self->checks_list, xeno_host_get_checks (host), create_check_row, NULL, NULL);
  xeno_host_load_async (host, NULL, host_loaded_cb, NULL);
  return GTK_WIDGET (self);
}
