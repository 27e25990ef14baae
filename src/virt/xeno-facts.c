/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a refresh found out about one machine: a plain struct that crosses threads. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libvirt/virterror.h>

#include "base/xeno-text.h"
#include "virt/xeno-facts.h"
#include "virt/xeno-virt-error.h"

#define MAX_TITLE_CHARS 120
#define MAX_PANIC_CHARS 200
#define MAX_ADDRESS_CHARS 200

/* Machine's properties that one call lists for all of them. */
typedef enum
{
  SET_TRANSIENT,
  SET_AUTOSTART,
  SET_SAVED,
  N_SETS
} Set;

static const guint set_flags[N_SETS] = {
  [SET_TRANSIENT] = VIR_CONNECT_LIST_DOMAINS_TRANSIENT,
  [SET_AUTOSTART] = VIR_CONNECT_LIST_DOMAINS_AUTOSTART,
  [SET_SAVED] = VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE,
};

static gint64
read_started_at (virConnectPtr  handle,
                 const char    *name)
{
  g_autofree char *uri = virConnectGetURI (handle);
  g_autofree char *path = NULL;
  GStatBuf info;

  /* libvirt does not say since when a machine runs; the file it keeps beside each QEMU does. */
  if (g_strcmp0 (uri, "qemu:///session") == 0)
    path = g_strdup_printf ("%s/libvirt/qemu/run/%s.pid", g_get_user_runtime_dir (), name);
  else if (g_strcmp0 (uri, "qemu:///system") == 0)
    path = g_strdup_printf ("/run/libvirt/qemu/%s.pid", name);

  return path != NULL && g_stat (path, &info) == 0 ? info.st_mtime : 0;
}

static gboolean
read_document (XenoFacts     *facts,
               virDomainPtr   domain,
               GError       **error)
{
  g_autoptr (XenoSpec) spec = NULL;
  g_autofree char *title = NULL;
  g_autofree char *kernel = NULL;
  g_autofree char *on_reboot = NULL;
  g_autofree char *panic = NULL;
  g_autofree char *gdb = NULL;

  facts->xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  if (facts->xml == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be looked at."), facts->name);
      return FALSE;
    }

  spec = xeno_spec_new_from_xml (facts->xml, error);
  if (spec == NULL)
    return FALSE;

  title = xeno_spec_dup_title (spec);
  facts->title = xeno_text_clean (title, -1, MAX_TITLE_CHARS);
  facts->os_id = xeno_spec_dup_os_id (spec);
  facts->memory_bytes = xeno_spec_get_memory_bytes (spec);
  facts->n_cpus = xeno_spec_get_n_cpus (spec);
  facts->is_template = xeno_spec_has_note (spec, XENO_SPEC_NOTE_TEMPLATE);
  facts->is_throw_away = xeno_spec_has_note (spec, XENO_SPEC_NOTE_THROW_AWAY);
  facts->is_untrusted = xeno_spec_has_note (spec, XENO_SPEC_NOTE_UNTRUSTED);
  kernel = xeno_spec_dup_value (spec, "os/kernel");
  on_reboot = xeno_spec_dup_value (spec, "on_reboot");
  /* An installer's is started once. */
  facts->runs_kernel = kernel != NULL && g_strcmp0 (on_reboot, "destroy") != 0;
  gdb = xeno_spec_dup_note (spec, XENO_SPEC_NOTE_GDB);
  facts->debugger = gdb != NULL ? xeno_text_clean (gdb, -1, MAX_ADDRESS_CHARS) : NULL;
  panic = xeno_spec_dup_note (spec, XENO_SPEC_NOTE_PANIC);
  facts->panic = panic != NULL ? xeno_text_clean (panic, -1, MAX_PANIC_CHARS) : NULL;
  facts->has_document = TRUE;
  return TRUE;
}

/**
 * xeno_facts_new:
 * @domain: a machine
 *
 * Makes facts that say only which machine it is.
 *
 * Returns: (transfer full): the facts
 */
