/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The leaf widgets: what they show, what they take, and that they go when they are let go. */
#include "config.h"

#include <adwaita.h>

#include "base/xeno-error.h"
#include "find-widget.h"
#include "pages/xeno-host-page.h"
#include "pages/xeno-machine-page.h"
#include "pages/xeno-sidebar-row.h"
#include "support/xeno-test.h"
#include "widgets/xeno-columns.h"
#include "widgets/xeno-fact-row.h"
#include "widgets/xeno-graph.h"
#include "widgets/xeno-message-dialog.h"
#include "widgets/xeno-size-row.h"
#include "widgets/xeno-sparkline.h"
#include "widgets/xeno-state-pill.h"
#include "widgets/xeno-thumbnail.h"
#include "widgets/xeno-toast.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

static void
test_templates (void)
{
  const GType types[] = {
    XENO_TYPE_FACT_ROW,
    XENO_TYPE_GRAPH,
    XENO_TYPE_HOST_PAGE,
    XENO_TYPE_MACHINE_PAGE,
    XENO_TYPE_SIDEBAR_ROW,
    XENO_TYPE_SIZE_ROW,
    XENO_TYPE_SPARKLINE,
    XENO_TYPE_STATE_PILL,
    XENO_TYPE_THUMBNAIL,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));
      int minimum;

      gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      /* The window folds at 360, with 24 of margins. */
      g_assert_cmpint (minimum, <=, 336);
      g_assert_finalize_object (widget);
    }
}

static void
test_size_row_reads (void)
{
  static const struct
  {
    const char *typed;
    guint64     bytes;
    const char *shown;
  } table[] = {
    { "2", 2 * GIB, "2 GiB" },
    { "2G", 2 * GIB, "2 GiB" },
    { "2 GiB", 2 * GIB, "2 GiB" },
    { "1.5", 1536 * MIB, "1.5 GiB" },
    { "1,5 GiB", 1536 * MIB, "1.5 GiB" },
    { "1.25g", 1280 * MIB, "1.25 GiB" },
    { "512", 512 * MIB, "512 MiB" },
    { "512M", 512 * MIB, "512 MiB" },
    { "2047 MiB", 2047 * MIB, "2047 MiB" },
    { " 3 ", 3 * GIB, "3 GiB" },
    { "99 TiB", 16 * GIB, "16 GiB" },
    { "0", 64 * MIB, "64 MiB" },
  };
  GtkWidget *row = g_object_ref_sink (xeno_size_row_new ());
  GtkWidget *spin = find_widget (row, GTK_TYPE_SPIN_BUTTON);

  xeno_size_row_set_range (XENO_SIZE_ROW (row), 64 * MIB, 16 * GIB, 512 * MIB);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (spin), table[i].typed);
      gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
      g_assert_cmpuint (xeno_size_row_get_bytes (XENO_SIZE_ROW (row)), ==, table[i].bytes);
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, table[i].shown);
    }

  /* What is no size leaves what there was. */
  xeno_size_row_set_bytes (XENO_SIZE_ROW (row), 4 * GIB);
  gtk_editable_set_text (GTK_EDITABLE (spin), "much");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpuint (xeno_size_row_get_bytes (XENO_SIZE_ROW (row)), ==, 4 * GIB);
  g_assert_finalize_object (row);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_size_row_notifies (void)
{
  GtkWidget *row = g_object_ref_sink (xeno_size_row_new ());
  guint n_notified = 0;

  g_signal_connect_swapped (row, "notify::bytes", G_CALLBACK (count_cb), &n_notified);
  xeno_size_row_set_bytes (XENO_SIZE_ROW (row), 4 * GIB);
  xeno_size_row_set_bytes (XENO_SIZE_ROW (row), 4 * GIB);
  g_assert_cmpuint (n_notified, ==, 1);

  xeno_size_row_set_range (XENO_SIZE_ROW (row), GIB, 2 * GIB, 0);
  g_assert_cmpuint (xeno_size_row_get_bytes (XENO_SIZE_ROW (row)), ==, 2 * GIB);
  g_assert_cmpuint (n_notified, ==, 2);
  g_assert_finalize_object (row);
}

