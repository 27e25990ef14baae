/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One open libvirt connection: it notes what changes, and tells when it is lost. It never comes
 * back. */
#include "config.h"

#include "virt/xeno-event-loop.h"
#include "virt/xeno-link.h"
#include "virt/xeno-uri.h"
#include "virt/xeno-virt-error.h"

/* A daemon that has not answered for interval x (count + 1) seconds is lost. Far hosts get more
 * patience. Each question wakes two processes, so that few long intervals are better than many. */
#define KEEPALIVE_INTERVAL_S 2
#define KEEPALIVE_COUNT 1
#define REMOTE_KEEPALIVE_INTERVAL_S 10

#define N_CALLBACKS 8

/* What libvirt's callbacks write to. They may outlive the link until libvirt frees their data. */
typedef struct
{
  GMutex        mutex;
  GMainContext *context;
  GWeakRef      owner;
  GWeakRef      link;
  XenoLinkFunc  func;
  gboolean      is_lost;
  GHashTable   *changes; /* uuid -> XenoLinkChange, or NULL while none was noted */
} Inbox;

typedef struct
{
  Inbox    *inbox;
  gboolean  is_lost;
} News;

/* What closing needs; a thread of its own does it, because even goodbye is a call that can hang. */
typedef struct
{
  virConnectPtr handle;
  int           callbacks[N_CALLBACKS];
  gboolean      has_close_callback;
} Remains;

struct _XenoLink
{
  GObject  parent_instance;
  Inbox   *inbox;
  Remains *remains;
};

G_DEFINE_FINAL_TYPE (XenoLink, xeno_link, G_TYPE_OBJECT)

void
xeno_link_change_free (XenoLinkChange *change)
{
  g_free (change->io_error);
  g_free (change);
}

static void
inbox_clear (Inbox *inbox)
{
  g_weak_ref_clear (&inbox->owner);
  g_weak_ref_clear (&inbox->link);
  g_clear_pointer (&inbox->changes, g_hash_table_unref);
  g_main_context_unref (inbox->context);
  g_mutex_clear (&inbox->mutex);
}

static void
inbox_unref (gpointer inbox)
{
  g_atomic_rc_box_release_full (inbox, (GDestroyNotify) inbox_clear);
}

static void
news_free (gpointer data)
{
  News *news = data;

  inbox_unref (news->inbox);
  g_free (news);
}

static gboolean
news_cb (gpointer user_data)
{
  News *news = user_data;
  g_autoptr (GObject) owner = g_weak_ref_get (&news->inbox->owner);
  g_autoptr (XenoLink) link = g_weak_ref_get (&news->inbox->link);

  if (owner != NULL && link != NULL)
    news->inbox->func (owner, link, news->is_lost);
  return G_SOURCE_REMOVE;
}

static void
tell (Inbox    *inbox,
      gboolean  is_lost)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  News *news = g_new0 (News, 1);

  news->inbox = g_atomic_rc_box_acquire (inbox);
  news->is_lost = is_lost;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, news_cb, news, news_free);
  g_source_attach (source, inbox->context);
}

/* Called with the inbox locked. */
static XenoLinkChange *
find_change (Inbox        *inbox,
             virDomainPtr  domain)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  XenoLinkChange *change;

  if (virDomainGetUUIDString (domain, uuid) < 0)
    return NULL;

  if (inbox->changes == NULL)
    {
      inbox->changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify) xeno_link_change_free);
      tell (inbox, FALSE);
    }

  change = g_hash_table_lookup (inbox->changes, uuid);
  if (change == NULL)
    {
      change = g_new0 (XenoLinkChange, 1);
      g_strlcpy (change->uuid, uuid, sizeof change->uuid);
      change->lifecycle = -1;
      g_hash_table_insert (inbox->changes, change->uuid, change);
    }
  return change;
}

/* Called with the inbox locked. */
static XenoLinkChange *
note (Inbox        *inbox,
      virDomainPtr  domain)
{
  XenoLinkChange *change = find_change (inbox, domain);

  if (change != NULL)
    change->has_news = TRUE;
  return change;
}

static int
lifecycle_cb (virConnectPtr  handle,
              virDomainPtr   domain,
              int            event,
              int            detail,
              void          *data)
{
  Inbox *inbox = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&inbox->mutex);
  XenoLinkChange *change = note (inbox, domain);

  if (event < 0 || event > VIR_DOMAIN_EVENT_CRASHED)
    g_debug ("libvirt reports an event of an unknown type %d", event);
  if (change == NULL)
    return 0;

  change->lifecycle = event;
  change->detail = detail;
  if (event == VIR_DOMAIN_EVENT_DEFINED || event == VIR_DOMAIN_EVENT_UNDEFINED)
    change->is_document = TRUE;
  if (event == VIR_DOMAIN_EVENT_STARTED || event == VIR_DOMAIN_EVENT_RESUMED)
    g_clear_pointer (&change->io_error, g_free);
  return 0;
}

