/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row of the review page that says how fast a machine will run on this host, and why. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-accel-row.h"

struct _XenoAccelRow
{
  AdwActionRow  parent_instance;

  GtkWidget    *why_button;
  GtkLabel     *why_label;
};

G_DEFINE_FINAL_TYPE (XenoAccelRow, xeno_accel_row, ADW_TYPE_ACTION_ROW)

static void
xeno_accel_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XENO_TYPE_ACCEL_ROW);

  G_OBJECT_CLASS (xeno_accel_row_parent_class)->dispose (object);
}

static void
xeno_accel_row_class_init (XenoAccelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_accel_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-accel-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoAccelRow, why_button);
  gtk_widget_class_bind_template_child (widget_class, XenoAccelRow, why_label);
}

static void
xeno_accel_row_init (XenoAccelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What the chosen acceleration means on this host, in plain words. */
static void
show_accel (XenoAccelRow *self,
            XenoRecipe   *recipe,
            XenoHost     *host,
            XenoCaps     *caps)
{
  g_autofree char *reason = NULL;
  const char *virt_type = xeno_caps_choose_virt_type (caps, xeno_recipe_get_accel (recipe),
                                                      xeno_host_get_cpu_flags (host), &reason);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self),
                                 g_strcmp0 (virt_type, "kvm") == 0
                                 ? _("Hardware acceleration (KVM)")
                                 : g_strcmp0 (virt_type, "qemu") == 0
                                 ? _("Emulated, several times slower") : virt_type);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), reason);
}

/* The reasons behind it are the host's checks, each with what to do. */
static void
show_why (XenoAccelRow *self,
          XenoHost     *host)
{
  GListModel *checks = xeno_host_get_checks (host);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (XenoCheck) check = g_list_model_get_item (checks, i);
      const char *advice = xeno_check_get_advice (check);

      if (!g_str_equal (xeno_check_get_id (check), "kvm")
          && !g_str_equal (xeno_check_get_id (check), "cpu-flags"))
        continue;
      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n\n" : "",
                              xeno_check_get_title (check), xeno_check_get_result (check));
      if (advice != NULL)
        g_string_append_printf (text, " %s", advice);
    }
  gtk_label_set_label (self->why_label, text->str);
  gtk_widget_set_visible (self->why_button, text->len > 0);
}

/**
 * xeno_accel_row_show:
 * @self: a row
 * @recipe: what is being reviewed
 * @host: where it will run
 * @caps: (nullable): what the host offers, or %NULL while it is not known
 *
 * Shows how a machine will be accelerated.
 */
void
xeno_accel_row_show (XenoAccelRow *self,
                     XenoRecipe   *recipe,
                     XenoHost     *host,
                     XenoCaps     *caps)
{
  g_return_if_fail (XENO_IS_ACCEL_ROW (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));
  g_return_if_fail (XENO_IS_HOST (host));
  g_return_if_fail (caps == NULL || XENO_IS_CAPS (caps));

  show_why (self, host);
  if (caps != NULL)
    {
      show_accel (self, recipe, host, caps);
      return;
    }

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Looking at this host…"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("How fast it will run is not known yet."));
}
