/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page about how much of everything a machine gets. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-resources-group.h"
#include "widgets/xeno-size-row.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

struct _XenoResourcesGroup
{
  AdwBin         parent_instance;
  XenoRecipe    *recipe;
  gboolean       is_filling; /* the rows are being filled in by us */

  AdwActionRow  *cpus_row;
  GtkSpinButton *cpus_spin;
  XenoSizeRow   *memory_row;
  XenoSizeRow   *disk_row;
  GtkLabel      *problem_label;
  GtkLabel      *space_label;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoResourcesGroup, xeno_resources_group, ADW_TYPE_BIN)

static void
resources_changed_cb (XenoResourcesGroup *self)
{
  if (self->recipe == NULL || self->is_filling)
    return;

  xeno_recipe_set_n_cpus (self->recipe, gtk_spin_button_get_value_as_int (self->cpus_spin));
  xeno_recipe_set_memory_bytes (self->recipe, xeno_size_row_get_bytes (self->memory_row));
  if (gtk_widget_get_visible (GTK_WIDGET (self->disk_row)))
    xeno_recipe_set_disk_bytes (self->recipe, xeno_size_row_get_bytes (self->disk_row));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
xeno_resources_group_dispose (GObject *object)
{
  XenoResourcesGroup *self = XENO_RESOURCES_GROUP (object);

  g_clear_object (&self->recipe);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_RESOURCES_GROUP);

  G_OBJECT_CLASS (xeno_resources_group_parent_class)->dispose (object);
}

static void
xeno_resources_group_class_init (XenoResourcesGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_resources_group_dispose;

  /**
   * XenoResourcesGroup::changed:
   *
   * The recipe has other resources now.
   */
  signals[CHANGED] = g_signal_new ("changed", XENO_TYPE_RESOURCES_GROUP, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (XENO_TYPE_SIZE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-resources-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoResourcesGroup, cpus_row);
  gtk_widget_class_bind_template_child (widget_class, XenoResourcesGroup, cpus_spin);
  gtk_widget_class_bind_template_child (widget_class, XenoResourcesGroup, memory_row);
  gtk_widget_class_bind_template_child (widget_class, XenoResourcesGroup, disk_row);
  gtk_widget_class_bind_template_child (widget_class, XenoResourcesGroup, problem_label);
  gtk_widget_class_bind_template_child (widget_class, XenoResourcesGroup, space_label);
  gtk_widget_class_bind_template_callback (widget_class, resources_changed_cb);
}

static void
xeno_resources_group_init (XenoResourcesGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_cpus (XenoResourcesGroup *self,
           XenoHost           *host)
{
  XenoRange cpus = xeno_recipe_get_cpu_range (self->recipe);
  guint n_host_cpus = xeno_host_get_n_cpus (host);
  g_autofree char *subtitle = NULL;

  if (n_host_cpus > 0)
    /* Translators: both are numbers of processors */
    subtitle = g_strdup_printf (_("Recommended: %u · host has %u"), (guint) cpus.recommended, n_host_cpus);
  else
    subtitle = g_strdup_printf (_("Recommended: %u"), (guint) cpus.recommended);
  adw_action_row_set_subtitle (self->cpus_row, subtitle);
  gtk_spin_button_set_range (self->cpus_spin, (double) cpus.minimum, (double) cpus.maximum);
  gtk_spin_button_set_value (self->cpus_spin, xeno_recipe_get_n_cpus (self->recipe));
}

static void
show_memory (XenoResourcesGroup *self,
             XenoHost           *host)
{
  XenoRange memory = xeno_recipe_get_memory_range (self->recipe);

  xeno_size_row_set_range (self->memory_row, memory.minimum, memory.maximum, 256 * MIB);
  xeno_size_row_set_recommendation (self->memory_row, memory.recommended, xeno_host_get_memory_bytes (host));
  xeno_size_row_set_bytes (self->memory_row, xeno_recipe_get_memory_bytes (self->recipe));
}

static void
show_disk (XenoResourcesGroup *self,
           guint64             free_bytes)
{
  XenoRange disk = xeno_recipe_get_disk_range (self->recipe);

  gtk_widget_set_visible (GTK_WIDGET (self->disk_row),
                          disk.maximum > 0 && xeno_recipe_get_disk_way (self->recipe) != XENO_DISK_IN_PLACE);
  if (disk.maximum == 0)
    return;

  xeno_size_row_set_range (self->disk_row, disk.minimum, disk.maximum, GIB);
  xeno_size_row_set_recommendation (self->disk_row, disk.recommended, free_bytes);
  xeno_size_row_set_bytes (self->disk_row, xeno_recipe_get_disk_bytes (self->recipe));
}

/**
 * xeno_resources_group_show:
 * @self: a group
 * @recipe: what is being reviewed
 * @host: where it will run
 * @free_bytes: room where new disks go
 *
 * Shows what a recipe asks for, each with its recommendation, and writes into the recipe what the person
 * changes.
 */
void
xeno_resources_group_show (XenoResourcesGroup *self,
                           XenoRecipe         *recipe,
                           XenoHost           *host,
                           guint64             free_bytes)
{
  g_return_if_fail (XENO_IS_RESOURCES_GROUP (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));
  g_return_if_fail (XENO_IS_HOST (host));

  g_set_object (&self->recipe, recipe);
  self->is_filling = TRUE;
  show_cpus (self, host);
  show_memory (self, host);
  show_disk (self, free_bytes);
  self->is_filling = FALSE;
}

static void
show_sentence (GtkLabel   *label,
               const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/**
 * xeno_resources_group_check:
 * @self: a group that shows a recipe
 * @obstacle: (nullable): why no machine can be made at the moment, whatever it asks for
 * @promised_bytes: how much the disks that are there may still grow
 *
 * Says under the rows what stands in the way of the recipe, or else what a person should know of it.
 *
 * Returns: %TRUE if nothing stands in the way
 */
gboolean
xeno_resources_group_check (XenoResourcesGroup *self,
                            const GError       *obstacle,
                            guint64             promised_bytes)
{
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;
  const char *problem = NULL;

  g_return_val_if_fail (XENO_IS_RESOURCES_GROUP (self), FALSE);
  g_return_val_if_fail (self->recipe != NULL, FALSE);

  warning = xeno_recipe_dup_warning (self->recipe, promised_bytes);
  if (obstacle != NULL)
    problem = obstacle->message;
  else if (!xeno_recipe_check (self->recipe, &error))
    problem = error->message;
  show_sentence (self->problem_label, problem);
  show_sentence (self->space_label, problem == NULL ? warning : NULL);
  return problem == NULL;
}
