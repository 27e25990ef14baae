/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection offers to new machines, and how one is made known to it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>

#include "base/xeno-error.h"
#include "spec/xeno-name.h"
#include "virt/xeno-connection-private.h"
#include "virt/xeno-host-facts.h"
#include "virt/xeno-machine-private.h"
#include "virt/xeno-saved-state-private.h"
#include "virt/xeno-virt-error.h"

/* libvirt runs every emulator once before it can tell; that takes seconds the first time. */
#define CAPS_MS 30000

/* Whose offers are asked for. */
typedef struct
{
  gboolean  is_local;
  char     *arch; /* NULL: the host's own */
} CapsCall;

static void
caps_call_free (gpointer data)
{
  CapsCall *call = data;

  g_free (call->arch);
  g_free (call);
}

static XenoCaps *
read_host_caps (const char  *host_xml,
                const char  *arch,
                GError     **error)
{
  g_autoptr (XenoCaps) caps = arch != NULL ? xeno_caps_new_for_arch (host_xml, arch, error)
                                           : xeno_caps_new (host_xml, NULL, error);

  if (caps == NULL || arch == NULL || xeno_caps_offers_virt_type (caps, "qemu")
      || xeno_caps_offers_virt_type (caps, "kvm"))
    return g_steal_pointer (&caps);

  xeno_set_error (error, XENO_ERROR_NOT_SUPPORTED, NULL,
                  _("This host has no emulator for processors of the kind “%s”. Install it (package "
                    "“qemu-system-…”), or choose another."), arch);
  return NULL;
}

static gpointer
load_caps_call (virConnectPtr   handle,
                gpointer        data,
                GCancellable   *cancellable,
                GError        **error)
{
  CapsCall *call = data;
  g_autofree char *host_xml = virConnectGetCapabilities (handle);
  g_autofree char *domain_xml = NULL;
  g_autoptr (XenoHostFacts) facts = xeno_host_facts_new ();
  g_autoptr (XenoCaps) caps = NULL;
  const char *cpu_flags = NULL;
  const char *virt_type;

  if (host_xml == NULL)
    {
      xeno_virt_set_error (error, _("What this host offers could not be read."));
      return NULL;
    }
  caps = read_host_caps (host_xml, call->arch, error);
  if (caps == NULL)
    return NULL;

  if (call->is_local)
    {
      xeno_host_facts_read_local (facts, "/");
      cpu_flags = facts->cpu_flag != NULL ? facts->cpu_flag : "";
    }
  virt_type = xeno_caps_choose_virt_type (caps, XENO_ACCEL_AUTO, cpu_flags, NULL);
  domain_xml = virConnectGetDomainCapabilities (handle, NULL, xeno_caps_get_arch (caps),
                                                xeno_caps_get_machine_type (caps), virt_type, 0);
  return domain_xml != NULL ? xeno_caps_new (host_xml, domain_xml, error) : g_steal_pointer (&caps);
}

static void
caps_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  XenoConnection *self = XENO_CONNECTION (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoCaps) caps = g_task_propagate_pointer (G_TASK (result), &error);

  if (caps == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (g_task_get_task_data (task) == NULL)
    xeno_connection_keep_caps (self, caps);
  g_task_return_pointer (task, g_steal_pointer (&caps), g_object_unref);
}

/**
 * xeno_connection_load_caps_async:
 * @self: a connection that is open
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the answer
 * @user_data: passed to @callback
 *
 * Reads what this host offers to new machines of its own architecture. It is asked once while the
 * connection is open.
 */
void
xeno_connection_load_caps_async (XenoConnection      *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  xeno_connection_load_arch_caps_async (self, NULL, cancellable, callback, user_data);
}

/**
 * xeno_connection_load_arch_caps_async:
 * @self: a connection that is open
 * @arch: (nullable): an architecture, or %NULL for the host's own
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called with the answer
 * @user_data: passed to @callback
 *
 * Reads what this host offers to new machines of an architecture. libvirt runs its emulator for that the
 * first time. xeno_connection_load_caps_finish() ends it, with %XENO_ERROR_NOT_SUPPORTED where there is no
 * such emulator.
 */
void
xeno_connection_load_arch_caps_async (XenoConnection      *self,
                                      const char          *arch,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) call = NULL;
  CapsCall *caps_call;
  XenoCaps *kept;

  g_return_if_fail (XENO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_load_caps_async);
  kept = xeno_connection_get_kept_caps (self);
  if (kept != NULL && (arch == NULL || g_strcmp0 (arch, xeno_caps_get_arch (kept)) == 0))
    {
      g_task_return_pointer (task, g_object_ref (kept), g_object_unref);
      return;
    }

  g_task_set_task_data (task, g_strdup (arch), g_free);
  caps_call = g_new0 (CapsCall, 1);
  caps_call->is_local = xeno_connection_is_local (self);
  caps_call->arch = g_strdup (arch);
  call = g_task_new (self, cancellable, caps_loaded_cb, g_steal_pointer (&task));
  xeno_connection_call (self, XENO_CALL_DAEMON, "caps", CAPS_MS, call, load_caps_call,
                        caps_call, caps_call_free, g_object_unref);
}

