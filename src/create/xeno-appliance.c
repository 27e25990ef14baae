/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines that somebody exported: what they are like, and where their disks are. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-appliance.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-tar.h"

#define MAX_DESCRIPTION_BYTES (2 * 1024 * 1024)
#define MAX_MANIFEST_BYTES    (64 * 1024)
#define MAX_SHOWN             100
#define MAX_CHUNKS            10000

/* VMware's names of systems that can only mean one of libosinfo's; matched from the beginning. */
static const struct
{
  const char *os_type;
  const char *os_id;
} systems[] = {
  { "debian12", "http://debian.org/debian/12" },
  { "debian11", "http://debian.org/debian/11" },
  { "debian10", "http://debian.org/debian/10" },
  { "debian9", "http://debian.org/debian/9" },
  { "rhel9", "http://redhat.com/rhel/9-unknown" },
  { "rhel8", "http://redhat.com/rhel/8-unknown" },
  { "centos8", "http://centos.org/centos/8" },
  { "centos7", "http://centos.org/centos/7.0" },
  { "windows11_", "http://microsoft.com/win/11" },
  { "windows9_", "http://microsoft.com/win/10" },
  { "windows8_", "http://microsoft.com/win/8" },
  { "windows7_", "http://microsoft.com/win/7" },
  { "windows2022srv", "http://microsoft.com/win/2k22" },
  { "windows2019srv", "http://microsoft.com/win/2k19" },
};

/* Where the files of an appliance are found. */
typedef struct
{
  XenoMediaFile *file;
  GPtrArray     *members;   /* NULL: they lie in the folder */
  char          *manifest;  /* NULL: there is none */
} Place;

static void
part_free (gpointer data)
{
  XenoAppliancePart *part = data;

  g_free (part->path);
  g_free (part->checksum);
  g_free (part);
}

static void
disk_free (gpointer data)
{
  XenoApplianceDisk *disk = data;

  g_ptr_array_unref (disk->parts);
  g_free (disk);
}

static const char *
find_system (const char *os_type)
{
  for (gsize i = 0; os_type != NULL && i < G_N_ELEMENTS (systems); i++)
    if (g_ascii_strncasecmp (os_type, systems[i].os_type, strlen (systems[i].os_type)) == 0)
      return systems[i].os_id;
  return NULL;
}

static gboolean
take_digest (const char    *digest,
             GChecksumType  type,
             char         **checksum)
{
  g_autofree char *lower = g_strstrip (g_ascii_strdown (digest, -1));

  if (strlen (lower) != 2 * (gsize) g_checksum_type_get_length (type))
    return FALSE;

  *checksum = g_steal_pointer (&lower);
  return TRUE;
}

/* "SHA256(disk1.vmdk)= 01ab…" */
static gboolean
find_digest (const char     *manifest,
             const char     *name,
             char          **checksum,
             GChecksumType  *type)
{
  static const struct { const char *name; GChecksumType type; } types[] = {
    { "SHA1", G_CHECKSUM_SHA1 }, { "SHA256", G_CHECKSUM_SHA256 }, { "SHA512", G_CHECKSUM_SHA512 },
  };
  g_auto (GStrv) lines = g_strsplit (manifest, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (types); j++)
      {
        const char *open = strchr (lines[i], '(');
        const char *close = strrchr (lines[i], ')');
        const char *equals = close != NULL ? strchr (close, '=') : NULL;
        g_autofree char *kind = open != NULL ? g_strstrip (g_strndup (lines[i], open - lines[i])) : NULL;

        if (equals != NULL && open < close && g_ascii_strcasecmp (kind, types[j].name) == 0
            && (gsize) (close - open - 1) == strlen (name) && strncmp (open + 1, name, strlen (name)) == 0)
          {
            *type = types[j].type;
            return take_digest (equals + 1, types[j].type, checksum);
          }
      }
  return FALSE;
}

/* Where there is a list, everything must be on it. */
static gboolean
look_up_digest (Place          *place,
                const char     *name,
                char          **checksum,
                GChecksumType  *type,
                GError        **error)
{
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_SHOWN);

  if (place->manifest == NULL || find_digest (place->manifest, name, checksum, type))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("The list of checksums in “%s” does not say what “%s” should be. Get the appliance again from "
                    "where it came from."), place->file->name, shown);
  return FALSE;
}

static gboolean
check_description (Place       *place,
                   const char  *name,
                   const char  *xml,
                   GError     **error)
{
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;
  GChecksumType type = G_CHECKSUM_SHA256;

  if (!look_up_digest (place, name, &wanted, &type, error))
    return FALSE;

  found = g_compute_checksum_for_string (type, xml, -1);
  if (wanted == NULL || g_str_equal (wanted, found))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("The description in “%s” is not what its list of checksums says: it was damaged or changed. Get "
                    "the appliance again from where it came from."), place->file->name);
  return FALSE;
}