static void
test_size_row_recommends (void)
{
  GtkWidget *row = g_object_ref_sink (xeno_size_row_new ());

  xeno_size_row_set_recommendation (XENO_SIZE_ROW (row), 4 * GIB, 16 * GIB + 7 * MIB);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "Recommended: 4 GiB · host has 16 GiB");
  xeno_size_row_set_recommendation (XENO_SIZE_ROW (row), 512 * MIB, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "Recommended: 512 MiB");
  xeno_size_row_set_recommendation (XENO_SIZE_ROW (row), 0, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "");
  g_assert_finalize_object (row);
}

static void
test_fact_row (void)
{
  GtkWidget *row = g_object_ref_sink (xeno_fact_row_new ());

  g_assert_false (gtk_widget_get_visible (row));
  xeno_fact_row_set_value (XENO_FACT_ROW (row), "<b>2</b>");
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_cmpstr (xeno_fact_row_get_value (XENO_FACT_ROW (row)), ==, "<b>2</b>");
  xeno_fact_row_set_value (XENO_FACT_ROW (row), NULL);
  g_assert_false (gtk_widget_get_visible (row));
  g_assert_finalize_object (row);
}

static void
test_state_pill (void)
{
  GtkWidget *pill = g_object_ref_sink (xeno_state_pill_new ());
  GtkIconTheme *icons = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  g_autoptr(GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GEnumClass) states = g_type_class_ref (XENO_TYPE_MACHINE_STATE);

  for (guint i = 0; i < states->n_values; i++)
    {
      GtkWidget *icon;
      const char *word;

      xeno_state_pill_set_state (XENO_STATE_PILL (pill), states->values[i].value);
      icon = find_widget (pill, GTK_TYPE_IMAGE);
      g_assert_true (gtk_icon_theme_has_icon (icons, gtk_image_get_icon_name (GTK_IMAGE (icon))));
      word = gtk_label_get_label (GTK_LABEL (find_widget (pill, GTK_TYPE_LABEL)));
      g_assert_true (g_hash_table_add (words, g_strdup (word)));
    }
  g_assert_finalize_object (pill);
}

static void
test_thumbnail (void)
{
  GtkWidget *thumbnail = g_object_ref_sink (xeno_thumbnail_new (TRUE));
  g_autoptr(GBytes) bytes = g_bytes_new_static ("\377\0\0\377", 4);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new (1, 1, GDK_MEMORY_R8G8B8A8, bytes, 4);
  int height;

  gtk_widget_measure (thumbnail, GTK_ORIENTATION_VERTICAL, 320, &height, NULL, NULL, NULL);
  g_assert_cmpint (height, ==, 200);

  g_assert_null (xeno_thumbnail_get_texture (XENO_THUMBNAIL (thumbnail)));
  g_assert_true (gtk_widget_get_child_visible (find_widget (thumbnail, GTK_TYPE_IMAGE)));
  xeno_thumbnail_set_texture (XENO_THUMBNAIL (thumbnail), texture);
  g_assert_true (xeno_thumbnail_get_texture (XENO_THUMBNAIL (thumbnail)) == texture);
  g_assert_false (gtk_widget_get_child_visible (find_widget (thumbnail, GTK_TYPE_IMAGE)));
  g_assert_finalize_object (thumbnail);
}

static GtkWidget *
make_columns (guint n_children)
{
  GtkLayoutManager *columns =
    g_object_new (XENO_TYPE_COLUMNS, "column-width", 100, "spacing", 10, NULL);
  GtkWidget *box = g_object_ref_sink (g_object_new (GTK_TYPE_BOX, "layout-manager", columns, NULL));

  for (guint i = 0; i < n_children; i++)
    {
      GtkWidget *child = gtk_drawing_area_new ();

      gtk_widget_set_size_request (child, 60, 40);
      gtk_box_append (GTK_BOX (box), child);
    }
  return box;
}

