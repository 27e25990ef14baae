/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a machine can be changed while it runs: the table, and the blocking calls it points to. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "virt/xeno-live.h"
#include "virt/xeno-virt-error.h"

/*
 * Live:
 * @domain: a machine that runs
 * @change: what is to be otherwise
 * @device: what is changed of it, as it shall be
 *
 * What a way to change something gets.
 */
typedef struct
{
  virDomainPtr  domain;
  XenoChange   *change;
  XenoDevice   *device;
} Live;

/* Returns: whether libvirt did it; its own error says why not */
typedef gboolean (*LiveFunc) (const Live *live);

static guint64
get_number (const Live *live)
{
  const char *after = xeno_change_get_after (live->change);

  return after != NULL ? g_ascii_strtoull (after, NULL, 10) : 0;
}

/* What runs cannot have more than it was started with: that is another change, which waits. */
static gboolean
has_memory (const Live *live)
{
  return get_number (live) <= xeno_device_get_uint (live->device, "memory", 0);
}

static gboolean
has_cpus (const Live *live)
{
  return get_number (live) <= xeno_device_get_uint (live->device, "maximum", 1);
}

static gboolean
set_title (const Live *live)
{
  return virDomainSetMetadata (live->domain, VIR_DOMAIN_METADATA_TITLE, xeno_change_get_after (live->change),
                               NULL, NULL, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static gboolean
set_description (const Live *live)
{
  return virDomainSetMetadata (live->domain, VIR_DOMAIN_METADATA_DESCRIPTION, xeno_change_get_after (live->change),
                               NULL, NULL, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static gboolean
set_memory (const Live *live)
{
  return virDomainSetMemoryFlags (live->domain, get_number (live) / 1024, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static gboolean
set_cpus (const Live *live)
{
  guint64 n = get_number (live);

  /* Where nothing is said all of them are there. */
  if (n == 0)
    n = xeno_device_get_uint (live->device, "maximum", 1);
  return virDomainSetVcpusFlags (live->domain, n, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static gboolean
set_stats_period (const Live *live)
{
  return virDomainSetMemoryStatsPeriod (live->domain, get_number (live), VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static gboolean
update_device (const Live *live)
{
  g_autofree char *xml = xeno_device_to_xml (live->device);

  return virDomainUpdateDeviceFlags (live->domain, xml, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

/* All limits of a disk are set in one call, and those it does not name are none. */
static gboolean
set_throttle (const Live *live)
{
  static const struct
  {
    const char *field;
    const char *name;
  } limits[] = {
    { "read-iops", VIR_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC },
    { "write-iops", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC },
    { "read-bytes", VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC },
    { "write-bytes", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC },
  };
  g_autofree char *target = xeno_device_dup_string (live->device, "target-dev");
  virTypedParameterPtr params = NULL;
  int n_params = 0;
  int n_most = 0;
  gboolean is_done;

  if (target == NULL)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    virTypedParamsAddULLong (&params, &n_params, &n_most, limits[i].name,
                             xeno_device_get_uint (live->device, limits[i].field, 0));
  is_done = virDomainSetBlockIoTune (live->domain, target, params, n_params, VIR_DOMAIN_AFFECT_LIVE) == 0;
  virTypedParamsFree (params, n_params);
  return is_done;
}

/*
 * Way:
 * @kind: of which kind of device, or which part
 * @field: what is changed
 * @func: how
 * @fits: (nullable): whether the machine that runs has room for it
 *
 * One row of the table of what can be changed of a machine that runs.
 */
typedef struct
{
  const char *kind;
  const char *field;
  LiveFunc    func;
  LiveFunc    fits;
} Way;

static const Way ways[] = {
  { "machine", "title", set_title },
  { "machine", "description", set_description },
  { "ram", "current", set_memory, has_memory },
  { "processors", "current", set_cpus, has_cpus },
  { "memballoon", "stats-period", set_stats_period },
  { "memory", "requested", update_device },
  { "disk", "type", update_device },
  { "disk", "driver-type", update_device },
  { "disk", "source-file", update_device },
  { "disk", "source-dev", update_device },
  { "disk", "source-pool", update_device },
  { "disk", "source-volume", update_device },
  { "disk", "startup-policy", update_device },
  { "disk", "read-iops", set_throttle },
  { "disk", "write-iops", set_throttle },
  { "disk", "read-bytes", set_throttle },
  { "disk", "write-bytes", set_throttle },
  { "interface", "source-network", update_device },
  { "interface", "source-bridge", update_device },
  { "interface", "link-state", update_device },
  { "interface", "filter", update_device },
  { "interface", "port-isolated", update_device },
  { "interface", "inbound-average", update_device },
  { "interface", "outbound-average", update_device },
  { "graphics", "password", update_device },
  { "graphics", "password-valid-to", update_device },
};

/* What libvirt can plug in and out of machines that run. */
static const char * const pluggable[] = {
  "disk", "interface", "hostdev", "redirdev", "filesystem", "channel", "rng", "memory", "input", "watchdog", "vsock",
  "shmem", "controller", NULL,
};

static const Way *
find_way (XenoChange *change)
{
  const XenoField *field = xeno_change_get_field (change);

  for (gsize i = 0; field != NULL && i < G_N_ELEMENTS (ways); i++)
    if (strcmp (ways[i].kind, xeno_change_get_kind (change)->id) == 0 && strcmp (ways[i].field, field->id) == 0)
      return &ways[i];
  return NULL;
}

/* Whether a machine that runs may be able to do it; guest and host can still refuse. */
gboolean
xeno_live_is_possible (XenoChange *change)
{
  g_return_val_if_fail (XENO_IS_CHANGE (change), FALSE);

  if (xeno_change_get_change (change) == XENO_CHANGE_SET)
    return find_way (change) != NULL;
  return g_strv_contains (pluggable, xeno_change_get_kind (change)->id);
}

static XenoSpec *
read_running (virDomainPtr   domain,
              const char    *title,
              GError       **error)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_SECURE);

  if (xml != NULL)
    return xeno_spec_new_from_xml (xml, error);

  xeno_virt_set_error (error, _("“%s” could not be read."), title);
  return NULL;
}

/* libvirt waits some seconds for the guest, and then says that all went well. */
static gboolean
is_still_there (virDomainPtr  domain,
                const char   *title,
                XenoChange   *change)
{
  g_autoptr (XenoSpec) running = read_running (domain, title, NULL);
  g_autoptr (XenoDevice) device = running != NULL ? xeno_change_find_device (change, running) : NULL;

  return device != NULL;
}

static gboolean
detach (virDomainPtr   domain,
        const char    *title,
        XenoChange    *change,
        XenoDevice    *device,
        GError       **error)
{
  g_autofree char *what = xeno_device_dup_title (device);
  g_autofree char *xml = xeno_device_to_xml (device);

  if (virDomainDetachDeviceFlags (domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
    {
      xeno_virt_set_error (error, _("“%s” could not be taken out of “%s” while it runs."), what, title);
      return FALSE;
    }
  if (!is_still_there (domain, title, change))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_IN_USE, NULL,
                  _("“%s” was asked to let go of “%s”, and has not. Stop using it there; it will be gone after the "
                    "next shutdown in any case."), title, what);
  return FALSE;
}

static gboolean
attach (virDomainPtr   domain,
        const char    *title,
        XenoChange    *change,
        GError       **error)
{
  g_autofree char *what = NULL;

  if (virDomainAttachDeviceFlags (domain, xeno_change_get_after (change), VIR_DOMAIN_AFFECT_LIVE) == 0)
    return TRUE;

  what = xeno_change_dup_title (change);
  xeno_virt_set_error (error, _("“%s” could not be added to “%s” while it runs."), what, title);
  return FALSE;
}

/* Whatever else is changed of the same device in the same way goes along: a source is more than one field. */
static void
set_along (GPtrArray  *outcomes,
           guint       first,
           XenoSpec   *running,
           XenoDevice *device)
{
  LiveFunc func = find_way (((XenoChangeOutcome *) outcomes->pdata[first])->change)->func;

  for (guint i = first; i < outcomes->len; i++)
    {
      XenoChangeOutcome *outcome = outcomes->pdata[i];
      const Way *way = find_way (outcome->change);
      g_autoptr (XenoDevice) other = NULL;

      if (way == NULL || way->func != func)
        continue;
      other = xeno_change_find_device (outcome->change, running);
      if (other == NULL || !xeno_device_is_same (other, device))
        continue;
      xeno_device_set_string (device, xeno_change_get_field (outcome->change)->id,
                              xeno_change_get_after (outcome->change));
    }
}

static gboolean
set (virDomainPtr   domain,
     const char    *title,
     GPtrArray     *outcomes,
     guint          index,
     XenoSpec      *running,
     XenoDevice    *device,
     GError       **error)
{
  XenoChange *change = ((XenoChangeOutcome *) outcomes->pdata[index])->change;
  const Live live = { domain, change, device };
  const Way *way = find_way (change);
  g_autofree char *what = NULL;

  if (way->fits != NULL && !way->fits (&live))
    return FALSE;
  set_along (outcomes, index, running, device);
  if (way->func (&live))
    return TRUE;

  what = xeno_change_dup_title (change);
  xeno_virt_set_error (error, _("“%s” of “%s” could not be changed while it runs."), what, title);
  return FALSE;
}

static gboolean
apply (virDomainPtr   domain,
       const char    *title,
       GPtrArray     *outcomes,
       guint          index,
       GError       **error)
{
  XenoChange *change = ((XenoChangeOutcome *) outcomes->pdata[index])->change;
  g_autoptr (XenoSpec) running = read_running (domain, title, error);
  g_autoptr (XenoDevice) device = NULL;
  g_autofree char *now = NULL;

  if (running == NULL)
    return FALSE;
  if (xeno_change_get_change (change) == XENO_CHANGE_ADD)
    return attach (domain, title, change, error);

  device = xeno_change_find_device (change, running);
  if (device == NULL)
    return TRUE;
  if (xeno_change_get_change (change) == XENO_CHANGE_REMOVE)
    return detach (domain, title, change, device, error);

  /* An earlier change of the same device took it along. */
  now = xeno_device_dup_string (device, xeno_change_get_field (change)->id);
  return g_strcmp0 (now, xeno_change_get_after (change)) == 0
         || set (domain, title, outcomes, index, running, device, error);
}

/* Changes a machine that runs, as far as it can be, and nothing of what it will be at its next start. What has
 * no room is no error: it waits. @outcomes (of XenoChangeOutcome) says what became of each change. */
void
xeno_live_apply (virDomainPtr  domain,
                 const char   *title,
                 GPtrArray    *outcomes)
{
  for (guint i = 0; i < outcomes->len; i++)
    {
      XenoChangeOutcome *outcome = outcomes->pdata[i];

      if (xeno_live_is_possible (outcome->change))
        outcome->is_now = apply (domain, title, outcomes, i, &outcome->reason);
    }
}
