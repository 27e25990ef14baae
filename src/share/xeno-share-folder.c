/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one folder that is shared: every path is looked up beneath its descriptor, by the kernel. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "share/xeno-share-folder.h"

/* What is written has this name until it is whole. */
#define UPLOAD_PREFIX ".xenolith-upload-"

#define MAX_PATH 4096

/* A folder in a folder in a folder: each level keeps a descriptor while it is removed. */
#define MAX_DEPTH 64

/* Of a file that is copied, as much goes on before somebody else has a turn. */
#define COPY_BLOCK (1 << 20)

/* An upload that was written to so long ago is one that was killed. */
#define STALE_SECONDS (24 * 60 * 60)

/* What a guest leaves of a disk for the host, but of a small one no more than this share. */
#define KEPT_BYTES (G_GUINT64_CONSTANT (256) << 20)
#define KEPT_SHARE 16

/* What is written before it is asked for again whether there is room. */
#define CHECKED_BYTES (4 << 20)

struct _XenoShareUpload
{
  int    parent;
  int    fd;
  char  *name;
  char  *temporary; /* NULL when there is none any more */
  gsize  unchecked; /* may still be written before there is another look at the disk */
  int    failed;    /* why nothing more is written */
};

/* How often a path is looked up that somebody renames meanwhile. */
#define MAX_TRIES 8

/* A link may lead elsewhere in the folder, and never out of it. */
static int
open_beneath (int         folder,
              const char *path,
              int         flags,
              mode_t      mode,
              guint64     resolve)
{
  const struct open_how how = {
    .flags = flags | O_CLOEXEC,
    .mode = mode,
    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | resolve,
  };

  int fd = -1;

  for (guint i = 0; fd < 0 && i < MAX_TRIES && (i == 0 || errno == EAGAIN); i++)
    fd = syscall (SYS_openat2, folder, *path != '\0' ? path : ".", &how, sizeof how);
  return fd;
}

/* The C library's own takes the older call, which is sealed off, where it can. */
static int
rename_at (int         old_parent,
           const char *old_name,
           int         new_parent,
           const char *new_name,
           guint       flags)
{
  return syscall (SYS_renameat2, old_parent, old_name, new_parent, new_name, flags) == 0 ? 0 : errno;
}

/* "/a/b/" becomes "a/b"; of the folder itself nothing is left. */
static char *
dup_relative (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0' && !g_str_equal (parts[i], "."))
      g_ptr_array_add (kept, parts[i]);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **) kept->pdata);
}

/* The folder a path is in, and its name there. A name that stands for the shared folder has none. */
static int
open_parent (int          folder,
             const char  *path,
             int         *parent,
             char       **name)
{
  g_autofree char *relative = dup_relative (path);
  char *slash = strrchr (relative, '/');

  if (*relative == '\0')
    return EPERM;

  *name = g_strdup (slash != NULL ? slash + 1 : relative);
  if (slash != NULL)
    *slash = '\0';
  *parent = open_beneath (folder, slash != NULL ? relative : "", O_PATH | O_DIRECTORY, 0, 0);
  if (*parent >= 0)
    return 0;

  g_clear_pointer (name, g_free);
  return errno;
}

/**
 * xeno_share_is_path:
 * @path: what a request names
 *
 * Returns: whether it can be a path in the folder
 */
gboolean
xeno_share_is_path (const char *path)
{
  g_auto (GStrv) parts = NULL;

  if (path == NULL || *path != '/' || strlen (path) >= MAX_PATH)
    return FALSE;

  parts = g_strsplit (path, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_equal (parts[i], "..") || strlen (parts[i]) > NAME_MAX ||
        g_str_has_prefix (parts[i], UPLOAD_PREFIX))
      return FALSE;
  return TRUE;
}

/**
 * xeno_share_open:
 * @folder: the shared folder
 * @path: a path in it
 * @fd: (out): the file, open for reading
 * @info: (out): what it is
 *
 * Opens a file. What is none, a device or a pipe for example, is refused.
 *
 * Returns: 0, or why not, as in errno
 */
int
xeno_share_open (int          folder,
                 const char  *path,
                 int         *fd,
                 struct stat *info)
{
  g_autofree char *relative = dup_relative (path);
  int opened = xeno_share_look (folder, path, info);

