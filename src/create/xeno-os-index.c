/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All of the database that machines are made from, in one piece of memory. */
#include "config.h"

#include <string.h>

#include "create/xeno-os-index.h"

typedef struct
{
  OsinfoOs *entry;
  XenoOs   *os;
} System;

static void
system_free (System *system)
{
  g_object_unref (system->os);
  g_object_unref (system->entry);
  g_free (system);
}

static int
compare_age_cb (gconstpointer a,
                gconstpointer b)
{
  const System *first = *(System **) a;
  const System *second = *(System **) b;

  return xeno_os_compare_age (first->os, second->os);
}

static const char *
empty_if_none (const char *text)
{
  return text != NULL ? text : "";
}

static const char *
none_if_empty (const char *text)
{
  return *text != '\0' ? text : NULL;
}

static GVariant *
write_facts (XenoOsFacts *facts)
{
  return g_variant_new ("((tut)(tut)@asbb)",
                        facts->minimum.memory_bytes, facts->minimum.n_cpus, facts->minimum.disk_bytes,
                        facts->recommended.memory_bytes, facts->recommended.n_cpus, facts->recommended.disk_bytes,
                        g_variant_new_strv ((const char * const *) facts->devices->pdata, facts->devices->len),
                        facts->no_bios, facts->has_uefi);
}

static XenoOsFacts *
read_facts (GVariant *value)
{
  XenoOsFacts *facts = xeno_os_facts_new ();
  g_autofree const char **devices = NULL;

  g_variant_get (value, "((tut)(tut)^a&sbb)",
                 &facts->minimum.memory_bytes, &facts->minimum.n_cpus, &facts->minimum.disk_bytes,
                 &facts->recommended.memory_bytes, &facts->recommended.n_cpus, &facts->recommended.disk_bytes,
                 &devices, &facts->no_bios, &facts->has_uefi);
  for (gsize i = 0; devices[i] != NULL; i++)
    g_ptr_array_add (facts->devices, (gpointer) g_intern_string (devices[i]));
  return facts;
}

static GVariant *
write_system (System     *system,
              const char *arch)
{
  GVariant *description = NULL;

  if (arch != NULL)
    {
      XenoOsFacts *facts = xeno_os_facts_new_from_osinfo (system->entry, arch);

      description = write_facts (facts);
      xeno_os_facts_free (facts);
    }
  return g_variant_new ("(ssss@m" XENO_OS_INDEX_FACTS_TYPE ")", xeno_os_get_id (system->os),
                        empty_if_none (xeno_os_get_short_id (system->os)), xeno_os_get_name (system->os),
                        empty_if_none (xeno_os_get_family (system->os)),
                        g_variant_new_maybe (G_VARIANT_TYPE (XENO_OS_INDEX_FACTS_TYPE), description));
}

/* A piece of text that is in everything @pattern matches: its beginning, up to what is special. */
static char *
make_needle (const char *pattern)
{
  const char *end;

  if (pattern == NULL || strchr (pattern, '|') != NULL)
    return g_strdup ("");

  pattern += *pattern == '^';
  end = pattern + strcspn (pattern, "\\^$.[]()*+?{}");
  if (end > pattern && *end != '\0' && strchr ("*?{", *end) != NULL)
    end = g_utf8_prev_char (end);
  return g_strndup (pattern, end - pattern);
}

/* What fits every architecture or release is said of a disc only when nothing else is. */
static gboolean
is_vague (System      *system,
          OsinfoMedia *media)
{
  return osinfo_os_get_release_status (system->entry) == OSINFO_RELEASE_STATUS_ROLLING
         || g_strcmp0 (osinfo_media_get_architecture (media), OSINFO_ARCHITECTURE_ALL) == 0;
}

static void
write_disc (GVariantBuilder *needles,
            GVariantBuilder *discs,
            OsinfoMedia     *media,
            guint            position,
            gboolean         vague)
{
  const char *volume = osinfo_media_get_volume_id (media);
  g_autofree char *needle = make_needle (volume);

  g_variant_builder_add (needles, "s", needle);
  g_variant_builder_add (discs, XENO_OS_INDEX_DISC_TYPE, position, vague, empty_if_none (volume),
                         empty_if_none (osinfo_media_get_system_id (media)),
                         empty_if_none (osinfo_media_get_publisher_id (media)),
                         empty_if_none (osinfo_media_get_application_id (media)),
                         osinfo_media_get_volume_size (media));
}

