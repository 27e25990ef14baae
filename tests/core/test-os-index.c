/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The index answers as libosinfo does, for every disc the installed database knows. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "create/xeno-os-index.h"

typedef struct
{
  OsinfoDb *db;
  GVariant *index;
} Fixture;

/* A text that @pattern matches, as long as it says nothing more difficult than the database does. */
static char *
make_example (const char *pattern)
{
  GString *text = g_string_new (NULL);

  for (const char *p = pattern; *p != '\0'; p++)
    switch (*p)
      {
      case '\\':
        p++;
        g_string_append_c (text, strchr ("dD", *p) != NULL ? '7' : *p);
        break;

      case '[':
        g_string_append_c (text, p[1] == '^' ? '~' : p[1]);
        p += strcspn (p, "]");
        break;

      case '.':
        g_string_append_c (text, 'x');
        break;

      case '|':
        p += strcspn (p, ")") - 1;
        break;

      default:
        if (strchr ("^$()*+?", *p) == NULL)
          g_string_append_c (text, *p);
      }
  return g_string_free (text, FALSE);
}

/* libosinfo dies of a label that fits a disc but not the expression for its language. */
static void
forget_languages (OsinfoMediaList *discs)
{
  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (discs)); i++)
    osinfo_entity_clear_param (osinfo_list_get_nth (OSINFO_LIST (discs), i), OSINFO_MEDIA_PROP_LANG_REGEX);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (OsinfoLoader) loader = osinfo_loader_new ();
  g_autoptr (GError) error = NULL;

  osinfo_loader_process_path (loader, XENO_OSINFO_DATADIR, &error);
  g_assert_no_error (error);
  fixture->db = g_object_ref (osinfo_loader_get_db (loader));
  fixture->index = xeno_os_index_new (fixture->db, NULL, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_variant_unref (fixture->index);
  g_object_unref (fixture->db);
}

static void
set_example (const char  *pattern,
             OsinfoMedia *media,
             const char  *key,
             char       **example)
{
  if (pattern == NULL)
    return;

  *example = make_example (pattern);
  osinfo_entity_set_param (OSINFO_ENTITY (media), key, *example);
}

/* What libosinfo says, in the database itself. */
static OsinfoOs *
ask_libosinfo (OsinfoDb    *db,
               OsinfoMedia *media)
{
  return osinfo_db_identify_media (db, media) ? osinfo_media_get_os (media) : NULL;
}

static OsinfoOs *
ask_index (Fixture              *fixture,
           const XenoMediaFacts *facts)
{
  g_autoptr (XenoOsDisc) disc = NULL;
  g_autoptr (XenoOs) os = NULL;
  guint position;

  disc = xeno_os_index_identify (fixture->index, facts, &position);
  if (disc == NULL)
    return NULL;

  os = xeno_os_index_get_system (fixture->index, position);
  return g_object_ref (osinfo_db_get_os (fixture->db, xeno_os_get_id (os)));
}

static gboolean
fits (OsinfoOs    *os,
      OsinfoMedia *media)
{
  g_autoptr (OsinfoMediaList) list = osinfo_os_get_media_list (os);
  g_autoptr (GList) discs = osinfo_list_get_elements (OSINFO_LIST (list));

  for (GList *l = discs; l != NULL; l = l->next)
    if (osinfo_media_matches (media, l->data))
      return TRUE;
  return FALSE;
}

/* What the database has for releases it does not know; one that it knows is better. */
static gboolean
is_unknown (OsinfoOs *os)
{
  return g_str_has_suffix (osinfo_entity_get_id (OSINFO_ENTITY (os)), "unknown");
}

/* Of several that fit, libosinfo takes the one that comes first in a hash table. */
static void
assert_as_good (OsinfoOs    *answer,
                OsinfoOs    *expected,
                OsinfoMedia *media)
{
  g_autoptr (XenoOs) ours = NULL;
  g_autoptr (XenoOs) theirs = NULL;

  if (answer == expected)
    return;

  g_assert_nonnull (answer);
  g_assert_nonnull (expected);
  g_assert_true (fits (answer, media));
  if (is_unknown (expected) && !is_unknown (answer))
    return;

  ours = xeno_os_new_from_osinfo (answer);
  theirs = xeno_os_new_from_osinfo (expected);
  g_assert_cmpint (xeno_os_compare_age (ours, theirs), <, 0);
}