/**
 * xeno_connection_load_caps_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: where to say why it is not known
 *
 * Finishes xeno_connection_load_caps_async().
 *
 * Returns: (transfer full) (nullable): what the host offers
 */
XenoCaps *
xeno_connection_load_caps_finish (XenoConnection  *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What is to be defined, or started without a definition. */
typedef struct
{
  char *xml;
  char *emulated_xml; /* for a host whose hardware acceleration turns out not to work; or NULL */
  char *memory_path;  /* what it goes on from; or NULL */
  char *pipe_path;    /* how that comes to libvirt */
  char *name;
  char *uuid;
  char *title;
} Definition;

static void
definition_free (gpointer data)
{
  Definition *definition = data;

  g_free (definition->xml);
  g_free (definition->emulated_xml);
  g_free (definition->memory_path);
  g_free (definition->pipe_path);
  g_free (definition->name);
  g_free (definition->uuid);
  g_free (definition->title);
  g_free (definition);
}

static Definition *
definition_new (XenoSpec *spec)
{
  Definition *definition = g_new0 (Definition, 1);

  definition->xml = xeno_spec_to_xml (spec);
  definition->name = xeno_spec_dup_name (spec);
  definition->uuid = xeno_spec_dup_uuid (spec);
  definition->title = xeno_spec_dup_title (spec);
  if (definition->title == NULL || *definition->title == '\0')
    {
      g_free (definition->title);
      definition->title = g_strdup (definition->name);
    }
  return definition;
}

/* libvirt 9 destroys other machines' files when a name is "..". */
static gboolean
check_name (const Definition  *definition,
            GError           **error)
{
  if (definition->name != NULL && xeno_name_is_slug (definition->name))
    return TRUE;

  xeno_set_error (error, XENO_ERROR_INVALID, NULL,
                  _("“%s” cannot be the name of a machine. Use letters, digits, “-”, “_” and “.”."),
                  definition->name != NULL ? definition->name : "");
  return FALSE;
}

/* libvirt replaces a machine of the same uuid without a word. */
static gboolean
is_free (virConnectPtr   handle,
         Definition     *definition,
         GError        **error)
{
  virDomainPtr domain = virDomainLookupByName (handle, definition->name);

  if (domain == NULL && definition->uuid != NULL)
    domain = virDomainLookupByUUIDString (handle, definition->uuid);
  if (domain == NULL)
    return TRUE;

  virDomainFree (domain);
  xeno_set_error (error, XENO_ERROR_EXISTS, NULL,
                  _("There is a machine “%s” already. Choose another name."), definition->title);
  return FALSE;
}

static gpointer
define_call (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Definition *definition = data;
  char uuid[VIR_UUID_STRING_BUFLEN] = "";
  virDomainPtr domain;

  if (!is_free (handle, definition, error))
    return NULL;

  domain = virDomainDefineXML (handle, definition->xml);
  if (domain == NULL)
    {
      xeno_virt_set_error (error, _("“%s” could not be created."), definition->title);
      return NULL;
    }

  virDomainGetUUIDString (domain, uuid);
  virDomainFree (domain);
  return xeno_facts_read (handle, uuid, TRUE, error);
}

static virDomainPtr
create (virConnectPtr      handle,
        const Definition  *definition,
        GError           **error)
{
  virDomainPtr domain = virDomainCreateXML (handle, definition->xml, 0);

  if (domain == NULL && definition->emulated_xml != NULL && xeno_virt_error_is_acceleration ())
    domain = virDomainCreateXML (handle, definition->emulated_xml, 0);
  if (domain == NULL)
    xeno_virt_set_error (error, _("“%s” could not start."), definition->title);
  return domain;
}

static virDomainPtr
restore (virConnectPtr      handle,
         const Definition  *definition,
         GError           **error)
{
  virDomainPtr domain;

  if (!xeno_saved_state_restore (handle, definition->memory_path, definition->pipe_path, definition->xml, error))
    return NULL;

  domain = virDomainLookupByUUIDString (handle, definition->uuid);
  if (domain == NULL)
    xeno_virt_set_error (error, _("“%s” could not start."), definition->title);
  return domain;
}

static gpointer
create_call (virConnectPtr   handle,
             gpointer        data,
             GCancellable   *cancellable,
             GError        **error)
{
  Definition *definition = data;
  virDomainPtr domain;
  gpointer facts;

  if (!is_free (handle, definition, error))
    return NULL;

  domain = (definition->memory_path != NULL ? restore : create) (handle, definition, error);
  if (domain == NULL)
    return NULL;

  facts = xeno_facts_read_domain (domain, TRUE, error);
  virDomainFree (domain);
  return facts;
}

static void
defined_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  XenoConnection *self = XENO_CONNECTION (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoFacts) facts = g_task_propagate_pointer (G_TASK (result), &error);
  XenoMachine *machine = facts != NULL ? xeno_connection_apply (self, facts) : NULL;

  if (machine != NULL)
    g_task_return_pointer (task, g_object_ref (machine), g_object_unref);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_error (task, xeno_error_new (XENO_ERROR_NOT_FOUND, NULL,
                                               _("The new machine was removed by another "
                                                 "program.")));
}

