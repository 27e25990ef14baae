/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The review page over libvirt's test driver: what it recommends, refuses, warns of, and never waits for. */
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include <adwaita.h>
#include <gdk/x11/gdkx.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>

#include "base/xeno-units.h"
#include "core/appliance-files.h"
#include "core/media-files.h"
#include "dialogs/xeno-create-dialog.h"
#include "dialogs/xeno-disk-way-row.h"
#include "dialogs/xeno-os-row.h"
#include "dialogs/xeno-network-row.h"
#include "dialogs/xeno-review-page.h"
#include "dialogs/xeno-seed-group.h"
#include "find-widget.h"
#include "support/xeno-test.h"
#include "virt/xeno-connection.h"
#include "widgets/xeno-size-row.h"

#define URI "test:///default"
#define GIB (G_GUINT64_CONSTANT (1) << 30)
#define LONGEST_GAP_US (G_USEC_PER_SEC / 2)

typedef struct
{
  char             *folder;
  char             *iso;
  virConnectPtr     outside;
  XenoConnection   *connection;
  XenoOsDb         *db;
  XenoCreateDialog *dialog;
  XenoMachine      *created;
  GError           *error;
} Fixture;

/* Calls that block until the test lets go: a drive that does not answer, and a libvirt that looks at
 * its emulators for the first time. */

#define SLOW_PREFIX "/xeno-slow/"

static GMutex gate_mutex;
static GCond gate_cond;
static gboolean is_shut;
static guint n_waiting;
static gboolean start_fails;

static void
pass_gate (void)
{
  g_mutex_lock (&gate_mutex);
  n_waiting++;
  while (is_shut)
    g_cond_wait (&gate_cond, &gate_mutex);
  n_waiting--;
  g_cond_broadcast (&gate_cond);
  g_mutex_unlock (&gate_mutex);
}

static void
open_gate (void)
{
  g_mutex_lock (&gate_mutex);
  is_shut = FALSE;
  g_cond_broadcast (&gate_cond);
  while (n_waiting > 0)
    g_cond_wait (&gate_cond, &gate_mutex);
  g_mutex_unlock (&gate_mutex);
}

int
stat (const char  *path,
      struct stat *info)
{
  if (strncmp (path, SLOW_PREFIX, strlen (SLOW_PREFIX)) == 0)
    pass_gate ();
  return fstatat (AT_FDCWD, path, info, 0);
}

char *
virConnectGetCapabilities (virConnectPtr connection)
{
  char *(*real) (virConnectPtr) = dlsym (RTLD_NEXT, "virConnectGetCapabilities");

  pass_gate ();
  return real (connection);
}

int
virDomainCreate (virDomainPtr domain)
{
  int (*real) (virDomainPtr) = dlsym (RTLD_NEXT, "virDomainCreate");

  return start_fails ? -1 : real (domain);
}

/* Looking and waiting */

static const char *
get_shown (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (get_child (fixture->dialog, "stack"));
}

static gboolean
is_reviewing (gpointer data)
{
  return g_str_equal (get_shown (data), "review");
}

static gboolean
is_bad (gpointer data)
{
  return g_str_equal (get_shown (data), "bad");
}

static gboolean
is_gone (gpointer data)
{
  return ((Fixture *) data)->dialog == NULL;
}

static gboolean
is_sensitive (gpointer widget)
{
  return gtk_widget_get_sensitive (widget);
}

static gboolean
is_valid (gpointer page)
{
  return xeno_review_page_is_valid (page);
}

static void
assert_pulse (XenoTestPulse *pulse)
{
  gint64 longest_us = xeno_test_pulse_stop (pulse);

#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpint (longest_us, <, LONGEST_GAP_US);
#endif
}

static void
created_cb (XenoCreateDialog *dialog,
            XenoMachine      *machine,
            gboolean          started,
            GError           *error,
            Fixture          *fixture)
{
  g_set_object (&fixture->created, machine);
  g_assert_cmpint (started, ==, error == NULL);
  if (error != NULL)
    fixture->error = g_error_copy (error);
}

