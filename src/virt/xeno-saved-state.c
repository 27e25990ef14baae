/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a machine in a file of ours, for many machines to go on from. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "virt/xeno-machine-call.h"
#include "virt/xeno-saved-state-private.h"
#include "virt/xeno-virt-error.h"

/* What libvirt writes before the memory: this, then the document of the machine and perhaps a cookie,
 * both ending in a zero. It has been so since libvirt 0.5, in the byte order of the host. */
#define MAGIC "LibvirtQemudSave"
#define VERSION 2
#define N_UNUSED 14

/* Other files are not of ours: documents of machines are some kB. */
#define MAX_DOCUMENT_BYTES (4 << 20)

#define PIECE_BYTES (1 << 20)

/* Between two looks whether the last piece was read. */
#define DRAIN_MS 10

typedef struct
{
  char    magic[sizeof MAGIC - 1];
  guint32 version;
  guint32 data_bytes;
  guint32 was_running;
  guint32 compression;
  guint32 cookie_offset;  /* from where the document begins; 0 without one */
  guint32 unused[N_UNUSED];
} Header;

G_STATIC_ASSERT (sizeof (Header) == 92);

static gboolean
read_all (int    fd,
          void  *buffer,
          gsize  n_bytes)
{
  guint8 *bytes = buffer;

  while (n_bytes > 0)
    {
      gssize n = read (fd, bytes, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      bytes += n;
      n_bytes -= n;
    }
  return TRUE;
}

/* Leaves @fd where the memory begins. */
static char *
read_head (int      fd,
           Header  *header)
{
  g_autofree char *data = NULL;

  if (!read_all (fd, header, sizeof *header) || memcmp (header->magic, MAGIC, sizeof header->magic) != 0
      || header->version != VERSION || header->compression != 0
      || header->data_bytes == 0 || header->data_bytes > MAX_DOCUMENT_BYTES
      || header->cookie_offset >= header->data_bytes)
    return NULL;

  data = g_malloc0 (header->data_bytes + 1);
  return read_all (fd, data, header->data_bytes) ? g_steal_pointer (&data) : NULL;
}

static int
open_state (const char  *path,
            Header      *header,
            char       **data,
            GError     **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    {
      xeno_set_error (error, errno == ENOENT ? XENO_ERROR_NOT_FOUND : XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                      _("The memory it would go on from cannot be read."));
      return -1;
    }

  *data = read_head (fd, header);
  if (*data != NULL)
    return fd;

  close (fd);
  xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                  _("The memory it would go on from is written in a way that is not known here."));
  return -1;
}

/**
 * xeno_saved_state_read:
 * @path: what xeno_saved_state_make_async() wrote
 * @error: why it is of no use
 *
 * Reads the document of the machine that was saved. It blocks.
 *
 * Returns: (transfer full) (nullable): the document, with its secrets
 */
XenoSpec *
xeno_saved_state_read (const char  *path,
                       GError     **error)
{
  g_autofree char *data = NULL;
  Header header;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open_state (path, &header, &data, error);
  if (fd < 0)
    return NULL;

  close (fd);
  return xeno_spec_new_from_xml (data, error);
}

/* What flows to libvirt, on a thread of its own. */
typedef struct
{
  int           from;   /* stands where the memory begins */
  int           pipe;   /* both ends: nobody who opens it waits, and no signal comes when nobody reads */
  GByteArray   *head;
  GCancellable *over;   /* libvirt has answered */
} Feed;

