/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's reader and who has a card for it say to each other. */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "card/xeno-card-link.h"

/* The protocol is the one of QEMU's ccid-card-passthru: a header of three words, big-endian, for the kind of
 * message, the reader, and how many bytes follow. There is one reader. */
#define HEADER_BYTES 12
#define READER 0
#define NO_READER 0xffffffff

#define MAGIC "VSCD"
#define VERSION 2
#define MIN_GREETING 12
#define MAX_GREETING 64
#define CODE_BYTES 4
#define FAILED 1

/* QEMU closes the port for good when a message, with what may come before it, is larger than its memory for it. */
#define MAX_ANSWER 65000

/* A command begins with four bytes that say what it is. */
#define MIN_COMMAND 4

/* How long the guest has to hear that the card is gone. */
#define LEAVE_MS 300

typedef enum
{
  KIND_GREETING = 1,
  KIND_CODE,
  KIND_READER_ADDED,
  KIND_READER_REMOVED,
  KIND_CARD_INSERTED,
  KIND_CARD_REMOVED,
  KIND_CARD_DATA,
  KIND_FLUSH,
  KIND_FLUSHED,
} Kind;

struct _XenoCardLink
{
  int               fd;
  XenoCardTransmit  transmit;
  GSourceOnceFunc   ended;
  gpointer          user_data;
  GByteArray       *out;
  gsize             n_in;
  guint             read_id;
  guint             write_id;
  guint8            in[HEADER_BYTES + XENO_CARD_MAX_MESSAGE];
  guint8            answer[XENO_CARD_MAX_MESSAGE];
};

static void watch (XenoCardLink *self);

static void
end (XenoCardLink *self)
{
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  self->ended (self->user_data);
}

static guint32
get_word (const guint8 *bytes)
{
  guint32 word;

  memcpy (&word, bytes, sizeof word);
  return GUINT32_FROM_BE (word);
}

static void
append_word (GByteArray *bytes,
             guint32     word)
{
  const guint32 be_word = GUINT32_TO_BE (word);

  g_byte_array_append (bytes, (const guint8 *) &be_word, sizeof be_word);
}

/* As much as goes. Returns: whether somebody is there */
static gboolean
push (XenoCardLink *self)
{
  gssize size = self->out->len > 0
                ? send (self->fd, self->out->data, self->out->len, MSG_DONTWAIT | MSG_NOSIGNAL)
                : 0;

  if (size < 0)
    return errno == EAGAIN || errno == EINTR;
  g_byte_array_remove_range (self->out, 0, size);
  return TRUE;
}

/* In one piece as far as possible, so that the guest's end never has half of a message when this one goes. */
static void
tell (XenoCardLink *self,
      Kind          kind,
      guint32       reader,
      const guint8 *data,
      gsize         size)
{
  append_word (self->out, kind);
  append_word (self->out, reader);
  append_word (self->out, size);
  g_byte_array_append (self->out, data, size);
}

static void
greet (XenoCardLink *self)
{
  g_autoptr (GByteArray) greeting = g_byte_array_new ();

  g_byte_array_append (greeting, (const guint8 *) MAGIC, strlen (MAGIC));
  append_word (greeting, VERSION);
  append_word (greeting, 0); /* no further abilities */
  tell (self, KIND_GREETING, NO_READER, greeting->data, greeting->len);
}

static void
tell_code (XenoCardLink *self,
           guint32       code)
{
  const guint32 be_code = GUINT32_TO_BE (code);

  tell (self, KIND_CODE, READER, (const guint8 *) &be_code, sizeof be_code);
}

static void
take_command (XenoCardLink *self,
              const guint8 *command,
              gsize         size)
{
  gssize answer_size = size >= MIN_COMMAND ? self->transmit (command, size, self->answer, self->user_data) : -1;

  if (answer_size >= 0 && answer_size <= MAX_ANSWER)
    tell (self, KIND_CARD_DATA, READER, self->answer, answer_size);
  else
    tell_code (self, FAILED);
}

/* Returns: whether a guest's reader says so */
static gboolean
is_sane (guint32 kind,
         guint32 reader,
         guint32 size)
{
  switch (kind)
    {
    case KIND_GREETING:
      return size >= MIN_GREETING && size <= MAX_GREETING;

    case KIND_CODE:
      return size == CODE_BYTES;

    case KIND_CARD_DATA:
      return reader == READER && size <= XENO_CARD_MAX_MESSAGE;

    case KIND_FLUSH:
      return size == 0;

    default:
      return FALSE;
    }
}

static gboolean
take (XenoCardLink *self,
      guint32       kind,
      const guint8 *data,
      gsize         size)
{
  if (kind == KIND_GREETING)
    return memcmp (data, MAGIC, strlen (MAGIC)) == 0;

  if (kind == KIND_CARD_DATA)
    take_command (self, data, size);
  else if (kind == KIND_FLUSH)
    tell (self, KIND_FLUSHED, READER, NULL, 0);
  return TRUE;
}

/* One command at a time, and none while the answer to the one before is still here.
 *
 * Returns: whether the other end is what it should be */