  if (opened != 0)
    return opened;
  if (!S_ISREG (info->st_mode))
    return S_ISDIR (info->st_mode) ? EISDIR : EACCES;

  *fd = open_beneath (folder, relative, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, 0);
  if (*fd < 0)
    return errno;
  if (fstat (*fd, info) == 0 && S_ISREG (info->st_mode))
    return 0;

  close (*fd);
  return EACCES;
}

/**
 * xeno_share_look:
 * @folder: the shared folder
 * @path: a path in it
 * @info: (out): what is there
 *
 * Returns: 0, or why nothing is known, as in errno
 */
int
xeno_share_look (int          folder,
                 const char  *path,
                 struct stat *info)
{
  g_autofree char *relative = dup_relative (path);
  int fd = open_beneath (folder, relative, O_PATH, 0, 0);
  int failed = fd < 0 || fstat (fd, info) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  return failed;
}

static void
clear_entry (gpointer data)
{
  g_free (((XenoShareEntry *) data)->name);
}

static void
remove_stale (int         parent,
              const char *name)
{
  struct stat info;

  if (fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_mtime < time (NULL) - STALE_SECONDS)
    unlinkat (parent, name, 0);
}

/* Only files and folders, and links to some in the shared folder. */
static void
append_entry (GArray     *entries,
              int         folder,
              const char *path,
              const char *name)
{
  g_autofree char *child = g_strconcat (path, "/", name, NULL);
  XenoShareEntry entry = { 0 };

  if (xeno_share_look (folder, child, &entry.info) != 0 ||
      (!S_ISREG (entry.info.st_mode) && !S_ISDIR (entry.info.st_mode)))
    return;

  entry.name = g_strdup (name);
  g_array_append_val (entries, entry);
}

/**
 * xeno_share_list:
 * @folder: the shared folder
 * @path: a folder in it
 * @is_writable: whether what an upload left that was killed is removed
 * @entries: (out) (transfer full) (element-type XenoShareEntry): what is there
 *
 * Returns: 0, or why nothing is known, as in errno; %EOVERFLOW: there is too much
 */
int
xeno_share_list (int          folder,
                 const char  *path,
                 gboolean     is_writable,
                 GArray     **entries)
{
  g_autofree char *relative = dup_relative (path);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (XenoShareEntry));
  int fd = open_beneath (folder, relative, O_RDONLY | O_DIRECTORY, 0, 0);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      const int failed = errno;

      if (fd >= 0)
        close (fd);
      return failed;
    }

  g_array_set_clear_func (found, clear_entry);
  while ((entry = readdir (dir)) != NULL && found->len < XENO_SHARE_MAX_ENTRIES)
    if (g_str_has_prefix (entry->d_name, UPLOAD_PREFIX))
      {
        if (is_writable)
          remove_stale (dirfd (dir), entry->d_name);
      }
    else if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      append_entry (found, folder, path, entry->d_name);
  closedir (dir);
  if (found->len >= XENO_SHARE_MAX_ENTRIES)
    return EOVERFLOW;

  *entries = g_steal_pointer (&found);
  return 0;
}

/**
 * xeno_share_make_folder:
 * @folder: the shared folder
 * @path: a path in it
 *
 * Returns: 0, or why there is no folder, as in errno
 */
int
xeno_share_make_folder (int         folder,
                        const char *path)
{
  g_autofree char *name = NULL;
  int parent;
  int failed = open_parent (folder, path, &parent, &name);

  if (failed != 0)
    return failed == EPERM ? EEXIST : failed;

  failed = mkdirat (parent, name, 0777) == 0 ? 0 : errno;
  close (parent);
  return failed;
}

static int remove_at (int         parent,
                      const char *name,
                      guint       depth);

static int
remove_content (int   fd,
                guint depth)
{
  DIR *dir = fdopendir (fd);
  struct dirent *entry;
  int failed = 0;

  if (dir == NULL)
    {
      failed = errno;
      close (fd);
      return failed;
    }

  while (failed == 0 && (entry = readdir (dir)) != NULL)
    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      failed = remove_at (dirfd (dir), entry->d_name, depth + 1);
  closedir (dir);
  return failed;
}

