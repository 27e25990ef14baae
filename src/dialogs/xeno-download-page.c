/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operating systems that can be downloaded: those most people want, and all others by search. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-download-page.h"

#define AVATAR_SIZE 32

struct _XenoDownloadPage
{
  AdwBin           parent_instance;
  XenoOsDb        *os_db;
  GCancellable    *cancellable; /* of the loading */
  GListStore      *downloads;
  GtkCustomFilter *filter;
  GStrv            words;       /* what is sought */

  GtkStack        *stack;
  AdwStatusPage   *problem_page;
  GtkEditable     *search;
  GtkLabel        *heading;
  GtkStack        *results;
  GtkListView     *list;
};

enum
{
  DOWNLOAD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoDownloadPage, xeno_download_page, ADW_TYPE_BIN)

/* A row that is made once and shows one download after the other. */
typedef struct
{
  AdwAvatar *avatar;
  GtkLabel  *title;
  GtkLabel  *details;
} Row;

static gboolean
matches_cb (gpointer item,
            gpointer user_data)
{
  XenoDownloadPage *self = user_data;

  return self->words[0] != NULL ? xeno_os_download_matches (item, (const char * const *) self->words)
                                : xeno_os_download_is_recommended (item);
}

static void
update (XenoDownloadPage *self)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  guint n_found = g_list_model_get_n_items (model);
  g_autofree char *heading = NULL;

  if (self->words[0] == NULL)
    heading = g_strdup (_("Recommended"));
  else
    heading = g_strdup_printf (ngettext ("%u found", "%u found", n_found), n_found);
  gtk_label_set_label (self->heading, heading);
  gtk_stack_set_visible_child_name (self->results, n_found > 0 ? "list" : "nothing");
}

static void
search_changed_cb (XenoDownloadPage *self)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit_set (gtk_editable_get_text (self->search), " \t", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);
  g_strfreev (self->words);
  self->words = g_strv_builder_end (words);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static void
activated_cb (XenoDownloadPage *self,
              guint             position)
{
  g_autoptr (XenoOsDownload) download =
    g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (download != NULL)
    g_signal_emit (self, signals[DOWNLOAD], 0, download);
}

static void
search_activated_cb (XenoDownloadPage *self)
{
  if (self->words[0] != NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static GtkLabel *
make_label (const char *css_class)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (label, 0.0);
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (label), "caption");
      gtk_widget_add_css_class (GTK_WIDGET (label), css_class);
    }
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *image = gtk_image_new_from_icon_name ("folder-download-symbolic");
  Row *row = g_new0 (Row, 1);

  row->avatar = ADW_AVATAR (adw_avatar_new (AVATAR_SIZE, NULL, TRUE));
  row->title = make_label (NULL);
  row->details = make_label ("dim-label");
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (text), GTK_WIDGET (row->title));
  gtk_box_append (GTK_BOX (text), GTK_WIDGET (row->details));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->avatar));
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), image);
  gtk_widget_add_css_class (box, "xeno-download-row");
  gtk_list_item_set_child (item, box);
  g_object_set_data_full (G_OBJECT (item), "xeno-row", row, g_free);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  Row *row = g_object_get_data (G_OBJECT (item), "xeno-row");
  XenoOsDownload *download = XENO_OS_DOWNLOAD (gtk_list_item_get_item (item));
  g_autofree char *details = xeno_os_download_dup_details (download);

  adw_avatar_set_text (row->avatar, xeno_os_get_name (xeno_os_download_get_os (download)));
  gtk_label_set_label (row->title, xeno_os_download_get_title (download));
  gtk_label_set_label (row->details, details);
  gtk_widget_set_tooltip_text (gtk_list_item_get_child (item), xeno_os_download_get_url (download));
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoDownloadPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) downloads = xeno_os_db_list_downloads_finish (self->os_db, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (downloads == NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->problem_page, text);
      gtk_stack_set_visible_child_name (self->stack, "problem");
      return;
    }

  g_list_store_splice (self->downloads, 0, g_list_model_get_n_items (G_LIST_MODEL (self->downloads)),
                       downloads->pdata, downloads->len);
  gtk_stack_set_visible_child_name (self->stack, "downloads");
  update (self);
  xeno_download_page_focus (self);
}

static void
xeno_download_page_dispose (GObject *object)
{
  XenoDownloadPage *self = XENO_DOWNLOAD_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->downloads);
  g_clear_object (&self->os_db);

  G_OBJECT_CLASS (xeno_download_page_parent_class)->dispose (object);
}

static void
xeno_download_page_finalize (GObject *object)
{
  g_strfreev (XENO_DOWNLOAD_PAGE (object)->words);

  G_OBJECT_CLASS (xeno_download_page_parent_class)->finalize (object);
}

static void
xeno_download_page_class_init (XenoDownloadPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_download_page_dispose;
  object_class->finalize = xeno_download_page_finalize;

  /**
   * XenoDownloadPage::download:
   * @download: what to download
   *
   * The person wants it.
   */
  signals[DOWNLOAD] = g_signal_new ("download", XENO_TYPE_DOWNLOAD_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, XENO_TYPE_OS_DOWNLOAD);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-download-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoDownloadPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoDownloadPage, problem_page);
  gtk_widget_class_bind_template_child (widget_class, XenoDownloadPage, search);
  gtk_widget_class_bind_template_child (widget_class, XenoDownloadPage, heading);
  gtk_widget_class_bind_template_child (widget_class, XenoDownloadPage, results);
  gtk_widget_class_bind_template_child (widget_class, XenoDownloadPage, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
}

static void
xeno_download_page_init (XenoDownloadPage *self)
{
  GtkFilterListModel *found;

  self->words = g_new0 (char *, 1);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->downloads = g_list_store_new (XENO_TYPE_OS_DOWNLOAD);
  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  found = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->downloads)), GTK_FILTER (self->filter));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (found))));
}

/**
 * xeno_download_page_load:
 * @self: a download page
 * @os_db: the operating systems that are known
 *
 * Finds out what can be downloaded, in a thread.
 */
void
xeno_download_page_load (XenoDownloadPage *self,
                         XenoOsDb         *os_db)
{
  g_return_if_fail (XENO_IS_DOWNLOAD_PAGE (self));
  g_return_if_fail (XENO_IS_OS_DB (os_db));
  g_return_if_fail (self->os_db == NULL);

  self->os_db = g_object_ref (os_db);
  self->cancellable = g_cancellable_new ();
  xeno_os_db_list_downloads_async (os_db, self->cancellable, loaded_cb, g_object_ref (self));
}

/**
 * xeno_download_page_focus:
 * @self: a download page
 *
 * Lets the person type what they seek.
 */
void
xeno_download_page_focus (XenoDownloadPage *self)
{
  g_return_if_fail (XENO_IS_DOWNLOAD_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
