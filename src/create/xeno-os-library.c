/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libosinfo database itself. Every call blocks, and one thread at a time may make one. */
#include "config.h"

#include <string.h>
#include <sys/utsname.h>

#include <glib/gi18n-lib.h>
#include <osinfo/osinfo.h>

#include "base/xeno-error.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-os-download-private.h"
#include "create/xeno-os-index.h"
#include "create/xeno-os-library.h"
#include "create/xeno-os-memory.h"
#include "create/xeno-os-overlay.h"
#include "create/xeno-os-script.h"

struct _XenoOsLibrary
{
  gatomicrefcount  ref_count;
  struct utsname   host;
  GVariant        *index; /* NULL until it is loaded */
  OsinfoDb        *db;    /* what the index was made from, while that describes no system */
  OsinfoDb        *discs; /* and what more discs there are */
  char            *stamp; /* the state of @db */
};

static gboolean
is_folder (const char *path)
{
  return path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR);
}

static void
take_if_folder (GPtrArray *folders,
                char      *path)
{
  if (is_folder (path))
    g_ptr_array_add (folders, path);
  else
    g_free (path);
}

/* Where libosinfo looks for what was added to the database of the distribution. */
static void
add_additions (GPtrArray *folders)
{
  static const char * const variables[] = { "OSINFO_DATA_DIR", "OSINFO_LOCAL_DIR", "OSINFO_USER_DIR" };
  static const char * const names[] = { "osinfo", "libosinfo/db" };
  const char * const places[] = { XENO_OSINFO_SYSCONFDIR, g_get_user_config_dir () };

  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    take_if_folder (folders, g_strdup (g_getenv (variables[i])));
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
      take_if_folder (folders, g_build_filename (places[i], names[j], NULL));
}

/* All the database may be in, what the distribution brings first; NULL: libosinfo has to look elsewhere. */
static char **
find_folders (void)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  const char *folder = g_getenv ("OSINFO_SYSTEM_DIR");

  if (folder == NULL)
    folder = XENO_OSINFO_DATADIR;
  if (!is_folder (folder))
    return NULL;

  g_ptr_array_add (folders, g_strdup (folder));
  add_additions (folders);
  g_ptr_array_add (folders, NULL);
  return (char **) g_ptr_array_steal (folders, NULL);
}

static char *
make_stamp (XenoOsLibrary *self,
            char         **folders)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree char *ours = xeno_os_overlay_dup_folder ();

  for (gsize i = 0; folders[i] != NULL; i++)
    g_ptr_array_add (all, folders[i]);
  g_ptr_array_add (all, ours);
  g_ptr_array_add (all, NULL);
  return xeno_os_memory_make_stamp ((const char * const *) all->pdata, self->host.machine);
}

/* libosinfo reads the names of 40,000 PCI and USB devices first, of which no new machine has one, and
 * leaves that out for a single folder only. */
static OsinfoDb *
read_folders (char     **folders,
              OsinfoDb **discs,
              GError   **error)
{
  g_autoptr (OsinfoLoader) loader = osinfo_loader_new ();
  g_autoptr (GError) problem = NULL;

  if (folders != NULL && folders[1] == NULL)
    osinfo_loader_process_path (loader, folders[0], &problem);
  else
    osinfo_loader_process_default_path (loader, &problem);
  if (problem == NULL)
    {
      *discs = xeno_os_overlay_read (loader);
      return g_object_ref (osinfo_loader_get_db (loader));
    }

  xeno_set_error (error, XENO_ERROR_NOT_INSTALLED, problem->message,
                  _("The database of operating systems could not be read. Install or repair the "
                    "package “osinfo-db”; until then systems are not recognised."));
  return NULL;
}

static gboolean
load (XenoOsLibrary  *self,
      GError        **error)
{
  g_auto (GStrv) folders = NULL;

  if (self->index != NULL)
    return TRUE;

  folders = find_folders ();
  g_clear_pointer (&self->stamp, g_free);
  if (folders != NULL)
    self->stamp = make_stamp (self, folders);
  if (self->stamp != NULL)
    self->index = xeno_os_memory_recall (self->stamp);
  if (self->index != NULL)
    return TRUE;

  self->db = read_folders (folders, &self->discs, error);
  if (self->db == NULL)
    return FALSE;

  self->index = xeno_os_index_new (self->db, self->discs, NULL);
  return TRUE;
}