static gboolean
take_messages (XenoCardLink *self)
{
  while (self->n_in >= HEADER_BYTES && self->out->len == 0)
    {
      const guint32 kind = get_word (self->in);
      const guint32 size = get_word (self->in + 8);

      if (!is_sane (kind, get_word (self->in + 4), size))
        return FALSE;
      if (self->n_in < HEADER_BYTES + size)
        break;
      if (!take (self, kind, self->in + HEADER_BYTES, size) || !push (self))
        return FALSE;

      self->n_in -= HEADER_BYTES + size;
      memmove (self->in, self->in + HEADER_BYTES + size, self->n_in);
    }
  return TRUE;
}

static gboolean
read_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  XenoCardLink *self = user_data;
  gssize size = recv (fd, self->in + self->n_in, sizeof self->in - self->n_in, MSG_DONTWAIT);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  self->n_in += MAX (size, 0);
  if (size <= 0 || !take_messages (self))
    {
      self->read_id = 0;
      end (self);
      return G_SOURCE_REMOVE;
    }

  if (self->out->len == 0)
    return G_SOURCE_CONTINUE;

  self->read_id = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static gboolean
write_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  XenoCardLink *self = user_data;

  if (push (self) && take_messages (self))
    {
      if (self->out->len > 0)
        return G_SOURCE_CONTINUE;
      self->write_id = 0;
      watch (self);
      return G_SOURCE_REMOVE;
    }

  self->write_id = 0;
  end (self);
  return G_SOURCE_REMOVE;
}

/* While something has to go out nothing is read. */
static void
watch (XenoCardLink *self)
{
  if (self->out->len > 0)
    {
      g_clear_handle_id (&self->read_id, g_source_remove);
      if (self->write_id == 0)
        self->write_id = g_unix_fd_add (self->fd, G_IO_OUT, write_cb, self);
    }
  else if (self->read_id == 0)
    {
      self->read_id = g_unix_fd_add (self->fd, G_IO_IN, read_cb, self);
    }
}

/* Of somebody who has gone the next reading tells. */
static void
flush (XenoCardLink *self)
{
  push (self);
  watch (self);
}

/**
 * xeno_card_link_new:
 * @fd: the guest's end; it stays open
 * @transmit: has the card work
 * @ended: called once nobody is at the other end, or somebody who makes no sense
 * @user_data: for both
 *
 * Whatever was in the guest's reader before is not any more.
 *
 * Returns: (transfer full): what speaks with the guest's reader
 */
XenoCardLink *
xeno_card_link_new (int               fd,
                    XenoCardTransmit  transmit,
                    GSourceOnceFunc   ended,
                    gpointer          user_data)
{
  static const guint8 name[] = "Xenolith";
  XenoCardLink *self;

  g_return_val_if_fail (fd >= 0, NULL);
  g_return_val_if_fail (transmit != NULL && ended != NULL, NULL);

  self = g_new0 (XenoCardLink, 1);
  self->fd = fd;
  self->transmit = transmit;
  self->ended = ended;
  self->user_data = user_data;
  self->out = g_byte_array_new ();
  greet (self);
  tell (self, KIND_READER_ADDED, NO_READER, name, sizeof name);
  tell (self, KIND_CARD_REMOVED, READER, NULL, 0);
  flush (self);
  return self;
}

/**
 * xeno_card_link_free:
 * @self: (transfer full): what spoke with the guest's reader
 */
void
xeno_card_link_free (XenoCardLink *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_byte_array_unref (self->out);
  g_free (self);
}

/**
 * xeno_card_link_insert:
 * @self: a link
 * @atr: (array length=size): what the card says when it is reset
 * @size: how many bytes that is
 *
 * The guest's reader has a card.
 */
void
xeno_card_link_insert (XenoCardLink *self,
                       const guint8 *atr,
                       gsize         size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (atr != NULL);

  tell (self, KIND_CARD_INSERTED, READER, atr, size);
  flush (self);
}

/**
 * xeno_card_link_remove:
 * @self: a link
 *
 * The guest's reader has no card any more.
 */
void
xeno_card_link_remove (XenoCardLink *self)
{
  g_return_if_fail (self != NULL);

  tell (self, KIND_CARD_REMOVED, READER, NULL, 0);
  flush (self);
}

/**
 * xeno_card_link_leave:
 * @self: a link
 *
 * Takes the card out of the guest's reader, and waits a moment for that to go out: QEMU leaves in the reader
 * what nobody has taken out.
 */
void
xeno_card_link_leave (XenoCardLink *self)
{
  const gint64 deadline_us = g_get_monotonic_time () + LEAVE_MS * 1000;
  struct pollfd ready;

  g_return_if_fail (self != NULL);

  ready = (struct pollfd) { .fd = self->fd, .events = POLLOUT };
  tell (self, KIND_CARD_REMOVED, READER, NULL, 0);
  tell (self, KIND_READER_REMOVED, READER, NULL, 0);
  while (push (self) && self->out->len > 0)
    {
      gint64 left_ms = (deadline_us - g_get_monotonic_time ()) / 1000;

      if (left_ms <= 0 || poll (&ready, 1, left_ms) <= 0)
        break;
    }
}
