/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of machines in a few calls, for front ends that print it and end. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "virt/xeno-brief.h"
#include "virt/xeno-facts.h"
#include "virt/xeno-virt-error.h"

#define DEADLINE_S 10
#define MAX_TITLE_CHARS 120
#define KIB 1024

/* A listing on its way; the thread that hangs keeps it alive after the caller has gone on. */
typedef struct
{
  GMutex     mutex;
  GCond      cond;
  char      *uri;
  guint      max_titles;
  gboolean   is_done;
  GPtrArray *briefs;
  GError    *error;
} Listing;

void
xeno_brief_free (XenoBrief *brief)
{
  g_free (brief->uuid);
  g_free (brief->name);
  g_free (brief->title);
  g_free (brief);
}

static void
listing_clear (Listing *listing)
{
  g_free (listing->uri);
  g_clear_pointer (&listing->briefs, g_ptr_array_unref);
  g_clear_error (&listing->error);
  g_mutex_clear (&listing->mutex);
  g_cond_clear (&listing->cond);
}

static void
listing_unref (Listing *listing)
{
  g_atomic_rc_box_release_full (listing, (GDestroyNotify) listing_clear);
}

static char *
dup_title (virDomainPtr  domain,
           const char   *name)
{
  g_autofree char *title = virDomainGetMetadata (domain, VIR_DOMAIN_METADATA_TITLE, NULL, 0);
  g_autofree char *clean = xeno_text_clean (title, -1, MAX_TITLE_CHARS);

  return *clean != '\0' ? g_steal_pointer (&clean) : g_strdup (name);
}

/* libvirt's own way to write it takes a quarter of the time of a long list. */
static char *
dup_uuid (virDomainPtr domain)
{
  static const char digits[] = "0123456789abcdef";
  unsigned char raw[VIR_UUID_BUFLEN] = { 0 };
  char text[VIR_UUID_STRING_BUFLEN];
  char *p = text;

  virDomainGetUUID (domain, raw);
  for (guint i = 0; i < sizeof raw; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *p++ = '-';
      *p++ = digits[raw[i] >> 4];
      *p++ = digits[raw[i] & 15];
    }
  *p = '\0';
  return g_strdup (text);
}

static XenoBrief *
brief_new (const virDomainStatsRecord *stats,
           gboolean                    with_title)
{
  XenoBrief *brief = g_new0 (XenoBrief, 1);
  XenoFacts facts = { .state = VIR_DOMAIN_NOSTATE };
  unsigned long long memory_kib = 0;

  brief->uuid = dup_uuid (stats->dom);
  brief->name = xeno_text_clean (virDomainGetName (stats->dom), -1, MAX_TITLE_CHARS);
  brief->title = with_title ? dup_title (stats->dom, brief->name) : g_strdup (brief->name);

  virTypedParamsGetInt (stats->params, stats->nparams, "state.state", &facts.state);
  virTypedParamsGetInt (stats->params, stats->nparams, "state.reason", &facts.reason);
  brief->state = xeno_facts_get_state (&facts);
  virTypedParamsGetUInt (stats->params, stats->nparams, "vcpu.current", &brief->n_cpus);
  virTypedParamsGetULLong (stats->params, stats->nparams, "balloon.current", &memory_kib);
  brief->memory_bytes = memory_kib * KIB;
  return brief;
}

/* Drivers without these groups of statistics say it in another way. */
static void
complete (XenoBrief    *brief,
          virDomainPtr  domain)
{
  virDomainInfo info;

  if ((brief->n_cpus > 0 && brief->memory_bytes > 0) || virDomainGetInfo (domain, &info) < 0)
    return;

  brief->n_cpus = info.nrVirtCpu;
  brief->memory_bytes = (guint64) info.maxMem * KIB;
}