static XenoReviewPage *
open_path (Fixture    *fixture,
           const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  fixture->dialog = XENO_CREATE_DIALOG (xeno_create_dialog_new (NULL, fixture->connection, fixture->db));
  xeno_create_dialog_look_at_file (fixture->dialog, file);
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  g_signal_connect (fixture->dialog, "created", G_CALLBACK (created_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  return get_child (fixture->dialog, "review_page");
}

static XenoReviewPage *
open_disc (Fixture    *fixture,
           const char *label)
{
  XenoReviewPage *page;

  g_free (fixture->iso);
  fixture->iso = media_write (fixture->folder, "disc.iso", media_make_iso (label, TRUE, FALSE, 21));
  page = open_path (fixture, fixture->iso);
  xeno_test_until (is_reviewing, fixture);
  return page;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("xeno-review-XXXXXX", NULL);
  fixture->outside = virConnectOpen (URI);
  g_assert_nonnull (fixture->outside);
  fixture->connection = xeno_connection_new (URI);
  fixture->db = xeno_os_db_new ();
}

static void
remove_made (Fixture *fixture)
{
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (fixture->outside, &domains, 0);

  for (int i = 0; i < n_domains; i++)
    {
      if (!g_str_equal (virDomainGetName (domains[i]), "test"))
        {
          virDomainDestroy (domains[i]);
          virDomainUndefine (domains[i]);
        }
      virDomainFree (domains[i]);
    }
  free (domains);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  xeno_test_until (is_gone, fixture);
  g_clear_object (&fixture->created);
  g_clear_error (&fixture->error);
  remove_made (fixture);
  virConnectClose (fixture->outside);
  if (fixture->iso != NULL)
    g_unlink (fixture->iso);
  g_free (fixture->iso);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_object_unref (fixture->connection);
  g_object_unref (fixture->db);
}

/* The system */

static XenoOsRow *
show_systems (XenoReviewPage *page)
{
  XenoOsRow *row = get_child (page, "os_row");

  adw_expander_row_set_expanded (get_child (page, "more_row"), TRUE);
  xeno_test_until (is_sensitive, get_child (row, "button"));
  return row;
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    const char *text;
    const char *first; /* NULL: nothing is called that */
    guint       n_matches;
  } searches[] = {
    { "", "Arch Linux", 9 },
    { "debian", "Debian 11", 2 },
    { "windows 11", "Microsoft Windows 11", 1 },
    { "LINUX", "Arch Linux", 1 },
    { "no such thing", NULL, 0 },
  };
  XenoOsRow *row = show_systems (open_disc (fixture, "Nobody knows this"));
  GListModel *matches = get_child (row, "matches");
  GtkStack *stack = get_child (row, "stack");

  g_assert_cmpstr (gtk_label_get_label (get_child (row, "label")), ==, "Not known");
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autoptr (XenoOs) first = NULL;

      gtk_editable_set_text (get_child (row, "search"), searches[i].text);
      first = g_list_model_get_item (matches, 0);
      g_assert_cmpuint (g_list_model_get_n_items (matches), ==, searches[i].n_matches);
      g_assert_cmpstr (first != NULL ? xeno_os_get_name (first) : NULL, ==, searches[i].first);
      g_assert_true (gtk_stack_get_visible_child (stack) == get_child (row, first != NULL ? "found" : "nothing"));
    }

  gtk_editable_set_text (get_child (row, "search"), "debian");
  g_signal_emit_by_name (get_child (row, "search"), "activate");
  g_assert_cmpstr (xeno_os_get_short_id (xeno_os_row_get_os (row)), ==, "debian11");
  g_assert_cmpstr (gtk_label_get_label (get_child (row, "label")), ==, "Debian 11");
}

static void
choose (XenoReviewPage *page,
        const char     *name)
{
  XenoOsRow *row = get_child (page, "os_row");

  gtk_editable_set_text (get_child (row, "search"), name);
  g_signal_emit_by_name (get_child (row, "search"), "activate");
  g_assert_false (xeno_review_page_is_valid (page)); /* until it is known what it needs */
  xeno_test_until (is_valid, page);
}

/* The edition, the processors and the use of a disc, and what libosinfo recommends for its system. */
static void
test_disc (Fixture       *fixture,
           gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "d-live 11.7.0 gn amd64");
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);

  xeno_test_until (is_valid, page);
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==, "Debian 11 Live");
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "disc_label")), ==, "Live disc for x86_64");
  g_assert_true (gtk_widget_get_visible (get_child (page, "disc_label")));
  g_assert_false (gtk_widget_get_visible (get_child (page, "unknown_group")));
  g_assert_cmpstr (gtk_editable_get_text (get_child (page, "name_row")), ==, "Debian 11");
  g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, 2);
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, GIB);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 20 * GIB);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (get_child (page, "cpus_row")), "Recommended: 2"));
}

static gboolean
has_space_notice (gpointer page)
{
  return gtk_widget_get_visible (get_child (page, "space_label"));
}

static void
test_foreign_disc (Fixture       *fixture,
                   gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "Debian 11.7.0 arm64 n");

  xeno_test_until (has_space_notice, page);
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "disc_label")), ==, "Installation disc for aarch64");
  g_assert_nonnull (strstr (gtk_label_get_label (get_child (page, "space_label")), "This disc is for aarch64"));
  g_assert_true (xeno_review_page_is_valid (page));
}

static void
choose_kind (XenoReviewPage *page,
             guint           position)
{
  adw_combo_row_set_selected (get_child (page, "os_kind_row"), position);
  xeno_test_until (is_valid, page);
}

/* A medium nobody knows is welcome: it gets a machine at once, and a person may say what it is like. */
static void
test_unknown_disc (Fixture       *fixture,
                   gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "Nobody knows this");
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);

  xeno_test_until (is_valid, page);
  g_assert_true (gtk_widget_get_visible (get_child (page, "unknown_group")));
  g_assert_false (gtk_widget_get_visible (get_child (page, "disc_label")));
  g_assert_null (xeno_recipe_get_os (recipe));

  choose_kind (page, 1);
  g_assert_cmpstr (xeno_os_get_family (xeno_recipe_get_os (recipe)), ==, "winnt");
  choose_kind (page, 2);
  g_assert_false (xeno_os_supports_device (xeno_recipe_get_os (recipe), "virtio-block"));
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==, "Unknown operating system");
  g_assert_cmpstr (gtk_editable_get_text (get_child (page, "name_row")), ==, "Nobody knows this");
  choose_kind (page, 0);
  g_assert_null (xeno_recipe_get_os (recipe));

  show_systems (page);
  choose (page, "Debian 11");
  g_assert_false (gtk_widget_get_visible (get_child (page, "unknown_group")));
}

static void
test_another_system (Fixture       *fixture,
                     gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "Debian 11.3.0 amd64 1");
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);
  guint64 debian_memory, debian_disk;

  show_systems (page);
  xeno_test_until (is_valid, page);
  debian_memory = xeno_recipe_get_memory_bytes (recipe);
  debian_disk = xeno_recipe_get_disk_bytes (recipe);
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==, "Debian 11");
  g_assert_cmpstr (gtk_editable_get_text (get_child (page, "name_row")), ==, "Debian 11");

  gtk_spin_button_set_value (get_child (page, "cpus_spin"), 3);
  choose (page, "Windows 11");
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==, "Microsoft Windows 11");
  g_assert_cmpstr (gtk_editable_get_text (get_child (page, "name_row")), ==, "Microsoft Windows 11");
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), >, debian_memory);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), >, debian_disk);
  g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, 3); /* a person chose that */

  choose (page, "Debian 11");
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, debian_memory);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, debian_disk);
}

