/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host offers to new machines, read from the documents a connection gives. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>

#include "spec/xeno-caps.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-field-private.h"

struct _XenoCaps
{
  GObject  parent_instance;
  xmlDoc  *host;
  xmlDoc  *domain; /* or NULL: the driver has no domain capabilities */
  xmlNode *guest;  /* the element of the architecture in the host's document, or NULL */
  char    *arch;
  char    *machine_type;
};

G_DEFINE_FINAL_TYPE (XenoCaps, xeno_caps, G_TYPE_OBJECT)

/* Boards for new machines, the best first. */
static const char * const preferred_machines[] = {
  "q35", "virt", "s390-ccw-virtio", "pseries", "pc",
};

static void
xeno_caps_finalize (GObject *object)
{
  XenoCaps *self = XENO_CAPS (object);

  xmlFreeDoc (self->host);
  xmlFreeDoc (self->domain);
  g_free (self->arch);
  g_free (self->machine_type);

  G_OBJECT_CLASS (xeno_caps_parent_class)->finalize (object);
}

static void
xeno_caps_class_init (XenoCapsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_caps_finalize;

  xmlInitParser ();
}

static void
xeno_caps_init (XenoCaps *self)
{
}

static xmlNode *
find_guest (xmlNode    *host,
            const char *arch)
{
  for (xmlNode *guest = xeno_node_next (host->children, "guest");
       guest != NULL;
       guest = xeno_node_next (guest->next, "guest"))
    {
      g_autofree char *name = xeno_node_dup_value (guest, "arch/@name");
      g_autofree char *os_type = xeno_node_dup_value (guest, "os_type");

      if (g_strcmp0 (name, arch) == 0 && g_strcmp0 (os_type, "hvm") == 0)
        return xeno_node_find (guest, "arch");
    }
  return NULL;
}

static xmlNode *
find_machine (xmlNode    *guest,
              const char *name)
{
  xmlNode *machine = guest != NULL ? xeno_node_next (guest->children, "machine") : NULL;

  for (; machine != NULL; machine = xeno_node_next (machine->next, "machine"))
    {
      g_autofree char *text = xeno_node_dup_value (machine, ".");

      if (g_strcmp0 (text, name) == 0)
        return machine;
    }
  return NULL;
}

static char *
choose_machine (XenoCaps *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (preferred_machines); i++)
    {
      if (find_machine (self->guest, preferred_machines[i]) != NULL)
        return g_strdup (preferred_machines[i]);
    }
  if (self->domain != NULL)
    return xeno_node_dup_value (xmlDocGetRootElement (self->domain), "machine");
  return NULL;
}

static XenoCaps *
new_for (const char  *host_xml,
         const char  *domain_xml,
         const char  *arch,
         GError     **error)
{
  g_autoptr (XenoCaps) self = g_object_new (XENO_TYPE_CAPS, NULL);
  const char *sentence = _("What the host offers cannot be read.");
  xmlNode *root;

  g_return_val_if_fail (host_xml != NULL, NULL);

  self->host = xeno_document_parse (host_xml, "capabilities", sentence, error);
  if (self->host == NULL)
    return NULL;
  if (domain_xml != NULL)
    {
      self->domain = xeno_document_parse (domain_xml, "domainCapabilities", sentence, error);
      if (self->domain == NULL)
        return NULL;
    }

  root = xmlDocGetRootElement (self->host);
  if (self->domain != NULL)
    self->arch = xeno_node_dup_value (xmlDocGetRootElement (self->domain), "arch");
  else
    self->arch = g_strdup (arch);
  if (self->arch == NULL)
    self->arch = xeno_node_dup_value (root, "host/cpu/arch");
  self->guest = find_guest (root, self->arch);
  self->machine_type = choose_machine (self);
  return g_steal_pointer (&self);
}

/**
 * xeno_caps_new:
 * @host_xml: what virConnectGetCapabilities() gives
 * @domain_xml: (nullable): what virConnectGetDomainCapabilities() gives for the architecture and
 *   type that will be used, or %NULL where the driver has none
 * @error: %XENO_ERROR_INVALID when a document cannot be read
 *
 * Reads what a host offers.
 *
 * Returns: (transfer full): the capabilities, or %NULL with @error set
 */
XenoCaps *
xeno_caps_new (const char  *host_xml,
               const char  *domain_xml,
               GError     **error)
{
  return new_for (host_xml, domain_xml, NULL, error);
}