static gssize
feed_piece (Feed  *feed,
            gsize *n_written)
{
  gssize n;

  if (*n_written == feed->head->len)
    return splice (feed->from, NULL, feed->pipe, NULL, PIECE_BYTES, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

  n = write (feed->pipe, feed->head->data + *n_written, feed->head->len - *n_written);
  if (n > 0)
    *n_written += n;
  return n;
}

/* What is written is lost unless somebody has the other end, so this end stays open until all is read.
 * Nothing wakes who waits for that. */
static void
await_reader (Feed    *feed,
              GPollFD *over)
{
  int n_left = 1;

  while (n_left > 0 && ioctl (feed->pipe, FIONREAD, &n_left) == 0 && n_left > 0
         && !g_cancellable_is_cancelled (feed->over))
    g_poll (over, 1, DRAIN_MS);
}

/* When all is said the pipe is closed, also where the file ends too early or cannot be read: libvirt
 * does not wait for what never comes. */
static gpointer
feed (gpointer data)
{
  Feed *feed = data;
  GPollFD fds[] = { { feed->pipe, G_IO_OUT, 0 }, { -1, 0, 0 } };
  gsize n_written = 0;
  gssize n = 1;

  if (!g_cancellable_make_pollfd (feed->over, &fds[1]))
    n = -1;
  while (n > 0 && !g_cancellable_is_cancelled (feed->over))
    {
      g_poll (fds, G_N_ELEMENTS (fds), -1);
      n = feed_piece (feed, &n_written);
      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        n = 1;
    }
  if (n == 0)
    await_reader (feed, &fds[1]);
  close (feed->pipe);
  g_cancellable_release_fd (feed->over);
  return NULL;
}

static GByteArray *
make_head (const Header *old,
           const char   *old_data,
           const char   *xml)
{
  GByteArray *head = g_byte_array_new ();
  Header header = *old;
  gsize xml_bytes = strlen (xml) + 1;
  const char *cookie = old->cookie_offset > 0 ? old_data + old->cookie_offset : NULL;
  gsize cookie_bytes = cookie != NULL ? strlen (cookie) + 1 : 0;

  header.data_bytes = xml_bytes + cookie_bytes;
  header.cookie_offset = cookie != NULL ? xml_bytes : 0;
  g_byte_array_append (head, (const guint8 *) &header, sizeof header);
  g_byte_array_append (head, (const guint8 *) xml, xml_bytes);
  if (cookie != NULL)
    g_byte_array_append (head, (const guint8 *) cookie, cookie_bytes);
  return head;
}

static int
open_pipe (const char  *path,
           GError     **error)
{
  int fd = -1;

  if (mkfifo (path, 0600) == 0)
    fd = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    xeno_set_error (error, XENO_ERROR_NO_PERMISSION, g_strerror (errno),
                    _("The memory it would go on from cannot be handed to libvirt."));
  return fd;
}

/*< private >
 * xeno_saved_state_restore:
 * @handle: a connection to this computer
 * @path: what xeno_saved_state_make_async() wrote
 * @pipe_path: where a pipe can be, for as long as this takes
 * @xml: the document of the machine that goes on from it
 * @error: why it does not
 *
 * Starts a machine that goes on where another one was saved. libvirt lets a saved machine neither change
 * its name nor its UUID, so it reads another document before the same memory, through a pipe; the file
 * stays as it is, and as many machines as are wanted go on from it. That the devices of the document are
 * those of the memory is up to the caller.
 *
 * Returns: whether it runs
 */
gboolean
xeno_saved_state_restore (virConnectPtr   handle,
                          const char     *path,
                          const char     *pipe_path,
                          const char     *xml,
                          GError        **error)
{
  g_autoptr (GByteArray) head = NULL;
  g_autoptr (GCancellable) over = NULL;
  g_autofree char *data = NULL;
  Feed job = { -1, -1 };
  GThread *thread;
  Header header;
  gboolean runs;

  job.from = open_state (path, &header, &data, error);
  if (job.from < 0)
    return FALSE;

  job.pipe = open_pipe (pipe_path, error);
  if (job.pipe < 0)
    {
      close (job.from);
      return FALSE;
    }

  over = g_cancellable_new ();
  head = make_head (&header, data, xml);
  job.head = head;
  job.over = over;
  thread = g_thread_new ("xeno-memory", feed, &job);
  runs = virDomainRestoreFlags (handle, pipe_path, NULL, VIR_DOMAIN_SAVE_RUNNING) == 0;
  if (!runs)
    xeno_virt_set_error (error, _("libvirt does not go on from the memory that was saved."));
  g_cancellable_cancel (over);
  g_thread_join (thread);
  close (job.from);
  g_unlink (pipe_path);
  return runs;
}

static gpointer
save (virDomainPtr   domain,
      const char    *title,
      gpointer       data,
      GError       **error)
{
  if (virDomainSaveFlags (domain, data, NULL, VIR_DOMAIN_SAVE_RUNNING) == 0)
    return GINT_TO_POINTER (TRUE);

  xeno_virt_set_error (error, _("The memory of “%s” could not be saved."), title);
  return NULL;
}

/**
 * xeno_saved_state_make_async:
 * @machine: a machine that runs
 * @path: a file, which only its owner may read
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when it is saved
 * @user_data: passed to @callback
 *
 * Writes the memory of a machine to a file and stops it. A machine that libvirt does not keep is gone
 * then.
 */
void
xeno_saved_state_make_async (XenoMachine         *machine,
                             const char          *path,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (path != NULL);

  task = g_task_new (machine, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_saved_state_make_async);
  xeno_machine_call (machine, XENO_CALL_MACHINE, XENO_SAVE_CALL_MS, task, save, g_strdup (path), g_free, NULL);
}

/**
 * xeno_saved_state_make_finish:
 * @machine: a machine
 * @result: what the callback got
 * @error: where to say why it was not saved
 *
 * Finishes xeno_saved_state_make_async().
 *
 * Returns: whether it was saved
 */
gboolean
xeno_saved_state_make_finish (XenoMachine   *machine,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, machine), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