/* Fault matrix, row 29: the form cannot be set beyond the host. */
static void
test_bounds (Fixture       *fixture,
             gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "x");
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);
  XenoHost *host = xeno_connection_get_host (fixture->connection);
  XenoSizeRow *memory = get_child (page, "memory_row");
  XenoSizeRow *disk = get_child (page, "disk_row");

  xeno_test_until (is_valid, page);
  while (xeno_host_get_n_cpus (host) == 0)
    g_main_context_iteration (NULL, TRUE);
  gtk_spin_button_set_value (get_child (page, "cpus_spin"), 1e9);
  xeno_size_row_set_bytes (memory, G_MAXUINT64);
  xeno_size_row_set_bytes (disk, G_MAXUINT64);
  g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, xeno_host_get_n_cpus (host));
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), <=, xeno_host_get_memory_bytes (host));
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), <=, xeno_recipe_get_disk_range (recipe).maximum);
  g_assert_cmpuint (xeno_recipe_get_disk_range (recipe).maximum, <, 1000 * GIB);

  gtk_spin_button_set_value (get_child (page, "cpus_spin"), -5);
  xeno_size_row_set_bytes (memory, 0);
  g_assert_cmpuint (xeno_recipe_get_n_cpus (recipe), ==, 1);
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), >, 0);
  g_assert_true (xeno_review_page_is_valid (page));
}

/* An existing disk */

static XenoReviewPage *
open_disk (Fixture    *fixture,
           const char *name)
{
  XenoReviewPage *page;

  g_free (fixture->iso);
  fixture->iso = media_write (fixture->folder, name, media_make_qcow2 (30 * GIB));
  page = open_path (fixture, fixture->iso);
  xeno_test_until (is_reviewing, fixture);
  xeno_test_until (is_valid, page);
  return page;
}

static guint
find_way (XenoDiskWayRow *row,
          const char     *title)
{
  GListModel *titles = adw_combo_row_get_model (ADW_COMBO_ROW (row));

  for (guint i = 0; i < g_list_model_get_n_items (titles); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (titles), i), title))
      return i;
  g_assert_not_reached ();
}

static void
test_disk_ways (Fixture       *fixture,
                gconstpointer  data)
{
  XenoReviewPage *page = open_disk (fixture, "own.qcow2");
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);
  AdwComboRow *row = get_child (page, "disk_way_row");
  GtkWidget *disk_row = get_child (page, "disk_row");

  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (row)));
  g_assert_cmpint (xeno_recipe_get_disk_way (recipe), ==, XENO_DISK_IN_PLACE);
  g_assert_false (gtk_widget_get_visible (disk_row));

  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "Keep it, changes apart"));
  g_assert_cmpint (xeno_recipe_get_disk_way (recipe), ==, XENO_DISK_OVERLAY);
  g_assert_true (gtk_widget_get_visible (disk_row));
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 30 * GIB);
  g_assert_cmpuint (xeno_recipe_get_disk_range (recipe).minimum, ==, 30 * GIB);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "stays as it is"));
  g_assert_true (xeno_review_page_is_valid (page));

  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "As it is"));
  g_assert_cmpint (xeno_recipe_get_disk_way (recipe), ==, XENO_DISK_IN_PLACE);
  g_assert_false (gtk_widget_get_visible (disk_row));
}

static void
test_disk_copy (Fixture       *fixture,
                gconstpointer  data)
{
  XenoReviewPage *page = open_disk (fixture, "own.qcow2");
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);
  AdwComboRow *row = get_child (page, "disk_way_row");
  const char *sizes = gtk_label_get_label (get_child (page, "size_label"));
  g_autofree char *takes = xeno_units_format_size (2 * 65536);
  g_autofree char *sees = xeno_units_format_size (30 * GIB);

  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "A copy of it"));
  g_assert_cmpint (xeno_recipe_get_disk_way (recipe), ==, XENO_DISK_COPY);
  g_assert_cmpuint (xeno_recipe_get_disk_bytes (recipe), ==, 30 * GIB);
  g_assert_true (gtk_widget_get_visible (get_child (page, "disk_row")));
  g_assert_nonnull (strstr (sizes, takes));
  g_assert_nonnull (strstr (sizes, sees));
}

/* Its disks stay as large as they are, and what it says of itself is recommended. */
static void
test_appliance (Fixture       *fixture,
                gconstpointer  data)
{
  static const char * const disks[] = { "disk.img", NULL };
  g_autofree char *ovf = appliance_make_ovf (disks, "");
  g_autoptr (GByteArray) disk = media_make_mbr (1, 63);
  GByteArray *archive = appliance_add_text (g_byte_array_new (), "a.ovf", ovf);
  XenoReviewPage *page;
  XenoRecipe *recipe;

  appliance_end (appliance_add (archive, "disk.img", disk->data, disk->len));
  g_free (fixture->iso);
  fixture->iso = media_write (fixture->folder, "a.ova", archive);
  page = open_path (fixture, fixture->iso);
  xeno_test_until (is_reviewing, fixture);
  xeno_test_until (is_valid, page);
  recipe = xeno_review_page_get_recipe (page);
  g_assert_cmpint (xeno_recipe_get_disk_way (recipe), ==, XENO_DISK_COPY);
  g_assert_false (gtk_widget_get_visible (get_child (page, "disk_row")));
  g_assert_true (gtk_widget_get_visible (get_child (page, "disk_way_row")));
  g_assert_cmpstr (xeno_recipe_get_title (recipe), ==, "My appliance");
  g_assert_cmpuint (xeno_recipe_get_memory_bytes (recipe), ==, 96 << 20);
}

