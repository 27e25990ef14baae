/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disc with drivers for Windows, as the virtio-win project makes it: where it is, and what is where on it. */
#include "config.h"

#include <string.h>

#include "base/xeno-worker.h"
#include "create/xeno-disc-file.h"
#include "create/xeno-driver-disc.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-library.h"

#define LABEL_PREFIX "virtio-win"

/* A drive that does not answer is not waited for any longer. */
#define FIND_MS 5000

/* Where distributions and people put it, beside where people keep their discs. */
static const char * const folders[] = { "/usr/share/virtio-win", "/usr/local/share/virtio-win", "/var/lib/libvirt/images" };

/* How the disc calls what libosinfo calls otherwise; the rest is as "2k22" of "win2k22", "w10" of "win10". */
static const char * const folder_names[][2] = {
  { "winxp", "xp" },
  { "win2k3", "2k3" },
  { "win2k8r2", "2k8R2" },
  { "win2k12r2", "2k12R2" },
};

typedef struct
{
  char *path;
  char *label;
} Disc;

static void
disc_clear (Disc *disc)
{
  g_free (disc->path);
  g_free (disc->label);
}

/* "virtio-win-0.1.9" is older than "virtio-win-0.1.10". */
static gboolean
is_newer (const char *label,
          const char *other)
{
  g_autofree char *key = g_utf8_collate_key_for_filename (label, -1);
  g_autofree char *other_key = g_utf8_collate_key_for_filename (other, -1);

  return strcmp (key, other_key) > 0;
}

static void
look_at (Disc       *best,
         const char *path)
{
  g_autoptr (XenoMediaFacts) facts = xeno_media_facts_read (path, NULL);

  if (facts == NULL || facts->volume_id == NULL
      || g_ascii_strncasecmp (facts->volume_id, LABEL_PREFIX, strlen (LABEL_PREFIX)) != 0
      || (best->label != NULL && !is_newer (facts->volume_id, best->label)))
    return;

  disc_clear (best);
  best->path = g_strdup (path);
  best->label = g_strdup (facts->volume_id);
}

static void
look_into (Disc       *best,
           const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_str_has_suffix (name, ".iso"))
        look_at (best, file);
    }
}

/* The empty text is none. */
static gpointer
find (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  g_auto (GStrv) discs = xeno_media_library_list_discs ();
  Disc best = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    look_into (&best, folders[i]);
  for (guint i = 0; discs[i] != NULL && !g_cancellable_is_cancelled (cancellable); i++)
    look_at (&best, discs[i]);
  g_free (best.label);
  return best.path != NULL ? best.path : g_strdup ("");
}

/**
 * xeno_driver_disc_find_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked for
 * @user_data: for @callback
 *
 * Looks for a disc with drivers, known by what it says it is called: where distributions put it, and among the
 * person's own.
 */
void
xeno_driver_disc_find_async (GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (XenoWorker) worker = xeno_worker_new (1);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, xeno_driver_disc_find_async);
  xeno_worker_run (worker, NULL, FIND_MS, task, find, NULL, NULL, g_free);
}

/**
 * xeno_driver_disc_find_finish:
 * @result: what the callback was given
 * @error: why it was not looked for to the end
 *
 * Ends xeno_driver_disc_find_async().
 *
 * Returns: (transfer full) (nullable): the path of the newest one, or %NULL without an error where there is none
 */
char *
xeno_driver_disc_find_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, xeno_driver_disc_find_async), NULL);

  path = g_task_propagate_pointer (G_TASK (result), error);
  return path != NULL && *path != '\0' ? g_steal_pointer (&path) : NULL;
}

static char *
make_folder_name (const char *os_short_id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (folder_names); i++)
    if (g_str_equal (folder_names[i][0], os_short_id))
      return g_strdup (folder_names[i][1]);

  if (g_str_has_prefix (os_short_id, "win2k"))
    return g_strdup (os_short_id + strlen ("win"));
  return g_strconcat ("w", os_short_id + (g_str_has_prefix (os_short_id, "win") ? strlen ("win") : 0), NULL);
}

/**
 * xeno_driver_disc_find_drivers:
 * @path: a disc with drivers
 * @os_short_id: a Windows, as libosinfo calls it: "win10"
 * @arch: (nullable): "x86_64" or "i686"
 *
 * Finds out where on a disc the driver of the disk is, for Windows to install itself with. Blocks for as long as
 * the drive does.
 *
 * Returns: (transfer full) (nullable): a folder as Windows writes it, or %NULL if there is none for this Windows
 */
char *
xeno_driver_disc_find_drivers (const char *path,
                               const char *os_short_id,
                               const char *arch)
{
  g_autofree char *name = NULL;
  g_autofree char *common = NULL;
  g_autofree char *own = NULL;
  gboolean is_64;
  const char *found;
  char *folder;

  g_return_val_if_fail (path != NULL && os_short_id != NULL, NULL);

  is_64 = g_strcmp0 (arch, "x86_64") == 0;
  name = make_folder_name (os_short_id);
  common = g_strdup_printf ("%s/%s", is_64 ? "amd64" : "i386", name);
  own = g_strdup_printf ("viostor/%s/%s", name, is_64 ? "amd64" : "x86");
  found = xeno_disc_file_find_folder (path, (const char * const[]) { common, own, NULL });
  if (found == NULL)
    return NULL;

  folder = g_strconcat ("\\", found, NULL);
  return g_strdelimit (folder, "/", '\\');
}
