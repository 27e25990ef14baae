/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the first bytes of a file say about it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-media-facts.h"
#include "create/xeno-media-guess.h"

#define MAX_NAME_CHARS 80

typedef struct
{
  mode_t      type;
  const char *what;
} NotAFile;

/* Translators: these complete "“x” is …, not a file." */
static const NotAFile not_files[] = {
  { S_IFDIR, N_("a folder") },
  { S_IFIFO, N_("a pipe between programs") },
  { S_IFSOCK, N_("a socket of a program") },
  { S_IFBLK, N_("a device") },
  { S_IFCHR, N_("a device") },
};

static gboolean
check_is_file (const struct stat  *info,
               const char         *name,
               GError            **error)
{
  if (S_ISREG (info->st_mode))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (not_files); i++)
    if ((info->st_mode & S_IFMT) == not_files[i].type)
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("“%s” is %s, not a file. Choose a disc image (ISO), a disk or an appliance."),
                      name, _(not_files[i].what));
  return FALSE;
}

static void
set_permission_error (GError     **error,
                      const char  *path,
                      const char  *name)
{
  const struct passwd *owner;
  struct stat info;

  if (stat (path, &info) < 0)
    {
      xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (EACCES),
                      _("The user %s may not enter the folder of “%s”. Copy the file to a folder of your "
                        "own, or ask the folder's owner."), g_get_user_name (), name);
      return;
    }

  owner = getpwuid (info.st_uid);
  xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (EACCES),
                  _("The user %s may not read “%s”, which belongs to %s. Let the owner run "
                    "“chmod a+r” on it, or copy it to a folder of your own."),
                  g_get_user_name (), name, owner != NULL ? owner->pw_name : _("somebody else"));
}

static void
set_open_error (GError     **error,
                const char  *path,
                const char  *name,
                int          number)
{
  switch (number)
    {
    case EACCES:
    case EPERM:
      set_permission_error (error, path, name);
      break;

    case ENOENT:
    case ENOTDIR:
      xeno_set_error (error, XENO_ERROR_NOT_FOUND, g_strerror (number),
                      _("“%s” is not there. It may have been moved or deleted, or its drive is not "
                        "connected."), name);
      break;

    case ELOOP:
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, g_strerror (number),
                      _("“%s” is a link that leads back to itself. Choose the file it should lead to."),
                      name);
      break;

    default:
      xeno_set_error (error, XENO_ERROR_FAILED, g_strerror (number),
                      _("“%s” could not be read: %s. Check the drive it is on."),
                      name, g_strerror (number));
    }
}

static gboolean
has_control_characters (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static gboolean
check_path (const char  *path,
            const char  *name,
            GError     **error)
{
  if (!g_utf8_validate (path, -1, NULL))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("The name “%s” is not written in Unicode (UTF-8), which machines cannot use. "
                      "Rename the file or its folder."), name);
  else if (has_control_characters (path))
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                    _("The name “%s” contains a line break or another control character, which "
                      "machines cannot use. Rename the file or its folder."), name);
  else
    return TRUE;

  return FALSE;
}

static gboolean
inspect (XenoMediaFile   *file,
         XenoMediaFacts  *facts,
         GError         **error)
{
  gboolean is_good = FALSE;
  g_autoptr (GError) problem = NULL;

  facts->size_bytes = file->size_bytes;
  facts->type = xeno_media_type_recognise (file);
  if (facts->type != NULL)
    is_good = facts->type->inspect (file, facts, &problem);
  else
    problem = xeno_media_guess_refuse (file);

  if (file->error_number != 0)
    {
      set_open_error (error, file->name, file->name, file->error_number);
      return FALSE;
    }
  if (!is_good)
    g_propagate_error (error, g_steal_pointer (&problem));
  return is_good;
}

/* Looks at a file, or at a part of it where @n_bytes is not 0. */
static XenoMediaFacts *
read_facts (int          fd,
            const char  *name,
            guint64      offset,
            guint64      n_bytes,
            const char  *path,
            GError     **error)
{
  g_autoptr (XenoMediaFacts) facts = g_new0 (XenoMediaFacts, 1);
  XenoMediaFile file = { fd, 0, name, 0, offset, path };
  struct stat info;

  if (fstat (fd, &info) < 0)
    {
      set_open_error (error, name, name, errno);
      return NULL;
    }
  if (!check_is_file (&info, name, error))
    return NULL;

  if (offset < (guint64) info.st_size)
    file.size_bytes = info.st_size - offset;
  if (n_bytes > 0)
    file.size_bytes = MIN (file.size_bytes, n_bytes);
  if (file.size_bytes == 0)
    {
      xeno_set_error (error, XENO_ERROR_BAD_MEDIA, NULL,
                      _("The file “%s” is empty. Download it again."), name);
      return NULL;
    }

  return inspect (&file, facts, error) ? g_steal_pointer (&facts) : NULL;
}