static gboolean
is_database (gpointer data)
{
  Fixture *fixture = data;
  XenoRecipe *recipe = xeno_review_page_get_recipe (get_child (fixture->dialog, "review_page"));

  return is_reviewing (fixture) && g_strcmp0 (xeno_recipe_get_title (recipe), "Database") == 0;
}

static void
test_several_machines (Fixture       *fixture,
                       gconstpointer  data)
{
  static const char * const disks[] = { "disk.img", NULL };
  g_autofree char *ovf = appliance_make_several (disks);
  g_autoptr (GByteArray) disk = media_make_mbr (1, 63);
  GByteArray *archive = appliance_add_text (g_byte_array_new (), "a.ovf", ovf);
  XenoReviewPage *page;
  GtkWidget *row;

  appliance_end (appliance_add (archive, "disk.img", disk->data, disk->len));
  g_free (fixture->iso);
  fixture->iso = media_write (fixture->folder, "a.ova", archive);
  page = open_path (fixture, fixture->iso);
  xeno_test_until (is_reviewing, fixture);
  xeno_test_until (is_valid, page);
  row = get_child (page, "appliance_row");
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==, 3);
  g_assert_cmpstr (xeno_recipe_get_title (xeno_review_page_get_recipe (page)), ==, "My appliance");

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1);
  xeno_test_until (is_database, fixture);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 1);
  xeno_test_until (is_valid, page);
}

/* What two machines write to one disk destroys it. */
static void
test_disk_of_another (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "own.qcow2", NULL);
  g_autofree char *xml = g_strdup_printf ("<domain type='test'><name>owner</name><title>The Owner</title><memory>65536"
                                          "</memory><os><type>hvm</type></os><devices><disk type='file' device='disk'>"
                                          "<source file='%s'/><target dev='vda'/></disk></devices></domain>", path);
  virDomainPtr owner = virDomainDefineXML (fixture->outside, xml);
  XenoReviewPage *page = open_disk (fixture, "own.qcow2");
  AdwComboRow *row = get_child (page, "disk_way_row");

  g_assert_nonnull (owner);
  g_assert_cmpint (xeno_recipe_get_disk_way (xeno_review_page_get_recipe (page)), ==, XENO_DISK_COPY);
  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "As it is"));
  g_assert_false (xeno_review_page_is_valid (page));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "“The Owner”"));
  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "A copy of it"));
  g_assert_true (xeno_review_page_is_valid (page));
  virDomainUndefine (owner);
  virDomainFree (owner);
}

static void
test_disc_has_no_ways (Fixture       *fixture,
                       gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "x");

  g_assert_false (gtk_widget_get_visible (get_child (page, "disk_way_row")));
  g_assert_cmpint (xeno_recipe_get_disk_way (xeno_review_page_get_recipe (page)), ==, XENO_DISK_NEW);
}

/* A cloud image */

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

static XenoReviewPage *
open_cloud_image (Fixture *fixture)
{
  XenoReviewPage *page;

  g_free (fixture->iso);
  fixture->iso = media_write (fixture->folder, "debian-11-genericcloud-amd64.qcow2", media_make_qcow2 (2 * GIB));
  page = open_path (fixture, fixture->iso);
  xeno_test_until (is_reviewing, fixture);
  return page;
}

static gboolean
has_problem (XenoSeedGroup *group,
             const char    *label,
             const char    *words)
{
  GtkLabel *problem = get_child (group, label);

  g_test_message ("%s: %s", label, gtk_label_get_label (problem));
  return gtk_widget_get_visible (GTK_WIDGET (problem)) && strstr (gtk_label_get_label (problem), words) != NULL;
}

static void
test_cloud_image (Fixture       *fixture,
                  gconstpointer  data)
{
  XenoReviewPage *page = open_cloud_image (fixture);
  XenoRecipe *recipe = xeno_review_page_get_recipe (page);
  XenoSeedGroup *group = get_child (page, "seed_group");
  GtkEditable *hostname = get_child (group, "hostname_row");
  AdwComboRow *row = get_child (page, "disk_way_row");

  g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==, "Debian 11");
  g_assert_cmpint (xeno_recipe_get_disk_way (recipe), ==, XENO_DISK_OVERLAY);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (group)));
  g_assert_true (has_problem (group, "problem_label", "nobody could log in"));
  g_assert_false (xeno_review_page_is_valid (page));

  gtk_editable_set_text (get_child (group, "password_row"), "secret");
  xeno_test_until (is_valid, page);
  g_assert_false (has_problem (group, "problem_label", ""));
  g_assert_cmpstr (xeno_recipe_get_seed (recipe)->password, ==, "secret");
  g_assert_cmpstr (xeno_recipe_get_seed (recipe)->hostname, ==, "debian-11");
  g_assert_null (xeno_recipe_get_seed (recipe)->user_data);
  g_assert_null (xeno_recipe_get_seed (recipe)->script);

  /* The guest calls itself as people do, until they say otherwise. */
  gtk_editable_set_text (get_child (page, "name_row"), "My Böx");
  g_assert_cmpstr (gtk_editable_get_text (hostname), ==, "my-box");
  gtk_editable_set_text (hostname, "other");
  gtk_editable_set_text (get_child (page, "name_row"), "Yours");
  g_assert_cmpstr (xeno_recipe_get_seed (recipe)->hostname, ==, "other");

  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "As it is"));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (group)));
  g_assert_null (xeno_recipe_get_seed (recipe));
  g_assert_true (xeno_review_page_is_valid (page));
  adw_combo_row_set_selected (row, find_way (XENO_DISK_WAY_ROW (row), "Cloud image"));
  g_assert_nonnull (xeno_recipe_get_seed (recipe));
}

