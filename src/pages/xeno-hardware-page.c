/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine is made of: its platform, and every device of its document with what is set. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/xeno-text.h"
#include "base/xeno-units.h"
#include "pages/xeno-hardware-page.h"
#include "widgets/xeno-fact-row.h"
#include "widgets/xeno-sight.h"

#define MAX_VALUE_CHARS 400

struct _XenoHardwarePage
{
  AdwBin        parent_instance;
  GtkWidget    *cpus;
  GtkWidget    *memory;
  GtkWidget    *firmware;
  GtkWidget    *chipset;
  GtkWidget    *hypervisor;
  GtkWidget    *devices;
  GPtrArray    *rows;      /* of the devices */
  XenoSight    *sight;
  XenoMachine  *machine;
  GCancellable *cancellable;
  gulong        spec_id;
  gboolean      is_stale;  /* it changed while nobody looked */
};

G_DEFINE_FINAL_TYPE (XenoHardwarePage, xeno_hardware_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_MACHINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Which fields tell of a device what a person looks for, the first there is. */
static const char * const telling[] = {
  "source-file", "source-dev", "source-volume", "source-name", "source-network", "source-bridge",
  "source-path", "target-name", "backend-model", "model", "type", "bus",
};

static const struct
{
  const char *id;
  const char *label;
} hypervisors[] = {
  { "kvm", N_("Hardware acceleration (KVM)") },
  { "qemu", N_("Emulated (QEMU)") },
};

static G_DEFINE_QUARK (xeno-device, device)

/* What there is to say of a field; what is not there needs no row. */
static char *
dup_field (XenoDevice      *device,
           const XenoField *field)
{
  g_autofree char *value = xeno_device_dup_string (device, field->id);

  return value != NULL ? xeno_field_dup_text (field, value) : NULL;
}

static gboolean
mentions (const char *title,
          const char *value)
{
  g_autofree char *folded_title = g_utf8_casefold (title, -1);
  g_autofree char *folded_value = g_utf8_casefold (value, -1);

  return strstr (folded_title, folded_value) != NULL;
}

/* What the title does not say already. */
static char *
dup_telling (XenoDevice *device,
             const char *title)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);

  for (gsize i = 0; i < G_N_ELEMENTS (telling); i++)
    {
      const XenoField *field = xeno_device_kind_find_field (kind, telling[i]);
      g_autofree char *value = field != NULL ? dup_field (device, field) : NULL;

      if (value != NULL && !mentions (title, value))
        return g_steal_pointer (&value);
    }
  return NULL;
}

static GtkWidget *
new_value_row (const char *title,
               const char *value)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), value);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

/* Rows nobody has asked for are not made. */
static void
expanded_cb (AdwExpanderRow *row)
{
  XenoDevice *device = g_object_get_qdata (G_OBJECT (row), device_quark ());
  const XenoDeviceKind *kind;

  if (device == NULL)
    return;

  kind = xeno_device_get_kind (device);
  for (gsize i = 0; i < kind->n_fields; i++)
    {
      g_autofree char *value = dup_field (device, &kind->fields[i]);

      if (value != NULL)
        adw_expander_row_add_row (row, new_value_row (_(kind->fields[i].label), value));
    }
  g_object_set_qdata (G_OBJECT (row), device_quark (), NULL);
}

static gboolean
has_fields (XenoDevice *device)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);

  for (gsize i = 0; i < kind->n_fields; i++)
    {
      g_autofree char *value = dup_field (device, &kind->fields[i]);

      if (value != NULL)
        return TRUE;
    }
  return FALSE;
}

static GtkWidget *
new_device_row (XenoDevice *device)
{
  g_autofree char *title = xeno_device_dup_title (device);
  g_autofree char *subtitle = dup_telling (device, title);
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle != NULL ? subtitle : "");
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (row), has_fields (device));
  g_object_set_qdata_full (G_OBJECT (row), device_quark (), g_object_ref (device), g_object_unref);
  g_signal_connect (row, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
  return row;
}

static const XenoDiskSize *
find_size (GPtrArray  *sizes,
           const char *target)
{
  for (guint i = 0; i < sizes->len; i++)
    {
      const XenoDiskSize *size = sizes->pdata[i];

      if (g_strcmp0 (size->target, target) == 0)
        return size;
    }
  return NULL;
}