XenoFacts *
xeno_facts_new (virDomainPtr domain)
{
  XenoFacts *facts = g_new0 (XenoFacts, 1);

  facts->read_us = g_get_monotonic_time ();
  virDomainGetUUIDString (domain, facts->uuid);
  facts->name = xeno_text_clean (virDomainGetName (domain), -1, MAX_TITLE_CHARS);
  return facts;
}

void
xeno_facts_free (XenoFacts *facts)
{
  g_free (facts->name);
  g_free (facts->xml);
  g_free (facts->title);
  g_free (facts->os_id);
  g_free (facts->panic);
  g_free (facts->debugger);
  g_free (facts);
}

static gboolean
is_active (const XenoFacts *facts)
{
  return facts->state != VIR_DOMAIN_SHUTOFF && facts->state != VIR_DOMAIN_NOSTATE;
}

static void
read_run (XenoFacts    *facts,
          virDomainPtr  domain)
{
  guint id = virDomainGetID (domain);

  facts->started_at = read_started_at (virDomainGetConnect (domain), facts->name);
  facts->run = id != (guint) -1 ? id : 0;
}

/* A machine that goes while it is read is not an error, it is gone. */
static XenoFacts *
give_up (XenoFacts  *facts,
         GError    **error)
{
  if (!xeno_virt_error_is (VIR_ERR_NO_DOMAIN))
    {
      if (error != NULL && *error == NULL)
        xeno_virt_set_error (error, _("“%s” could not be looked at."),
                             facts->name != NULL ? facts->name : facts->uuid);
      xeno_facts_free (facts);
      return NULL;
    }

  g_clear_error (error);
  facts->is_gone = TRUE;
  return facts;
}

/**
 * xeno_facts_read_domain:
 * @domain: a machine
 * @with_document: whether to read its document too
 * @error: where to say why it cannot be read
 *
 * Reads one machine with calls that ask libvirt only and never wait for the machine's process. Its
 * name is the one that @domain knows.
 *
 * Returns: (transfer full): the facts; "is-gone" where it does not exist any more
 */
XenoFacts *
xeno_facts_read_domain (virDomainPtr   domain,
                        gboolean       with_document,
                        GError       **error)
{
  XenoFacts *facts = xeno_facts_new (domain);
  int autostart = 0;

  if (virDomainGetState (domain, &facts->state, &facts->reason, 0) < 0
      || (with_document && !read_document (facts, domain, error)))
    return give_up (facts, error);

  facts->is_persistent = virDomainIsPersistent (domain) != 0;
  facts->has_autostart = virDomainGetAutostart (domain, &autostart) == 0 && autostart != 0;
  facts->has_saved_state = virDomainHasManagedSaveImage (domain, 0) > 0;
  if (is_active (facts))
    read_run (facts, domain);
  return facts;
}

/**
 * xeno_facts_read:
 * @handle: an open connection
 * @uuid: which machine
 * @with_document: whether to read its document too
 * @error: where to say why it cannot be read
 *
 * Finds one machine and reads it as xeno_facts_read_domain() does.
 *
 * Returns: (transfer full): the facts; "is-gone" where there is no such machine
 */
XenoFacts *
xeno_facts_read (virConnectPtr   handle,
                 const char     *uuid,
                 gboolean        with_document,
                 GError        **error)
{
  gint64 read_us = g_get_monotonic_time ();
  virDomainPtr domain = virDomainLookupByUUIDString (handle, uuid);
  XenoFacts *facts;

  if (domain == NULL)
    {
      facts = g_new0 (XenoFacts, 1);
      facts->read_us = read_us;
      g_strlcpy (facts->uuid, uuid, sizeof facts->uuid);
      return give_up (facts, error);
    }

  facts = xeno_facts_read_domain (domain, with_document, error);
  virDomainFree (domain);
  return facts;
}

static void
free_domains (virDomainPtr *domains,
              int           n_domains)
{
  for (int i = 0; i < n_domains; i++)
    virDomainFree (domains[i]);
  free (domains);
}