static void
test_seed_problems (Fixture       *fixture,
                    gconstpointer  data)
{
  XenoReviewPage *page = open_cloud_image (fixture);
  XenoSeedGroup *group = get_child (page, "seed_group");
  GtkTextBuffer *user_data = get_child (group, "user_data_buffer");

  gtk_editable_set_text (get_child (group, "password_row"), "secret");
  xeno_test_until (is_valid, page);
  gtk_editable_set_text (get_child (group, "user_row"), "Root of evil");
  g_assert_true (has_problem (group, "problem_label", "User name: "));
  g_assert_false (xeno_review_page_is_valid (page));
  gtk_editable_set_text (get_child (group, "user_row"), "anna");
  g_assert_true (xeno_review_page_is_valid (page));

  gtk_editable_set_text (get_child (group, "packages_row"), " htop,  vim -y");
  g_assert_true (has_problem (group, "problem_label", "“-y” is not the name"));
  gtk_editable_set_text (get_child (group, "packages_row"), " htop,  vim ");
  g_assert_true (xeno_review_page_is_valid (page));

  /* Below the editor while that is open, else where the rest is said. */
  adw_expander_row_set_expanded (get_child (group, "more_row"), TRUE);
  gtk_text_buffer_set_text (user_data, "#cloud-config\na: [b\nc: d\n", -1);
  g_assert_true (has_problem (group, "user_data_problem", "line 3"));
  g_assert_false (has_problem (group, "problem_label", ""));
  g_assert_false (xeno_review_page_is_valid (page));
  adw_expander_row_set_expanded (get_child (group, "more_row"), FALSE);
  g_assert_true (has_problem (group, "problem_label", "line 3"));
  gtk_text_buffer_set_text (user_data, "#cloud-config\ntimezone: UTC\n", -1);
  g_assert_true (xeno_review_page_is_valid (page));
  gtk_text_buffer_set_text (user_data, "#cloud-config\n\n", -1); /* as it began: nothing */
  g_assert_null (xeno_recipe_get_seed (xeno_review_page_get_recipe (page))->user_data);
}

static gboolean
has_keys (gpointer page)
{
  const XenoSeed *seed = xeno_recipe_get_seed (xeno_review_page_get_recipe (page));

  return seed->ssh_keys != NULL && seed->ssh_keys[0] != NULL;
}

static GtkSwitch *
find_switch (GtkWidget *widget)
{
  GtkSwitch *found = GTK_IS_SWITCH (widget) && gtk_widget_get_mapped (widget) ? GTK_SWITCH (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_switch (child);
  return found;
}

/* Those a person has let them in, unless they switch them off. */
static void
test_own_keys (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), ".ssh", NULL);
  g_autofree char *path = g_build_filename (folder, "id.pub", NULL);
  AdwExpanderRow *row;
  XenoReviewPage *page;
  XenoSeedGroup *group;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, KEY " <i>anna</i>\n", -1, NULL));
  page = open_cloud_image (fixture);
  group = get_child (page, "seed_group");
  row = get_child (group, "keys_row");
  xeno_test_until (has_keys, page);
  xeno_test_until (is_valid, page); /* without a password */
  g_assert_cmpstr (xeno_recipe_get_seed (xeno_review_page_get_recipe (page))->ssh_keys[0], ==, KEY " <i>anna</i>");
  g_assert_cmpstr (adw_expander_row_get_subtitle (row), ==, "1 of 1 may log in");

  adw_expander_row_set_expanded (row, TRUE);
  gtk_switch_set_active (find_switch (GTK_WIDGET (row)), FALSE);
  g_assert_false (has_keys (page));
  g_assert_false (xeno_review_page_is_valid (page));
  g_assert_cmpstr (adw_expander_row_get_subtitle (row), ==, "0 of 1 may log in");
  g_unlink (path);
  g_rmdir (folder);
}

/* Names */

/* Fault matrix, rows 18 and 21. */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char *title;
    const char *words; /* NULL: it is good */
  } names[] = {
    { "", "is empty" },
    { "a/b", "has a slash" },
    { "tab\there", "characters that cannot be shown" },
    { " blank", "begins or ends with a blank" },
    { "host", "a meaning of its own" },
    { "test", "“test 2”" },
    { "<b>&\"'", NULL },
    { "日本語", NULL },
  };
  XenoReviewPage *page = open_disc (fixture, "test");
  GtkLabel *problem = get_child (page, "name_problem");

  g_assert_cmpstr (gtk_editable_get_text (get_child (page, "name_row")), ==, "test 2"); /* made unique */
  xeno_test_until (is_valid, page);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gtk_editable_set_text (get_child (page, "name_row"), names[i].title);
      g_test_message ("“%s”: %s", names[i].title, gtk_label_get_label (problem));
      g_assert_cmpint (xeno_review_page_is_valid (page), ==, names[i].words == NULL);
      g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (problem)), ==, names[i].words != NULL);
      g_assert_true (names[i].words == NULL || strstr (gtk_label_get_label (problem), names[i].words) != NULL);
      g_assert_false (gtk_label_get_use_markup (problem));
    }
}

/* Space */

static void
make_volume (Fixture    *fixture,
             const char *name,
             guint64     capacity_bytes)
{
  g_autofree char *xml = g_strdup_printf ("<volume><name>%s</name><capacity>%" G_GUINT64_FORMAT "</capacity>"
                                          "<allocation>0</allocation></volume>", name, capacity_bytes);
  virStoragePoolPtr pool = virStoragePoolLookupByName (fixture->outside, "default");
  virStorageVolPtr volume = virStorageVolCreateXML (pool, xml, 0);

  g_assert_nonnull (volume);
  virStorageVolFree (volume);
  virStoragePoolFree (pool);
}

