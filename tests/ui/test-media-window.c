/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window of discs and images: what can be downloaded, what is there, and away with it. */
#include "config.h"

#include <sys/utsname.h>

#include <adwaita.h>
#include <glib/gstdio.h>

#include "core/media-files.h"
#include "create/xeno-media-library.h"
#include "dialogs/xeno-media-window.h"
#include "find-widget.h"
#include "support/xeno-test.h"

#define URI "test:///default"

typedef struct
{
  XenoConnection *connection;
  XenoOsDb       *os_db;
  GtkWidget      *window;
  XenoOsDownload *download; /* what the person wanted */
  char           *used;     /* what they want a machine of */
} Fixture;

static gboolean
is_populated (gpointer data)
{
  return xeno_connection_is_populated (data);
}

static void
download_cb (Fixture        *fixture,
             XenoOsDownload *download)
{
  g_set_object (&fixture->download, download);
}

static void
use_cb (Fixture *fixture,
        GFile   *file)
{
  g_free (fixture->used);
  fixture->used = g_file_get_path (file);
}

static void
add_file (const char *name)
{
  const char *folder = xeno_media_library_get_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GByteArray) disc = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  disc = media_make_iso ("Disc", TRUE, FALSE, 21);
  g_assert_true (g_file_set_contents (path, (const char *) disc->data, disc->len, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  add_file ("first.iso");
  add_file ("second.iso.part");

  fixture->connection = xeno_connection_new (URI);
  xeno_connection_open (fixture->connection);
  xeno_test_until (is_populated, fixture->connection);
  fixture->os_db = xeno_os_db_new ();
  fixture->window = g_object_ref (xeno_media_window_new (NULL, fixture->connection, fixture->os_db));
  g_signal_connect_swapped (fixture->window, "download", G_CALLBACK (download_cb), fixture);
  g_signal_connect_swapped (fixture->window, "use", G_CALLBACK (use_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->window);
  g_clear_object (&fixture->download);
  g_clear_object (&fixture->os_db);
  xeno_connection_close (fixture->connection);
  g_clear_object (&fixture->connection);
  g_free (fixture->used);
  xeno_test_remove_tree (xeno_media_library_get_folder ());
}

static guint
count_downloads (Fixture *fixture)
{
  GtkWidget *list = find_widget (fixture->window, GTK_TYPE_LIST_VIEW);

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))));
}

static gboolean
has_downloads (gpointer data)
{
  return count_downloads (data) > 0;
}

static gboolean
has_none (gpointer data)
{
  return count_downloads (data) == 0;
}

static gboolean
has_old_systems_alone (gpointer data)
{
  GtkWidget *list = find_widget (((Fixture *) data)->window, GTK_TYPE_LIST_VIEW);
  g_autoptr (XenoOsDownload) first =
    g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))), 0);

  return first != NULL && !xeno_os_download_is_recommended (first);
}

static void
test_seeks_among_all_systems (Fixture       *fixture,
                              gconstpointer  data)
{
  GtkWidget *search = find_widget (fixture->window, GTK_TYPE_SEARCH_ENTRY);
  GtkWidget *list = find_widget (fixture->window, GTK_TYPE_LIST_VIEW);
  guint n_recommended;

  xeno_test_until (has_downloads, fixture);
  n_recommended = count_downloads (fixture);
  g_assert_cmpuint (n_recommended, ==, 1);

  gtk_editable_set_text (GTK_EDITABLE (search), "bookworm 12 DEBIAN");
  xeno_test_until (has_none, fixture); /* nobody's name has the code name in it */
  gtk_editable_set_text (GTK_EDITABLE (search), "12 DEBIAN");
  xeno_test_until (has_old_systems_alone, fixture);
  gtk_editable_set_text (GTK_EDITABLE (search), "nobody makes this");
  xeno_test_until (has_none, fixture);
  gtk_editable_set_text (GTK_EDITABLE (search), "");
  xeno_test_until (has_downloads, fixture);
  g_assert_cmpuint (count_downloads (fixture), ==, n_recommended);

  g_signal_emit_by_name (list, "activate", 0);
  g_assert_nonnull (fixture->download);
  g_assert_true (xeno_os_download_is_recommended (fixture->download));
}

static GtkWidget *
find_row (Fixture    *fixture,
          const char *title)
{
  GtkWidget *list = find_widget (fixture->window, GTK_TYPE_LIST_BOX);

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    if (ADW_IS_ACTION_ROW (row) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title) == 0)
      return row;
  return NULL;
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *icon_name)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), icon_name) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *button = find_button (child, icon_name);

      if (button != NULL)
        return button;
    }
  return NULL;
}

static gboolean
has_both (gpointer data)
{
  return find_row (data, "first.iso") != NULL && find_row (data, "second.iso.part") != NULL;
}

static gboolean
has_letter (gpointer data)
{
  return find_row (data, "letter.iso") != NULL;
}

