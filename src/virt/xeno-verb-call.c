/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs do, in blocking calls; the table in xeno-verb.c refers to them. Their errors are
 * read from libvirt itself: libvirt-glib's have neither its codes nor our sentences. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "virt/xeno-delete-plan-private.h"
#include "virt/xeno-machine-call.h"
#include "virt/xeno-verb-call.h"
#include "virt/xeno-virt-error.h"

/* A guest agent that does not answer in this time is left alone. Without the limit libvirt waits a
 * minute. */
#define AGENT_LIMIT_S 3

static XenoSpec *
read_spec (virDomainPtr domain)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain,
                                              VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);

  return xml != NULL ? xeno_spec_new_from_xml (xml, NULL) : NULL;
}

/* Only where the person left the choice to us may a machine be changed to emulation. */
static gboolean
may_emulate (XenoSpec *spec)
{
  g_autofree char *virt_type = xeno_spec_dup_virt_type (spec);
  g_autofree char *accel = xeno_spec_dup_note (spec, "accel");

  return g_strcmp0 (virt_type, "kvm") == 0 && g_strcmp0 (accel, "auto") == 0;
}

/* What others are built on would ruin them if it were written to. Who built noted it, so that a start
 * does not have to look at every chain of disks there is. */
static gboolean
check_base (XenoVerbCall *call,
            XenoSpec     *spec)
{
  g_autofree char *heir = NULL;

  if (xeno_spec_has_note (spec, XENO_SPEC_NOTE_TEMPLATE))
    xeno_set_error (&call->refusal, XENO_ERROR_WRONG_STATE, NULL,
                    _("“%s” is a template, which does not run. Make a machine from it, or let it be a "
                      "template no more."), call->title);
  else if (xeno_spec_has_note (spec, XENO_SPEC_NOTE_BASE))
    heir = xeno_delete_plan_find_heir (call->handle, call->domain, &call->refusal);
  if (heir != NULL)
    xeno_set_error (&call->refusal, XENO_ERROR_IN_USE, NULL,
                    _("“%s” does not start: the disk of “%s” is built on its disk, and would be ruined. "
                      "Make another linked copy and start that."), call->title, heir);
  return call->refusal == NULL;
}

/* What the guest said the last time is of the past. */
static void
forget_panic (XenoVerbCall *call,
              XenoSpec     *spec)
{
  g_autofree char *panic = xeno_spec_dup_note (spec, XENO_SPEC_NOTE_PANIC);

  if (panic == NULL)
    return;
  xeno_machine_write_note (call->domain, call->title, XENO_SPEC_NOTE_PANIC, NULL, NULL);
  xeno_spec_set_note (spec, XENO_SPEC_NOTE_PANIC, NULL);
}

static guint
choose_flags (XenoSpec *spec)
{
  return xeno_spec_has_note (spec, XENO_SPEC_NOTE_GDB_WAITS) ? GVIR_DOMAIN_START_PAUSED : 0;
}

static gboolean
start_emulated (XenoVerbCall *call,
                XenoSpec     *spec)
{
  g_autofree char *xml = NULL;
  virDomainPtr domain;

  xeno_spec_set_virt_type (spec, "qemu");
  xml = xeno_spec_to_xml (spec);
  domain = virDomainDefineXML (call->handle, xml);
  if (domain == NULL)
    return FALSE;

  virDomainFree (domain);
  call->note = g_strdup (_("It runs by emulation, which is slow: hardware acceleration could not "
                           "be used."));
  return gvir_domain_start (call->machine, choose_flags (spec), NULL);
}

gboolean
xeno_verb_call_start (XenoVerbCall *call)
{
  /* Read before the start: a call after it would wipe its error. */
  g_autoptr (XenoSpec) spec = read_spec (call->domain);

  if (spec != NULL && !check_base (call, spec))
    return FALSE;
  if (spec != NULL)
    forget_panic (call, spec);
  if (gvir_domain_start (call->machine, spec != NULL ? choose_flags (spec) : 0, NULL))
    return TRUE;
  return spec != NULL && may_emulate (spec) && xeno_virt_error_is_acceleration () && start_emulated (call, spec);
}

gboolean
xeno_verb_call_resume (XenoVerbCall *call)
{
  int state = VIR_DOMAIN_NOSTATE;

  if (virDomainGetState (call->domain, &state, NULL, 0) == 0 && state == VIR_DOMAIN_PMSUSPENDED)
    return gvir_domain_wakeup (call->machine, 0, NULL);
  return gvir_domain_resume (call->machine, NULL);
}

gboolean
xeno_verb_call_restore (XenoVerbCall *call)
{
  return gvir_domain_start (call->machine, 0, NULL);
}

