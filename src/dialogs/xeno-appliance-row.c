/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says which machine of an appliance is meant. */
#include "config.h"

#include "dialogs/xeno-appliance-row.h"

struct _XenoApplianceRow
{
  AdwComboRow  parent_instance;
  XenoMedia   *media;
};

G_DEFINE_FINAL_TYPE (XenoApplianceRow, xeno_appliance_row, ADW_TYPE_COMBO_ROW)

static void
xeno_appliance_row_dispose (GObject *object)
{
  g_clear_object (&XENO_APPLIANCE_ROW (object)->media);

  G_OBJECT_CLASS (xeno_appliance_row_parent_class)->dispose (object);
}

static void
xeno_appliance_row_class_init (XenoApplianceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xeno_appliance_row_dispose;
}

static void
xeno_appliance_row_init (XenoApplianceRow *self)
{
}

/**
 * xeno_appliance_row_show_media:
 * @self: a row
 * @media: (nullable): what the machine is made from
 *
 * Offers the machines of an appliance that holds several, and hides for everything else.
 */
void
xeno_appliance_row_show_media (XenoApplianceRow *self,
                               XenoMedia        *media)
{
  g_auto (GStrv) names = NULL;
  g_autoptr (GtkStringList) list = NULL;

  g_return_if_fail (XENO_IS_APPLIANCE_ROW (self));
  g_return_if_fail (media == NULL || XENO_IS_MEDIA (media));

  names = media != NULL ? xeno_media_list_machines (media) : NULL;
  list = gtk_string_list_new ((const char * const *) names);
  g_set_object (&self->media, media);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (list));
  if (names != NULL)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self), xeno_media_get_machine (media));
  gtk_widget_set_visible (GTK_WIDGET (self), names != NULL);
}

/**
 * xeno_appliance_row_dup_chosen:
 * @self: a row
 *
 * Gets the medium as which the chosen machine can be used.
 *
 * Returns: (transfer full) (nullable): the medium, or %NULL where it is the one that is shown already
 */
XenoMedia *
xeno_appliance_row_dup_chosen (XenoApplianceRow *self)
{
  guint chosen;

  g_return_val_if_fail (XENO_IS_APPLIANCE_ROW (self), NULL);

  chosen = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  if (self->media == NULL || chosen == GTK_INVALID_LIST_POSITION || chosen == xeno_media_get_machine (self->media))
    return NULL;
  return xeno_media_dup_machine (self->media, chosen);
}
