/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found in the database before, so that it need not be read again for the same disc. */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "create/xeno-os-memory.h"

/* Reading the database takes a third of the time in which a machine is made and running. Answers are
 * kept in one small file, the newest first; they end with the state of the database they came from. */
#define FILE_NAME   "systems"
#define MAX_ANSWERS 32
#define MAX_BYTES   (1 << 20)
#define MAX_DEPTH   4 /* os/VENDOR/SYSTEM.d/MORE.xml */

/* Id, short id, name, family; minimum and recommended memory, processors and disk; devices; whether a BIOS
 * does not start it, and UEFI does. Nothing: nobody knows it. */
#define SYSTEM_TYPE "(ssss(tut)(tut)asbb)"
#define ANSWER_TYPE "m" SYSTEM_TYPE
#define FILE_TYPE   "(sa{s" ANSWER_TYPE "})"

static char *
make_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "xenolith", FILE_NAME, NULL);
}

/* Every file counts: the database may be changed by hand. */
static void
add_folder (GChecksum  *checksum,
            int         parent,
            const char *name,
            guint       depth)
{
  int fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  const struct dirent *entry;
  struct stat info;

  while (folder != NULL && (entry = readdir (folder)) != NULL)
    {
      gint64 state[3];

      if (entry->d_name[0] == '.' || fstatat (fd, entry->d_name, &info, 0) != 0)
        continue;

      state[0] = info.st_mtim.tv_sec;
      state[1] = info.st_mtim.tv_nsec;
      state[2] = info.st_size;
      g_checksum_update (checksum, (const guchar *) entry->d_name, strlen (entry->d_name) + 1);
      if (!S_ISDIR (info.st_mode))
        g_checksum_update (checksum, (const guchar *) state, sizeof state);
      else if (depth < MAX_DEPTH)
        add_folder (checksum, fd, entry->d_name, depth + 1);
    }

  if (folder != NULL)
    closedir (folder);
  else if (fd >= 0)
    close (fd);
}

static GVariant *
load (const char *stamp)
{
  g_autofree char *path = make_path ();
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) file = NULL;
  const char *found;
  struct stat info;
  gsize length;

  if (stat (path, &info) != 0 || info.st_size > MAX_BYTES || !g_file_get_contents (path, &contents, &length, NULL))
    return NULL;

  bytes = g_bytes_new_take (g_steal_pointer (&contents), length);
  file = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FILE_TYPE), bytes, FALSE));
  g_variant_get_child (file, 0, "&s", &found);
  return strcmp (found, stamp) == 0 ? g_variant_get_child_value (file, 1) : NULL;
}

static const char *
none_if_empty (const char *text)
{
  return *text != '\0' ? text : NULL;
}

static XenoOs *
read_answer (GVariant *answer)
{
  const char *id, *short_id, *name, *family;
  g_autofree const char **devices = NULL;
  XenoOsFacts *facts = xeno_os_facts_new ();
  XenoOs *os;

  g_variant_get (answer, "(&s&s&s&s(tut)(tut)^a&sbb)", &id, &short_id, &name, &family,
                 &facts->minimum.memory_bytes, &facts->minimum.n_cpus, &facts->minimum.disk_bytes,
                 &facts->recommended.memory_bytes, &facts->recommended.n_cpus, &facts->recommended.disk_bytes,
                 &devices, &facts->no_bios, &facts->has_uefi);
  for (gsize i = 0; devices[i] != NULL; i++)
    g_ptr_array_add (facts->devices, (gpointer) g_intern_string (devices[i]));
  os = xeno_os_new (id, none_if_empty (short_id), none_if_empty (name), none_if_empty (family));
  xeno_os_take_facts (os, facts);
  return os;
}

static const char *
empty_if_none (const char *text)
{
  return text != NULL ? text : "";
}

static GVariant *
write_answer (XenoOs *os)
{
  const XenoOsFacts *facts = xeno_os_get_facts (os);

  return g_variant_new ("(ssss(tut)(tut)@asbb)", xeno_os_get_id (os), empty_if_none (xeno_os_get_short_id (os)),
                        xeno_os_get_name (os), empty_if_none (xeno_os_get_family (os)),
                        facts->minimum.memory_bytes, facts->minimum.n_cpus, facts->minimum.disk_bytes,
                        facts->recommended.memory_bytes, facts->recommended.n_cpus, facts->recommended.disk_bytes,
                        g_variant_new_strv ((const char * const *) facts->devices->pdata, facts->devices->len),
                        facts->no_bios, facts->has_uefi);
}