static void
write_discs (GVariantBuilder *needles,
             GVariantBuilder *discs,
             System          *system,
             guint            position)
{
  g_autoptr (OsinfoMediaList) list = osinfo_os_get_media_list (system->entry);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    write_disc (needles, discs, l->data, position, is_vague (system, l->data));
}

static void
set_param (OsinfoMedia *media,
           const char  *key,
           const char  *value)
{
  if (value != NULL && *value != '\0')
    osinfo_entity_set_param (OSINFO_ENTITY (media), key, value);
}

static OsinfoMedia *
make_media (const char *volume,
            const char *system,
            const char *publisher,
            const char *application,
            gint64      size_bytes)
{
  OsinfoMedia *media = osinfo_media_new ("disc", NULL);

  set_param (media, OSINFO_MEDIA_PROP_VOLUME_ID, volume);
  set_param (media, OSINFO_MEDIA_PROP_SYSTEM_ID, system);
  set_param (media, OSINFO_MEDIA_PROP_PUBLISHER_ID, publisher);
  set_param (media, OSINFO_MEDIA_PROP_APPLICATION_ID, application);
  if (size_bytes > 0)
    osinfo_entity_set_param_int64 (OSINFO_ENTITY (media), OSINFO_MEDIA_PROP_VOLUME_SIZE, size_bytes);
  return media;
}

static gboolean
fits (OsinfoMedia *media,
      GVariant    *discs,
      gsize        i,
      guint       *position,
      gboolean    *vague)
{
  const char *volume, *system, *publisher, *application;
  g_autoptr (OsinfoMedia) reference = NULL;
  gint64 size_bytes;

  g_variant_get_child (discs, i, "(ub&s&s&s&sx)", position, vague, &volume, &system, &publisher, &application, &size_bytes);
  reference = make_media (volume, system, publisher, application, size_bytes);
  return osinfo_media_matches (media, reference);
}

/*< private >
 * xeno_os_index_new:
 * @db: the database
 * @arch: (nullable): the architecture machines will have; %NULL leaves the systems undescribed, which takes
 *   a tenth of the time
 *
 * Copies what machines are made from.
 *
 * Returns: (transfer full): a value of type %XENO_OS_INDEX_TYPE
 */
GVariant *
xeno_os_index_new (OsinfoDb   *db,
                   const char *arch)
{
  GVariantBuilder entries = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a" XENO_OS_INDEX_SYSTEM_TYPE));
  GVariantBuilder needles = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));
  GVariantBuilder discs = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a" XENO_OS_INDEX_DISC_TYPE));
  g_autoptr (OsinfoOsList) list = NULL;
  g_autoptr (GList) elements = NULL;
  g_autoptr (GPtrArray) systems = g_ptr_array_new_with_free_func ((GDestroyNotify) system_free);

  g_return_val_if_fail (OSINFO_IS_DB (db), NULL);

  list = osinfo_db_get_os_list (db);
  elements = osinfo_list_get_elements (OSINFO_LIST (list));
  for (GList *l = elements; l != NULL; l = l->next)
    {
      System *system = g_new0 (System, 1);

      system->entry = g_object_ref (l->data);
      system->os = xeno_os_new_from_osinfo (l->data);
      g_ptr_array_add (systems, system);
    }
  g_ptr_array_sort (systems, compare_age_cb);

  for (guint i = 0; i < systems->len; i++)
    {
      System *system = g_ptr_array_index (systems, i);

      g_variant_builder_add_value (&entries, write_system (system, arch));
      write_discs (&needles, &discs, system, i);
    }

  return g_variant_ref_sink (g_variant_new (
    "(@a" XENO_OS_INDEX_SYSTEM_TYPE "@as@a" XENO_OS_INDEX_DISC_TYPE ")", g_variant_builder_end (&entries),
    g_variant_builder_end (&needles), g_variant_builder_end (&discs)));
}

/*< private >
 * xeno_os_index_get_n_systems:
 * @index: an index
 *
 * Counts the systems.
 *
 * Returns: the number
 */
