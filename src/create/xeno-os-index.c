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

/* What fits every architecture or release is said of a disc only when nothing else is; the database calls
 * "…unknown" what it has for releases that are younger than itself. */
static gboolean
is_vague (System      *system,
          OsinfoMedia *media)
{
  return osinfo_os_get_release_status (system->entry) == OSINFO_RELEASE_STATUS_ROLLING
         || g_str_has_suffix (xeno_os_get_id (system->os), "unknown")
         || g_strcmp0 (osinfo_media_get_architecture (media), OSINFO_ARCHITECTURE_ALL) == 0;
}

/* A disc of several editions is none of them. */
static const char *
get_variant_name (OsinfoMedia *media)
{
  g_autoptr (OsinfoOsVariantList) list = osinfo_media_get_os_variants (media);

  if (osinfo_list_get_length (OSINFO_LIST (list)) != 1)
    return "";

  return empty_if_none (osinfo_os_variant_get_name (OSINFO_OS_VARIANT (osinfo_list_get_nth (OSINFO_LIST (list), 0))));
}

static void
write_disc (GVariantBuilder *needles,
            GVariantBuilder *discs,
            OsinfoMedia     *media,
            guint            position,
            gboolean         vague,
            gboolean         is_ours)
{
  const char *volume = osinfo_media_get_volume_id (media);
  g_autofree char *needle = make_needle (volume);

  g_variant_builder_add (needles, "s", needle);
  g_variant_builder_add (discs, XENO_OS_INDEX_DISC_TYPE, position, vague, is_ours, empty_if_none (volume),
                         empty_if_none (osinfo_media_get_system_id (media)),
                         empty_if_none (osinfo_media_get_publisher_id (media)),
                         empty_if_none (osinfo_media_get_application_id (media)),
                         osinfo_media_get_volume_size (media), get_variant_name (media),
                         empty_if_none (osinfo_media_get_architecture (media)), osinfo_media_get_live (media));
}

static void
write_discs (GVariantBuilder *needles,
             GVariantBuilder *discs,
             System          *system,
             guint            position,
             OsinfoOs        *more)
{
  OsinfoOs *entry = more != NULL ? more : system->entry;
  g_autoptr (OsinfoMediaList) list = osinfo_os_get_media_list (entry);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = elements; l != NULL; l = l->next)
    write_disc (needles, discs, l->data, position, is_vague (system, l->data), more != NULL);
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
      GVariant    *disc)
{
  const char *volume, *system, *publisher, *application;
  g_autoptr (OsinfoMedia) reference = NULL;
  gint64 size_bytes;

  g_variant_get_child (disc, 3, "(&s&s&s&sx)", &volume, &system, &publisher, &application, &size_bytes);
  reference = make_media (volume, system, publisher, application, size_bytes);
  return osinfo_media_matches (media, reference);
}

static GPtrArray *
list_fitting (GVariant             *index,
              const XenoMediaFacts *facts)
{
  GPtrArray *fitting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) needles = g_variant_get_child_value (index, 1);
  g_autoptr (GVariant) discs = g_variant_get_child_value (index, 2);
  g_autoptr (OsinfoMedia) media = xeno_os_index_make_media (facts);
  g_autofree const char **texts = NULL;
  gsize n_discs;

  texts = g_variant_get_strv (needles, &n_discs);
  n_discs = MIN (n_discs, g_variant_n_children (discs));
  for (gsize i = 0; i < n_discs; i++)
    {
      g_autoptr (GVariant) disc = NULL;

      if (strstr (facts->volume_id, texts[i]) == NULL)
        continue;

      disc = g_variant_get_child_value (discs, i);
      if (fits (media, disc))
        g_ptr_array_add (fitting, g_steal_pointer (&disc));
    }
  return fitting;
}

/* The newest one, before all that are vague. */
static guint
choose_system (GPtrArray *fitting)
{
  guint position, first;
  gboolean vague;

  g_variant_get_child (g_ptr_array_index (fitting, 0), 0, "u", &first);
  for (guint i = 0; i < fitting->len; i++)
    {
      g_variant_get_child (g_ptr_array_index (fitting, i), 0, "u", &position);
      g_variant_get_child (g_ptr_array_index (fitting, i), 1, "b", &vague);
      if (!vague)
        return position;
    }
  return first;
}

/* Where two say different things, neither is said; one that says nothing does not count. */
static void
agree (char       **text,
       const char  *other,
       gboolean    *is_certain)
{
  if (*other == '\0')
    return;
  if (*text == NULL && *is_certain)
    *text = g_strdup (other);
  else if (g_strcmp0 (*text, other) != 0)
    {
      g_clear_pointer (text, g_free);
      *is_certain = FALSE;
    }
}