/**
 * xeno_caps_new_for_arch:
 * @host_xml: what virConnectGetCapabilities() gives
 * @arch: an architecture it lists
 * @error: %XENO_ERROR_INVALID when the document cannot be read
 *
 * Reads what a host says of an architecture, before its domain capabilities are asked for.
 *
 * Returns: (transfer full): the capabilities, or %NULL with @error set
 */
XenoCaps *
xeno_caps_new_for_arch (const char  *host_xml,
                        const char  *arch,
                        GError     **error)
{
  g_return_val_if_fail (arch != NULL, NULL);

  return new_for (host_xml, NULL, arch, error);
}

/**
 * xeno_caps_get_arch:
 * @self: a host's capabilities
 *
 * Gets the architecture of new machines: "x86_64".
 *
 * Returns: (nullable) (transfer none): the architecture
 */
const char *
xeno_caps_get_arch (XenoCaps *self)
{
  g_return_val_if_fail (XENO_IS_CAPS (self), NULL);

  return self->arch;
}

/**
 * xeno_caps_get_machine_type:
 * @self: a host's capabilities
 *
 * Gets the board of new machines: q35 where it is offered.
 *
 * Returns: (nullable) (transfer none): the machine type, or %NULL where the driver has no such
 *   thing
 */
const char *
xeno_caps_get_machine_type (XenoCaps *self)
{
  g_return_val_if_fail (XENO_IS_CAPS (self), NULL);

  return self->machine_type;
}

static char *
dup_host_arch (XenoCaps *self)
{
  return xeno_node_dup_value (xmlDocGetRootElement (self->host), "host/cpu/arch");
}

/**
 * xeno_caps_is_foreign:
 * @self: a host's capabilities
 *
 * Gets whether the machines have processors of another kind than the host, which are always emulated.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_caps_is_foreign (XenoCaps *self)
{
  g_autofree char *host = NULL;

  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);

  host = dup_host_arch (self);
  return host != NULL && self->arch != NULL && !g_str_equal (host, self->arch)
         && !(g_str_equal (host, "x86_64") && g_str_equal (self->arch, "i686"));
}

/**
 * xeno_caps_list_archs:
 * @self: a host's capabilities
 *
 * Lists the architectures machines can have: those an emulator is installed for, the host's own first.
 *
 * Returns: (transfer full): architectures
 */
GStrv
xeno_caps_list_archs (XenoCaps *self)
{
  g_autoptr (GStrvBuilder) archs = g_strv_builder_new ();
  g_autofree char *host = NULL;
  xmlNode *root;

  g_return_val_if_fail (XENO_IS_CAPS (self), NULL);

  root = xmlDocGetRootElement (self->host);
  host = dup_host_arch (self);
  if (host != NULL && find_guest (root, host) != NULL)
    g_strv_builder_add (archs, host);
  for (xmlNode *guest = xeno_node_next (root->children, "guest");
       guest != NULL;
       guest = xeno_node_next (guest->next, "guest"))
    {
      g_autofree char *arch = xeno_node_dup_value (guest, "arch/@name");

      if (arch != NULL && g_strcmp0 (arch, host) != 0 && find_guest (root, arch) == xeno_node_find (guest, "arch"))
        g_strv_builder_add (archs, arch);
    }
  return g_strv_builder_end (archs);
}

/**
 * xeno_caps_get_max_cpus:
 * @self: a host's capabilities
 *
 * Gets how many processors the board of new machines takes.
 *
 * Returns: the number of processors, or %G_MAXUINT where the host does not say
 */
guint
xeno_caps_get_max_cpus (XenoCaps *self)
{
  g_autofree char *text = NULL;
  xmlNode *machine;
  guint64 max_cpus;

  g_return_val_if_fail (XENO_IS_CAPS (self), G_MAXUINT);

  machine = self->machine_type != NULL ? find_machine (self->guest, self->machine_type) : NULL;
  if (machine != NULL)
    text = xeno_node_dup_value (machine, "@maxCpus");
  if (text == NULL && self->domain != NULL)
    text = xeno_node_dup_value (xmlDocGetRootElement (self->domain), "vcpu/@max");

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT, &max_cpus, NULL))
    return max_cpus;
  return G_MAXUINT;
}