/**
 * xeno_connection_define_async:
 * @self: a connection
 * @spec: the machine on paper; its name is a slug
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when the machine is in the list
 * @user_data: passed to @callback
 *
 * Makes a machine known to libvirt. Errors: %XENO_ERROR_INVALID for a name that is no slug,
 * %XENO_ERROR_EXISTS where the name or the uuid is taken, and what libvirt says.
 */
void
xeno_connection_define_async (XenoConnection      *self,
                              XenoSpec            *spec,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) call = NULL;
  g_autoptr (GError) error = NULL;
  Definition *definition;

  g_return_if_fail (XENO_IS_CONNECTION (self));
  g_return_if_fail (XENO_IS_SPEC (spec));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_define_async);
  definition = definition_new (spec);
  if (!check_name (definition, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      definition_free (definition);
      return;
    }

  call = g_task_new (self, cancellable, defined_cb, g_steal_pointer (&task));
  /* The daemon may have to find out first what its QEMU can do. */
  xeno_connection_call (self, XENO_CALL_DAEMON, definition->uuid, XENO_LONG_CALL_MS, call,
                        define_call, definition, definition_free,
                        (GDestroyNotify) xeno_facts_free);
}

/**
 * xeno_connection_define_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: where to say why it was not defined
 *
 * Finishes xeno_connection_define_async().
 *
 * Returns: (transfer full) (nullable): the machine
 */
XenoMachine *
xeno_connection_define_finish (XenoConnection  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Only where the person left the choice to us. */
static char *
dup_emulated (XenoSpec *spec)
{
  g_autofree char *virt_type = xeno_spec_dup_virt_type (spec);
  g_autofree char *accel = xeno_spec_dup_note (spec, "accel");
  g_autoptr (XenoSpec) emulated = NULL;

  if (g_strcmp0 (virt_type, "kvm") != 0 || g_strcmp0 (accel, "auto") != 0)
    return NULL;

  emulated = xeno_spec_copy (spec);
  xeno_spec_set_virt_type (emulated, "qemu");
  return xeno_spec_to_xml (emulated);
}

/**
 * xeno_connection_create_async:
 * @self: a connection
 * @spec: the machine on paper, with a UUID; its name is a slug
 * @memory_path: (nullable): the memory of another machine with the same devices, as
 *   xeno_saved_state_make_async() wrote it, which it goes on from
 * @pipe_path: (nullable): where a pipe can be meanwhile; with @memory_path
 * @cancellable: (nullable): stops the waiting
 * @callback: (scope async): called when the machine runs and is in the list
 * @user_data: passed to @callback
 *
 * Starts a machine that libvirt forgets when it stops. Errors: as xeno_connection_define_async().
 */
void
xeno_connection_create_async (XenoConnection      *self,
                              XenoSpec            *spec,
                              const char          *memory_path,
                              const char          *pipe_path,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) call = NULL;
  g_autoptr (GError) error = NULL;
  Definition *definition;

  g_return_if_fail (XENO_IS_CONNECTION (self));
  g_return_if_fail (XENO_IS_SPEC (spec));
  g_return_if_fail ((memory_path == NULL) == (pipe_path == NULL));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_connection_create_async);
  definition = definition_new (spec);
  definition->emulated_xml = dup_emulated (spec);
  definition->memory_path = g_strdup (memory_path);
  definition->pipe_path = g_strdup (pipe_path);
  if (!check_name (definition, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      definition_free (definition);
      return;
    }

  call = g_task_new (self, cancellable, defined_cb, g_steal_pointer (&task));
  xeno_connection_call (self, XENO_CALL_DAEMON, definition->uuid,
                        memory_path != NULL ? XENO_SAVE_CALL_MS : XENO_LONG_CALL_MS, call, create_call,
                        definition, definition_free, (GDestroyNotify) xeno_facts_free);
}

/**
 * xeno_connection_create_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: where to say why it does not run
 *
 * Finishes xeno_connection_create_async().
 *
 * Returns: (transfer full) (nullable): the machine
 */
XenoMachine *
xeno_connection_create_finish (XenoConnection  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