static char *
dup_size (const XenoDiskSize *size)
{
  g_autofree char *allocated = xeno_units_format_size (size->allocated_bytes);
  g_autofree char *capacity = xeno_units_format_size (size->capacity_bytes);

  /* Translators: storage, as "18 GiB of 64 GiB used" */
  return size->is_own ? g_strdup_printf (_("%s of %s used"), allocated, capacity)
                      : g_steal_pointer (&capacity);
}

static void
show_size (AdwExpanderRow *row,
           GPtrArray      *sizes)
{
  const char *target = g_object_get_data (G_OBJECT (row), "target");
  const XenoDiskSize *size = target != NULL ? find_size (sizes, target) : NULL;
  const char *subtitle = adw_expander_row_get_subtitle (row);
  g_autofree char *size_text = NULL;
  g_autofree char *text = NULL;

  if (size == NULL)
    return;

  size_text = dup_size (size);
  text = *subtitle != '\0' ? g_strdup_printf ("%s\n%s", subtitle, size_text) : g_strdup (size_text);
  adw_expander_row_set_subtitle (row, text);
}

static void
sizes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(XenoHardwarePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sizes = xeno_machine_read_disk_sizes_finish (XENO_MACHINE (source), result,
                                                                    &error);

  if (sizes == NULL)
    {
      g_debug ("No sizes of disks: %s", error->message);
      return;
    }

  /* Another machine, or other hardware, has cancelled this. */
  for (guint i = 0; i < self->rows->len; i++)
    show_size (ADW_EXPANDER_ROW (self->rows->pdata[i]), sizes);
}

static void
clear_devices (XenoHardwarePage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->devices), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
add_device (XenoHardwarePage *self,
            XenoDevice       *device)
{
  GtkWidget *row = new_device_row (device);

  if (g_str_equal (xeno_device_get_kind (device)->id, "disk"))
    g_object_set_data_full (G_OBJECT (row), "target",
                            xeno_device_dup_string (device, "target-dev"), g_free);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->devices), row);
}

/* In the order of the registry, which is the one people look for them; what it does not know is last. */
static void
add_devices (XenoHardwarePage *self,
             XenoSpec         *spec)
{
  g_autoptr(GPtrArray) devices = xeno_spec_list_devices (spec, NULL);
  gsize n_kinds;
  const XenoDeviceKind * const *kinds = xeno_device_kind_list (&n_kinds);

  for (gsize k = 0; k <= n_kinds; k++)
    for (guint i = 0; i < devices->len; i++)
      {
        const XenoDeviceKind *kind = xeno_device_get_kind (devices->pdata[i]);

        if (k < n_kinds ? kind == kinds[k] : xeno_device_kind_find (kind->id) == NULL)
          add_device (self, devices->pdata[i]);
      }
}

static char *
dup_chipset (XenoSpec *spec)
{
  g_autofree char *type = xeno_spec_dup_machine_type (spec);
  g_autofree char *arch = xeno_spec_dup_arch (spec);
  g_autofree char *text = NULL;

  if (type == NULL || arch == NULL)
    text = g_strdup (type != NULL ? type : arch);
  else
    /* Translators: a chipset and its architecture, as "pc-q35-7.2 (x86_64)" */
    text = g_strdup_printf (_("%s (%s)"), type, arch);
  return text != NULL ? xeno_text_clean (text, -1, MAX_VALUE_CHARS) : NULL;
}

static char *
dup_hypervisor (XenoSpec *spec)
{
  g_autofree char *type = xeno_spec_dup_virt_type (spec);

  for (gsize i = 0; i < G_N_ELEMENTS (hypervisors); i++)
    if (g_strcmp0 (hypervisors[i].id, type) == 0)
      return g_strdup (_(hypervisors[i].label));
  return type != NULL ? xeno_text_clean (type, -1, MAX_VALUE_CHARS) : NULL;
}

static void
show_platform (XenoHardwarePage *self,
               XenoSpec         *spec)
{
  g_autofree char *cpus = g_strdup_printf ("%u", xeno_spec_get_n_cpus (spec));
  g_autofree char *memory = xeno_units_format_size (xeno_spec_get_memory_bytes (spec));
  g_autofree char *chipset = dup_chipset (spec);
  g_autofree char *hypervisor = dup_hypervisor (spec);

  xeno_fact_row_set_value (XENO_FACT_ROW (self->cpus), cpus);
  xeno_fact_row_set_value (XENO_FACT_ROW (self->memory), memory);
  xeno_fact_row_set_value (XENO_FACT_ROW (self->firmware),
                           xeno_spec_is_uefi (spec) ? _("UEFI") : _("BIOS"));
  xeno_fact_row_set_value (XENO_FACT_ROW (self->chipset), chipset);
  xeno_fact_row_set_value (XENO_FACT_ROW (self->hypervisor), hypervisor);
}