/* Of a link the link is removed. */
static int
remove_at (int         parent,
           const char *name,
           guint       depth)
{
  int fd, failed;

  if (unlinkat (parent, name, 0) == 0)
    return 0;
  if (errno != EISDIR)
    return errno;
  if (depth >= MAX_DEPTH)
    return ELOOP;

  fd = open_beneath (parent, name, O_RDONLY | O_DIRECTORY, 0, RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
  failed = fd >= 0 ? remove_content (fd, depth) : errno;
  if (failed != 0)
    return failed;
  return unlinkat (parent, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

/**
 * xeno_share_remove:
 * @folder: the shared folder
 * @path: a path in it
 *
 * Removes a file, or a folder with all that is in it.
 *
 * Returns: 0, or why some of it is left, as in errno
 */
int
xeno_share_remove (int         folder,
                   const char *path)
{
  g_autofree char *name = NULL;
  int parent;
  int failed = open_parent (folder, path, &parent, &name);

  if (failed != 0)
    return failed;

  failed = remove_at (parent, name, 0);
  close (parent);
  return failed;
}

/* Not every file system knows how to rename and replace nothing. */
static int
rename_to_new (int         old_parent,
               const char *old_name,
               int         new_parent,
               const char *new_name)
{
  int failed = rename_at (old_parent, old_name, new_parent, new_name, RENAME_NOREPLACE);
  struct stat info;

  if (failed != EINVAL)
    return failed;
  if (fstatat (new_parent, new_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
    return EEXIST;
  return errno == ENOENT ? rename_at (old_parent, old_name, new_parent, new_name, 0) : errno;
}

/* A file takes the place of a file in one step. With a folder, the two change places, and what was to give
 * way is removed only then: whatever goes wrong on the way, either is still there. */
static int
rename_over (int         old_parent,
             const char *old_name,
             int         new_parent,
             const char *new_name)
{
  int failed = rename_at (old_parent, old_name, new_parent, new_name, 0);

  if (failed != EISDIR && failed != ENOTDIR && failed != ENOTEMPTY && failed != EEXIST)
    return failed;

  failed = rename_at (old_parent, old_name, new_parent, new_name, RENAME_EXCHANGE);
  return failed == 0 ? remove_at (old_parent, old_name, 0) : failed;
}

/**
 * xeno_share_move:
 * @folder: the shared folder
 * @from: a path in it
 * @to: a path in it
 * @overwrites: whether what is at @to gives way
 *
 * Returns: 0, or why it was not moved, as in errno
 */
int
xeno_share_move (int         folder,
                 const char *from,
                 const char *to,
                 gboolean    overwrites)
{
  g_autofree char *old_name = NULL, *new_name = NULL;
  int old_parent, new_parent;
  int failed = open_parent (folder, from, &old_parent, &old_name);

  if (failed != 0)
    return failed;

  failed = open_parent (folder, to, &new_parent, &new_name);
  if (failed == 0)
    {
      failed = overwrites ? rename_over (old_parent, old_name, new_parent, new_name)
                          : rename_to_new (old_parent, old_name, new_parent, new_name);
      close (new_parent);
    }
  close (old_parent);
  return failed;
}

/* What it takes the place of says who may read it, and where there was nothing the person's own mask does. */
static int
open_new (int         parent,
          const char *name,
          const char *temporary)
{
  const mode_t mask = umask (0);
  struct stat info;
  gboolean is_there = fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (info.st_mode);
  int fd = open_beneath (parent, temporary, O_WRONLY | O_CREAT | O_EXCL,
                         is_there ? info.st_mode & 0777 : 0666 & ~mask, RESOLVE_NO_SYMLINKS);

  umask (mask);
  return fd;
}

/**
 * xeno_share_upload_begin:
 * @folder: the shared folder
 * @path: a path in it
 * @upload: (out) (transfer full): the file
 *
 * Begins to write a file. What is at @path stays until the new one is whole.
 *
 * Returns: 0, or why not, as in errno
 */
int
xeno_share_upload_begin (int               folder,
                         const char       *path,
                         XenoShareUpload **upload)
{
  g_autoptr (XenoShareUpload) self = g_new0 (XenoShareUpload, 1);
  g_autofree char *uuid = g_uuid_string_random ();
  struct stat info;
  int failed;

  self->parent = self->fd = -1;
  if (xeno_share_look (folder, path, &info) == 0 && !S_ISREG (info.st_mode))
    return EISDIR;

  failed = open_parent (folder, path, &self->parent, &self->name);
  if (failed != 0)
    return failed;

  self->temporary = g_strconcat (UPLOAD_PREFIX, uuid, NULL);
  self->fd = open_new (self->parent, self->name, self->temporary);
  if (self->fd < 0)
    {
      failed = errno;
      g_clear_pointer (&self->temporary, g_free);
      return failed;
    }

  *upload = g_steal_pointer (&self);
  return 0;
}

/**
 * xeno_share_find_room:
 * @fd: a file or folder
 * @room: (out): what may still be written beside it, in bytes
 *
 * Returns: whether it is known
 */
gboolean
xeno_share_find_room (int      fd,
                      guint64 *room)
{
  struct statvfs disk;
  guint64 available, kept;

  if (fstatvfs (fd, &disk) != 0)
    return FALSE;

  available = (guint64) disk.f_bavail * disk.f_frsize;
  kept = MIN (KEPT_BYTES, (guint64) disk.f_blocks * disk.f_frsize / KEPT_SHARE);
  *room = available > kept ? available - kept : 0;
  return TRUE;
}

static int
write_all (XenoShareUpload *upload,
           const char      *data,
           gsize            size)
{
  guint64 room;

  if (upload->unchecked < size && xeno_share_find_room (upload->fd, &room) && room < CHECKED_BYTES)
    return ENOSPC;

  upload->unchecked = upload->unchecked < size ? CHECKED_BYTES : upload->unchecked - size;
  while (size > 0)
    {
      gssize written = write (upload->fd, data, size);

      if (written < 0 && errno != EINTR)
        return errno;
      data += MAX (written, 0);
      size -= MAX (written, 0);
    }
  return 0;
}

/**
 * xeno_share_upload_write:
 * @upload: a file
 * @data: what comes next in it
 * @size: in bytes
 *
 * What cannot be written any more is left out; xeno_share_upload_finish() says why.
 */
void
xeno_share_upload_write (XenoShareUpload *upload,
                         const void      *data,
                         gsize            size)
{
  if (upload->failed == 0)
    upload->failed = write_all (upload, data, size);
}

/**
 * xeno_share_upload_copy:
 * @upload: a file
 * @fd: another one
 *
 * Writes what comes next in another file.
 *
 * Returns: whether there may be more of it
 */
gboolean
xeno_share_upload_copy (XenoShareUpload *upload,
                        int              fd)
{
  g_autofree char *block = g_malloc (COPY_BLOCK);
  gssize size = read (fd, block, COPY_BLOCK);

  if (size > 0)
    xeno_share_upload_write (upload, block, size);
  else if (size < 0)
    upload->failed = errno;
  return size > 0 && upload->failed == 0;
}

/**
 * xeno_share_upload_finish:
 * @upload: a file that is whole
 * @overwrites: whether a file that is there gives way
 *
 * Gives it its name.
 *
 * Returns: 0, or why it has not got it, as in errno
 */
int
xeno_share_upload_finish (XenoShareUpload *upload,
                          gboolean         overwrites)
{
  /* Over a network it is only now said whether all of it was written. */
  int failed = close (g_steal_fd (&upload->fd)) == 0 ? upload->failed : errno;

  if (failed == 0 && overwrites)
    failed = rename_at (upload->parent, upload->temporary, upload->parent, upload->name, 0);
  else if (failed == 0)
    failed = rename_to_new (upload->parent, upload->temporary, upload->parent, upload->name);
  if (failed == 0)
    g_clear_pointer (&upload->temporary, g_free);
  return failed;
}

/**
 * xeno_share_upload_free:
 * @upload: (transfer full): a file
 *
 * Ends writing. Of a file that was not whole nothing is left.
 */
void
xeno_share_upload_free (XenoShareUpload *upload)
{
  if (upload->temporary != NULL)
    unlinkat (upload->parent, upload->temporary, 0);
  if (upload->fd >= 0)
    close (upload->fd);
  if (upload->parent >= 0)
    close (upload->parent);
  g_free (upload->name);
  g_free (upload->temporary);
  g_free (upload);
}