/**
 * xeno_media_facts_read_fd:
 * @fd: an open file
 * @name: its name, safe to show
 * @error: %XENO_ERROR_BAD_MEDIA when no machine can be made from it
 *
 * Looks at an open file. Blocks for as long as its drive does, and never reads it to the end.
 *
 * Returns: (transfer full): what it is
 */
XenoMediaFacts *
xeno_media_facts_read_fd (int          fd,
                          const char  *name,
                          GError     **error)
{
  g_return_val_if_fail (name != NULL, NULL);

  return read_facts (fd, name, 0, 0, NULL, error);
}

/**
 * xeno_media_facts_read_part:
 * @fd: an open file
 * @name: the part's name, safe to show
 * @offset: where it begins
 * @n_bytes: how long it is
 * @error: %XENO_ERROR_BAD_MEDIA when no machine can be made from it
 *
 * Looks at a part of an open file, as xeno_media_facts_read_fd() does at all of it.
 *
 * Returns: (transfer full): what it is
 */
XenoMediaFacts *
xeno_media_facts_read_part (int          fd,
                            const char  *name,
                            guint64      offset,
                            guint64      n_bytes,
                            GError     **error)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (n_bytes > 0, NULL);

  return read_facts (fd, name, offset, n_bytes, NULL, error);
}

/**
 * xeno_media_facts_read:
 * @path: an absolute path
 * @error: %XENO_ERROR_BAD_MEDIA when no machine can be made from it, %XENO_ERROR_NOT_FOUND,
 *   %XENO_ERROR_NO_PERMISSION, or %XENO_ERROR_FAILED when it cannot be read
 *
 * Opens a file, if it is one, and looks at it. Blocks for as long as its drive does.
 *
 * Returns: (transfer full): what it is
 */
XenoMediaFacts *
xeno_media_facts_read (const char  *path,
                       GError     **error)
{
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  XenoMediaFacts *facts;
  struct stat info;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  base = g_path_get_basename (path);
  name = xeno_text_clean (base, -1, MAX_NAME_CHARS);
  if (!check_path (path, name, error))
    return NULL;

  /* Opening alone does things to some devices; what was looked at is checked again once it is open. */
  if (stat (path, &info) < 0)
    {
      set_open_error (error, path, name, errno);
      return NULL;
    }
  if (!check_is_file (&info, name, error))
    return NULL;

  fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    {
      set_open_error (error, path, name, errno);
      return NULL;
    }

  facts = read_facts (fd, name, 0, 0, path, error);
  close (fd);
  return facts;
}

/**
 * xeno_media_facts_free:
 * @facts: (transfer full): facts
 *
 * Frees them.
 */
void
xeno_media_facts_free (XenoMediaFacts *facts)
{
  if (facts == NULL)
    return;

  g_free (facts->volume_id);
  g_free (facts->system_id);
  g_free (facts->publisher_id);
  g_free (facts->application_id);
  g_clear_pointer (&facts->appliances, g_ptr_array_unref);
  g_clear_pointer (&facts->archive, xeno_archive_free);
  g_free (facts->cmdline);
  g_free (facts->warning);
  g_free (facts);
}

/*< private >
 * xeno_media_facts_copy:
 * @facts: facts
 *
 * Copies them; the machines that somebody exported are the same.
 *
 * Returns: (transfer full): the copy
 */
XenoMediaFacts *
xeno_media_facts_copy (const XenoMediaFacts *facts)
{
  XenoMediaFacts *copy = g_new (XenoMediaFacts, 1);

  *copy = *facts;
  copy->archive = NULL; /* one machine is all there is in one */
  copy->volume_id = g_strdup (facts->volume_id);
  copy->system_id = g_strdup (facts->system_id);
  copy->publisher_id = g_strdup (facts->publisher_id);
  copy->application_id = g_strdup (facts->application_id);
  copy->cmdline = g_strdup (facts->cmdline);
  copy->warning = g_strdup (facts->warning);
  if (facts->appliances != NULL)
    g_ptr_array_ref (facts->appliances);
  return copy;
}

/*< private >
 * xeno_media_facts_take_appliances:
 * @facts: facts
 * @appliances: (transfer full) (nullable) (element-type XenoAppliance): the machines that somebody exported
 *
 * Takes up what they say; the first one is meant.
 *
 * Returns: %TRUE if there is one
 */
gboolean
xeno_media_facts_take_appliances (XenoMediaFacts *facts,
                                  GPtrArray      *appliances)
{
  if (appliances == NULL)
    return FALSE;

  facts->appliances = appliances;
  xeno_media_facts_choose (facts, 0);
  return TRUE;
}

/*< private >
 * xeno_media_facts_choose:
 * @facts: facts of exported machines
 * @n: which one
 *
 * Says which of them is meant.
 */
void
xeno_media_facts_choose (XenoMediaFacts *facts,
                         guint           n)
{
  facts->appliance = g_ptr_array_index (facts->appliances, n);
  facts->capacity_bytes = xeno_appliance_get_capacity (facts->appliance);
  facts->boots_bios = !facts->appliance->ovf->is_uefi;
  facts->boots_uefi = TRUE;
}
