/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of this computer's USB devices a machine shall have. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-usb-dialog.h"
#include "widgets/xeno-toast.h"

struct _XenoUsbDialog
{
  AdwWindow        parent_instance;
  XenoUsbPlugs    *plugs;
  char            *sysfs;
  AdwToastOverlay *toasts;
  GtkStack        *stack;
  GtkListBox      *list;
  GPtrArray       *kinds; /* that the machine is always given; NULL: nobody can say so */
};

enum
{
  KIND_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoUsbDialog, xeno_usb_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  XenoUsbDialog *self;
  GtkSwitch     *toggle;
} Attaching;

/* What the switch shows is what the guest has, not what was wished for. */
static void
attached_cb (GObject      *plugs,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Attaching *attaching = user_data;
  g_autoptr (XenoUsbDialog) self = attaching->self;
  g_autoptr (GtkSwitch) toggle = attaching->toggle;
  g_autoptr (GError) error = NULL;
  gboolean is_attached = xeno_usb_plugs_attach_finish (XENO_USB_PLUGS (plugs), result, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (toggle), TRUE);
  gtk_switch_set_state (toggle, is_attached);
  gtk_switch_set_active (toggle, is_attached);
  if (!is_attached && self->toasts != NULL)
    xeno_toast_show_error (self->toasts, error);
}

static gboolean
state_set_cb (GtkSwitch *toggle,
              gboolean   state,
              gpointer   user_data)
{
  XenoUsbDialog *self = user_data;
  XenoUsbDevice *device = g_object_get_data (G_OBJECT (toggle), "device");
  Attaching *attaching;

  if (state == xeno_usb_plugs_has (self->plugs, device))
    return FALSE;
  if (!state)
    {
      xeno_usb_plugs_detach (self->plugs, device);
      return FALSE;
    }

  attaching = g_new (Attaching, 1);
  attaching->self = g_object_ref (self);
  attaching->toggle = g_object_ref (toggle);
  gtk_widget_set_sensitive (GTK_WIDGET (toggle), FALSE);
  xeno_usb_plugs_attach_async (self->plugs, device, attached_cb, attaching);
  return TRUE;
}

static gboolean
has_kind (XenoUsbDialog *self,
          const char    *kind,
          guint         *place)
{
  return g_ptr_array_find_with_equal_func (self->kinds, kind, g_str_equal, place);
}

static void
pinned_cb (GtkToggleButton *pin,
           gpointer         user_data)
{
  XenoUsbDialog *self = user_data;
  const char *kind = xeno_usb_device_get_kind (g_object_get_data (G_OBJECT (pin), "device"));
  gboolean is_given = gtk_toggle_button_get_active (pin);
  guint place;

  if (has_kind (self, kind, &place) == is_given)
    return;

  if (is_given)
    g_ptr_array_add (self->kinds, g_strdup (kind));
  else
    g_ptr_array_remove_index (self->kinds, place);
  g_signal_emit (self, signals[KIND_CHANGED], 0, kind, is_given);
}

static GtkWidget *
create_pin (XenoUsbDialog *self,
            XenoUsbDevice *device)
{
  GtkWidget *pin = gtk_toggle_button_new ();
  const char *words = _("Plug devices of this kind into the machine whenever they are plugged into this computer");

  gtk_button_set_icon_name (GTK_BUTTON (pin), "view-pin-symbolic");
  gtk_widget_add_css_class (pin, "flat");
  gtk_widget_set_valign (pin, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (pin, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (pin), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pin), has_kind (self, xeno_usb_device_get_kind (device), NULL));
  g_object_set_data_full (G_OBJECT (pin), "device", g_object_ref (device), g_object_unref);
  g_signal_connect_object (pin, "toggled", G_CALLBACK (pinned_cb), self, 0);
  return pin;
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  XenoUsbDialog *self = user_data;
  XenoUsbDevice *device = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xeno_usb_device_get_title (device));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), xeno_usb_device_get_details (device));
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (toggle), xeno_usb_plugs_has (self->plugs, device));
  g_object_set_data_full (G_OBJECT (toggle), "device", g_object_ref (device), g_object_unref);
  g_signal_connect_object (toggle, "state-set", G_CALLBACK (state_set_cb), self, 0);
  if (self->kinds != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_pin (self, device));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  return row;
}

