/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The discs and images that are there: how large, who uses them, and away with them. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-units.h"
#include "create/xeno-media-library.h"
#include "dialogs/xeno-library-page.h"

/* Whoever copies many files is waited for. */
#define SETTLE_MS 500

struct _XenoLibraryPage
{
  AdwBin          parent_instance;
  XenoConnection *connection;
  GCancellable   *cancellable; /* of the listing */
  GPtrArray      *entries;     /* XenoMediaEntry */
  GPtrArray      *monitors;    /* of the folders, once somebody looked */
  guint           refresh_id;

  GtkStack       *stack;
  AdwStatusPage  *problem_page;
  GtkListBox     *list;
};

enum
{
  USE,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoLibraryPage, xeno_library_page, ADW_TYPE_BIN)

static const XenoMediaEntry *
get_entry (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "xeno-entry");
}

static void
use_clicked_cb (XenoLibraryPage *self,
                GtkButton       *button)
{
  const XenoMediaEntry *entry = get_entry (GTK_WIDGET (button));
  g_autoptr (GFile) file = g_file_new_for_path (entry->path);

  g_signal_emit (self, signals[USE], 0, file);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (XenoLibraryPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_media_library_remove_finish (result, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
  xeno_library_page_refresh (self);
}

static void
remove_clicked_cb (XenoLibraryPage *self,
                   GtkButton       *button)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  xeno_media_library_remove_async (get_entry (GTK_WIDGET (button)), NULL, removed_cb, g_object_ref (self));
}

/* What it takes here, and what a guest sees of it. */
static char *
dup_size (const XenoMediaEntry *entry)
{
  g_autofree char *size = xeno_units_format_size (entry->size_bytes);
  g_autofree char *capacity = xeno_units_format_size (entry->capacity_bytes);

  if (entry->capacity_bytes == 0)
    return g_steal_pointer (&size);
  /* Translators: two sizes */
  return g_strdup_printf (_("takes %s, the guest sees %s"), size, capacity);
}

static char *
describe (const XenoMediaEntry *entry)
{
  g_autofree char *size = dup_size (entry);
  g_autofree char *users = g_strjoinv (", ", entry->users);

  if (entry->problem != NULL)
    return g_strdup (entry->problem);
  if (entry->is_part)
    /* Translators: %s is a size */
    return g_strdup_printf (_("%s, the first part of a download. Downloading it again goes on from here."), size);
  if (*users == '\0')
    /* Translators: %s is a size */
    return g_strdup_printf (_("%s, not used"), size);
  /* Translators: a size, and the names of machines */
  return g_strdup_printf (_("%s, used by %s"), size, users);
}

static GtkWidget *
make_button (XenoLibraryPage      *self,
             const XenoMediaEntry *entry,
             const char           *icon_name,
             const char           *tooltip,
             GCallback             callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data (G_OBJECT (button), "xeno-entry", (gpointer) entry);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
make_row (XenoLibraryPage      *self,
          const XenoMediaEntry *entry)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *description = describe (entry);

  g_object_set (row, "use-markup", FALSE, "title", entry->name, "subtitle", description, "title-lines", 2,
                "subtitle-lines", 3, "tooltip-text", entry->path, NULL);
  if (entry->problem != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (image, "warning");
      adw_action_row_add_prefix (row, image);
    }
  if (!entry->is_part && entry->problem == NULL)
    adw_action_row_add_suffix (row, make_button (self, entry, "list-add-symbolic", _("New Machine of It…"),
                                                 G_CALLBACK (use_clicked_cb)));
  if (entry->users[0] == NULL)
    adw_action_row_add_suffix (row, make_button (self, entry, "user-trash-symbolic",
                                                 entry->is_part ? _("Remove") : _("Move to the Trash"),
                                                 G_CALLBACK (remove_clicked_cb)));
  return GTK_WIDGET (row);
}

static void
show_entries (XenoLibraryPage *self,
              GPtrArray       *entries)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = g_ptr_array_ref (entries);

  for (guint i = 0; i < entries->len; i++)
    gtk_list_box_append (self->list, make_row (self, entries->pdata[i]));
  gtk_stack_set_visible_child_name (self->stack, entries->len > 0 ? "list" : "empty");
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoLibraryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = xeno_media_library_list_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (entries != NULL)
    {
      show_entries (self, entries);
      return;
    }
  text = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->problem_page, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static gboolean
settled_cb (gpointer user_data)
{
  XenoLibraryPage *self = user_data;

  self->refresh_id = 0;
  xeno_library_page_refresh (self);
  return G_SOURCE_REMOVE;
}

/* A file that grows is no news; that it came, went or is whole now is. */
static void
folder_changed_cb (XenoLibraryPage   *self,
                   GFile             *file,
                   GFile             *other,
                   GFileMonitorEvent  event)
{
  if (event != G_FILE_MONITOR_EVENT_CHANGED && event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED
      && self->refresh_id == 0)
    self->refresh_id = g_timeout_add (SETTLE_MS, settled_cb, self);
}

static void
watch_folders (XenoLibraryPage *self)
{
  g_auto (GStrv) folders = xeno_media_library_list_folders ();

  if (self->monitors != NULL)
    return;

  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GFile) folder = g_file_new_for_path (folders[i]);
      GFileMonitor *monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

      if (monitor == NULL)
        continue;
      g_signal_connect_object (monitor, "changed", G_CALLBACK (folder_changed_cb), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (self->monitors, monitor);
    }
}

/* Whoever looked before it was connected was told so, and is not left with that. */
static void
state_changed_cb (XenoLibraryPage *self)
{
  if (self->monitors != NULL && xeno_connection_get_state (self->connection) == XENO_CONNECTION_OPEN)
    xeno_library_page_refresh (self);
}

static void
xeno_library_page_dispose (GObject *object)
{
  XenoLibraryPage *self = XENO_LIBRARY_PAGE (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->entries, g_ptr_array_unref);

  G_OBJECT_CLASS (xeno_library_page_parent_class)->dispose (object);
}

static void
xeno_library_page_class_init (XenoLibraryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_library_page_dispose;

  /**
   * XenoLibraryPage::use:
   * @file: a disc or an image
   *
   * The person wants a machine of it.
   */
  signals[USE] = g_signal_new ("use", XENO_TYPE_LIBRARY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_FILE);

  /**
   * XenoLibraryPage::failed:
   * @error: why something is still there
   *
   * Something could not be removed.
   */
  signals[FAILED] = g_signal_new ("failed", XENO_TYPE_LIBRARY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-library-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoLibraryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoLibraryPage, problem_page);
  gtk_widget_class_bind_template_child (widget_class, XenoLibraryPage, list);
}

static void
xeno_library_page_init (XenoLibraryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_library_page_set_connection:
 * @self: a library page
 * @connection: a connection of this computer, whose machines may use what is there
 *
 * Sets whose machines are asked. Called once.
 */
void
xeno_library_page_set_connection (XenoLibraryPage *self,
                                  XenoConnection  *connection)
{
  g_return_if_fail (XENO_IS_LIBRARY_PAGE (self));
  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (self->connection == NULL);

  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * xeno_library_page_refresh:
 * @self: a library page
 *
 * Looks for what is there.
 */
void
xeno_library_page_refresh (XenoLibraryPage *self)
{
  g_return_if_fail (XENO_IS_LIBRARY_PAGE (self));

  if (self->connection == NULL) /* it is being closed */
    return;

  watch_folders (self);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  xeno_media_library_list_async (self->connection, self->cancellable, listed_cb, g_object_ref (self));
}