gboolean
xeno_verb_call_pause (XenoVerbCall *call)
{
  return gvir_domain_suspend (call->machine, NULL);
}

/* Drivers without the choice (test:///, containers) take no flags. */
static gboolean
is_flag_refused (void)
{
  return xeno_virt_error_is (VIR_ERR_INVALID_ARG) || xeno_virt_error_is (VIR_ERR_NO_SUPPORT) ||
         xeno_virt_error_is (VIR_ERR_ARGUMENT_UNSUPPORTED);
}

/* The power button first, because it returns at once; the agent helps guests that ignore it. */
gboolean
xeno_verb_call_shut_down (XenoVerbCall *call)
{
  if (!gvir_domain_shutdown (call->machine, GVIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN, NULL))
    return is_flag_refused () && gvir_domain_shutdown (call->machine, 0, NULL);

  if (virDomainAgentSetResponseTimeout (call->domain, AGENT_LIMIT_S, 0) == 0)
    gvir_domain_shutdown (call->machine, GVIR_DOMAIN_SHUTDOWN_GUEST_AGENT, NULL);
  return TRUE;
}

/* Here both would reboot it twice, so the agent is asked first and only its failure goes on. */
gboolean
xeno_verb_call_reboot (XenoVerbCall *call)
{
  if (virDomainAgentSetResponseTimeout (call->domain, AGENT_LIMIT_S, 0) == 0 &&
      gvir_domain_reboot (call->machine, GVIR_DOMAIN_REBOOT_GUEST_AGENT, NULL))
    return TRUE;
  if (gvir_domain_reboot (call->machine, GVIR_DOMAIN_REBOOT_ACPI_POWER_BTN, NULL))
    return TRUE;
  return is_flag_refused () && gvir_domain_reboot (call->machine, 0, NULL);
}

gboolean
xeno_verb_call_save (XenoVerbCall *call)
{
  return gvir_domain_save (call->machine, 0, NULL);
}

gboolean
xeno_verb_call_reset (XenoVerbCall *call)
{
  return virDomainReset (call->domain, 0) == 0;
}

gboolean
xeno_verb_call_force_off (XenoVerbCall *call)
{
  return gvir_domain_stop (call->machine, 0, NULL);
}

/* QEMU reads the kernel when it starts: only another one finds another build. */
gboolean
xeno_verb_call_run_again (XenoVerbCall *call)
{
  if (virDomainIsActive (call->domain) > 0 && !gvir_domain_stop (call->machine, 0, NULL))
    return FALSE;
  return xeno_verb_call_start (call);
}

gboolean
xeno_verb_call_discard (XenoVerbCall *call)
{
  return virDomainManagedSaveRemove (call->domain, 0) == 0;
}

static void
collect_disks (virDomainPtr  domain,
               GHashTable   *paths)
{
  static const char * const fields[] = { "source-file", "backing-file" };
  g_autofree char *xml = virDomainGetXMLDesc (domain, 0);
  g_autoptr (XenoSpec) spec = xml != NULL ? xeno_spec_new_from_xml (xml, NULL) : NULL;
  g_autoptr (GPtrArray) disks = spec != NULL ? xeno_spec_list_devices (spec, "disk") : NULL;

  for (guint i = 0; disks != NULL && i < disks->len; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (fields); j++)
      {
        char *path = xeno_device_dup_string (g_ptr_array_index (disks, i), fields[j]);

        if (path != NULL)
          g_hash_table_add (paths, path);
      }
}

static gboolean
shares_disk (virDomainPtr  domain,
             GHashTable   *paths)
{
  g_autoptr (GHashTable) theirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer path;

  collect_disks (domain, theirs);
  g_hash_table_iter_init (&iter, theirs);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (g_hash_table_contains (paths, path))
      return TRUE;
  return FALSE;
}

static char *
dup_title (virDomainPtr domain)
{
  g_autofree char *title = virDomainGetMetadata (domain, VIR_DOMAIN_METADATA_TITLE, NULL, 0);

  return xeno_text_clean (title != NULL ? title : virDomainGetName (domain), -1, 120);
}

/* Which running machine has a disk of this one, for the sentence that says so. */
char *
xeno_verb_call_find_rival (XenoVerbCall *call)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (call->handle, &domains,
                                            VIR_CONNECT_LIST_DOMAINS_ACTIVE);
  char *rival = NULL;

  collect_disks (call->domain, paths);
  for (int i = 0; i < n_domains; i++)
    {
      if (rival == NULL && shares_disk (domains[i], paths))
        rival = dup_title (domains[i]);
      virDomainFree (domains[i]);
    }
  free (domains);
  return rival;
}