/**
 * xeno_caps_offers_virt_type:
 * @self: a host's capabilities
 * @virt_type: "kvm", "qemu"
 *
 * Gets whether machines can run by this means.
 *
 * Returns: %TRUE if libvirt lists it
 */
gboolean
xeno_caps_offers_virt_type (XenoCaps   *self,
                            const char *virt_type)
{
  xmlNode *domain;

  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);
  g_return_val_if_fail (virt_type != NULL, FALSE);

  domain = self->guest != NULL ? xeno_node_next (self->guest->children, "domain") : NULL;
  for (; domain != NULL; domain = xeno_node_next (domain->next, "domain"))
    {
      g_autofree char *type = xeno_node_dup_value (domain, "@type");

      if (g_strcmp0 (type, virt_type) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_value (xmlNode    *parent,
           const char *enum_name,
           const char *value)
{
  g_autofree char *path = g_strdup_printf ("enum[@name='%s']", enum_name);
  xmlNode *list = parent != NULL ? xeno_node_find (parent, path) : NULL;
  xmlNode *node = list != NULL ? xeno_node_next (list->children, "value") : NULL;

  for (; node != NULL; node = xeno_node_next (node->next, "value"))
    {
      g_autofree char *text = xeno_node_dup_value (node, ".");

      if (g_strcmp0 (text, value) == 0)
        return TRUE;
    }
  return FALSE;
}

static xmlNode *
find_in_domain (XenoCaps   *self,
                const char *path)
{
  return self->domain != NULL ? xeno_node_find (xmlDocGetRootElement (self->domain), path) : NULL;
}

/**
 * xeno_caps_offers_uefi:
 * @self: a host's capabilities
 *
 * Gets whether libvirt can choose a UEFI firmware for new machines.
 *
 * Returns: %TRUE if it can
 */
gboolean
xeno_caps_offers_uefi (XenoCaps *self)
{
  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);

  return has_value (find_in_domain (self, "os"), "firmware", "efi");
}

/**
 * xeno_caps_offers_firmware_choice:
 * @self: a host's capabilities
 *
 * Gets whether there is more than one kind of firmware: a BIOS, which only PCs have, and UEFI.
 *
 * Returns: %TRUE if there is
 */
gboolean
xeno_caps_offers_firmware_choice (XenoCaps *self)
{
  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);

  return xeno_caps_offers_uefi (self)
         && (g_strcmp0 (self->arch, "x86_64") == 0 || g_strcmp0 (self->arch, "i686") == 0);
}

/**
 * xeno_caps_offers_secure_boot:
 * @self: a host's capabilities
 *
 * Gets whether a UEFI firmware that boots only signed systems is there.
 *
 * Returns: %TRUE if it is
 */
gboolean
xeno_caps_offers_secure_boot (XenoCaps *self)
{
  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);

  return xeno_caps_offers_uefi (self)
         && has_value (find_in_domain (self, "os/loader"), "secure", "yes");
}

/**
 * xeno_caps_offers_hyperv:
 * @self: a host's capabilities
 * @feature: what Windows uses where it is there: "relaxed", "stimer"
 *
 * Gets whether machines can look like those of Hyper-V in this.
 *
 * Returns: %TRUE if libvirt lists it, or, where libvirt lists none, if all that can run Windows have it
 */
gboolean
xeno_caps_offers_hyperv (XenoCaps   *self,
                         const char *feature)
{
  static const char * const classic[] = { "relaxed", "vapic", "spinlocks", NULL };
  xmlNode *hyperv;

  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);

  hyperv = find_in_domain (self, "features/hyperv");
  return hyperv != NULL ? has_value (hyperv, "features", feature) : g_strv_contains (classic, feature);
}

/**
 * xeno_caps_offers:
 * @self: a host's capabilities
 * @device: "graphics", "video", "disk", "rng", "tpm", "channel", "redirdev", "filesystem"
 * @enum_name: what is asked of the device: "type", "bus", "model", "backendModel"
 * @value: the value that is wanted: "spice"
 *
 * Gets whether new machines can have a device like this.
 *
 * Returns: %TRUE if libvirt lists it, %FALSE if not or where the driver does not say
 */