static void
test_columns (void)
{
  static const struct
  {
    guint n_children;
    int   width;
    int   height;
  } table[] = {
    { 4, 210, 90 },   /* two rows of two */
    { 4, 209, 190 },  /* a pixel too narrow */
    { 4, 900, 90 },   /* never more than two */
    { 3, 300, 90 },
    { 1, 300, 40 },
    { 0, 300, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      GtkWidget *box = make_columns (table[i].n_children);
      int height;

      gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, table[i].width, NULL, &height, NULL, NULL);
      g_assert_cmpint (height, ==, table[i].height);
      g_assert_finalize_object (box);
    }
}

static void
test_columns_mirror (void)
{
  GtkWidget *box = make_columns (2);
  graphene_rect_t first;

  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  gtk_widget_size_allocate (box, &(GtkAllocation) { 0, 0, 210, 40 }, -1);
  g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_first_child (box), box, &first));
  g_assert_cmpfloat (first.origin.x, ==, 110.0);
  g_assert_finalize_object (box);
}

static void
test_toast_text (void)
{
  g_autoptr(AdwToast) toast = g_object_ref_sink (xeno_toast_new ("a <b> & c"));

  g_assert_cmpstr (adw_toast_get_title (toast), ==, "a &lt;b&gt; &amp; c");
}

static GtkWidget *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (toplevel))
        return toplevel;
    }
  return NULL;
}

static gboolean
shows_toast (gpointer toast)
{
  GtkWidget *overlay = g_object_get_data (toast, "overlay");
  GtkWidget *last = gtk_widget_get_last_child (overlay);
  GtkWidget *label = last != NULL && gtk_widget_get_first_child (overlay) != last
                     ? find_widget (last, GTK_TYPE_LABEL) : NULL;

  return label != NULL && g_str_equal (gtk_label_get_label (GTK_LABEL (label)), adw_toast_get_title (toast));
}

/* Once it is there: on its way nothing can press it. */
static gboolean
can_press (gpointer toast)
{
  GtkWidget *overlay = g_object_get_data (toast, "overlay");

  return shows_toast (toast) && gtk_widget_get_can_target (gtk_widget_get_last_child (overlay));
}

static gboolean
shows_no_toast (gpointer overlay)
{
  return gtk_widget_get_last_child (overlay) == gtk_widget_get_first_child (overlay);
}

static AdwToast *
add_toast (GtkWidget  *overlay,
           const char *text)
{
  AdwToast *toast = xeno_toast_new (text);

  g_object_set_data (G_OBJECT (toast), "overlay", overlay);
  adw_toast_set_button_label (toast, "Undo");
  xeno_toast_show (ADW_TOAST_OVERLAY (overlay), g_object_ref (toast));
  return toast;
}

