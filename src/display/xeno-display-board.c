/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changed of a frame, told through memory that both ends map, and a bell.
 *
 * A message on a bus would wake two threads at either end, and its answer as many again: for a small
 * change that is half of what it costs to show it. The bell is a socket and not an eventfd, because
 * whoever has the other end of an eventfd can make reading from it block. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "display/xeno-display-board.h"

struct _XenoDisplayBoard
{
  XenoDisplayBoardPage *page;
  int                   bell_fd;
  guint                 n_posted;
  guint                 n_rung;
  guint                 n_taken;
  guint                 n_painted;
};

static int
make_memory (void)
{
  int fd = memfd_create ("xenolith-board", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd >= 0 && ftruncate (fd, sizeof (XenoDisplayBoardPage)) == 0 &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
    return fd;

  if (fd >= 0)
    close (fd);
  return -1;
}

static void
ring (XenoDisplayBoard *self)
{
  /* It fails when nobody listens any more, which the bus tells. */
  if (send (self->bell_fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
    return;
}

/* How often it rang since; -1 when it never will again. */
static gssize
listen_to_bell (XenoDisplayBoard *self)
{
  char rings[16];
  gssize n = recv (self->bell_fd, rings, sizeof rings, MSG_DONTWAIT);

  if (n > 0)
    return n;

  return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static void
add_sane (XenoDamage          *damage,
          const XenoRectangle *rectangle)
{
  gint64 left = MAX (rectangle->x, 0);
  gint64 top = MAX (rectangle->y, 0);
  gint64 right = MIN ((gint64) rectangle->x + rectangle->width, XENO_DISPLAY_MAX_SIDE);
  gint64 bottom = MIN ((gint64) rectangle->y + rectangle->height, XENO_DISPLAY_MAX_SIDE);

  if (left < right && top < bottom)
    xeno_damage_add (damage, (XenoRectangle) { left, top, right - left, bottom - top });
}

/* The other end may write while this one reads: what is believed is a copy. */
static gboolean
take_update (XenoDisplayBoard *self,
             XenoDamage       *damage)
{
  XenoDamage update;

  memcpy (&update, &self->page->updates[self->n_taken % XENO_DISPLAY_MAX_UPDATES], sizeof update);
  if (update.n_rectangles > XENO_DISPLAY_MAX_RECTANGLES)
    return FALSE;

  for (guint i = 0; i < update.n_rectangles; i++)
    add_sane (damage, &update.rectangles[i]);
  self->n_taken++;
  return TRUE;
}

/**
 * xeno_display_board_new:
 * @memory_fd: (out): the other end's memory, which the caller owns
 * @bell_fd: (out): the other end's bell, which the caller owns
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Makes an empty board; what the other end is given is for xeno_display_board_new_for_fds().
 *
 * Returns: (transfer full) (nullable): this end, the console's
 */
XenoDisplayBoard *
xeno_display_board_new (int     *memory_fd,
                        int     *bell_fd,
                        GError **error)
{
  XenoDisplayBoard *self;
  int bells[2];

  g_return_val_if_fail (memory_fd != NULL && bell_fd != NULL, NULL);

  *memory_fd = make_memory ();
  if (*memory_fd < 0 || socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, bells) != 0)
    {
      int code = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
      if (*memory_fd >= 0)
        g_close (*memory_fd, NULL);
      return NULL;
    }

  self = xeno_display_board_new_for_fds (fcntl (*memory_fd, F_DUPFD_CLOEXEC, 0), bells[0], error);
  if (self == NULL)
    {
      g_close (*memory_fd, NULL);
      g_close (bells[1], NULL);
      return NULL;
    }

  *bell_fd = bells[1];
  return self;
}

/**
 * xeno_display_board_new_for_fds:
 * @memory_fd: (transfer full): the memory
 * @bell_fd: (transfer full): the bell
 * @error: (out) (optional): %G_IO_ERROR
 *
 * Returns: (transfer full) (nullable): the decoder's end of a board
 */
XenoDisplayBoard *
xeno_display_board_new_for_fds (int      memory_fd,
                                int      bell_fd,
                                GError **error)
{
  XenoDisplayBoard *self;
  gpointer page = mmap (NULL, sizeof (XenoDisplayBoardPage), PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
  int code = errno;

  if (memory_fd >= 0)
    g_close (memory_fd, NULL);
  if (page == MAP_FAILED)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
      if (bell_fd >= 0)
        g_close (bell_fd, NULL);
      return NULL;
    }

  self = g_new0 (XenoDisplayBoard, 1);
  self->page = page;
  self->bell_fd = bell_fd;
  return self;
}

/**
 * xeno_display_board_free:
 * @self: (transfer full): a board
 *
 * Leaves the other end alone.
 */
void
xeno_display_board_free (XenoDisplayBoard *self)
{
  g_return_if_fail (self != NULL);

  munmap (self->page, sizeof *self->page);
  g_close (self->bell_fd, NULL);
  g_free (self);
}

/**
 * xeno_display_board_get_bell:
 * @self: a board
 *
 * Returns: (transfer none): what becomes readable when the other end has done something
 */
int
xeno_display_board_get_bell (XenoDisplayBoard *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->bell_fd;
}

/**
 * xeno_display_board_take:
 * @self: a board
 * @damage: where to add what changed, cut to the largest frame there may be
 *
 * Reads what is new; to be called when the bell rings. A decoder that rings without an update, or
 * writes more of them than it may, lies.
 *
 * Returns: what there was
 */
XenoDisplayNews
xeno_display_board_take (XenoDisplayBoard *self,
                         XenoDamage       *damage)
{
  gssize n_rings;
  guint n_posted;

  g_return_val_if_fail (self != NULL && damage != NULL, XENO_DISPLAY_NEWS_NONE);

  n_rings = listen_to_bell (self);
  if (n_rings < 0)
    return XENO_DISPLAY_NEWS_CLOSED;

  n_posted = (guint) g_atomic_int_get (&self->page->n_posted);
  self->n_rung += n_rings;
  if (n_posted - self->n_painted > XENO_DISPLAY_MAX_UPDATES || (gint) (n_posted - self->n_rung) < 0 ||
      (gint) (n_posted - self->n_taken) < 0)
    return XENO_DISPLAY_NEWS_LIE;

  if (self->n_taken == n_posted)
    return XENO_DISPLAY_NEWS_NONE;

  while (self->n_taken != n_posted)
    if (!take_update (self, damage))
      return XENO_DISPLAY_NEWS_LIE;
  return XENO_DISPLAY_NEWS_DAMAGE;
}

/**
 * xeno_display_board_painted:
 * @self: a board
 *
 * Makes room for as many updates as were taken: all of them are on the screen.
 *
 * Returns: whether there were any
 */
gboolean
xeno_display_board_painted (XenoDisplayBoard *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->n_painted == self->n_taken)
    return FALSE;

  self->n_painted = self->n_taken;
  g_atomic_int_set (&self->page->n_painted, self->n_painted);
  if (g_atomic_int_compare_and_exchange (&self->page->is_awaited, TRUE, FALSE))
    ring (self);
  return TRUE;
}

/**
 * xeno_display_board_has_room:
 * @self: a board
 *
 * Returns: whether xeno_display_board_post() may be called
 */
gboolean
xeno_display_board_has_room (XenoDisplayBoard *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_posted - (guint) g_atomic_int_get (&self->page->n_painted) < XENO_DISPLAY_MAX_UPDATES;
}

/**
 * xeno_display_board_await_room:
 * @self: a board
 *
 * Has the bell ring when there is room.
 *
 * Returns: whether there is already
 */
gboolean
xeno_display_board_await_room (XenoDisplayBoard *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  g_atomic_int_set (&self->page->is_awaited, TRUE);
  return xeno_display_board_has_room (self);
}

/**
 * xeno_display_board_post:
 * @self: a board with room
 * @damage: what changed
 *
 * Tells the console.
 */
void
xeno_display_board_post (XenoDisplayBoard *self,
                         const XenoDamage *damage)
{
  g_return_if_fail (self != NULL && damage != NULL);
  g_return_if_fail (xeno_display_board_has_room (self));

  self->page->updates[self->n_posted % XENO_DISPLAY_MAX_UPDATES] = *damage;
  self->n_posted++;
  g_atomic_int_set (&self->page->n_posted, self->n_posted);
  ring (self);
}

/**
 * xeno_display_board_hush:
 * @self: a board
 *
 * Answers the bell, in the decoder: what it rang for is asked of xeno_display_board_has_room().
 *
 * Returns: whether it will ever ring again
 */
gboolean
xeno_display_board_hush (XenoDisplayBoard *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return listen_to_bell (self) >= 0;
}
