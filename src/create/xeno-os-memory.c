/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was read from the database before, so that it need not be read again. */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "create/xeno-os-memory.h"

/* Reading the database takes a third of the time in which a machine is made and running. What is needed of
 * it is kept in one file, which ends with the state of the database it came from. */
#define FILE_NAME "systems"
#define MAX_BYTES (8 << 20)
#define MAX_DEPTH 4 /* os/VENDOR/SYSTEM.d/MORE.xml */
#define FILE_TYPE "(s" XENO_OS_INDEX_TYPE ")"

static char *
make_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "xenolith", FILE_NAME, NULL);
}

static void
add_text (GChecksum  *checksum,
          const char *text)
{
  g_checksum_update (checksum, (const guchar *) text, strlen (text) + 1);
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
      add_text (checksum, entry->d_name);
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

/*< private >
 * xeno_os_memory_make_stamp:
 * @folders: (array zero-terminated=1): the database
 * @arch: the architecture it is read for
 *
 * Makes out the state of the database and of everything else that what is kept depends on. Blocks for as
 * long as the drive does.
 *
 * Returns: (transfer full): a stamp; another one makes everything void
 */
char *
xeno_os_memory_make_stamp (const char * const *folders,
                           const char         *arch)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char * const *languages = g_get_language_names ();

  g_return_val_if_fail (folders != NULL, NULL);
  g_return_val_if_fail (arch != NULL, NULL);

  add_text (checksum, XENO_VERSION FILE_TYPE);
  add_text (checksum, arch);
  for (gsize i = 0; languages[i] != NULL; i++)
    add_text (checksum, languages[i]);
  for (gsize i = 0; folders[i] != NULL; i++)
    {
      add_text (checksum, folders[i]);
      add_folder (checksum, AT_FDCWD, folders[i], 1);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/*< private >
 * xeno_os_memory_recall:
 * @stamp: the state of the database
 *
 * Looks for what was kept. Blocks for as long as the drive does.
 *
 * Returns: (nullable) (transfer full): a value of type %XENO_OS_INDEX_TYPE, or %NULL where there is none
 */
GVariant *
xeno_os_memory_recall (const char *stamp)
{
  g_autofree char *path = make_path ();
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) file = NULL;
  const char *found;
  struct stat info;
  gsize length;

  g_return_val_if_fail (stamp != NULL, NULL);

  if (stat (path, &info) != 0 || info.st_size > MAX_BYTES || !g_file_get_contents (path, &contents, &length, NULL))
    return NULL;

  bytes = g_bytes_new_take (g_steal_pointer (&contents), length);
  file = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FILE_TYPE), bytes, FALSE));
  g_variant_get_child (file, 0, "&s", &found);
  return strcmp (found, stamp) == 0 && g_variant_is_normal_form (file) ? g_variant_get_child_value (file, 1) : NULL;
}

/*< private >
 * xeno_os_memory_keep:
 * @stamp: the state of the database
 * @index: what is known of it
 *
 * Keeps it, in place of what was kept before. Blocks for as long as the drive does.
 */
void
xeno_os_memory_keep (const char *stamp,
                     GVariant   *index)
{
  g_autofree char *path = make_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GVariant) file = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (stamp != NULL);
  g_return_if_fail (index != NULL);

  /* Where it cannot be kept it is read again. */
  file = g_variant_ref_sink (g_variant_new ("(s@" XENO_OS_INDEX_TYPE ")", stamp, index));
  if (g_mkdir_with_parents (folder, 0700) != 0
      || !g_file_set_contents_full (path, g_variant_get_data (file), g_variant_get_size (file),
                                    G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_debug ("%s is not kept: %s", path, error != NULL ? error->message : "no folder");
}