static XenoOs *
describe (XenoOsLibrary *self,
          guint          position)
{
  XenoOs *os = xeno_os_index_get_system (self->index, position);
  OsinfoOs *entry;

  if (xeno_os_is_described (os))
    return os;

  entry = self->db != NULL ? osinfo_db_get_os (self->db, xeno_os_get_id (os)) : NULL;
  xeno_os_take_facts (os, entry != NULL ? xeno_os_facts_new_from_osinfo (entry, self->host.machine)
                                        : xeno_os_facts_new ());
  return os;
}

/* Scripts are not kept, so that the database itself is read. */
static OsinfoDb *
ref_scripts (XenoOsLibrary  *self,
             GError        **error)
{
  g_auto (GStrv) folders = NULL;
  g_autoptr (OsinfoDb) discs = NULL;

  if (self->db != NULL)
    return g_object_ref (self->db);

  folders = find_folders ();
  return read_folders (folders, &discs, error);
}

/*< private >
 * xeno_os_library_new:
 *
 * Makes a database that is not loaded.
 *
 * Returns: (transfer full): the database
 */
XenoOsLibrary *
xeno_os_library_new (void)
{
  XenoOsLibrary *self = g_new0 (XenoOsLibrary, 1);

  g_atomic_ref_count_init (&self->ref_count);
  if (uname (&self->host) < 0)
    self->host.machine[0] = '\0';
  return self;
}

/*< private >
 * xeno_os_library_ref:
 * @self: a database
 *
 * Keeps it, in any thread.
 *
 * Returns: (transfer full): @self
 */
XenoOsLibrary *
xeno_os_library_ref (XenoOsLibrary *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/*< private >
 * xeno_os_library_unref:
 * @self: (transfer full): a database
 *
 * Lets it go, in any thread.
 */
void
xeno_os_library_unref (XenoOsLibrary *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->index, g_variant_unref);
  g_clear_object (&self->db);
  g_clear_object (&self->discs);
  g_free (self->stamp);
  g_free (self);
}

/*< private >
 * xeno_os_library_load:
 * @self: a database
 * @error: %XENO_ERROR_NOT_INSTALLED when it cannot be read
 *
 * Reads it, if that has not been done.
 *
 * Returns: (transfer full) (element-type XenoOs): who is in it, newest first; whoever wants to know what a
 *   system needs looks it up
 */
GPtrArray *
xeno_os_library_load (XenoOsLibrary  *self,
                      GError        **error)
{
  GPtrArray *entries;
  guint n_systems;

  g_return_val_if_fail (self != NULL, NULL);

  if (!load (self, error))
    return NULL;

  n_systems = xeno_os_index_get_n_systems (self->index);
  entries = g_ptr_array_new_full (n_systems, g_object_unref);
  for (guint i = 0; i < n_systems; i++)
    g_ptr_array_add (entries, xeno_os_index_get_system (self->index, i));
  return entries;
}

/*< private >
 * xeno_os_library_lookup:
 * @self: a database
 * @id_or_short_id: "http://debian.org/debian/11" or "debian11"
 * @error: as for xeno_os_library_load()
 *
 * Finds a system and what it needs.
 *
 * Returns: (transfer full) (nullable): the system, described, or %NULL without an error where nobody is
 *   called that
 */
XenoOs *
xeno_os_library_lookup (XenoOsLibrary  *self,
                        const char     *id_or_short_id,
                        GError        **error)
{
  guint position;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id_or_short_id != NULL, NULL);

  if (!load (self, error) || !xeno_os_index_find (self->index, id_or_short_id, &position))
    return NULL;

  return describe (self, position);
}