static void
mark_saved (virConnectPtr  handle,
            GPtrArray     *briefs)
{
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (handle, &domains, VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE);

  for (int i = 0; i < n_domains; i++)
    {
      char uuid[VIR_UUID_STRING_BUFLEN] = "";

      virDomainGetUUIDString (domains[i], uuid);
      for (guint j = 0; j < briefs->len; j++)
        {
          XenoBrief *brief = g_ptr_array_index (briefs, j);

          if (g_str_equal (brief->uuid, uuid) && brief->state != XENO_MACHINE_RUNNING)
            brief->state = XENO_MACHINE_SAVED;
        }
      virDomainFree (domains[i]);
    }
  free (domains);
}

static GPtrArray *
list (virConnectPtr   handle,
      guint           max_titles,
      GError        **error)
{
  virDomainStatsRecordPtr *stats = NULL;
  int n_stats = virConnectGetAllDomainStats (handle,
                                             VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_VCPU
                                             | VIR_DOMAIN_STATS_BALLOON,
                                             &stats, VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  GPtrArray *briefs;

  if (n_stats < 0)
    {
      xeno_virt_set_error (error, _("The machines could not be listed."));
      return NULL;
    }

  briefs = g_ptr_array_new_full (n_stats, (GDestroyNotify) xeno_brief_free);
  for (int i = 0; i < n_stats; i++)
    {
      g_ptr_array_add (briefs, brief_new (stats[i], (guint) n_stats <= max_titles));
      complete (g_ptr_array_index (briefs, i), stats[i]->dom);
    }
  virDomainStatsRecordListFree (stats);
  mark_saved (handle, briefs);
  return briefs;
}

static gpointer
list_thread (gpointer data)
{
  Listing *listing = data;
  virConnectPtr handle = virConnectOpen (listing->uri);
  GError *error = NULL;
  GPtrArray *briefs = NULL;

  if (handle != NULL)
    briefs = list (handle, listing->max_titles, &error);
  else
    xeno_virt_set_open_error (&error, listing->uri);
  /* Before the caller goes on, and ends: the daemon logs those who just vanish. */
  if (handle != NULL)
    virConnectClose (handle);

  g_mutex_lock (&listing->mutex);
  listing->briefs = briefs;
  listing->error = error;
  listing->is_done = TRUE;
  g_cond_signal (&listing->cond);
  g_mutex_unlock (&listing->mutex);
  listing_unref (listing);
  return NULL;
}

/**
 * xeno_connection_list_brief_sync:
 * @uri: libvirt's address
 * @max_titles: titles cost a call for each machine, so they are read only where there are at most
 *   so many
 * @error: where to say why there is no list
 *
 * Lists the machines of a connection with as few calls as there can be: no models, no events. It
 * blocks, for front ends that print the list and end, but not longer than ten seconds.
 *
 * Returns: (transfer full) (element-type XenoBrief) (nullable): the machines
 */
GPtrArray *
xeno_connection_list_brief_sync (const char  *uri,
                                 guint        max_titles,
                                 GError     **error)
{
  Listing *listing;
  gint64 deadline = g_get_monotonic_time () + DEADLINE_S * G_USEC_PER_SEC;
  GPtrArray *briefs;
  gboolean is_done;

  g_return_val_if_fail (uri != NULL, NULL);

  xeno_virt_error_silence ();
  listing = g_atomic_rc_box_new0 (Listing);
  g_mutex_init (&listing->mutex);
  g_cond_init (&listing->cond);
  listing->uri = g_strdup (uri);
  listing->max_titles = max_titles;
  g_thread_unref (g_thread_new ("xeno-list", list_thread, g_atomic_rc_box_acquire (listing)));

  g_mutex_lock (&listing->mutex);
  while (!listing->is_done && g_cond_wait_until (&listing->cond, &listing->mutex, deadline))
    continue;
  is_done = listing->is_done;
  briefs = g_steal_pointer (&listing->briefs);
  if (listing->error != NULL)
    g_propagate_error (error, g_steal_pointer (&listing->error));
  g_mutex_unlock (&listing->mutex);

  if (!is_done)
    xeno_set_error (error, XENO_ERROR_TIMEOUT, NULL,
                    _("libvirt does not answer. Its daemon hangs or is very busy; try again "
                      "later."));
  listing_unref (listing);
  return briefs;
}