/* libadwaita 1.2 crashes where the second click of two comes while the next toast slides in. */
static void
test_toast_line (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *overlay = adw_toast_overlay_new ();
  g_autoptr(AdwToast) first = NULL;
  g_autoptr(AdwToast) second = NULL;

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), gtk_label_new (NULL));
  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));

  first = add_toast (overlay, "first");
  second = add_toast (overlay, "second");
  g_assert_true (shows_toast (first));
  g_assert_false (can_press (first));
  xeno_test_until (can_press, first);
  g_assert_false (shows_toast (second));
  adw_toast_dismiss (first);
  xeno_test_until (shows_toast, second);
  g_assert_false (can_press (second));
  xeno_test_until (can_press, second);
  adw_toast_dismiss (second);
  xeno_test_until (shows_no_toast, overlay);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_toast_error_first (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *overlay = adw_toast_overlay_new ();
  g_autoptr(GError) error = g_error_new_literal (XENO_ERROR, XENO_ERROR_FAILED, "bad news");
  g_autoptr(AdwToast) first = NULL;
  g_autoptr(AdwToast) second = NULL;
  g_autoptr(GError) error_two = g_error_new_literal (XENO_ERROR, XENO_ERROR_FAILED, "more bad news");
  g_autoptr(AdwToast) news = g_object_ref_sink (xeno_toast_new ("bad news"));
  g_autoptr(AdwToast) more_news = g_object_ref_sink (xeno_toast_new ("more bad news"));

  g_object_set_data (G_OBJECT (news), "overlay", overlay);
  g_object_set_data (G_OBJECT (more_news), "overlay", overlay);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), gtk_label_new (NULL));
  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));

  /* What can be undone stays, but of those that wait the error is the first. */
  first = add_toast (overlay, "first");
  second = add_toast (overlay, "second");
  xeno_test_until (can_press, first);
  xeno_toast_show_error (ADW_TOAST_OVERLAY (overlay), error);
  g_assert_true (shows_toast (first));
  adw_toast_dismiss (first);
  xeno_test_until (shows_toast, news);
  g_assert_false (shows_toast (second));

  /* And an error gives way to the next, though it has only begun to show. */
  xeno_toast_show_error (ADW_TOAST_OVERLAY (overlay), error_two);
  xeno_test_until (shows_toast, more_news);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_toast_error (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *overlay = adw_toast_overlay_new ();
  g_autoptr(GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no");
  g_autoptr(GError) error = xeno_error_new (XENO_ERROR_IN_USE, "internal error: \033[31m<lock>",
                                            "“%s” could not start.", "A & B");
  g_autofree char *shown = NULL;
  GtkTextBuffer *buffer;
  GtkTextIter start;
  GtkTextIter end;
  GtkWidget *dialog;

  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));

  xeno_toast_show_error (ADW_TOAST_OVERLAY (overlay), cancelled);
  g_assert_null (find_widget (overlay, GTK_TYPE_BUTTON));

  xeno_toast_show_error (ADW_TOAST_OVERLAY (overlay), error);
  g_assert_nonnull (find_widget (overlay, GTK_TYPE_BUTTON));
  g_signal_emit_by_name (find_widget (overlay, GTK_TYPE_BUTTON), "clicked");

  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "“A & B” could not start.");
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (find_widget (dialog, GTK_TYPE_TEXT_VIEW)));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_nonnull (strstr (shown, "internal error"));
  g_assert_null (strchr (shown, '\033'));

  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_shown (gpointer window)
{
  return gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0;
}

/* Both of a dialog's headings are measured for the width it gets, and a warning ends the test. */
static void
test_message_dialog (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *dialog;
  int minimum;

  gtk_window_set_default_size (GTK_WINDOW (window), 400, 400);
  gtk_window_present (GTK_WINDOW (window));
  xeno_test_until (is_shown, window);
  dialog = xeno_message_dialog_new (GTK_WINDOW (window),
                                    "Force off “A machine whose owner found many words for it, one after the other”?",
                                    "It loses what it did not save.");
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", "_Cancel");
  gtk_window_present (GTK_WINDOW (dialog));
  xeno_test_until (is_shown, dialog);
  gtk_widget_measure (dialog, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 336);
  g_assert_cmpint (gtk_widget_get_width (dialog), <, 400);

  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/unaos/Xenolith/icons");

  g_test_add_func ("/xeno/widgets/are-made-narrow-and-let-go", test_templates);
  g_test_add_func ("/xeno/size-row/reads-amounts-as-people-write-them", test_size_row_reads);
  g_test_add_func ("/xeno/size-row/notifies-when-the-amount-changes", test_size_row_notifies);
  g_test_add_func ("/xeno/size-row/says-what-suits-and-what-there-is", test_size_row_recommends);
  g_test_add_func ("/xeno/fact-row/hides-without-a-value", test_fact_row);
  g_test_add_func ("/xeno/state-pill/has-a-word-and-a-shape-for-every-state", test_state_pill);
  g_test_add_func ("/xeno/thumbnail/shows-a-picture-or-a-placeholder", test_thumbnail);
  g_test_add_func ("/xeno/columns/folds-by-width", test_columns);
  g_test_add_func ("/xeno/columns/runs-from-right-to-left", test_columns_mirror);
  g_test_add_func ("/xeno/toast/shows-text-and-no-markup", test_toast_text);
  g_test_add_func ("/xeno/toast/waits-until-the-one-before-is-gone", test_toast_line);
  g_test_add_func ("/xeno/toast/of-an-error-comes-before-others", test_toast_error_first);
  g_test_add_func ("/xeno/toast/has-the-details-behind-a-button", test_toast_error);
  g_test_add_func ("/xeno/message-dialog/is-narrow-whatever-its-heading", test_message_dialog);

  return g_test_run ();
}