gboolean
xeno_caps_offers (XenoCaps   *self,
                  const char *device,
                  const char *enum_name,
                  const char *value)
{
  g_autofree char *path = NULL;
  g_autofree char *long_name = NULL;
  g_autofree char *supported = NULL;
  xmlNode *node;

  g_return_val_if_fail (XENO_IS_CAPS (self), FALSE);
  g_return_val_if_fail (device != NULL, FALSE);
  g_return_val_if_fail (enum_name != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  path = g_strconcat ("devices/", device, NULL);
  node = find_in_domain (self, path);
  if (node == NULL)
    return FALSE;

  supported = xeno_node_dup_value (node, "@supported");
  long_name = g_strconcat (enum_name, "Type", NULL); /* libvirt calls some so: "modelType" */
  return g_strcmp0 (supported, "yes") == 0
         && (has_value (node, enum_name, value) || has_value (node, long_name, value));
}

static gboolean
has_flag (const char *cpu_flags,
          const char *flag)
{
  g_auto (GStrv) words = g_strsplit_set (cpu_flags, " \t\n", -1);

  return g_strv_contains ((const char * const *) words, flag);
}

static gboolean
lacks_virtualization (XenoCaps   *self,
                      const char *cpu_flags)
{
  gboolean is_x86 = g_strcmp0 (self->arch, "x86_64") == 0 || g_strcmp0 (self->arch, "i686") == 0;

  return is_x86 && cpu_flags != NULL && !has_flag (cpu_flags, "vmx") && !has_flag (cpu_flags, "svm");
}

static const char *
choose_automatically (XenoCaps    *self,
                      const char  *cpu_flags,
                      const char **sentence)
{
  xmlNode *first = self->guest != NULL ? xeno_node_next (self->guest->children, "domain") : NULL;
  g_autofree char *type = first != NULL ? xeno_node_dup_value (first, "@type") : NULL;

  if (!xeno_caps_offers_virt_type (self, "qemu") && !xeno_caps_offers_virt_type (self, "kvm"))
    {
      *sentence = _("This host runs machines in its own way.");
      return g_intern_string (type != NULL ? type : "qemu");
    }
  if (xeno_caps_is_foreign (self))
    {
      *sentence = _("Emulated, which is slow: the machine’s processor is of another kind than this host’s.");
      return "qemu";
    }
  if (!xeno_caps_offers_virt_type (self, "kvm"))
    {
      *sentence = _("Emulated, which is slow: this host offers no KVM. Check that /dev/kvm is "
                    "there and that you may use it.");
      return "qemu";
    }
  if (lacks_virtualization (self, cpu_flags))
    {
      *sentence = _("Emulated, which is slow: this host’s processor shows no virtualization (vmx "
                    "or svm). Turn it on in the firmware settings, or, if the host is itself a "
                    "virtual machine, turn on nested virtualization.");
      return "qemu";
    }
  *sentence = _("Accelerated by the processor (KVM), nearly as fast as the host itself.");
  return "kvm";
}

/**
 * xeno_caps_choose_virt_type:
 * @self: a host's capabilities
 * @accel: what the person wants
 * @cpu_flags: (nullable): the flags line of the host's /proc/cpuinfo, or %NULL where nobody can
 *   read it
 * @reason: (out) (optional) (transfer full): a sentence in plain words for the person
 *
 * Chooses what runs the processors of a new machine: KVM only where libvirt offers it and, on x86,
 * the processor can; a /dev/kvm without that is a trap in which no guest boots. XENO_VIRT_TYPE in
 * the environment overrides everything.
 *
 * Returns: (transfer none): the type: "kvm", "qemu"
 */
const char *
xeno_caps_choose_virt_type (XenoCaps    *self,
                            XenoAccel    accel,
                            const char  *cpu_flags,
                            char       **reason)
{
  const char *forced = g_getenv ("XENO_VIRT_TYPE");
  const char *sentence;
  const char *virt_type;

  g_return_val_if_fail (XENO_IS_CAPS (self), NULL);

  if (forced != NULL && *forced != '\0')
    {
      virt_type = g_intern_string (forced);
      sentence = _("Set by XENO_VIRT_TYPE in the environment.");
    }
  else if (accel == XENO_ACCEL_KVM)
    {
      virt_type = "kvm";
      sentence = _("Accelerated by the processor (KVM), as you chose.");
    }
  else if (accel == XENO_ACCEL_TCG)
    {
      virt_type = "qemu";
      sentence = _("Emulated, which is slow, as you chose.");
    }
  else
    {
      virt_type = choose_automatically (self, cpu_flags, &sentence);
    }

  if (reason != NULL)
    *reason = g_strdup (sentence);
  return virt_type;
}
