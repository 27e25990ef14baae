/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libosinfo database itself. Every call blocks, and one thread at a time may make one. */
#include "config.h"

#include <string.h>
#include <sys/utsname.h>

#include <glib/gi18n-lib.h>
#include <osinfo/osinfo.h>

#include "base/xeno-error.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-os-library.h"
#include "create/xeno-os-memory.h"

struct _XenoOsLibrary
{
  gatomicrefcount  ref_count;
  OsinfoDb        *db;      /* NULL until it is loaded */
  GPtrArray       *entries; /* of XenoOs, newest first */
  struct utsname   host;
};

typedef XenoOs *(*FindFunc) (XenoOsLibrary *self,
                             gconstpointer  data);

static gboolean
is_folder (const char *path)
{
  return path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* Where libosinfo looks for what was added to the database of the distribution. */
static gboolean
has_additions (void)
{
  static const char * const variables[] = { "OSINFO_DATA_DIR", "OSINFO_LOCAL_DIR", "OSINFO_USER_DIR" };
  static const char * const names[] = { "osinfo", "libosinfo/db" };
  const char * const places[] = { XENO_OSINFO_SYSCONFDIR, g_get_user_config_dir () };

  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    if (is_folder (g_getenv (variables[i])))
      return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
      {
        g_autofree char *path = g_build_filename (places[i], names[j], NULL);

        if (is_folder (path))
          return TRUE;
      }
  return FALSE;
}

/* The one folder all of the database is in; NULL: libosinfo has to put it together. */
static const char *
find_folder (void)
{
  const char *folder = g_getenv ("OSINFO_SYSTEM_DIR");

  if (folder == NULL)
    folder = XENO_OSINFO_DATADIR;
  return is_folder (folder) && !has_additions () ? folder : NULL;
}

/* libosinfo reads the names of 40,000 PCI and USB devices first, of which no new machine has one, and
 * leaves that out for a single folder only. */
static void
read_folders (OsinfoLoader  *loader,
              GError       **error)
{
  const char *folder = find_folder ();

  if (folder != NULL)
    osinfo_loader_process_path (loader, folder, error);
  else
    osinfo_loader_process_default_path (loader, error);
}

static int
compare_age_cb (gconstpointer a,
                gconstpointer b)
{
  return xeno_os_compare_age (*(XenoOs **) a, *(XenoOs **) b);
}

static GPtrArray *
copy_entries (OsinfoDb *db)
{
  g_autoptr (OsinfoOsList) list = osinfo_db_get_os_list (db);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *l = elements; l != NULL; l = l->next)
    g_ptr_array_add (entries, xeno_os_new_from_osinfo (l->data));
  g_ptr_array_sort (entries, compare_age_cb);
  return entries;
}

static XenoOs *
describe (XenoOsLibrary *self,
          OsinfoOs      *entry)
{
  XenoOs *os = xeno_os_new_from_osinfo (entry);

  xeno_os_take_facts (os, xeno_os_facts_new_from_osinfo (entry, self->host.machine));
  return os;
}

static OsinfoOs *
find_entry (XenoOsLibrary *self,
            const char    *id_or_short_id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      XenoOs *os = g_ptr_array_index (self->entries, i);

      if (g_strcmp0 (xeno_os_get_id (os), id_or_short_id) == 0
          || g_strcmp0 (xeno_os_get_short_id (os), id_or_short_id) == 0)
        return osinfo_db_get_os (self->db, xeno_os_get_id (os));
    }
  return NULL;
}

static void
set_param (OsinfoMedia *media,
           const char  *key,
           const char  *value)
{
  if (value != NULL)
    osinfo_entity_set_param (OSINFO_ENTITY (media), key, value);
}

static OsinfoMedia *
describe_media (const XenoMediaFacts *facts)
{
  OsinfoMedia *media = osinfo_media_new ("file", NULL);

  set_param (media, OSINFO_MEDIA_PROP_VOLUME_ID, facts->volume_id);
  set_param (media, OSINFO_MEDIA_PROP_SYSTEM_ID, facts->system_id);
  set_param (media, OSINFO_MEDIA_PROP_PUBLISHER_ID, facts->publisher_id);
  set_param (media, OSINFO_MEDIA_PROP_APPLICATION_ID, facts->application_id);
  osinfo_entity_set_param_int64 (OSINFO_ENTITY (media), OSINFO_MEDIA_PROP_VOLUME_SIZE, facts->capacity_bytes);
  return media;
}

