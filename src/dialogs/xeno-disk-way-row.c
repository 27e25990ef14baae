/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says how a machine gets its disk from a file. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-disk-way-row.h"

/*
 * Choice:
 * @way: how the machine gets its disk; offered for the media that have it
 * @title: untranslated name, marked with N_()
 * @meaning: untranslated sentence about the file, marked with N_()
 * @has_seed: whether the guest is told at its first start who logs in
 *
 * One thing a person can choose.
 */
typedef struct
{
  XenoDiskWay  way;
  const char  *title;
  const char  *meaning;
  gboolean     has_seed;
} Choice;

struct _XenoDiskWayRow
{
  AdwComboRow  parent_instance;
  GPtrArray   *offered; /* Choice, in the order of the list */
  char        *in_place_problem; /* why the file cannot be a disk where it is, or NULL */
};

G_DEFINE_FINAL_TYPE (XenoDiskWayRow, xeno_disk_way_row, ADW_TYPE_COMBO_ROW)

static const Choice choices[] = {
  { XENO_DISK_IN_PLACE, N_("As it is"), N_("The machine writes to the file itself.") },
  {
    XENO_DISK_OVERLAY, N_("Keep it, changes apart"),
    N_("The machine writes to a disk of its own. The file stays as it is, and has to stay where it is.")
  },
  {
    XENO_DISK_COPY, N_("A copy of it"),
    N_("All that is on it is copied to a disk of the machine’s own. The file is not needed afterwards.")
  },
  {
    XENO_DISK_OVERLAY, N_("Cloud image"),
    N_("The file stays as it is, where it is, and the guest is told at its first start who logs in."),
    TRUE
  },
};

static const Choice *
get_choice (XenoDiskWayRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  return selected < self->offered->len ? g_ptr_array_index (self->offered, selected) : NULL;
}

static const char *
get_problem (XenoDiskWayRow *self)
{
  const Choice *choice = get_choice (self);

  return choice != NULL && choice->way == XENO_DISK_IN_PLACE ? self->in_place_problem : NULL;
}

static void
selected_cb (XenoDiskWayRow *self)
{
  const Choice *choice = get_choice (self);
  const char *problem = get_problem (self);

  if (choice != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), problem != NULL ? problem : _(choice->meaning));
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
}

static void
xeno_disk_way_row_finalize (GObject *object)
{
  g_ptr_array_unref (XENO_DISK_WAY_ROW (object)->offered);
  g_free (XENO_DISK_WAY_ROW (object)->in_place_problem);

  G_OBJECT_CLASS (xeno_disk_way_row_parent_class)->finalize (object);
}

static void
xeno_disk_way_row_class_init (XenoDiskWayRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_disk_way_row_finalize;
}

static void
xeno_disk_way_row_init (XenoDiskWayRow *self)
{
  self->offered = g_ptr_array_new ();
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

/**
 * xeno_disk_way_row_show_media:
 * @self: a row
 * @media: (nullable): what the machine is made from
 * @in_place_problem: (nullable): why it cannot be a disk where it is
 *
 * Offers the ways that a medium has, and chooses the usual one that goes. For what is no disk the row hides.
 */
void
xeno_disk_way_row_show_media (XenoDiskWayRow *self,
                              XenoMedia      *media,
                              const GError   *in_place_problem)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  gboolean is_cloud;
  guint usual = 0;

  g_return_if_fail (XENO_IS_DISK_WAY_ROW (self));
  g_return_if_fail (media == NULL || XENO_IS_MEDIA (media));

  g_free (self->in_place_problem);
  self->in_place_problem = in_place_problem != NULL ? g_strdup (in_place_problem->message) : NULL;
  is_cloud = media != NULL && xeno_media_is_cloud_image (media, NULL);
  g_ptr_array_set_size (self->offered, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (media != NULL && xeno_media_get_ways (media) & choices[i].way)
      {
        if ((choices[i].has_seed && is_cloud) || (choices[i].way == XENO_DISK_COPY && in_place_problem != NULL))
          usual = self->offered->len;
        g_ptr_array_add (self->offered, (gpointer) &choices[i]);
        gtk_string_list_append (titles, _(choices[i].title));
      }

  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), usual);
  gtk_widget_set_visible (GTK_WIDGET (self), self->offered->len > 0);
  selected_cb (self);
}

/**
 * xeno_disk_way_row_get_way:
 * @self: a row
 *
 * Gets how the machine gets its disk.
 *
 * Returns: the way, a single flag
 */
XenoDiskWay
xeno_disk_way_row_get_way (XenoDiskWayRow *self)
{
  const Choice *choice;

  g_return_val_if_fail (XENO_IS_DISK_WAY_ROW (self), XENO_DISK_NEW);

  choice = get_choice (self);
  return choice != NULL ? choice->way : XENO_DISK_NEW;
}

/**
 * xeno_disk_way_row_check:
 * @self: a row
 *
 * Tells whether the choice can be had; if not, the row says why.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_disk_way_row_check (XenoDiskWayRow *self)
{
  g_return_val_if_fail (XENO_IS_DISK_WAY_ROW (self), FALSE);

  return get_problem (self) == NULL;
}

/**
 * xeno_disk_way_row_has_seed:
 * @self: a row
 *
 * Tells whether the guest is told at its first start who logs in.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_disk_way_row_has_seed (XenoDiskWayRow *self)
{
  const Choice *choice;

  g_return_val_if_fail (XENO_IS_DISK_WAY_ROW (self), FALSE);

  choice = get_choice (self);
  return choice != NULL && choice->has_seed;
}
