/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The links a connection's calls go over: one, and more only while machines that hang keep it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "virt/xeno-link-pool.h"
#include "virt/xeno-uri.h"

/* One call at a time, because libvirt's client serves all calls of a link by the thread that waits
 * longest, and can miss to wake it: beside a call that hangs every other one may take seconds. Far
 * hosts are logged in to, so there a few share a link; five would stop the daemon from reading
 * it. */
#define LOCAL_CALLS 1
#define REMOTE_CALLS 3

/* The daemon works at twenty calls of all its clients. The last of ours are not for what can
 * hang. */
#define MAX_CALLS 16
#define MAX_MACHINE_CALLS 12

/* A call that takes longer seems to hang: so long one waits for it before there is another link.
 * The more of them hang, the less patience. */
#define LOCAL_PATIENCE_US (300 * G_TIME_SPAN_MILLISECOND)
#define REMOTE_PATIENCE_US (3 * G_TIME_SPAN_SECOND)

/* Shorter than a person's deadline, so that what found no place is not done behind their back. */
#define LONGEST_WAIT_US (5 * G_TIME_SPAN_SECOND)

typedef struct
{
  XenoLink *link;
  guint     n_calls;
} Member;

struct _XenoLinkPool
{
  GObject    parent_instance;
  char      *uri;
  guint      n_places; /* of a link */
  gint64     patience_us;
  GMutex     mutex; /* for all below */
  GCond      cond; /* a place may be free */
  GPtrArray *members; /* the first is the connection's own */
  gint64     taken_us; /* the last place */
  gboolean   is_opening;
};

G_DEFINE_FINAL_TYPE (XenoLinkPool, xeno_link_pool, G_TYPE_OBJECT)

static Member *
add_member (XenoLinkPool *self,
            XenoLink     *link)
{
  Member *member = g_new0 (Member, 1);

  member->link = g_object_ref (link);
  g_ptr_array_add (self->members, member);
  return member;
}

static void
member_free (gpointer data)
{
  Member *member = data;

  g_object_unref (member->link);
  g_free (member);
}

static Member *
find_place (XenoLinkPool *self)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = g_ptr_array_index (self->members, i);

      /* A first one that is lost takes the connection with it. */
      if (member->n_calls < self->n_places && (i == 0 || !xeno_link_is_lost (member->link)))
        return member;
    }
  return NULL;
}

static gboolean
may_open (XenoLinkPool *self,
          XenoCallKind  kind)
{
  const guint max_calls = kind == XENO_CALL_MACHINE ? MAX_MACHINE_CALLS : MAX_CALLS;

  return self->members->len * self->n_places < max_calls && !self->is_opening;
}

/* Called with the pool locked, which others may use while it opens. */
static Member *
open_another (XenoLinkPool  *self,
              GError       **error)
{
  g_autoptr (XenoLink) link = xeno_link_new (NULL, NULL);
  gboolean is_open;

  self->is_opening = TRUE;
  g_mutex_unlock (&self->mutex);
  is_open = xeno_link_open (link, self->uri, error);
  g_mutex_lock (&self->mutex);
  self->is_opening = FALSE;
  g_cond_broadcast (&self->cond);

  g_debug ("%s: %u links and another one", self->uri, self->members->len);
  return is_open ? add_member (self, link) : NULL;
}

static Member *
await_place (XenoLinkPool  *self,
             XenoCallKind   kind,
             GError       **error)
{
  const gint64 end_us = g_get_monotonic_time () + LONGEST_WAIT_US;
  Member *member;

  while ((member = find_place (self)) == NULL)
    {
      gint64 patience_us = self->patience_us / self->members->len;
      gint64 until_us = may_open (self, kind) ? MIN (self->taken_us + patience_us, end_us) : end_us;

      if (g_cond_wait_until (&self->cond, &self->mutex, until_us))
        continue;
      if (may_open (self, kind))
        return open_another (self, error);
      if (g_get_monotonic_time () < end_us)
        continue;

      xeno_set_error (error, XENO_ERROR_TIMEOUT, NULL,
                      _("This was not done, because too many machines do not answer. Force off "
                        "those that hang, then try again."));
      return NULL;
    }
  return member;
}