static GHashTable *
read_set (virConnectPtr handle,
          Set           set)
{
  GHashTable *uuids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (handle, &domains, set_flags[set]);
  char uuid[VIR_UUID_STRING_BUFLEN];

  for (int i = 0; i < n_domains; i++)
    if (virDomainGetUUIDString (domains[i], uuid) == 0)
      g_hash_table_add (uuids, g_strdup (uuid));
  free_domains (domains, n_domains);
  return uuids;
}

static void
read_states (virConnectPtr  handle,
             GPtrArray     *all,
             GHashTable    *by_uuid)
{
  virDomainStatsRecordPtr *records = NULL;
  int n_records = virConnectGetAllDomainStats (handle, VIR_DOMAIN_STATS_STATE, &records,
                                               VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  char uuid[VIR_UUID_STRING_BUFLEN];

  for (int i = 0; i < n_records; i++)
    {
      XenoFacts *facts = NULL;

      if (virDomainGetUUIDString (records[i]->dom, uuid) == 0)
        facts = g_hash_table_lookup (by_uuid, uuid);
      if (facts == NULL)
        continue;
      virTypedParamsGetInt (records[i]->params, records[i]->nparams, "state.state", &facts->state);
      virTypedParamsGetInt (records[i]->params, records[i]->nparams, "state.reason",
                            &facts->reason);
    }
  if (records != NULL)
    virDomainStatsRecordListFree (records);
}

/* Drivers without statistics (-1 stays the state) are asked one by one. */
static gboolean
complete (XenoFacts     *facts,
          virDomainPtr   domain,
          gboolean       with_document,
          GError       **error)
{
  if (facts->state < 0 && virDomainGetState (domain, &facts->state, &facts->reason, 0) < 0)
    {
      xeno_virt_set_error (error, _("“%s” could not be looked at."), facts->name);
      return FALSE;
    }
  if (is_active (facts))
    read_run (facts, domain);
  return !with_document || read_document (facts, domain, error);
}

/**
 * xeno_facts_read_all:
 * @handle: an open connection
 * @documents: (nullable) (element-type utf8 utf8): the set of uuids whose documents are wanted, or
 *   %NULL for all
 * @error: where to say why the machines cannot be listed
 *
 * Reads all machines of a connection: a few calls for all, and one a document.
 *
 * Returns: (transfer full) (element-type XenoFacts): what there is now
 */
GPtrArray *
xeno_facts_read_all (virConnectPtr   handle,
                     GHashTable     *documents,
                     GError        **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) xeno_facts_free);
  g_autoptr (GHashTable) by_uuid = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *sets[N_SETS];
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (handle, &domains, 0);

  if (n_domains < 0)
    {
      xeno_virt_set_error (error, _("The machines could not be listed."));
      return NULL;
    }

  for (int i = 0; i < n_domains; i++)
    {
      XenoFacts *facts = xeno_facts_new (domains[i]);

      facts->state = -1;
      g_ptr_array_add (all, facts);
      g_hash_table_insert (by_uuid, facts->uuid, facts);
    }
  read_states (handle, all, by_uuid);
  for (Set set = 0; set < N_SETS; set++)
    sets[set] = read_set (handle, set);

  for (int i = 0, j = 0; i < n_domains; i++)
    {
      XenoFacts *facts = g_ptr_array_index (all, j);
      g_autoptr (GError) reason = NULL;

      facts->is_persistent = !g_hash_table_contains (sets[SET_TRANSIENT], facts->uuid);
      facts->has_autostart = g_hash_table_contains (sets[SET_AUTOSTART], facts->uuid);
      facts->has_saved_state = g_hash_table_contains (sets[SET_SAVED], facts->uuid);
      if (complete (facts, domains[i],
                    documents == NULL || g_hash_table_contains (documents, facts->uuid), &reason))
        j++;
      else /* it went in between, or cannot be read: the others are shown all the same */
        {
          g_debug ("%s", reason->message);
          g_ptr_array_remove_index (all, j);
        }
    }

  for (Set set = 0; set < N_SETS; set++)
    g_hash_table_unref (sets[set]);
  free_domains (domains, n_domains);
  return g_steal_pointer (&all);
}