/* What all of them say: a network installer may have the label of a whole DVD. */
static XenoOsDisc *
merge_discs (GPtrArray *fitting,
             guint      wanted,
             gboolean   wanted_ours)
{
  g_autoptr (XenoOsDisc) disc = g_new0 (XenoOsDisc, 1);
  gboolean is_variant_certain = TRUE;
  gboolean is_arch_certain = TRUE;
  guint n_discs = 0;

  disc->is_live = TRUE;
  for (guint i = 0; i < fitting->len; i++)
    {
      const char *variant, *arch;
      gboolean is_ours, is_live;
      guint position;

      g_variant_get_child (g_ptr_array_index (fitting, i), 0, "u", &position);
      g_variant_get_child (g_ptr_array_index (fitting, i), 2, "b", &is_ours);
      g_variant_get_child (g_ptr_array_index (fitting, i), 4, "(&s&sb)", &variant, &arch, &is_live);
      if (position != wanted || is_ours != wanted_ours)
        continue;

      agree (&disc->variant, variant, &is_variant_certain);
      agree (&disc->arch, g_str_equal (arch, OSINFO_ARCHITECTURE_ALL) ? "" : arch, &is_arch_certain);
      disc->is_live = disc->is_live && is_live;
      n_discs++;
    }
  return n_discs > 0 ? g_steal_pointer (&disc) : NULL;
}

/* The host's database comes first; what it leaves open we may say. */
static XenoOsDisc *
describe_disc (GPtrArray *fitting,
               guint      position)
{
  g_autoptr (XenoOsDisc) hosts = merge_discs (fitting, position, FALSE);
  g_autoptr (XenoOsDisc) ours = merge_discs (fitting, position, TRUE);

  if (hosts == NULL)
    return g_steal_pointer (&ours);
  if (ours != NULL && hosts->variant == NULL)
    hosts->variant = g_steal_pointer (&ours->variant);
  if (ours != NULL && hosts->arch == NULL)
    hosts->arch = g_steal_pointer (&ours->arch);
  return g_steal_pointer (&hosts);
}

/*< private >
 * xeno_os_index_new:
 * @db: the database
 * @discs: (nullable): more discs of systems that are in it
 * @arch: (nullable): the architecture machines will have; %NULL leaves the systems undescribed, which takes
 *   a tenth of the time
 *
 * Copies what machines are made from.
 *
 * Returns: (transfer full): a value of type %XENO_OS_INDEX_TYPE
 */
GVariant *
xeno_os_index_new (OsinfoDb   *db,
                   OsinfoDb   *discs,
                   const char *arch)
{
  GVariantBuilder entries = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a" XENO_OS_INDEX_SYSTEM_TYPE));
  GVariantBuilder needles = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));
  GVariantBuilder media = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a" XENO_OS_INDEX_DISC_TYPE));
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
      OsinfoOs *more = discs != NULL ? osinfo_db_get_os (discs, xeno_os_get_id (system->os)) : NULL;

      g_variant_builder_add_value (&entries, write_system (system, arch));
      write_discs (&needles, &media, system, i, NULL);
      if (more != NULL)
        write_discs (&needles, &media, system, i, more);
    }

  return g_variant_ref_sink (g_variant_new (
    "(@a" XENO_OS_INDEX_SYSTEM_TYPE "@as@a" XENO_OS_INDEX_DISC_TYPE ")", g_variant_builder_end (&entries),
    g_variant_builder_end (&needles), g_variant_builder_end (&media)));
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
 * xeno_os_index_make_media:
 * @facts: what a disc says of itself
 *
 * Makes what libosinfo compares with the discs it knows.
 *
 * Returns: (transfer full): the disc
 */
OsinfoMedia *
xeno_os_index_make_media (const XenoMediaFacts *facts)
{
  g_return_val_if_fail (facts != NULL, NULL);

  return make_media (facts->volume_id, facts->system_id, facts->publisher_id, facts->application_id,
                     facts->capacity_bytes);
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
 * Returns: (transfer full) (nullable): what is known of the disc, or %NULL where nobody knows it
 */
XenoOsDisc *
xeno_os_index_identify (GVariant             *index,
                        const XenoMediaFacts *facts,
                        guint                *position)
{
  g_autoptr (GPtrArray) fitting = NULL;

  g_return_val_if_fail (index != NULL, NULL);
  g_return_val_if_fail (facts != NULL && facts->volume_id != NULL, NULL);
  g_return_val_if_fail (position != NULL, NULL);

  fitting = list_fitting (index, facts);
  if (fitting->len == 0)
    return NULL;

  *position = choose_system (fitting);
  return *position < xeno_os_index_get_n_systems (index) ? describe_disc (fitting, *position) : NULL;
}