/* Beside the description and nowhere else, not even through a link. */
static int
open_beside (Place              *place,
             const char         *name,
             XenoAppliancePart  *part)
{
  g_autofree char *folder = g_path_get_dirname (place->file->path);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
  struct stat info;

  if (fd >= 0 && (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)))
    {
      close (fd);
      return -1;
    }
  if (fd >= 0 && part != NULL)
    {
      part->path = g_steal_pointer (&path);
      part->n_bytes = info.st_size;
    }
  return fd;
}

static int
find_part (Place              *place,
           const char         *name,
           XenoAppliancePart  *part)
{
  const XenoTarMember *member;

  if (place->members == NULL)
    return open_beside (place, name, part);

  member = xeno_tar_find (place->members, name);
  if (member == NULL)
    return -1;
  part->offset = member->offset;
  part->n_bytes = member->n_bytes;
  return place->file->fd;
}

/* How much of it there must be, however it was cut. */
static guint64
sum_parts (XenoApplianceDisk *disk)
{
  guint64 sum = 0;

  for (guint i = 0; i < disk->parts->len; i++)
    sum += ((XenoAppliancePart *) g_ptr_array_index (disk->parts, i))->n_bytes;
  return sum;
}

/* Its headers lie in the first part; in one piece and unpacked it is looked at again. */
static gboolean
inspect_disk (Place              *place,
              XenoApplianceDisk  *disk,
              int                 fd,
              const char         *name,
              GError            **error)
{
  const XenoAppliancePart *first = g_ptr_array_index (disk->parts, 0);
  g_autoptr (XenoMediaFacts) facts = NULL;

  if (first->n_bytes == 0)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL, _("The disk “%s” in “%s” is empty."), name, place->file->name);
      return FALSE;
    }
  if (disk->parts->len > 1)
    return TRUE;
  facts = xeno_media_facts_read_part (fd, name, first->offset, first->n_bytes, error);
  if (facts == NULL)
    return FALSE;

  disk->format = facts->type->format;
  disk->capacity_bytes = facts->capacity_bytes;
  if (g_str_equal (facts->type->device, "disk") && facts->appliances == NULL)
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” in “%s” is not a disk that a machine could use."), name, place->file->name);
  return FALSE;
}

/* Returns a descriptor that is the place's own where the part is in its file, or -1. */
static int
take_part (Place              *place,
           XenoApplianceDisk  *disk,
           const char         *name,
           GError            **error)
{
  XenoAppliancePart *part = g_new0 (XenoAppliancePart, 1);
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_SHOWN);
  int fd;

  g_ptr_array_add (disk->parts, part);
  fd = find_part (place, name, part);
  if (fd < 0)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” needs the disk “%s”, which is not there. Get both again from where they came from."),
                    place->file->name, shown);
  else if (!look_up_digest (place, name, &part->checksum, &part->checksum_type, error))
    {
      if (fd != place->file->fd)
        close (fd);
      return -1;
    }
  return fd;
}

/* "disk.vmdk.000000000" and so on; all but the last are of one length. */
static gboolean
take_chunks (Place              *place,
             XenoApplianceDisk  *disk,
             const XenoOvfDisk  *wanted,
             GError            **error)
{
  guint64 total = wanted->file_bytes;
  guint n_chunks = total > 0 ? MIN ((total - 1) / wanted->chunk_bytes + 1, MAX_CHUNKS) : 1;
  g_autofree char *shown = xeno_text_clean (wanted->file, -1, MAX_SHOWN);

  for (guint i = 0; i < n_chunks; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%09u", wanted->file, i);
      int fd = take_part (place, disk, name, error);

      if (fd < 0)
        return FALSE;
      if (fd != place->file->fd)
        close (fd);
    }
  if (sum_parts (disk) == total || (total == 0 && sum_parts (disk) < wanted->chunk_bytes))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("The pieces of the disk “%s” in “%s” are not as long together as it says. Get them again from "
                    "where they came from."), shown, place->file->name);
  return FALSE;
}

static gboolean
take_disk (XenoAppliance      *appliance,
           Place              *place,
           const XenoOvfDisk  *wanted,
           GError            **error)
{
  XenoApplianceDisk *disk = g_new0 (XenoApplianceDisk, 1);
  g_autofree char *shown = xeno_text_clean (wanted->file, -1, MAX_SHOWN);
  gboolean is_good;
  int fd;

  disk->parts = g_ptr_array_new_with_free_func (part_free);
  g_ptr_array_add (appliance->disks, disk);
  if (wanted->chunk_bytes > 0)
    {
      disk->capacity_bytes = wanted->capacity_bytes;
      return take_chunks (place, disk, wanted, error) && inspect_disk (place, disk, -1, shown, error);
    }

  fd = take_part (place, disk, wanted->file, error);
  if (fd < 0)
    return FALSE;

  is_good = inspect_disk (place, disk, fd, shown, error);
  if (disk->capacity_bytes == 0)
    disk->capacity_bytes = wanted->capacity_bytes;
  if (fd != place->file->fd)
    close (fd);
  return is_good;
}