guint
xeno_os_index_get_n_systems (GVariant *index)
{
  g_autoptr (GVariant) systems = NULL;

  g_return_val_if_fail (index != NULL, 0);

  systems = g_variant_get_child_value (index, 0);
  return g_variant_n_children (systems);
}

/*< private >
 * xeno_os_index_get_system:
 * @index: an index
 * @position: less than the number of systems; the newest is the first
 *
 * Makes one of the systems.
 *
 * Returns: (transfer full): the system, described if the index is
 */
XenoOs *
xeno_os_index_get_system (GVariant *index,
                          guint     position)
{
  g_autoptr (GVariant) systems = NULL;
  g_autoptr (GVariant) facts = NULL;
  const char *id, *short_id, *name, *family;
  XenoOs *os;

  g_return_val_if_fail (index != NULL, NULL);
  g_return_val_if_fail (position < xeno_os_index_get_n_systems (index), NULL);

  systems = g_variant_get_child_value (index, 0);
  g_variant_get_child (systems, position, "(&s&s&s&sm@" XENO_OS_INDEX_FACTS_TYPE ")", &id, &short_id, &name,
                       &family, &facts);
  os = xeno_os_new (id, none_if_empty (short_id), none_if_empty (name), none_if_empty (family));
  if (facts != NULL)
    xeno_os_take_facts (os, read_facts (facts));
  return os;
}

/*< private >
 * xeno_os_index_find:
 * @index: an index
 * @id_or_short_id: "http://debian.org/debian/11" or "debian11"
 * @position: (out): where it is
 *
 * Looks for a system by name.
 *
 * Returns: %TRUE if it is there
 */
gboolean
xeno_os_index_find (GVariant   *index,
                    const char *id_or_short_id,
                    guint      *position)
{
  g_autoptr (GVariant) systems = NULL;

  g_return_val_if_fail (index != NULL, FALSE);
  g_return_val_if_fail (id_or_short_id != NULL, FALSE);
  g_return_val_if_fail (position != NULL, FALSE);

  systems = g_variant_get_child_value (index, 0);
  for (gsize i = 0; i < g_variant_n_children (systems); i++)
    {
      g_autoptr (GVariant) system = g_variant_get_child_value (systems, i);
      const char *id, *short_id;

      g_variant_get_child (system, 0, "&s", &id);
      g_variant_get_child (system, 1, "&s", &short_id);
      if (g_str_equal (id, id_or_short_id) || (*short_id != '\0' && g_str_equal (short_id, id_or_short_id)))
        {
          *position = i;
          return TRUE;
        }
    }
  return FALSE;
}

/*< private >
 * xeno_os_index_identify:
 * @index: an index
 * @facts: what a disc says of itself
 * @position: (out): where the system is
 *
 * Looks for the system that is on a disc: of those libosinfo finds fitting the newest. Each is four regular
 * expressions, so only those whose beginning is in the disc's label are shown to it.
 *
 * Returns: %TRUE if it is there
 */
gboolean
xeno_os_index_identify (GVariant             *index,
                        const XenoMediaFacts *facts,
                        guint                *position)
{
  g_autoptr (GVariant) needles = NULL;
  g_autoptr (GVariant) discs = NULL;
  g_autoptr (OsinfoMedia) media = NULL;
  g_autofree const char **texts = NULL;
  gboolean is_found = FALSE;
  gboolean vague;
  gsize n_discs;
  guint candidate;

  g_return_val_if_fail (index != NULL, FALSE);
  g_return_val_if_fail (facts != NULL && facts->volume_id != NULL, FALSE);
  g_return_val_if_fail (position != NULL, FALSE);

  media = make_media (facts->volume_id, facts->system_id, facts->publisher_id, facts->application_id,
                      facts->capacity_bytes);
  needles = g_variant_get_child_value (index, 1);
  texts = g_variant_get_strv (needles, &n_discs);
  discs = g_variant_get_child_value (index, 2);
  n_discs = MIN (n_discs, g_variant_n_children (discs));
  for (gsize i = 0; i < n_discs; i++)
    {
      if (strstr (facts->volume_id, texts[i]) == NULL || !fits (media, discs, i, &candidate, &vague))
        continue;

      if (!vague || !is_found)
        *position = candidate;
      is_found = TRUE;
      if (!vague)
        break;
    }
  return is_found && *position < xeno_os_index_get_n_systems (index);
}