static void
list_in_thread (GTask        *task,
                gpointer      source,
                gpointer      sysfs,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, xeno_usb_device_list (sysfs), g_object_unref);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  XenoUsbDialog *self = XENO_USB_DIALOG (object);
  g_autoptr (GListModel) devices = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->list == NULL || self->plugs == NULL)
    return;

  gtk_list_box_bind_model (self->list, devices, create_row, self, NULL);
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (devices) > 0 ? "devices" : "empty");
}

static void
refresh (XenoUsbDialog *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, listed_cb, NULL);

  g_task_set_source_tag (task, refresh);
  g_task_set_task_data (task, g_strdup (self->sysfs), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

/* What was plugged in while a person was elsewhere is there when they come back. */
static void
active_cb (XenoUsbDialog *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)))
    refresh (self);
}

static void
xeno_usb_dialog_dispose (GObject *object)
{
  XenoUsbDialog *self = XENO_USB_DIALOG (object);

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  if (self->plugs != NULL)
    g_signal_handlers_disconnect_by_data (self->plugs, self);
  g_clear_object (&self->plugs);

  G_OBJECT_CLASS (xeno_usb_dialog_parent_class)->dispose (object);
}

static void
xeno_usb_dialog_finalize (GObject *object)
{
  XenoUsbDialog *self = XENO_USB_DIALOG (object);

  g_clear_pointer (&self->kinds, g_ptr_array_unref);
  g_free (self->sysfs);

  G_OBJECT_CLASS (xeno_usb_dialog_parent_class)->finalize (object);
}

static void
xeno_usb_dialog_class_init (XenoUsbDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_usb_dialog_dispose;
  object_class->finalize = xeno_usb_dialog_finalize;

  signals[KIND_CHANGED] =
    g_signal_new ("kind-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-usb-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoUsbDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, XenoUsbDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoUsbDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, refresh);
}

static void
xeno_usb_dialog_init (XenoUsbDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
}

/**
 * xeno_usb_dialog_new:
 * @parent: (nullable): the window to show it over
 * @plugs: the machine's
 * @sysfs: where the kernel lists USB devices
 *
 * Returns: (transfer none): the dialog
 */
GtkWidget *
xeno_usb_dialog_new (GtkWindow    *parent,
                     XenoUsbPlugs *plugs,
                     const char   *sysfs)
{
  XenoUsbDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_USB_PLUGS (plugs), NULL);
  g_return_val_if_fail (sysfs != NULL, NULL);

  self = g_object_new (XENO_TYPE_USB_DIALOG, "transient-for", parent, NULL);
  self->plugs = g_object_ref (plugs);
  self->sysfs = g_strdup (sysfs);
  g_signal_connect_swapped (plugs, "changed", G_CALLBACK (refresh), self);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * xeno_usb_dialog_set_kinds:
 * @self: a dialog
 * @kinds: (array zero-terminated=1): what the machine is given whenever one is plugged in
 *
 * Lets a person change that; "kind-changed" tells.
 */
void
xeno_usb_dialog_set_kinds (XenoUsbDialog     *self,
                           const char *const *kinds)
{
  g_return_if_fail (XENO_IS_USB_DIALOG (self));
  g_return_if_fail (kinds != NULL);

  g_clear_pointer (&self->kinds, g_ptr_array_unref);
  self->kinds = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; kinds[i] != NULL; i++)
    g_ptr_array_add (self->kinds, g_strdup (kinds[i]));
  refresh (self);
}
