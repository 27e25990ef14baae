/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What we know of systems and discs that the host's database is too old for. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "create/xeno-os-overlay.h"

#define SCHEME  "http://"

/* Where the entry with an id is, in every database: "debian.org/debian-12.xml". */
static char *
make_entry_path (const char *id)
{
  const char *rest = g_str_has_prefix (id, SCHEME) ? id + strlen (SCHEME) : id;
  g_autofree char *path = g_strconcat (rest, ".xml", NULL);
  char *name = strchr (path, '/');

  if (name != NULL)
    g_strdelimit (name + 1, "/", '-');
  return g_steal_pointer (&path);
}

static GHashTable *
list_known (OsinfoDb *db)
{
  GHashTable *known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (OsinfoOsList) list = osinfo_db_get_os_list (db);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    g_hash_table_add (known, make_entry_path (osinfo_entity_get_id (l->data)));
  return known;
}

/* libosinfo reads whole folders only. */
static void
link_entries (const char *from,
              const char *to,
              const char *vendor,
              GHashTable *known,
              gboolean    are_known)
{
  g_autofree char *source = g_build_filename (from, vendor, NULL);
  g_autofree char *target = g_build_filename (to, vendor, NULL);
  g_autoptr (GDir) folder = g_dir_open (source, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *entry = g_strconcat (vendor, "/", name, NULL);
      g_autofree char *file = g_build_filename (source, name, NULL);
      g_autofree char *link = g_build_filename (target, name, NULL);

      if (g_hash_table_contains (known, entry) == are_known
          && (g_mkdir_with_parents (target, 0700) != 0 || symlink (file, link) != 0))
        g_debug ("%s is left out: %s", entry, g_strerror (errno));
    }
}

static void
link_all (const char *to,
          GHashTable *known,
          gboolean    are_known)
{
  g_autofree char *ours = xeno_os_overlay_dup_folder ();
  g_autofree char *from = g_build_filename (ours, "os", NULL);
  g_autofree char *target = g_build_filename (to, "os", NULL);
  g_autoptr (GDir) folder = g_dir_open (from, 0, NULL);
  const char *vendor;

  while (folder != NULL && (vendor = g_dir_read_name (folder)) != NULL)
    link_entries (from, target, vendor, known, are_known);
}

static void
remove_links (const char *path)
{
  g_autoptr (GDir) folder = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_links (child);
    }
  g_remove (path);
}

/* Where ours is bad, the database is what the host has. */
static void
read_entries (OsinfoLoader *loader,
              GHashTable   *known,
              gboolean      are_known)
{
  g_autofree char *links = g_dir_make_tmp ("xenolith-systems-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  if (links == NULL)
    return;

  link_all (links, known, are_known);
  osinfo_loader_process_path (loader, links, &error);
  if (error != NULL)
    g_debug ("What we know of systems is not read: %s", error->message);
  remove_links (links);
}

/* libosinfo complains of everything that is named and not there. */
static void
name_all (OsinfoDb *db,
          OsinfoDb *other)
{
  g_autoptr (OsinfoOsList) systems = osinfo_db_get_os_list (other);
  g_autoptr (OsinfoInstallScriptList) scripts = osinfo_db_get_install_script_list (other);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (systems)); i++)
    {
      g_autoptr (OsinfoOs) os = osinfo_os_new (
        osinfo_entity_get_id (osinfo_list_get_nth (OSINFO_LIST (systems), i)));

      osinfo_db_add_os (db, os);
    }
  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (scripts)); i++)
    {
      g_autoptr (OsinfoInstallScript) script = osinfo_install_script_new (
        osinfo_entity_get_id (osinfo_list_get_nth (OSINFO_LIST (scripts), i)));

      osinfo_db_add_install_script (db, script);
    }
}

/*< private >
 * xeno_os_overlay_dup_folder:
 *
 * Gets where what we know lies.
 *
 * Returns: (transfer full): a path, where nothing may be
 */
char *
xeno_os_overlay_dup_folder (void)
{
  const char *folder = g_getenv ("XENOLITH_OSINFO_PATH");

  return folder != NULL ? g_strdup (folder) : g_build_filename (XENO_PKGDATADIR, "osinfo", NULL);
}

/*< private >
 * xeno_os_overlay_read:
 * @loader: the database of the host, read
 *
 * Adds the systems that the host does not know, and reads what discs there are of those that it does. These
 * come in a database of their own: libosinfo does not add discs to a system, it replaces those that are there.
 *
 * Returns: (transfer full): systems of which nothing but the discs counts
 */
OsinfoDb *
xeno_os_overlay_read (OsinfoLoader *loader)
{
  g_autoptr (OsinfoLoader) discs = osinfo_loader_new ();
  g_autoptr (GHashTable) known = NULL;

  g_return_val_if_fail (OSINFO_IS_LOADER (loader), NULL);

  known = list_known (osinfo_loader_get_db (loader));
  read_entries (loader, known, FALSE);
  name_all (osinfo_loader_get_db (discs), osinfo_loader_get_db (loader));
  read_entries (discs, known, TRUE);
  return g_object_ref (osinfo_loader_get_db (discs));
}
