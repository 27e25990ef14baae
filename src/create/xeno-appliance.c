/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine that somebody exported: what it is like, and where its disks are. */
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
disk_free (gpointer data)
{
  XenoApplianceDisk *disk = data;

  g_free (disk->path);
  g_free (disk->checksum);
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
             XenoApplianceDisk  *disk)
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
  if (fd >= 0 && disk != NULL)
    {
      disk->path = g_steal_pointer (&path);
      disk->n_bytes = info.st_size;
    }
  return fd;
}

static int
find_disk (Place              *place,
           const char         *name,
           XenoApplianceDisk  *disk)
{
  const XenoTarMember *member;

  if (place->members == NULL)
    return open_beside (place, name, disk);

  member = xeno_tar_find (place->members, name);
  if (member == NULL)
    return -1;
  disk->offset = member->offset;
  disk->n_bytes = member->n_bytes;
  return place->file->fd;
}

static gboolean
inspect_disk (Place              *place,
              XenoApplianceDisk  *disk,
              int                 fd,
              const char         *name,
              GError            **error)
{
  g_autoptr (XenoMediaFacts) facts = NULL;

  if (disk->n_bytes == 0)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL, _("The disk “%s” in “%s” is empty."), name, place->file->name);
      return FALSE;
    }
  facts = xeno_media_facts_read_part (fd, name, disk->offset, disk->n_bytes, error);
  if (facts == NULL)
    return FALSE;

  disk->format = facts->type->format;
  disk->capacity_bytes = facts->capacity_bytes;
  if (disk->format != NULL && g_str_equal (facts->type->device, "disk"))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                  _("“%s” in “%s” is not a disk that a machine could use."), name, place->file->name);
  return FALSE;
}

static gboolean
take_disk (XenoAppliance  *appliance,
           Place          *place,
           const char     *name,
           GError        **error)
{
  XenoApplianceDisk *disk = g_new0 (XenoApplianceDisk, 1);
  g_autofree char *shown = xeno_text_clean (name, -1, MAX_SHOWN);
  gboolean is_good;
  int fd;

  g_ptr_array_add (appliance->disks, disk);
  fd = find_disk (place, name, disk);
  if (fd < 0)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” needs the disk “%s”, which is not there. Get both again from where they came from."),
                      place->file->name, shown);
      return FALSE;
    }

  is_good = inspect_disk (place, disk, fd, shown, error)
            && look_up_digest (place, name, &disk->checksum, &disk->checksum_type, error);
  if (fd != place->file->fd)
    close (fd);
  return is_good;
}

static XenoAppliance *
take_all (Place       *place,
          const char  *name,
          const char  *xml,
          GError     **error)
{
  g_autoptr (XenoAppliance) appliance = g_new0 (XenoAppliance, 1);

  appliance->disks = g_ptr_array_new_with_free_func (disk_free);
  if (!check_description (place, name, xml, error))
    return NULL;
  appliance->ovf = xeno_ovf_parse (xml, place->file->name, error);
  if (appliance->ovf == NULL)
    return NULL;

  appliance->os_id = find_system (appliance->ovf->os_type);
  for (guint i = 0; i < appliance->ovf->disks->len; i++)
    {
      XenoOvfDisk *disk = g_ptr_array_index (appliance->ovf->disks, i);

      if (!take_disk (appliance, place, disk->file, error))
        return NULL;
    }
  return g_steal_pointer (&appliance);
}

/*< private >
 * xeno_appliance_read_archive:
 * @file: an OVA
 * @error: %XENO_ERROR_BAD_MEDIA or %XENO_ERROR_NOT_SUPPORTED
 *
 * Reads what an OVA says, and the headers of its disks. The disks themselves are checked when they are copied.
 *
 * Returns: (transfer full): the appliance
 */
XenoAppliance *
xeno_appliance_read_archive (XenoMediaFile  *file,
                             GError        **error)
{
  g_autoptr (GPtrArray) members = xeno_tar_list (file, error);
  const XenoTarMember *description = members != NULL ? xeno_tar_find_suffix (members, ".ovf") : NULL;
  const XenoTarMember *manifest = members != NULL ? xeno_tar_find_suffix (members, ".mf") : NULL;
  Place place = { file, members, NULL };
  XenoAppliance *appliance = NULL;
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
  appliance = take_all (&place, description->name, xml, error);
  g_free (place.manifest);
  return appliance;
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
 * Returns: (transfer full): the appliance
 */
XenoAppliance *
xeno_appliance_read_folder (XenoMediaFile  *file,
                            GError        **error)
{
  const XenoTarMember all = { (char *) file->name, 0, file->size_bytes };
  Place place = { file, NULL, NULL };
  XenoAppliance *appliance = NULL;
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
  appliance = take_all (&place, name, xml, error);
  g_free (place.manifest);
  return appliance;
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
xeno_appliance_get_capacity (XenoAppliance *appliance)
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