static gboolean
is_closed (gpointer data)
{
  return xeno_connection_get_state (data) == XENO_CONNECTION_CLOSED;
}

static gboolean
says_problem (gpointer data)
{
  GtkWidget *list = find_widget (((Fixture *) data)->window, GTK_TYPE_LIST_BOX);
  GtkWidget *stack = gtk_widget_get_ancestor (list, GTK_TYPE_STACK);

  return g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)), "problem") == 0;
}

/* Whoever looks too early sees the files as soon as there is a connection. */
static void
test_waits_for_the_connection (Fixture       *fixture,
                               gconstpointer  data)
{
  xeno_connection_close (fixture->connection);
  xeno_test_until (is_closed, fixture->connection);
  xeno_media_window_show_library (XENO_MEDIA_WINDOW (fixture->window));
  xeno_test_until (says_problem, fixture);
  xeno_connection_open (fixture->connection);
  xeno_test_until (has_both, fixture);
}

/* A file that is no disc says what it is, and no machine is made of it. */
static void
test_says_what_is_broken (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *path = g_build_filename (xeno_media_library_get_folder (), "letter.iso", NULL);
  GtkWidget *row;

  xeno_media_window_show_library (XENO_MEDIA_WINDOW (fixture->window));
  xeno_test_until (has_both, fixture);
  g_assert_true (g_file_set_contents (path, "Dear disc, I am a letter.", -1, NULL)); /* it comes by itself */
  xeno_test_until (has_letter, fixture);
  row = find_row (fixture, "letter.iso");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "a text file"));
  g_assert_null (find_button (row, "list-add-symbolic"));
  g_assert_nonnull (find_button (row, "user-trash-symbolic"));
  g_assert_nonnull (find_button (find_row (fixture, "first.iso"), "list-add-symbolic"));
}

static gboolean
has_no_part (gpointer data)
{
  return find_row (data, "second.iso.part") == NULL;
}

static void
test_shows_what_is_there (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *path = g_build_filename (xeno_media_library_get_folder (), "first.iso", NULL);
  g_autofree char *part = g_build_filename (xeno_media_library_get_folder (), "second.iso.part", NULL);

  xeno_media_window_show_library (XENO_MEDIA_WINDOW (fixture->window));
  xeno_test_until (has_both, fixture);

  /* Half a download makes no machine. */
  g_assert_null (find_button (find_row (fixture, "second.iso.part"), "list-add-symbolic"));
  g_signal_emit_by_name (find_button (find_row (fixture, "second.iso.part"), "user-trash-symbolic"), "clicked");
  xeno_test_until (has_no_part, fixture);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));

  g_signal_emit_by_name (find_button (find_row (fixture, "first.iso"), "list-add-symbolic"), "clicked");
  g_assert_cmpstr (fixture->used, ==, path);
}

/* Two releases of one system, of which the older one is no longer looked after. */
static void
write_systems (const char *folder)
{
  static const char system[] =
    "<libosinfo version='0.0.1'><os id='http://debian.org/debian/%s'><short-id>debian%s</short-id>"
    "<name>Debian %s</name><version>%s</version><family>linux</family><distro>debian</distro>"
    "<release-date>20%s-01-01</release-date>%s<media arch='%s'>"
    "<url>https://debian.example/debian-%s.iso</url><iso><volume-id>D%s</volume-id></iso></media></os></libosinfo>";
  static const char * const versions[] = { "12", "13" };
  g_autofree char *path = g_build_filename (folder, "os", "debian.org", NULL);
  struct utsname host;

  g_assert_cmpint (uname (&host), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      const char *v = versions[i];
      g_autofree char *name = g_strdup_printf ("debian-%s.xml", v);
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *text = g_strdup_printf (system, v, v, v, v, v, i == 0 ? "<eol-date>2020-01-01</eol-date>" : "",
                                               host.machine, v, v);

      g_assert_true (g_file_set_contents (file, text, -1, NULL));
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("xn-XXXXXX", NULL);
  g_autofree char *systems = g_build_filename (home, "osinfo", NULL);

  write_systems (systems);
  g_setenv ("OSINFO_SYSTEM_DIR", systems, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();

  g_test_add ("/xeno/media-window/a-person-seeks-among-all-systems", Fixture, NULL, set_up,
              test_seeks_among_all_systems, tear_down);
  g_test_add ("/xeno/media-window/files-come-with-the-connection", Fixture, NULL, set_up, test_waits_for_the_connection,
              tear_down);
  g_test_add ("/xeno/media-window/what-is-no-disc-is-said", Fixture, NULL, set_up, test_says_what_is_broken, tear_down);
  g_test_add ("/xeno/media-window/what-is-there-is-used-or-goes", Fixture, NULL, set_up, test_shows_what_is_there,
              tear_down);
  return g_test_run ();
}