static void
show_spec (XenoHardwarePage *self)
{
  g_autoptr(XenoSpec) spec = xeno_machine_dup_spec (self->machine);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_devices (self);
  self->is_stale = FALSE;
  if (spec == NULL)
    return;

  show_platform (self, spec);
  add_devices (self, spec);
  self->cancellable = g_cancellable_new ();
  xeno_machine_read_disks_async (self->machine, self->cancellable, sizes_cb, g_object_ref (self));
}

static void
update_cb (XenoHardwarePage *self)
{
  if (self->is_stale && self->machine != NULL && xeno_sight_is_seen (self->sight))
    show_spec (self);
}

static void
spec_cb (XenoHardwarePage *self)
{
  self->is_stale = TRUE;
  update_cb (self);
}

static void
forget_machine (XenoHardwarePage *self)
{
  if (self->machine != NULL)
    g_clear_signal_handler (&self->spec_id, self->machine);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->machine);
}

static void
xeno_hardware_page_dispose (GObject *object)
{
  XenoHardwarePage *self = XENO_HARDWARE_PAGE (object);

  forget_machine (self);
  g_clear_object (&self->sight);

  G_OBJECT_CLASS (xeno_hardware_page_parent_class)->dispose (object);
}

static void
xeno_hardware_page_finalize (GObject *object)
{
  g_ptr_array_unref (XENO_HARDWARE_PAGE (object)->rows);

  G_OBJECT_CLASS (xeno_hardware_page_parent_class)->finalize (object);
}

static void
xeno_hardware_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, XENO_HARDWARE_PAGE (object)->machine);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_hardware_page_class_init (XenoHardwarePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_hardware_page_dispose;
  object_class->finalize = xeno_hardware_page_finalize;
  object_class->get_property = xeno_hardware_page_get_property;

  /**
   * XenoHardwarePage:machine:
   *
   * The machine whose hardware it shows.
   */
  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL, XENO_TYPE_MACHINE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (XENO_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/unaos/Xenolith/xeno-hardware-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoHardwarePage, chipset);
  gtk_widget_class_bind_template_child (widget_class, XenoHardwarePage, cpus);
  gtk_widget_class_bind_template_child (widget_class, XenoHardwarePage, devices);
  gtk_widget_class_bind_template_child (widget_class, XenoHardwarePage, firmware);
  gtk_widget_class_bind_template_child (widget_class, XenoHardwarePage, hypervisor);
  gtk_widget_class_bind_template_child (widget_class, XenoHardwarePage, memory);
  gtk_widget_class_set_css_name (widget_class, "hardwarepage");
}

static void
xeno_hardware_page_init (XenoHardwarePage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->sight = xeno_sight_new (GTK_WIDGET (self));
  g_signal_connect_swapped (self->sight, "notify::is-seen", G_CALLBACK (update_cb), self);
}

/**
 * xeno_hardware_page_new:
 *
 * Makes a page without a machine.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
xeno_hardware_page_new (void)
{
  return g_object_new (XENO_TYPE_HARDWARE_PAGE, NULL);
}

/**
 * xeno_hardware_page_get_machine:
 * @self: a hardware page
 *
 * Gets the machine whose hardware it shows.
 *
 * Returns: (transfer none) (nullable): the machine
 */
XenoMachine *
xeno_hardware_page_get_machine (XenoHardwarePage *self)
{
  g_return_val_if_fail (XENO_IS_HARDWARE_PAGE (self), NULL);

  return self->machine;
}

/**
 * xeno_hardware_page_set_machine:
 * @self: a hardware page
 * @machine: (nullable): the machine
 *
 * Sets the machine whose hardware it shows. While the page is seen it follows the document.
 */
void
xeno_hardware_page_set_machine (XenoHardwarePage *self,
                                XenoMachine      *machine)
{
  g_return_if_fail (XENO_IS_HARDWARE_PAGE (self));
  g_return_if_fail (machine == NULL || XENO_IS_MACHINE (machine));

  if (self->machine == machine)
    return;

  forget_machine (self);
  clear_devices (self);
  if (machine != NULL)
    {
      self->machine = g_object_ref (machine);
      self->spec_id = g_signal_connect_swapped (machine, "notify::spec", G_CALLBACK (spec_cb), self);
      spec_cb (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);
}