static void
io_error_cb (virConnectPtr  handle,
             virDomainPtr   domain,
             const char    *path,
             const char    *alias,
             int            action,
             const char    *reason,
             void          *data)
{
  Inbox *inbox = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&inbox->mutex);
  XenoLinkChange *change = note (inbox, domain);

  if (change == NULL || action != VIR_DOMAIN_EVENT_IO_ERROR_PAUSE)
    return;

  g_free (change->io_error);
  change->io_error = g_strdup (reason != NULL && *reason != '\0' ? reason : "other");
}

static void
note_document (Inbox        *inbox,
               virDomainPtr  domain)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&inbox->mutex);
  XenoLinkChange *change = note (inbox, domain);

  if (change != NULL)
    change->is_document = TRUE;
}

static void
reboot_cb (virConnectPtr  handle,
           virDomainPtr   domain,
           void          *data)
{
  note_document (data, domain);
}

static void
metadata_cb (virConnectPtr  handle,
             virDomainPtr   domain,
             int            type,
             const char    *namespace_uri,
             void          *data)
{
  note_document (data, domain);
}

static void
device_cb (virConnectPtr  handle,
           virDomainPtr   domain,
           const char    *alias,
           void          *data)
{
  note_document (data, domain);
}

static void
agent_cb (virConnectPtr  handle,
          virDomainPtr   domain,
          int            state,
          int            reason,
          void          *data)
{
  note_document (data, domain);
}

static void
graphics_cb (virConnectPtr                           handle,
             virDomainPtr                            domain,
             int                                     phase,
             const virDomainEventGraphicsAddress    *local,
             const virDomainEventGraphicsAddress    *remote,
             const char                             *scheme,
             const virDomainEventGraphicsSubject    *subject,
             void                                   *data)
{
  Inbox *inbox = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&inbox->mutex);
  XenoLinkChange *change = NULL;

  if (phase == VIR_DOMAIN_EVENT_GRAPHICS_CONNECT)
    change = find_change (inbox, domain);
  if (change != NULL)
    change->has_viewer = TRUE;
}

static const struct
{
  int                                id;
  virConnectDomainEventGenericCallback func;
} callbacks[] = {
  { VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK (lifecycle_cb) },
  { VIR_DOMAIN_EVENT_ID_REBOOT, VIR_DOMAIN_EVENT_CALLBACK (reboot_cb) },
  { VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, VIR_DOMAIN_EVENT_CALLBACK (metadata_cb) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, VIR_DOMAIN_EVENT_CALLBACK (device_cb) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, VIR_DOMAIN_EVENT_CALLBACK (device_cb) },
  { VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, VIR_DOMAIN_EVENT_CALLBACK (io_error_cb) },
  { VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK (agent_cb) },
  { VIR_DOMAIN_EVENT_ID_GRAPHICS, VIR_DOMAIN_EVENT_CALLBACK (graphics_cb) },
};
G_STATIC_ASSERT (G_N_ELEMENTS (callbacks) <= N_CALLBACKS);

static void
closed_cb (virConnectPtr  handle,
           int            reason,
           void          *data)
{
  Inbox *inbox = data;

  g_debug ("libvirt closed a connection, reason %d", reason);
  g_mutex_lock (&inbox->mutex);
  inbox->is_lost = TRUE;
  g_mutex_unlock (&inbox->mutex);
  tell (inbox, TRUE);
}

static gpointer
close_thread (gpointer data)
{
  Remains *remains = data;

  for (gsize i = 0; i < N_CALLBACKS; i++)
    if (remains->callbacks[i] >= 0)
      virConnectDomainEventDeregisterAny (remains->handle, remains->callbacks[i]);
  if (remains->has_close_callback)
    virConnectUnregisterCloseCallback (remains->handle, closed_cb);
  virConnectClose (remains->handle);
  g_free (remains);
  return NULL;
}

static void
xeno_link_finalize (GObject *object)
{
  XenoLink *self = XENO_LINK (object);

  if (self->remains->handle != NULL)
    g_thread_unref (g_thread_new ("xeno-close", close_thread, self->remains));
  else
    g_free (self->remains);
  inbox_unref (self->inbox);

  G_OBJECT_CLASS (xeno_link_parent_class)->finalize (object);
}

static void
xeno_link_class_init (XenoLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_link_finalize;

  xeno_virt_error_silence ();
  xeno_event_loop_ensure ();
}