/* Fault matrix, row 28: one warning, with numbers. */
static void
test_overcommitted (Fixture       *fixture,
                    gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "x");
  guint64 free_gib = xeno_recipe_get_disk_range (xeno_review_page_get_recipe (page)).maximum / GIB;
  g_autofree char *all = NULL;
  g_autofree char *room = NULL;
  GtkLabel *warning;

  gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  xeno_test_until (is_gone, fixture);
  g_assert_cmpuint (free_gib, >=, 8);
  make_volume (fixture, "promised", free_gib / 2 * GIB);

  page = open_disc (fixture, "x");
  warning = get_child (page, "space_label");
  xeno_test_until (is_valid, page);
  xeno_size_row_set_bytes (get_child (page, "disk_row"), (free_gib / 2 + 2) * GIB);
  all = xeno_units_format_size ((free_gib / 2 * 2 + 2) * GIB);
  room = xeno_units_format_size (xeno_recipe_get_disk_range (xeno_review_page_get_recipe (page)).maximum);
  g_test_message ("%s", gtk_label_get_label (warning));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (warning)));
  g_assert_nonnull (strstr (gtk_label_get_label (warning), all));
  g_assert_nonnull (strstr (gtk_label_get_label (warning), room));
  g_assert_true (xeno_review_page_is_valid (page));

  xeno_size_row_set_bytes (get_child (page, "disk_row"), GIB);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (warning)));
}

/* Keys */

static void
collect_focus (Fixture    *fixture,
               GHashTable *reached)
{
  GtkWidget *dialog = GTK_WIDGET (fixture->dialog);

  for (guint i = 0; i < 60; i++)
    {
      gtk_widget_child_focus (dialog, GTK_DIR_TAB_FORWARD);
      for (GtkWidget *widget = gtk_window_get_focus (GTK_WINDOW (dialog)); widget != NULL;
           widget = gtk_widget_get_parent (widget))
        g_hash_table_add (reached, widget);
    }
}

static void
press (Fixture    *fixture,
       const char *keys)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (fixture->dialog));
  g_autofree char *id = g_strdup_printf ("%lu", gdk_x11_surface_get_xid (surface));
  const char * const argv[] = { "xdotool", "windowfocus", "--sync", id, "key", keys, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
has_created (gpointer data)
{
  return ((Fixture *) data)->created != NULL;
}

/* The keyboard goes to what stands below, so it has to stand somewhere. */
static gboolean
has_place (gpointer widget)
{
  return gtk_widget_get_height (widget) > 0;
}

static void
test_keyboard (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const widgets[] = { "name_row", "cpus_spin", "memory_row", "disk_row", "why_button" };
  g_autoptr (GHashTable) reached = g_hash_table_new (NULL, NULL);
  XenoReviewPage *page = open_disc (fixture, "Keys");

  xeno_test_until (is_valid, page);
  xeno_test_until (has_place, get_child (page, "name_row"));
  collect_focus (fixture, reached);
  for (gsize i = 0; i < G_N_ELEMENTS (widgets); i++)
    {
      GtkWidget *widget = get_child (page, widgets[i]);

      g_test_message ("%s", widgets[i]);
      g_assert_true (!gtk_widget_get_visible (widget) || g_hash_table_contains (reached, widget));
    }
  g_assert_true (g_hash_table_contains (reached, get_child (page, "more_row")));
  g_assert_true (g_hash_table_contains (reached, get_child (fixture->dialog, "bottom_bar")));

  press (fixture, "ctrl+Return");
  xeno_test_until (has_created, fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (xeno_machine_get_title (fixture->created), ==, "Keys");
  xeno_test_until (is_gone, fixture);
}

static void
test_escape (Fixture       *fixture,
             gconstpointer  data)
{
  open_disc (fixture, "Not me");
  press (fixture, "Escape");
  xeno_test_until (is_gone, fixture);
  g_assert_null (fixture->created);
}

/* Days on which something does not answer */

/* Fault matrix, row 7. */
static void
test_dead_drive (Fixture       *fixture,
                 gconstpointer  data)
{
  gint64 start = g_get_monotonic_time ();
  const char *words;
  XenoTestPulse pulse;

  is_shut = TRUE;
  xeno_test_pulse_start (&pulse);
  open_path (fixture, SLOW_PREFIX "disc.iso");
  g_assert_cmpstr (get_shown (fixture), ==, "looking");
  xeno_test_until (is_bad, fixture);
  assert_pulse (&pulse);
  words = adw_status_page_get_description (get_child (fixture->dialog, "bad_page"));
  g_assert_nonnull (strstr (words, "is not answering"));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 5 * G_USEC_PER_SEC);
  gtk_window_destroy (GTK_WINDOW (fixture->dialog));

  /* And whoever does not wait so long. */
  open_path (fixture, SLOW_PREFIX "disc.iso");
  start = g_get_monotonic_time ();
  gtk_window_close (GTK_WINDOW (fixture->dialog));
  xeno_test_until (is_gone, fixture);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  open_gate ();
}

/* The first time libvirt is asked for its capabilities takes seconds. */
static void
test_slow_capabilities (Fixture       *fixture,
                        gconstpointer  data)
{
  XenoReviewPage *page;
  XenoTestPulse pulse;

  is_shut = TRUE;
  xeno_test_pulse_start (&pulse);
  page = open_disc (fixture, "Early");
  g_assert_true (xeno_review_page_is_valid (page));
  g_assert_cmpstr (adw_preferences_row_get_title (get_child (page, "accel_row")), ==, "Looking at this host…");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->dialog), "create.run", NULL));
  g_assert_cmpstr (get_shown (fixture), ==, "work");
  assert_pulse (&pulse);

  open_gate ();
  xeno_test_until (has_created, fixture);
  g_assert_no_error (fixture->error);
}