/* Called with the pool locked, once the first link has a place again. */
static void
drop_idle (XenoLinkPool *self)
{
  for (guint i = self->members->len - 1; i > 0; i--)
    {
      Member *member = g_ptr_array_index (self->members, i);

      if (member->n_calls == 0)
        g_ptr_array_remove_index (self->members, i);
    }
}

static void
xeno_link_pool_finalize (GObject *object)
{
  XenoLinkPool *self = XENO_LINK_POOL (object);

  g_ptr_array_unref (self->members);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->uri);

  G_OBJECT_CLASS (xeno_link_pool_parent_class)->finalize (object);
}

static void
xeno_link_pool_class_init (XenoLinkPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_link_pool_finalize;
}

static void
xeno_link_pool_init (XenoLinkPool *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->members = g_ptr_array_new_with_free_func (member_free);
}

/**
 * xeno_link_pool_new:
 * @first: the connection's own link, which is open
 * @uri: where it leads
 *
 * Makes a pool that has one link.
 *
 * Returns: (transfer full): the pool
 */
XenoLinkPool *
xeno_link_pool_new (XenoLink   *first,
                    const char *uri)
{
  gboolean is_local;
  XenoLinkPool *self;

  g_return_val_if_fail (XENO_IS_LINK (first), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  is_local = xeno_uri_is_local (uri);
  self = g_object_new (XENO_TYPE_LINK_POOL, NULL);
  self->uri = g_strdup (uri);
  self->n_places = is_local ? LOCAL_CALLS : REMOTE_CALLS;
  self->patience_us = is_local ? LOCAL_PATIENCE_US : REMOTE_PATIENCE_US;
  add_member (self, first);
  return self;
}

/**
 * xeno_link_pool_take:
 * @self: a pool
 * @kind: whom the call waits for
 * @error: where to say why there is no place
 *
 * Takes a place for a call. Blocks, for five seconds at most and as long as another link takes to
 * open: use it in a worker. Errors: %XENO_ERROR_TIMEOUT where machines that hang have all places.
 *
 * Returns: (transfer full) (nullable): the link to call; give it back with xeno_link_pool_give()
 */
XenoLink *
xeno_link_pool_take (XenoLinkPool  *self,
                     XenoCallKind   kind,
                     GError       **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  Member *member;

  g_return_val_if_fail (XENO_IS_LINK_POOL (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  member = await_place (self, kind, error);
  if (member == NULL)
    return NULL;

  member->n_calls++;
  self->taken_us = g_get_monotonic_time ();
  return g_object_ref (member->link);
}

/**
 * xeno_link_pool_give:
 * @self: a pool
 * @link: (transfer full): what was taken
 *
 * Gives a place back.
 */
void
xeno_link_pool_give (XenoLinkPool *self,
                     XenoLink     *link)
{
  g_autoptr (XenoLink) given = link;
  g_autoptr (GMutexLocker) locker = NULL;
  Member *first;

  g_return_if_fail (XENO_IS_LINK_POOL (self));

  locker = g_mutex_locker_new (&self->mutex);
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = g_ptr_array_index (self->members, i);

      if (member->link == link)
        member->n_calls--;
    }

  first = g_ptr_array_index (self->members, 0);
  if (first->n_calls < self->n_places)
    drop_idle (self);
  g_cond_broadcast (&self->cond);
}

/**
 * xeno_link_pool_count:
 * @self: a pool
 *
 * Counts its links.
 *
 * Returns: how many there are now, at least one
 */
guint
xeno_link_pool_count (XenoLinkPool *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (XENO_IS_LINK_POOL (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->members->len;
}