/*< private >
 * xeno_os_library_identify:
 * @self: a database
 * @media: a medium, which does not change
 * @error: as for xeno_os_library_load()
 *
 * Finds out which system is on a disc, and what that needs.
 *
 * Returns: (transfer full) (nullable): the system, described, or %NULL without an error where nobody knows
 *   it
 */
XenoOs *
xeno_os_library_identify (XenoOsLibrary  *self,
                          XenoMedia      *media,
                          GError        **error)
{
  const XenoMediaFacts *facts;
  g_autofree char *os_id = NULL;
  XenoOsDisc *disc;
  guint position;
  XenoOs *os;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (XENO_IS_MEDIA (media), NULL);

  if (xeno_media_is_cloud_image (media, &os_id) && os_id != NULL)
    return xeno_os_library_lookup (self, os_id, error);

  facts = xeno_media_get_facts (media);
  if (facts->appliance != NULL && facts->appliance->os_id != NULL)
    return xeno_os_library_lookup (self, facts->appliance->os_id, error);
  if (facts->volume_id == NULL || !load (self, error))
    return NULL;
  disc = xeno_os_index_identify (self->index, facts, &position);
  if (disc == NULL)
    return NULL;

  os = describe (self, position);
  xeno_os_take_disc (os, disc);
  return os;
}

/*< private >
 * xeno_os_library_list_downloads:
 * @self: a database
 * @error: as for xeno_os_library_load()
 *
 * Lists what vendors give out. That is not kept, so that the database itself is read.
 *
 * Returns: (transfer full) (element-type XenoOsDownload): the list, newest first
 */
GPtrArray *
xeno_os_library_list_downloads (XenoOsLibrary  *self,
                                GError        **error)
{
  g_auto (GStrv) folders = NULL;
  g_autoptr (OsinfoDb) db = NULL;
  g_autoptr (OsinfoDb) discs = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->db != NULL)
    return xeno_os_download_list (self->db, self->discs, self->host.machine);

  folders = find_folders ();
  db = read_folders (folders, &discs, error);
  return db != NULL ? xeno_os_download_list (db, discs, self->host.machine) : NULL;
}

/*< private >
 * xeno_os_library_list_offers:
 * @self: a database
 * @os: what is on the disc
 * @media: the disc
 * @error: as for xeno_os_library_load()
 *
 * Lists the ways in which the system on a disc installs itself.
 *
 * Returns: (transfer full) (element-type XenoInstallOffer): the offers
 */
GPtrArray *
xeno_os_library_list_offers (XenoOsLibrary  *self,
                             XenoOs         *os,
                             XenoMedia      *media,
                             GError        **error)
{
  g_autoptr (OsinfoDb) db = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  db = ref_scripts (self, error);
  return db != NULL ? xeno_os_script_list (db, os, media) : NULL;
}

/*< private >
 * xeno_os_library_write_script:
 * @self: a database
 * @os: what is on the disc
 * @media: the disc
 * @wish: what shall be installed, checked
 * @error: as for xeno_os_library_load() and xeno_os_script_write()
 *
 * Writes what an installer has to be told.
 *
 * Returns: (transfer full): the script
 */
XenoInstallScript *
xeno_os_library_write_script (XenoOsLibrary          *self,
                              XenoOs                 *os,
                              XenoMedia              *media,
                              const XenoInstallWish  *wish,
                              GError                **error)
{
  g_autoptr (OsinfoDb) db = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  db = ref_scripts (self, error);
  return db != NULL ? xeno_os_script_write (db, os, media, wish, error) : NULL;
}

/*< private >
 * xeno_os_library_keep:
 * @self: a database
 *
 * Describes every system and keeps that for the next run, if nobody has. Takes three times as long as
 * reading it.
 */
void
xeno_os_library_keep (XenoOsLibrary *self)
{
  GVariant *index;

  g_return_if_fail (self != NULL);

  if (self->db == NULL || self->stamp == NULL)
    return;

  index = xeno_os_index_new (self->db, self->discs, self->host.machine);
  xeno_os_memory_keep (self->stamp, index);
  g_variant_unref (self->index);
  self->index = index;
  g_clear_object (&self->db);
  g_clear_object (&self->discs);
}