/* Fault matrix, row 32. */
static void
test_failed_start (Fixture       *fixture,
                   gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "Stays off");

  xeno_test_until (is_valid, page);
  start_fails = TRUE;
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->dialog), "create.run", NULL));
  xeno_test_until (has_created, fixture);
  start_fails = FALSE;
  g_assert_nonnull (fixture->error);
  g_assert_nonnull (strstr (fixture->error->message, "“Stays off” was made and is kept, switched off."));
  g_assert_cmpint (xeno_machine_get_state (fixture->created), ==, XENO_MACHINE_OFF);
  g_assert_true (xeno_connection_find_machine (fixture->connection, "Stays off", NULL) == fixture->created);
}

static const char * const networks[] = {
  "<network><name>lab</name><ip address='10.9.8.1' netmask='255.255.255.0'><tftp root='/srv'/><dhcp>"
  "<range start='10.9.8.2' end='10.9.8.9'/><bootp file='pxelinux.0'/></dhcp></ip></network>",
  "<network><name>office</name><forward mode='bridge'/><bridge name='br0'/></network>",
};

static gboolean
prefers_lab (gpointer page)
{
  return g_strcmp0 (xeno_network_row_get_network (get_child (page, "network_row")), "lab") == 0;
}

/* Which of the host's networks start machines; the first that does is chosen. */
static void
assert_says_what_answers (XenoReviewPage *page)
{
  const char *note;

  xeno_test_until (prefers_lab, page);
  note = gtk_label_get_label (get_child (page, "network_note"));
  g_assert_nonnull (strstr (note, "This answers, under More: lab."));
  g_assert_nonnull (strstr (note, "where a server may answer: office."));
}

/* An empty machine, and one that asks its network. */
static void
test_reviews_what_is_made_from_no_file (Fixture       *fixture,
                                        gconstpointer  data)
{
  virNetworkPtr made[G_N_ELEMENTS (networks)];

  for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      made[i] = virNetworkCreateXML (fixture->outside, networks[i]);
      g_assert_nonnull (made[i]);
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (XenoRecipe) recipe = xeno_recipe_new (NULL);
      XenoReviewPage *page;

      xeno_recipe_set_boots_network (recipe, i == 1);
      fixture->dialog = XENO_CREATE_DIALOG (xeno_create_dialog_new (NULL, fixture->connection, fixture->db));
      g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
      page = get_child (fixture->dialog, "review_page");
      xeno_create_dialog_look_at_recipe (fixture->dialog, recipe);
      gtk_window_present (GTK_WINDOW (fixture->dialog));
      xeno_test_until (is_reviewing, fixture);

      g_assert_true (xeno_review_page_get_recipe (page) == recipe);
      g_assert_false (gtk_widget_get_visible (get_child (page, "file_box")));
      g_assert_cmpint (gtk_widget_get_visible (get_child (page, "network_note")), ==, i == 1);
      if (i == 1)
        assert_says_what_answers (page);
      g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==,
                       i == 1 ? "Network installation" : "Empty machine");
      g_assert_false (gtk_widget_get_visible (get_child (page, "kernel_group")));
      gtk_window_destroy (GTK_WINDOW (fixture->dialog));
      xeno_test_until (is_gone, fixture);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      virNetworkDestroy (made[i]);
      virNetworkFree (made[i]);
    }
}

/* What a person says of a kernel is in the recipe at once. */
static void
test_kernel_brings_its_group (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autofree char *path = media_write (fixture->folder, "disc.iso", media_make_kernel ("6.12.1", 64));
  XenoReviewPage *page = open_path (fixture, path);
  XenoDirectBoot *boot;
  gpointer group;

  xeno_test_until (is_reviewing, fixture);
  group = get_child (page, "kernel_group");
  boot = xeno_recipe_get_direct_boot (xeno_review_page_get_recipe (page));
  g_assert_true (gtk_widget_get_visible (group));
  g_assert_cmpstr (gtk_label_get_label (get_child (page, "os_label")), ==, "Linux 6.12.1");

  gtk_editable_set_text (get_child (group, "cmdline_row"), "quiet");
  gtk_switch_set_active (get_child (group, "light_switch"), TRUE);
  g_assert_cmpstr (xeno_direct_boot_get_cmdline (boot), ==, "quiet");
  g_assert_true (xeno_direct_boot_is_light (boot));
  g_assert_nonnull (strstr (gtk_label_get_label (get_child (group, "line_label")), "console=ttyS0 quiet"));

  xeno_direct_boot_set_initrd (boot, "/build/initrd.img");
  gtk_widget_activate_action (group, "kernel.no-initrd", NULL);
  g_assert_null (xeno_direct_boot_get_initrd (boot));
}

/* What installs itself */

static gboolean
is_visible (gpointer widget)
{
  return gtk_widget_get_visible (widget);
}