static XenoOs *
look_up (XenoOsLibrary *self,
         gconstpointer  data)
{
  OsinfoOs *entry = find_entry (self, data);

  return entry != NULL ? describe (self, entry) : NULL;
}

static XenoOs *
identify (XenoOsLibrary *self,
          gconstpointer  data)
{
  g_autoptr (OsinfoMedia) disc = describe_media (data);
  g_autoptr (OsinfoOs) entry = NULL;

  if (osinfo_db_identify_media (self->db, disc))
    entry = osinfo_media_get_os (disc);
  return entry != NULL ? describe (self, entry) : NULL;
}

static char *
make_stamp (XenoOsLibrary *self)
{
  const char *folder = find_folder ();

  return folder != NULL ? xeno_os_memory_make_stamp (folder, self->host.machine) : NULL;
}

/* The answer of an earlier run, or the one of @find, which is kept for the next. */
static XenoOs *
answer (XenoOsLibrary  *self,
        const char     *question,
        FindFunc        find,
        gconstpointer   data,
        GError        **error)
{
  g_autofree char *stamp = self->db == NULL ? make_stamp (self) : NULL;
  g_autoptr (GPtrArray) entries = NULL;
  XenoOs *os = NULL;

  if (stamp != NULL && xeno_os_memory_recall (stamp, question, &os))
    return os;

  entries = xeno_os_library_load (self, error);
  if (entries == NULL)
    return NULL;

  os = find (self, data);
  if (stamp != NULL)
    xeno_os_memory_keep (stamp, question, os);
  return os;
}

/* What is said by whom stays apart, and what is not said from what is said to be nothing. */
static char *
make_question (const char * const *parts,
               gsize               n_parts)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < n_parts; i++)
    {
      const char *part = parts[i] != NULL ? parts[i] : "\n";

      g_checksum_update (checksum, (const guchar *) part, strlen (part) + 1);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
make_disc_question (const XenoMediaFacts *facts)
{
  g_autofree char *capacity = g_strdup_printf ("%" G_GUINT64_FORMAT, facts->capacity_bytes);
  const char * const parts[] = {
    "disc", facts->volume_id, facts->system_id, facts->publisher_id, facts->application_id, capacity,
  };

  return make_question (parts, G_N_ELEMENTS (parts));
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

  g_clear_object (&self->db);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

/*< private >
 * xeno_os_library_load:
 * @self: a database
 * @error: %XENO_ERROR_NOT_INSTALLED when it cannot be read
 *
 * Reads it, if that has not been done.
 *
 * Returns: (transfer full) (element-type XenoOs): who is in it, newest first, without their facts
 */
GPtrArray *
xeno_os_library_load (XenoOsLibrary  *self,
                      GError        **error)
{
  g_autoptr (OsinfoLoader) loader = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->db != NULL)
    return g_ptr_array_ref (self->entries);

  loader = osinfo_loader_new ();
  read_folders (loader, &problem);
  if (problem != NULL)
    {
      xeno_set_error (error, XENO_ERROR_NOT_INSTALLED, problem->message,
                      _("The database of operating systems could not be read. Install or repair the "
                        "package “osinfo-db”; until then systems are not recognised."));
      return NULL;
    }

  self->db = g_object_ref (osinfo_loader_get_db (loader));
  self->entries = copy_entries (self->db);
  return g_ptr_array_ref (self->entries);
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
  const char * const parts[] = { "system", id_or_short_id };
  g_autofree char *question = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id_or_short_id != NULL, NULL);

  question = make_question (parts, G_N_ELEMENTS (parts));
  return answer (self, question, look_up, id_or_short_id, error);
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
  g_autofree char *question = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (XENO_IS_MEDIA (media), NULL);

  facts = xeno_media_get_facts (media);
  if (facts->volume_id == NULL)
    return NULL;

  question = make_disc_question (facts);
  return answer (self, question, identify, facts, error);
}