static void
xeno_link_init (XenoLink *self)
{
  self->remains = g_new0 (Remains, 1);
  for (gsize i = 0; i < N_CALLBACKS; i++)
    self->remains->callbacks[i] = -1;

  self->inbox = g_atomic_rc_box_new0 (Inbox);
  g_mutex_init (&self->inbox->mutex);
  g_weak_ref_init (&self->inbox->link, self);
  self->inbox->context = g_main_context_ref_thread_default ();
}

/**
 * xeno_link_new:
 * @owner: (nullable): whom to tell; not kept alive
 * @func: (nullable) (scope forever): how to tell
 *
 * Makes a link that is not open. News comes in the main context that is the default here. Without
 * @func nothing is told, and so no changes are listened for.
 *
 * Returns: (transfer full): the link
 */
XenoLink *
xeno_link_new (GObject      *owner,
               XenoLinkFunc  func)
{
  XenoLink *self;

  g_return_val_if_fail ((owner != NULL) == (func != NULL), NULL);

  self = g_object_new (XENO_TYPE_LINK, NULL);
  g_weak_ref_init (&self->inbox->owner, owner);
  self->inbox->func = func;
  return self;
}

/* Drivers that live in our own process (test:///) have no daemon to lose, and refuse keepalive. */
static void
watch_daemon (XenoLink   *self,
              const char *uri)
{
  int interval = xeno_uri_is_local (uri) ? KEEPALIVE_INTERVAL_S : REMOTE_KEEPALIVE_INTERVAL_S;

  if (virConnectSetKeepAlive (self->remains->handle, interval, KEEPALIVE_COUNT) < 0)
    return;

  self->remains->has_close_callback =
    virConnectRegisterCloseCallback (self->remains->handle, closed_cb,
                                     g_atomic_rc_box_acquire (self->inbox), inbox_unref) == 0;
  if (!self->remains->has_close_callback)
    inbox_unref (self->inbox);
}

static void
watch_machines (XenoLink *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (callbacks); i++)
    {
      self->remains->callbacks[i] =
        virConnectDomainEventRegisterAny (self->remains->handle, NULL, callbacks[i].id,
                                          callbacks[i].func,
                                          g_atomic_rc_box_acquire (self->inbox), inbox_unref);
      if (self->remains->callbacks[i] < 0)
        inbox_unref (self->inbox);
    }
}

/**
 * xeno_link_open:
 * @self: a link that is not open
 * @uri: what to open
 * @error: where to say why it does not work, and how to mend it
 *
 * Opens the link and begins to note changes. Blocks, perhaps for ever: call it in a worker.
 *
 * The handle is opened here rather than by gvir_connection_open(), whose own event callback makes
 * calls on the event thread: one daemon that hangs would stop the events of all others.
 *
 * Returns: whether it is open
 */
gboolean
xeno_link_open (XenoLink    *self,
                const char  *uri,
                GError     **error)
{
  g_return_val_if_fail (XENO_IS_LINK (self), FALSE);
  g_return_val_if_fail (self->remains->handle == NULL, FALSE);

  self->remains->handle = virConnectOpen (uri);
  if (self->remains->handle == NULL)
    {
      xeno_virt_set_open_error (error, uri);
      return FALSE;
    }

  watch_daemon (self, uri);
  if (self->inbox->func != NULL)
    watch_machines (self);
  return TRUE;
}

/**
 * xeno_link_is_lost:
 * @self: a link
 *
 * Whether the daemon went away or stopped answering since it was opened.
 *
 * Returns: whether it is lost
 */
gboolean
xeno_link_is_lost (XenoLink *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (XENO_IS_LINK (self), TRUE);

  locker = g_mutex_locker_new (&self->inbox->mutex);
  return self->inbox->is_lost;
}

/**
 * xeno_link_get_handle:
 * @self: a link that is open
 *
 * Gets libvirt's handle, for blocking calls in a worker that holds a reference to the link.
 *
 * Returns: (transfer none): the handle
 */
virConnectPtr
xeno_link_get_handle (XenoLink *self)
{
  g_return_val_if_fail (XENO_IS_LINK (self), NULL);

  return self->remains->handle;
}

/**
 * xeno_link_take_changes:
 * @self: a link
 *
 * Takes what was noted since the last time, one item a machine however many events came.
 *
 * Returns: (transfer full) (element-type XenoLinkChange): the changes, perhaps none
 */
GPtrArray *
xeno_link_take_changes (XenoLink *self)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_link_change_free);
  g_autoptr (GHashTable) changes = NULL;
  GHashTableIter iter;
  gpointer change;

  g_return_val_if_fail (XENO_IS_LINK (self), taken);

  g_mutex_lock (&self->inbox->mutex);
  changes = g_steal_pointer (&self->inbox->changes);
  g_mutex_unlock (&self->inbox->mutex);
  if (changes == NULL)
    return taken;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, NULL, &change))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (taken, change);
    }
  return taken;
}
