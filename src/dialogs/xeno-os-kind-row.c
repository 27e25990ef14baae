/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person says what a system is like that nobody recognised. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-os-kind-row.h"

/*
 * Kind:
 * @os_id: (nullable): the entry of the database that stands for all of them; %NULL: none is needed
 * @title: untranslated name, marked with N_()
 * @meaning: untranslated sentence about the machine, marked with N_()
 *
 * One thing a person can choose.
 */
typedef struct
{
  const char *os_id;
  const char *title;
  const char *meaning;
} Kind;

struct _XenoOsKindRow
{
  AdwComboRow parent_instance;
};

G_DEFINE_FINAL_TYPE (XenoOsKindRow, xeno_os_kind_row, ADW_TYPE_COMBO_ROW)

static const Kind kinds[] = {
  {
    NULL, N_("Linux, or new"),
    N_("It gets fast devices that current systems have drivers for.")
  },
  {
    "http://microsoft.com/win/11", N_("Windows"),
    N_("It gets what Windows 11 asks for, and devices that Windows has drivers for.")
  },
  {
    "http://libosinfo.org/unknown", N_("Old or unusual"),
    N_("It gets plain devices that nearly everything has drivers for.")
  },
};

static const Kind *
get_kind (XenoOsKindRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  return &kinds[selected < G_N_ELEMENTS (kinds) ? selected : 0];
}

static void
selected_cb (XenoOsKindRow *self)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _(get_kind (self)->meaning));
}

static void
xeno_os_kind_row_class_init (XenoOsKindRowClass *klass)
{
}

static void
xeno_os_kind_row_init (XenoOsKindRow *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_string_list_append (titles, _(kinds[i].title));
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  selected_cb (self);
}

/**
 * xeno_os_kind_row_get_os_id:
 * @self: a row
 *
 * Gets what stands for the kind in the database of operating systems.
 *
 * Returns: (transfer none) (nullable): libosinfo's id, or %NULL where no entry is needed
 */
const char *
xeno_os_kind_row_get_os_id (XenoOsKindRow *self)
{
  g_return_val_if_fail (XENO_IS_OS_KIND_ROW (self), NULL);

  return get_kind (self)->os_id;
}