/* Takes the description. */
static XenoAppliance *
take_machine (Place    *place,
              XenoOvf  *ovf,
              GError  **error)
{
  g_autoptr (XenoAppliance) appliance = g_new0 (XenoAppliance, 1);

  appliance->ovf = ovf;
  appliance->os_id = find_system (ovf->os_type);
  appliance->disks = g_ptr_array_new_with_free_func (disk_free);
  for (guint i = 0; i < ovf->disks->len; i++)
    if (!take_disk (appliance, place, g_ptr_array_index (ovf->disks, i), error))
      return NULL;
  return g_steal_pointer (&appliance);
}

static GPtrArray *
take_all (Place       *place,
          const char  *name,
          const char  *xml,
          GError     **error)
{
  g_autoptr (GPtrArray) appliances = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_appliance_free);
  g_autoptr (GPtrArray) machines = NULL;

  if (!check_description (place, name, xml, error))
    return NULL;
  machines = xeno_ovf_parse (xml, place->file->name, error);
  if (machines == NULL)
    return NULL;

  while (machines->len > 0)
    {
      XenoAppliance *appliance = take_machine (place, g_ptr_array_steal_index (machines, 0), error);

      if (appliance == NULL)
        return NULL;
      g_ptr_array_add (appliances, appliance);
    }
  return g_steal_pointer (&appliances);
}

/*< private >
 * xeno_appliance_read_archive:
 * @file: an OVA
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads what an OVA says, and the headers of its disks. The disks themselves are checked when they are copied.
 *
 * Returns: (transfer full) (element-type XenoAppliance): the machines, at least one
 */
GPtrArray *
xeno_appliance_read_archive (XenoMediaFile  *file,
                             GError        **error)
{
  g_autoptr (GPtrArray) members = xeno_tar_list (file, error);
  const XenoTarMember *description = members != NULL ? xeno_tar_find_suffix (members, ".ovf") : NULL;
  const XenoTarMember *manifest = members != NULL ? xeno_tar_find_suffix (members, ".mf") : NULL;
  Place place = { file, members, NULL };
  GPtrArray *appliances = NULL;
  g_autofree char *xml = NULL;

  if (members != NULL && description == NULL)
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("“%s” is an archive that holds no appliance. Unpack it first, then open what was in it."),
                    file->name);
  if (description == NULL)
    return NULL;

  xml = xeno_tar_read_text (file, description, MAX_DESCRIPTION_BYTES, error);
  if (xml == NULL)
    return NULL;
  if (manifest != NULL)
    {
      place.manifest = xeno_tar_read_text (file, manifest, MAX_MANIFEST_BYTES, error);
      if (place.manifest == NULL)
        return NULL;
    }
  appliances = take_all (&place, description->name, xml, error);
  g_free (place.manifest);
  return appliances;
}

static char *
read_manifest_beside (Place      *place,
                      const char *name)
{
  g_autofree char *base = g_strndup (name, strlen (name) - strlen (".ovf"));
  g_autofree char *manifest = g_strconcat (base, ".mf", NULL);
  g_autofree char *text = g_malloc0 (MAX_MANIFEST_BYTES + 1);
  int fd = open_beside (place, manifest, NULL);

  if (fd < 0)
    return NULL;
  if (read (fd, text, MAX_MANIFEST_BYTES) < 0)
    *text = '\0';
  close (fd);
  return g_steal_pointer (&text);
}

/*< private >
 * xeno_appliance_read_folder:
 * @file: an OVF, with its path
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads what an OVF says, and the headers of the disks that lie beside it.
 *
 * Returns: (transfer full) (element-type XenoAppliance): the machines, at least one
 */
GPtrArray *
xeno_appliance_read_folder (XenoMediaFile  *file,
                            GError        **error)
{
  const XenoTarMember all = { (char *) file->name, 0, file->size_bytes };
  Place place = { file, NULL, NULL };
  GPtrArray *appliances = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *name = NULL;

  xml = xeno_tar_read_text (file, &all, MAX_DESCRIPTION_BYTES, error);
  if (xml == NULL)
    return NULL;
  if (file->path == NULL)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” describes a machine whose disks are not beside it."), file->name);
      return NULL;
    }

  name = g_path_get_basename (file->path);
  if (strlen (name) > strlen (".ovf"))
    place.manifest = read_manifest_beside (&place, name);
  appliances = take_all (&place, name, xml, error);
  g_free (place.manifest);
  return appliances;
}

/*< private >
 * xeno_appliance_free:
 * @appliance: (transfer full): an appliance
 *
 * Frees it.
 */
void
xeno_appliance_free (XenoAppliance *appliance)
{
  g_clear_pointer (&appliance->ovf, xeno_ovf_free);
  g_clear_pointer (&appliance->disks, g_ptr_array_unref);
  g_free (appliance);
}

/*< private >
 * xeno_appliance_get_capacity:
 * @appliance: an appliance
 *
 * Returns: how much a guest sees of all disks together, in bytes
 */
guint64
xeno_appliance_get_capacity (const XenoAppliance *appliance)
{
  guint64 sum = 0;

  for (guint i = 0; i < appliance->disks->len; i++)
    {
      XenoApplianceDisk *disk = g_ptr_array_index (appliance->disks, i);

      if (!g_uint64_checked_add (&sum, sum, disk->capacity_bytes))
        return G_MAXUINT64;
    }
  return sum;
}
