/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kinds of USB devices that a guest is given whenever one is plugged in. */
#include "config.h"

#include "console/xeno-usb-rules.h"

struct _XenoUsbRules
{
  GObject         parent_instance;
  XenoUsbPlugs   *plugs;
  XenoUsbMonitor *monitor;
  GStrv           kinds;
  GHashTable     *known; /* numbers of the devices that were there when it last looked; NULL: it has not yet */
  gboolean        is_active;
};

enum
{
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoUsbRules, xeno_usb_rules, G_TYPE_OBJECT)

static void
attached_cb (GObject      *plugs,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (XenoUsbRules) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_usb_plugs_attach_finish (XENO_USB_PLUGS (plugs), result, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static gboolean
is_meant (XenoUsbRules  *self,
          XenoUsbDevice *device)
{
  return self->is_active && self->known != NULL && self->kinds != NULL &&
         !g_hash_table_contains (self->known, GUINT_TO_POINTER (xeno_usb_device_get_number (device))) &&
         g_strv_contains ((const char *const *) self->kinds, xeno_usb_device_get_kind (device));
}

/* What was there before stays with this computer; one that is plugged in again has another number. */
static void
listed_cb (XenoUsbRules *self,
           GListModel   *devices)
{
  GHashTable *known = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr (XenoUsbDevice) device = g_list_model_get_item (devices, i);

      if (is_meant (self, device))
        xeno_usb_plugs_attach_async (self->plugs, device, attached_cb, g_object_ref (self));
      g_hash_table_add (known, GUINT_TO_POINTER (xeno_usb_device_get_number (device)));
    }
  g_clear_pointer (&self->known, g_hash_table_unref);
  self->known = known;
}

static void
xeno_usb_rules_dispose (GObject *object)
{
  XenoUsbRules *self = XENO_USB_RULES (object);

  self->is_active = FALSE;
  g_clear_object (&self->plugs);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (xeno_usb_rules_parent_class)->dispose (object);
}

static void
xeno_usb_rules_finalize (GObject *object)
{
  XenoUsbRules *self = XENO_USB_RULES (object);

  g_strfreev (self->kinds);
  g_clear_pointer (&self->known, g_hash_table_unref);

  G_OBJECT_CLASS (xeno_usb_rules_parent_class)->finalize (object);
}

static void
xeno_usb_rules_class_init (XenoUsbRulesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_usb_rules_dispose;
  object_class->finalize = xeno_usb_rules_finalize;

  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
xeno_usb_rules_init (XenoUsbRules *self)
{
}

/**
 * xeno_usb_rules_new:
 * @plugs: a guest's
 * @monitor: who notices what is plugged in
 *
 * Returns: (transfer full): rules that give the guest nothing yet
 */
XenoUsbRules *
xeno_usb_rules_new (XenoUsbPlugs   *plugs,
                    XenoUsbMonitor *monitor)
{
  XenoUsbRules *self;

  g_return_val_if_fail (XENO_IS_USB_PLUGS (plugs), NULL);
  g_return_val_if_fail (XENO_IS_USB_MONITOR (monitor), NULL);

  self = g_object_new (XENO_TYPE_USB_RULES, NULL);
  self->plugs = g_object_ref (plugs);
  self->monitor = g_object_ref (monitor);
  g_signal_connect_object (monitor, "listed", G_CALLBACK (listed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * xeno_usb_rules_set_kinds:
 * @self: rules
 * @kinds: (array zero-terminated=1): what the guest is given, as xeno_usb_device_get_kind()
 */
void
xeno_usb_rules_set_kinds (XenoUsbRules      *self,
                          const char *const *kinds)
{
  g_return_if_fail (XENO_IS_USB_RULES (self));

  g_strfreev (self->kinds);
  self->kinds = g_strdupv ((GStrv) kinds);
}

/**
 * xeno_usb_rules_set_active:
 * @self: rules
 * @is_active: whether the guest may be given something at the moment
 */
void
xeno_usb_rules_set_active (XenoUsbRules *self,
                           gboolean      is_active)
{
  g_return_if_fail (XENO_IS_USB_RULES (self));

  self->is_active = is_active;
}