/* Returns whether the disc that @known describes is known. */
static gboolean
compare (Fixture     *fixture,
         OsinfoMedia *known)
{
  g_autoptr (OsinfoMedia) media = osinfo_media_new ("example", NULL);
  XenoMediaFacts facts = { 0 };
  g_autoptr (OsinfoOs) expected = NULL;
  g_autoptr (OsinfoOs) answer = NULL;
  gint64 size = osinfo_media_get_volume_size (known);

  set_example (osinfo_media_get_volume_id (known), media, OSINFO_MEDIA_PROP_VOLUME_ID, &facts.volume_id);
  set_example (osinfo_media_get_system_id (known), media, OSINFO_MEDIA_PROP_SYSTEM_ID, &facts.system_id);
  set_example (osinfo_media_get_publisher_id (known), media, OSINFO_MEDIA_PROP_PUBLISHER_ID, &facts.publisher_id);
  set_example (osinfo_media_get_application_id (known), media, OSINFO_MEDIA_PROP_APPLICATION_ID,
               &facts.application_id);
  facts.capacity_bytes = MAX (size, 1);
  osinfo_entity_set_param_int64 (OSINFO_ENTITY (media), OSINFO_MEDIA_PROP_VOLUME_SIZE, facts.capacity_bytes);

  if (facts.volume_id != NULL)
    {
      expected = ask_libosinfo (fixture->db, media);
      answer = ask_index (fixture, &facts);
      assert_as_good (answer, expected, media);
    }
  g_free (facts.volume_id);
  g_free (facts.system_id);
  g_free (facts.publisher_id);
  g_free (facts.application_id);
  return expected != NULL;
}

static void
test_answers_as_libosinfo_does (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (OsinfoOsList) list = osinfo_db_get_os_list (fixture->db);
  g_autoptr (GList) elements = osinfo_list_get_elements (OSINFO_LIST (list));
  guint n_asked = 0, n_known = 0;

  for (GList *l = elements; l != NULL; l = l->next)
    {
      g_autoptr (OsinfoMediaList) discs = osinfo_os_get_media_list (l->data);

      forget_languages (discs);
      /* One stands for the rest: libosinfo takes long. */
      if (osinfo_list_get_length (OSINFO_LIST (discs)) > 0)
        {
          n_asked++;
          n_known += compare (fixture, OSINFO_MEDIA (osinfo_list_get_nth (OSINFO_LIST (discs), 0)));
        }
    }

  g_test_message ("%u of %u discs are known", n_known, n_asked);
  g_assert_cmpuint (n_asked, >, 100);
  g_assert_cmpuint (n_known, >, n_asked / 2);
}

static void
test_label_in_no_language_is_survived (Fixture       *fixture,
                                       gconstpointer  data)
{
  const XenoMediaFacts facts = {
    .volume_id = (char *) "CEDNA_X64FREE_DV5",
    .publisher_id = (char *) "MICROSOFT CORPORATION",
  };
  g_autoptr (OsinfoOs) os = ask_index (fixture, &facts);

  g_assert_nonnull (os);
  g_assert_cmpstr (osinfo_entity_get_id (OSINFO_ENTITY (os)), ==, "http://microsoft.com/win/10");
}

static void
test_lists_every_system_newest_first (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr (OsinfoOsList) list = osinfo_db_get_os_list (fixture->db);
  guint newer, older, position;

  g_assert_cmpuint (xeno_os_index_get_n_systems (fixture->index), ==, osinfo_list_get_length (OSINFO_LIST (list)));
  g_assert_true (xeno_os_index_find (fixture->index, "debian10", &newer));
  g_assert_true (xeno_os_index_find (fixture->index, "http://debian.org/debian/9", &older));
  g_assert_cmpuint (newer, <, older);
  g_assert_false (xeno_os_index_find (fixture->index, "debian 10", &position));
  g_assert_false (xeno_os_index_find (fixture->index, "", &position));
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/xeno/os-index/answers-as-libosinfo-does", Fixture, NULL, set_up, test_answers_as_libosinfo_does,
              tear_down);
  g_test_add ("/xeno/os-index/lists-every-system-newest-first", Fixture, NULL, set_up,
              test_lists_every_system_newest_first, tear_down);
  g_test_add ("/xeno/os-index/a-label-in-no-language-is-survived", Fixture, NULL, set_up,
              test_label_in_no_language_is_survived, tear_down);
  return g_test_run ();
}