/**
 * xeno_facts_get_state:
 * @facts: facts of a machine
 *
 * Turns libvirt's state and reason into what people see.
 *
 * Returns: the state
 */
XenoMachineState
xeno_facts_get_state (const XenoFacts *facts)
{
  switch (facts->state)
    {
    case VIR_DOMAIN_RUNNING:
    case VIR_DOMAIN_BLOCKED:
      return XENO_MACHINE_RUNNING;

    case VIR_DOMAIN_PAUSED:
      return XENO_MACHINE_PAUSED;

    case VIR_DOMAIN_SHUTDOWN:
      return XENO_MACHINE_SHUTTING_DOWN;

    case VIR_DOMAIN_SHUTOFF:
      if (facts->has_saved_state)
        return XENO_MACHINE_SAVED;
      return facts->reason == VIR_DOMAIN_SHUTOFF_CRASHED ? XENO_MACHINE_CRASHED : XENO_MACHINE_OFF;

    case VIR_DOMAIN_CRASHED:
      return facts->reason == VIR_DOMAIN_CRASHED_PANICKED ? XENO_MACHINE_PANICKED : XENO_MACHINE_CRASHED;

    case VIR_DOMAIN_PMSUSPENDED:
      return XENO_MACHINE_SUSPENDED;

    default:
      return XENO_MACHINE_UNKNOWN;
    }
}

/*
 * xeno_facts_has_ended_itself:
 * @facts: what was found out
 *
 * Returns: whether the guest switched the machine off, and nobody else
 */
gboolean
xeno_facts_has_ended_itself (const XenoFacts *facts)
{
  g_return_val_if_fail (facts != NULL, FALSE);

  return facts->state == VIR_DOMAIN_SHUTOFF && facts->reason == VIR_DOMAIN_SHUTOFF_SHUTDOWN;
}

static const char *
describe_pause (int         reason,
                const char *io_error)
{
  if (reason == VIR_DOMAIN_PAUSED_IOERROR)
    return g_strcmp0 (io_error, "enospc") == 0
      ? _("Paused because its storage is full. Free some space on the host, then resume it.")
      : _("Paused because a disk failed. Look at its storage, then resume it.");
  if (reason == VIR_DOMAIN_PAUSED_SAVE || reason == VIR_DOMAIN_PAUSED_SNAPSHOT
      || reason == VIR_DOMAIN_PAUSED_DUMP)
    return _("Paused while its state is saved. Resume it if that was interrupted.");
  if (reason == VIR_DOMAIN_PAUSED_CRASHED)
    return _("Paused because the guest crashed.");
  if (reason == VIR_DOMAIN_PAUSED_WATCHDOG)
    return _("Paused by its watchdog.");
  return NULL;
}

/**
 * xeno_facts_dup_reason:
 * @facts: facts of a machine
 * @io_error: (nullable): why a disk stopped it, as the event said
 *
 * Says why the machine is as it is, where that is worth a sentence.
 *
 * Returns: (transfer full) (nullable): a translated sentence
 */
char *
xeno_facts_dup_reason (const XenoFacts *facts,
                       const char      *io_error)
{
  switch (xeno_facts_get_state (facts))
    {
    case XENO_MACHINE_PAUSED:
      return g_strdup (describe_pause (facts->reason, io_error));

    case XENO_MACHINE_PANICKED:
      return g_strdup (_("Its kernel panicked."));

    case XENO_MACHINE_CRASHED:
      return g_strdup (_("It stopped unexpectedly."));

    case XENO_MACHINE_OFF:
      if (facts->reason == VIR_DOMAIN_SHUTOFF_FAILED)
        return g_strdup (_("It did not start."));
      return NULL;

    default:
      return NULL;
    }
}
