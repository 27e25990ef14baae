/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libosinfo database itself. Every call blocks, and one thread at a time may make one. */
#include "config.h"

#include <sys/utsname.h>

#include <glib/gi18n-lib.h>
#include <osinfo/osinfo.h>

#include "base/xeno-error.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-os-library.h"

struct _XenoOsLibrary
{
  gatomicrefcount  ref_count;
  OsinfoDb        *db;      /* NULL until it is loaded */
  GPtrArray       *entries; /* of XenoOs, newest first */
};

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

/* libosinfo reads the names of 40,000 PCI and USB devices first, of which no new machine has one, and
 * leaves that out for a single folder only. It merges several in a way we could not. */
static void
read_folders (OsinfoLoader  *loader,
              GError       **error)
{
  const char *folder = g_getenv ("OSINFO_SYSTEM_DIR");

  if (folder == NULL)
    folder = XENO_OSINFO_DATADIR;

  if (is_folder (folder) && !has_additions ())
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

static XenoOsFinding *
describe (OsinfoOs *os)
{
  struct utsname host;

  if (os == NULL)
    return xeno_os_finding_new (NULL, NULL);
  if (uname (&host) < 0)
    host.machine[0] = '\0';
  return xeno_os_finding_new (osinfo_entity_get_id (OSINFO_ENTITY (os)),
                              xeno_os_facts_new_from_osinfo (os, host.machine));
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

static gpointer
free_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
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
 * Lets it go, in any thread. Nobody waits until all of it is freed.
 */
void
xeno_os_library_unref (XenoOsLibrary *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->db != NULL)
    g_thread_unref (g_thread_new ("xeno-os-free", free_thread, self->db));
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
 * xeno_os_library_describe:
 * @self: a database
 * @id: a libosinfo id
 *
 * Reads what one system needs and has drivers for.
 *
 * Returns: (transfer full): what was found, nothing in a database that is not loaded
 */
XenoOsFinding *
xeno_os_library_describe (XenoOsLibrary *self,
                          const char    *id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return describe (self->db != NULL ? osinfo_db_get_os (self->db, id) : NULL);
}

/*< private >
 * xeno_os_library_identify:
 * @self: a database
 * @media: a medium, which does not change
 *
 * Reads which system is on a disc, and what that needs.
 *
 * Returns: (transfer full): what was found, nothing in a database that is not loaded
 */
XenoOsFinding *
xeno_os_library_identify (XenoOsLibrary *self,
                          XenoMedia     *media)
{
  const XenoMediaFacts *facts;
  g_autoptr (OsinfoMedia) disc = NULL;
  g_autoptr (OsinfoOs) os = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (XENO_IS_MEDIA (media), NULL);

  facts = xeno_media_get_facts (media);
  if (self->db == NULL || facts->volume_id == NULL)
    return describe (NULL);

  disc = describe_media (facts);
  if (osinfo_db_identify_media (self->db, disc))
    os = osinfo_media_get_os (disc);
  return describe (os);
}

/*< private >
 * xeno_os_finding_new:
 * @id: (nullable): a libosinfo id
 * @facts: (nullable) (transfer full): what is known of it
 *
 * Returns: (transfer full): a finding
 */
XenoOsFinding *
xeno_os_finding_new (const char  *id,
                     XenoOsFacts *facts)
{
  XenoOsFinding *finding = g_new0 (XenoOsFinding, 1);

  finding->id = g_strdup (id);
  finding->facts = facts;
  return finding;
}

/*< private >
 * xeno_os_finding_free:
 * @finding: (transfer full): a finding
 *
 * Frees it.
 */
void
xeno_os_finding_free (XenoOsFinding *finding)
{
  g_return_if_fail (finding != NULL);

  g_free (finding->id);
  g_clear_pointer (&finding->facts, xeno_os_facts_free);
  g_free (finding);
}