static void
test_installs_itself (Fixture       *fixture,
                      gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "Debian 11.3.0 amd64 n");
  GtkWidget *group = get_child (page, "install_group");
  GtkSwitch *button = get_child (group, "install_switch");
  GtkLabel *problem = get_child (group, "problem_label");
  const char *words;

  xeno_test_until (is_visible, group);
  xeno_test_until (is_valid, page);
  g_assert_false (gtk_switch_get_active (button));
  g_assert_false (gtk_widget_get_visible (get_child (group, "login_group")));

  /* What its script asks, and no more. */
  gtk_switch_set_active (button, TRUE);
  g_assert_true (gtk_widget_get_visible (get_child (group, "login_group")));
  g_assert_true (gtk_widget_get_visible (get_child (group, "timezone_row")));
  g_assert_false (gtk_widget_get_visible (get_child (group, "language_row")));
  g_assert_false (gtk_widget_get_visible (get_child (group, "keyboard_row")));
  g_assert_false (gtk_widget_get_visible (get_child (group, "key_row")));
  g_assert_false (gtk_widget_get_visible (get_child (group, "profile_row")));
  g_assert_false (gtk_widget_get_visible (get_child (group, "realname_row")));
  g_assert_false (xeno_review_page_is_valid (page));
  words = gtk_label_get_label (problem);
  g_assert_true (g_str_has_prefix (words, "Password: "));

  gtk_editable_set_text (get_child (group, "password_row"), "gehe1m");
  g_assert_true (xeno_review_page_is_valid (page));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (problem)));
  g_assert_true (xeno_review_page_installs_itself (page));
  g_assert_true (gtk_widget_is_sensitive (find_widget (GTK_WIDGET (fixture->dialog), ADW_TYPE_SPLIT_BUTTON)));
  gtk_editable_set_text (get_child (group, "timezone_row"), "Mars; rm");
  g_assert_false (xeno_review_page_is_valid (page));
  gtk_switch_set_active (button, FALSE);
  g_assert_true (xeno_review_page_is_valid (page));
  g_assert_false (xeno_review_page_installs_itself (page));
}

static void
test_windows_installs_itself (Fixture       *fixture,
                              gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "CCSA_X64FRE_DE-DE_DV5");
  GtkWidget *group = get_child (page, "install_group");
  GtkLabel *problem = get_child (group, "problem_label");

  xeno_test_until (is_visible, group);
  gtk_switch_set_active (get_child (group, "install_switch"), TRUE);
  g_assert_true (gtk_widget_get_visible (get_child (group, "key_row")));
  g_assert_true (gtk_widget_get_visible (get_child (group, "language_row")));
  g_assert_true (gtk_widget_get_visible (get_child (group, "realname_row")));
  g_assert_false (gtk_widget_get_visible (get_child (group, "keys_row")));
  g_assert_cmpstr (gtk_editable_get_text (get_child (group, "hostname_row")), ==, "microsoft-windo");
  g_assert_cmpstr (gtk_label_get_label (problem), ==,
                   "Product key: this installer wants one that is written as XXXXX-XXXXX.");
  gtk_editable_set_text (get_child (group, "key_row"), "AB1DE-FG2IJ");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (problem)));
}

/* A system that nobody knows how to install has nothing to switch on. */
static void
test_nothing_installs_itself (Fixture       *fixture,
                              gconstpointer  data)
{
  XenoReviewPage *page = open_disc (fixture, "Debian 11.3.0 amd64 n");
  GtkWidget *group = get_child (page, "install_group");

  xeno_test_until (is_visible, group);
  gtk_switch_set_active (get_child (group, "install_switch"), TRUE);
  g_assert_true (xeno_review_page_installs_itself (page));
  show_systems (page);
  choose (page, "Windows 11");
  g_assert_false (gtk_widget_get_visible (group));
  g_assert_false (xeno_review_page_installs_itself (page));
}

static const struct
{
  const char *path;
  void      (*test) (Fixture       *fixture,
                     gconstpointer  data);
} tests[] = {
  { "/xeno/review/finds-a-system-by-any-part-of-its-name", test_search },
  { "/xeno/review/another-system-changes-what-is-recommended", test_another_system },
  { "/xeno/review/says-what-is-on-a-disc", test_disc },
  { "/xeno/review/warns-of-a-disc-for-other-processors", test_foreign_disc },
  { "/xeno/review/welcomes-a-disc-that-nobody-knows", test_unknown_disc },
  { "/xeno/review/cannot-be-set-beyond-the-host", test_bounds },
  { "/xeno/review/an-existing-disk-is-used-as-the-person-says", test_disk_ways },
  { "/xeno/review/a-disk-is-copied-where-the-person-says-so", test_disk_copy },
  { "/xeno/review/an-appliance-is-reviewed-as-it-says", test_appliance },
  { "/xeno/review/of-several-machines-one-is-meant", test_several_machines },
  { "/xeno/review/a-disk-that-is-another-machines-is-copied", test_disk_of_another },
  { "/xeno/review/a-disc-is-used-in-one-way-alone", test_disc_has_no_ways },
  { "/xeno/review/a-cloud-image-asks-who-logs-in", test_cloud_image },
  { "/xeno/review/says-in-words-what-a-guest-cannot-be-told", test_seed_problems },
  { "/xeno/review/lets-the-keys-of-a-person-in", test_own_keys },
  { "/xeno/review/says-in-words-what-is-wrong-with-a-name", test_names },
  { "/xeno/review/warns-once-when-disks-may-outgrow-their-place", test_overcommitted },
  { "/xeno/review/is-gone-through-and-agreed-to-by-keys-alone", test_keyboard },
  { "/xeno/review/is-left-by-escape", test_escape },
  { "/xeno/review/a-drive-that-does-not-answer-holds-nobody-up", test_dead_drive },
  { "/xeno/review/no-click-waits-for-the-capabilities", test_slow_capabilities },
  { "/xeno/review/a-machine-that-does-not-start-is-kept-with-its-error", test_failed_start },
  { "/xeno/review/what-is-made-from-no-file-is-reviewed-too", test_reviews_what_is_made_from_no_file },
  { "/xeno/review/a-kernel-brings-its-group", test_kernel_brings_its_group },
  { "/xeno/review/asks-what-an-installer-asks", test_installs_itself },
  { "/xeno/review/asks-for-the-product-key-of-a-windows", test_windows_installs_itself },
  { "/xeno/review/lets-nothing-install-itself-that-cannot", test_nothing_installs_itself },
};

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("xeno-home-XXXXXX", NULL);

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("XDG_STATE_HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  g_unsetenv ("XENO_VIRT_TYPE");
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