static void
save (const char *stamp,
      GVariant   *answers)
{
  g_autofree char *path = make_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GVariant) file = g_variant_ref_sink (g_variant_new ("(s@a{s" ANSWER_TYPE "})", stamp, answers));
  g_autoptr (GError) error = NULL;

  /* Where it cannot be kept it is read again. */
  if (g_mkdir_with_parents (folder, 0700) != 0
      || !g_file_set_contents_full (path, g_variant_get_data (file), g_variant_get_size (file),
                                    G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_debug ("%s is not kept: %s", path, error != NULL ? error->message : "no folder");
}

/*< private >
 * xeno_os_memory_make_stamp:
 * @folder: the database
 * @arch: the architecture answers are for
 *
 * Makes out the state of the database and of everything else answers depend on.
 *
 * Returns: (transfer full): a stamp; another one makes every answer void
 */
char *
xeno_os_memory_make_stamp (const char *folder,
                           const char *arch)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char * const *languages = g_get_language_names ();

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (arch != NULL, NULL);

  g_checksum_update (checksum, (const guchar *) XENO_VERSION ANSWER_TYPE, sizeof XENO_VERSION ANSWER_TYPE);
  g_checksum_update (checksum, (const guchar *) arch, strlen (arch) + 1);
  for (gsize i = 0; languages[i] != NULL; i++)
    g_checksum_update (checksum, (const guchar *) languages[i], strlen (languages[i]) + 1);
  g_checksum_update (checksum, (const guchar *) folder, strlen (folder) + 1);
  add_folder (checksum, AT_FDCWD, folder, 1);
  return g_strdup (g_checksum_get_string (checksum));
}

/*< private >
 * xeno_os_memory_recall:
 * @stamp: the state of the database
 * @question: what was asked then
 * @os: (out) (nullable) (transfer full): the operating system, or %NULL where nobody knew it then either
 *
 * Looks for an answer. Blocks for as long as the drive does.
 *
 * Returns: %TRUE if there is one
 */
gboolean
xeno_os_memory_recall (const char  *stamp,
                       const char  *question,
                       XenoOs     **os)
{
  g_autoptr (GVariant) answers = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) found = NULL;

  g_return_val_if_fail (stamp != NULL, FALSE);
  g_return_val_if_fail (question != NULL, FALSE);
  g_return_val_if_fail (os != NULL, FALSE);

  answers = load (stamp);
  if (answers != NULL)
    answer = g_variant_lookup_value (answers, question, G_VARIANT_TYPE (ANSWER_TYPE));
  if (answer == NULL)
    return FALSE;

  found = g_variant_get_maybe (answer);
  *os = found != NULL ? read_answer (found) : NULL;
  return TRUE;
}

/*< private >
 * xeno_os_memory_keep:
 * @stamp: the state of the database
 * @question: what was asked
 * @os: (nullable): the operating system, or %NULL where nobody knows it
 *
 * Keeps an answer. Blocks for as long as the drive does.
 */
void
xeno_os_memory_keep (const char *stamp,
                     const char *question,
                     XenoOs     *os)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{s" ANSWER_TYPE "}"));
  GVariant *answer;
  g_autoptr (GVariant) old = NULL;

  g_return_if_fail (stamp != NULL);
  g_return_if_fail (question != NULL);
  g_return_if_fail (os == NULL || xeno_os_is_described (os));

  answer = g_variant_new_maybe (G_VARIANT_TYPE (SYSTEM_TYPE), os != NULL ? write_answer (os) : NULL);
  g_variant_builder_add (&builder, "{s@" ANSWER_TYPE "}", question, answer);
  old = load (stamp);
  for (gsize i = 0; old != NULL && i < MIN (g_variant_n_children (old), MAX_ANSWERS - 1); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (old, i);

      g_variant_builder_add_value (&builder, entry);
    }
  save (stamp, g_variant_builder_end (&builder));
}
