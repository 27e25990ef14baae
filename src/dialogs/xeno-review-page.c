/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The form of the review page: a machine as it will be made, every value with its recommendation. */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "dialogs/xeno-accel-row.h"
#include "dialogs/xeno-appliance-row.h"
#include "dialogs/xeno-disk-way-row.h"
#include "dialogs/xeno-install-group.h"
#include "dialogs/xeno-kernel-group.h"
#include "dialogs/xeno-network-row.h"
#include "dialogs/xeno-os-kind-row.h"
#include "dialogs/xeno-os-row.h"
#include "dialogs/xeno-platform-row.h"
#include "dialogs/xeno-resources-group.h"
#include "dialogs/xeno-review-header.h"
#include "dialogs/xeno-review-page.h"
#include "dialogs/xeno-seed-group.h"
#include "spec/xeno-name.h"

struct _XenoReviewPage
{
  AdwBin              parent_instance;
  XenoConnection     *connection;
  XenoOsDb           *os_db;
  XenoReviewFacts    *facts;
  XenoCaps           *caps;         /* NULL until the host has told */
  GCancellable       *cancellable;  /* of the asking */
  GCancellable       *lookup;       /* of the system that was just chosen */
  XenoRecipe         *recipe;
  gboolean            is_valid;
  gboolean            installs_itself;
  gboolean            is_filling;   /* the form is being filled in by us */
  gboolean            has_own_name; /* the person typed the name */

  XenoReviewHeader   *header;
  GtkWidget          *warning_box;
  GtkLabel           *warning_label;
  GtkCheckButton     *consent;
  GtkWidget          *unknown_group;
  XenoOsKindRow      *os_kind_row;
  GtkEditable        *name_row;
  GtkLabel           *name_problem;
  XenoApplianceRow   *appliance_row;
  XenoDiskWayRow     *disk_way_row;
  XenoSeedGroup      *seed_group;
  XenoInstallGroup   *install_group;
  XenoResourcesGroup *resources_group;
  XenoAccelRow       *accel_row;
  AdwExpanderRow     *more_row;
  XenoOsRow          *os_row;
  AdwComboRow        *firmware_row;
  AdwComboRow        *graphics_row;
  XenoNetworkRow     *network_row;
  GtkLabel           *network_note;
  AdwComboRow        *accel_choice_row;
  XenoKernelGroup    *kernel_group;
  XenoPlatformRow    *platform_row;
};

enum
{
  PROP_0,
  PROP_IS_VALID,
  PROP_INSTALLS_ITSELF,
  N_PROPS
};

enum
{
  CHANGE_FILE,
  CHANGE_MEDIA,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoReviewPage, xeno_review_page, ADW_TYPE_BIN)

/* In the order of the rows in the template; D-Bus joins them where there is one. */
static const char * const graphics_ids[] = { "auto", "spice", "vnc", "dbus" };

static char *
dup_free_title (XenoReviewPage *self)
{
  return xeno_plan_dup_free_title (XENO_PLAN (self->recipe), xeno_connection_get_machines (self->connection));
}

static gboolean
check_name (XenoReviewPage *self)
{
  const char *title = gtk_editable_get_text (self->name_row);
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;

  if (!xeno_name_check_title (title, &error))
    problem = g_strdup (error->message);
  else
    {
      g_autofree char *other = dup_free_title (self);

      if (!g_str_equal (title, other))
        problem = g_strdup_printf (_("There is a machine “%s” already. Choose another name, “%s” for example."),
                                   title, other);
    }

  gtk_label_set_label (self->name_problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->name_problem), problem != NULL);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->name_row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->name_row), "error");
  return problem == NULL;
}

/* The medium's own warning asks for a yes; the host's problem cannot be overruled. */
static gboolean
check_rest (XenoReviewPage *self)
{
  return xeno_resources_group_check (self->resources_group, self->facts->problem, self->facts->promised_bytes)
         && self->lookup == NULL
         && (!gtk_widget_get_visible (self->warning_box) || gtk_check_button_get_active (self->consent));
}

static gboolean
check_seed (XenoReviewPage *self)
{
  gboolean has_seed = xeno_disk_way_row_has_seed (self->disk_way_row);
  g_autoptr (XenoSeed) seed = has_seed ? xeno_seed_group_dup_seed (self->seed_group) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->seed_group), has_seed);
  xeno_recipe_set_seed (self->recipe, seed);
  return !has_seed || xeno_seed_group_check (self->seed_group);
}

static void
network_note_cb (XenoReviewPage *self)
{
  const char *note = xeno_network_row_get_note (self->network_row);

  gtk_label_set_label (self->network_note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->network_note), note != NULL);
}

static void
check_cb (XenoReviewPage *self)
{
  gboolean is_valid;

  if (self->recipe == NULL || self->is_filling)
    return;

  xeno_seed_group_set_title (self->seed_group, gtk_editable_get_text (self->name_row));
  xeno_install_group_set_title (self->install_group, gtk_editable_get_text (self->name_row));
  is_valid = check_name (self);
  is_valid = xeno_disk_way_row_check (self->disk_way_row) && is_valid;
  is_valid = check_seed (self) && is_valid;
  is_valid = xeno_install_group_check (self->install_group) && is_valid;
  is_valid = check_rest (self) && is_valid;
  if (self->is_valid != is_valid)
    {
      self->is_valid = is_valid;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_VALID]);
    }
  if (self->installs_itself != xeno_install_group_is_wanted (self->install_group))
    {
      self->installs_itself = !self->installs_itself;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSTALLS_ITSELF]);
    }
}

static void
fill_name (XenoReviewPage *self)
{
  g_autofree char *unique = NULL;

  if (self->has_own_name)
    return;

  unique = dup_free_title (self);
  gtk_editable_set_text (self->name_row, unique);
}

/* What the host has not is not there to be chosen. */
static void
update_platform (XenoReviewPage *self)
{
  XenoHost *host = xeno_connection_get_host (self->connection);

  gtk_widget_set_visible (GTK_WIDGET (self->accel_row), self->facts->problem == NULL);
  xeno_accel_row_show (self->accel_row, self->recipe, host, self->caps);
  gtk_widget_set_visible (GTK_WIDGET (self->firmware_row),
                          self->caps == NULL || xeno_caps_offers_firmware_choice (self->caps));
  xeno_platform_row_show (self->platform_row, self->recipe, self->caps);
}

/* Everything recommended for the operating system and the host; what the person set stays. */
static void
recommend (XenoReviewPage *self)
{
  XenoHost *host = xeno_connection_get_host (self->connection);

  self->is_filling = TRUE;
  if (!self->has_own_name)
    g_object_set (self->recipe, "title", NULL, NULL);
  xeno_recipe_recommend (self->recipe, self->facts->os, host, self->caps, self->facts->free_bytes);
  xeno_review_header_show (self->header, self->recipe, self->facts->os);
  fill_name (self);
  xeno_resources_group_show (self->resources_group, self->recipe, host, self->facts->free_bytes);
  xeno_install_group_show (self->install_group, self->os_db, self->recipe, self->facts->os);
  update_platform (self);
  self->is_filling = FALSE;

  g_object_set (self->recipe, "title", gtk_editable_get_text (self->name_row), NULL);
  check_cb (self);
}

/* The first problem stands: what follows from it is no news. */
static void
take_problem (XenoReviewPage *self,
              GError         *error)
{
  if (self->facts->problem == NULL)
    self->facts->problem = g_error_copy (error);
}

/* The last kind is only there where the host has it. */
static void
update_graphics (XenoReviewPage *self)
{
  GListModel *kinds = adw_combo_row_get_model (self->graphics_row);
  guint n_kinds = g_list_model_get_n_items (kinds);
  gboolean has_all = self->caps != NULL && xeno_caps_offers (self->caps, "graphics", "type", "dbus");

  if (has_all && n_kinds < G_N_ELEMENTS (graphics_ids))
    gtk_string_list_append (GTK_STRING_LIST (kinds), _("D-Bus (experimental)"));
  else if (!has_all && n_kinds == G_N_ELEMENTS (graphics_ids))
    gtk_string_list_remove (GTK_STRING_LIST (kinds), n_kinds - 1);
}

static void
caps_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoReviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoCaps) caps = NULL;

  caps = xeno_connection_load_caps_finish (XENO_CONNECTION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->recipe == NULL)
    return;

  if (caps == NULL)
    take_problem (self, error);
  g_set_object (&self->caps, caps);
  update_graphics (self);
  recommend (self);
}

static void
host_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoReviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_loaded = xeno_host_load_finish (XENO_HOST (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->recipe == NULL)
    return;

  if (!is_loaded)
    take_problem (self, error);
  recommend (self);
}

/* The form does not wait for it, and takes up what it means as it comes in. */
static void
ask_host (XenoReviewPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->caps);
  if (self->facts->problem != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  xeno_network_row_ask (self->network_row, self->connection);
  xeno_connection_load_arch_caps_async (self->connection, xeno_recipe_get_arch (self->recipe), self->cancellable,
                                        caps_loaded_cb, g_object_ref (self));
  xeno_host_load_async (xeno_connection_get_host (self->connection), self->cancellable, host_loaded_cb,
                        g_object_ref (self));
}

/* Another kind of computer has other offers. */
static void
arch_changed_cb (XenoReviewPage *self)
{
  if (self->recipe == NULL)
    return;

  ask_host (self);
  recommend (self);
}

static void
name_changed_cb (XenoReviewPage *self)
{
  if (self->recipe == NULL || self->is_filling)
    return;

  self->has_own_name = TRUE;
  g_object_set (self->recipe, "title", gtk_editable_get_text (self->name_row), NULL);
  check_cb (self);
}

static void
choices_changed_cb (XenoReviewPage *self)
{
  if (self->recipe == NULL || self->is_filling)
    return;

  g_object_set (self->recipe,
                "firmware", (XenoFirmware) adw_combo_row_get_selected (self->firmware_row),
                "accel", (XenoAccel) adw_combo_row_get_selected (self->accel_choice_row),
                "graphics", graphics_ids[adw_combo_row_get_selected (self->graphics_row)],
                "network", xeno_network_row_get_network (self->network_row),
                NULL);
  update_platform (self);
  check_cb (self);
}

/* How large a disk should be depends on what it begins with. */
static void
disk_way_changed_cb (XenoReviewPage *self)
{
  if (self->recipe == NULL || self->is_filling)
    return;

  xeno_recipe_set_disk_way (self->recipe, xeno_disk_way_row_get_way (self->disk_way_row));
  recommend (self);
}

static gboolean
is_facts_os (XenoReviewPage *self,
             XenoOs         *os)
{
  return self->facts->os != NULL && g_str_equal (xeno_os_get_id (self->facts->os), xeno_os_get_id (os));
}

static void
os_found_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (XenoReviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoOs) os = xeno_os_db_lookup_finish (XENO_OS_DB (source), result, &error);

  /* Another one was chosen, or another file. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->recipe == NULL)
    return;

  g_clear_object (&self->lookup);
  if (os != NULL)
    g_set_object (&self->facts->os, os);
  recommend (self);
}

static void
stop_lookup (XenoReviewPage *self)
{
  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
}

/* Nothing is made of it until it is known what it needs. */
static void
look_up (XenoReviewPage *self,
         const char     *os_id)
{
  stop_lookup (self);
  self->lookup = g_cancellable_new ();
  xeno_os_db_lookup_async (self->os_db, os_id, self->lookup, os_found_cb, g_object_ref (self));
}

static void
os_changed_cb (XenoReviewPage *self)
{
  XenoOs *os;

  if (self->recipe == NULL || self->is_filling)
    return;

  stop_lookup (self);
  os = xeno_os_row_get_os (self->os_row);
  if (os != NULL && !is_facts_os (self, os))
    look_up (self, xeno_os_get_id (os));
  /* Who knows its name needs not say what it is like. */
  if (os != NULL)
    gtk_widget_set_visible (self->unknown_group, FALSE);
  check_cb (self);
}

static void
os_kind_changed_cb (XenoReviewPage *self)
{
  const char *os_id;

  if (self->recipe == NULL || self->is_filling)
    return;

  stop_lookup (self);
  os_id = xeno_os_kind_row_get_os_id (self->os_kind_row);
  if (os_id != NULL)
    look_up (self, os_id);
  else
    {
      g_clear_object (&self->facts->os);
      recommend (self);
    }
  check_cb (self);
}

static void
systems_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (XenoReviewPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!xeno_os_db_load_finish (XENO_OS_DB (source), result, &error))
    g_debug ("No operating systems are known: %s", error->message);
  else if (self->recipe != NULL)
    xeno_os_row_set_systems (self->os_row, xeno_os_db_get_list (XENO_OS_DB (source)));
}

/* Nearly eight hundred systems: they are read when somebody may look at them. */
static void
more_expanded_cb (XenoReviewPage *self)
{
  if (self->os_db != NULL)
    xeno_os_db_load_async (self->os_db, NULL, systems_loaded_cb, g_object_ref (self));
}

/* Another machine is another system, with another disk. */
static void
machine_chosen_cb (XenoReviewPage *self)
{
  g_autoptr (XenoMedia) media = NULL;

  if (self->recipe == NULL || self->is_filling)
    return;

  media = xeno_appliance_row_dup_chosen (self->appliance_row);
  if (media != NULL)
    g_signal_emit (self, signals[CHANGE_MEDIA], 0, media);
}

static void
change_file_cb (XenoReviewPage *self)
{
  g_signal_emit (self, signals[CHANGE_FILE], 0);
}

static void
xeno_review_page_dispose (GObject *object)
{
  XenoReviewPage *self = XENO_REVIEW_PAGE (object);

  /* The rows say goodbye to their models while the template goes: they mean nothing by it. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  stop_lookup (self);
  g_clear_object (&self->recipe);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_REVIEW_PAGE);
  g_clear_object (&self->connection);
  g_clear_object (&self->os_db);
  g_clear_object (&self->caps);
  g_clear_pointer (&self->facts, xeno_review_facts_free);

  G_OBJECT_CLASS (xeno_review_page_parent_class)->dispose (object);
}

static void
xeno_review_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_IS_VALID:
      g_value_set_boolean (value, XENO_REVIEW_PAGE (object)->is_valid);
      break;

    case PROP_INSTALLS_ITSELF:
      g_value_set_boolean (value, XENO_REVIEW_PAGE (object)->installs_itself);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, header);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, warning_box);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, warning_label);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, consent);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, unknown_group);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, os_kind_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, name_problem);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, appliance_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, disk_way_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, seed_group);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, install_group);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, resources_group);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, accel_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, more_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, os_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, firmware_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, graphics_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, network_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, network_note);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, accel_choice_row);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, kernel_group);
  gtk_widget_class_bind_template_child (widget_class, XenoReviewPage, platform_row);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, network_note_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choices_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, disk_way_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, os_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, os_kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, machine_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_file_cb);
}

static void
xeno_review_page_class_init (XenoReviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = xeno_review_page_dispose;
  object_class->get_property = xeno_review_page_get_property;

  /**
   * XenoReviewPage:is-valid:
   *
   * Whether a machine can be made from what the form says.
   */
  properties[PROP_IS_VALID] =
    g_param_spec_boolean ("is-valid", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoReviewPage:installs-itself:
   *
   * Whether its system shall install itself, which begins as soon as the machine is made.
   */
  properties[PROP_INSTALLS_ITSELF] =
    g_param_spec_boolean ("installs-itself", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * XenoReviewPage::change-file:
   *
   * The person wants another file.
   */
  signals[CHANGE_FILE] = g_signal_new ("change-file", XENO_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * XenoReviewPage::change-media:
   * @media: another machine of the same appliance
   *
   * The person means that one.
   */
  signals[CHANGE_MEDIA] = g_signal_new ("change-media", XENO_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 1, XENO_TYPE_MEDIA);

  g_type_ensure (XENO_TYPE_ACCEL_ROW);
  g_type_ensure (XENO_TYPE_APPLIANCE_ROW);
  g_type_ensure (XENO_TYPE_DISK_WAY_ROW);
  g_type_ensure (XENO_TYPE_INSTALL_GROUP);
  g_type_ensure (XENO_TYPE_KERNEL_GROUP);
  g_type_ensure (XENO_TYPE_NETWORK_ROW);
  g_type_ensure (XENO_TYPE_OS_KIND_ROW);
  g_type_ensure (XENO_TYPE_OS_ROW);
  g_type_ensure (XENO_TYPE_PLATFORM_ROW);
  g_type_ensure (XENO_TYPE_RESOURCES_GROUP);
  g_type_ensure (XENO_TYPE_REVIEW_HEADER);
  g_type_ensure (XENO_TYPE_SEED_GROUP);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
xeno_review_page_init (XenoReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_media (XenoReviewPage *self,
            XenoMedia      *media)
{
  const char *warning = media != NULL ? xeno_media_get_warning (media) : NULL;

  gtk_label_set_label (self->warning_label, warning != NULL ? warning : "");
  gtk_widget_set_visible (self->warning_box, warning != NULL);
  gtk_check_button_set_active (self->consent, FALSE);
  self->is_filling = TRUE;
  xeno_appliance_row_show_media (self->appliance_row, media);
  xeno_disk_way_row_show_media (self->disk_way_row, media, self->facts->in_place_problem);
  self->is_filling = FALSE;
}

/* A kernel is what it is, and what is made from nothing has no system yet. */
static gboolean
is_unknown_disc (XenoReviewPage *self)
{
  XenoMedia *media = xeno_recipe_get_media (self->recipe);

  return media != NULL && !xeno_media_is_kernel (media);
}

static void
take_recipe (XenoReviewPage *self,
             XenoRecipe     *recipe)
{
  gboolean is_session = strstr (xeno_connection_get_uri (self->connection), "/session") != NULL;

  g_set_object (&self->recipe, recipe);
  g_signal_connect_object (recipe, "notify::arch", G_CALLBACK (arch_changed_cb), self, G_CONNECT_SWAPPED);
  show_media (self, xeno_recipe_get_media (recipe));
  xeno_kernel_group_show (self->kernel_group, recipe, is_session);
  xeno_network_row_set_boots (self->network_row, xeno_recipe_boots_network (recipe));
}

/**
 * xeno_review_page_show:
 * @self: a review page
 * @connection: where the machine shall live
 * @os_db: the operating systems that are known
 * @facts: (transfer full): what was found out about the file and the host
 *
 * Fills the form in with what is recommended for the file, and asks the host what it offers.
 */
void
xeno_review_page_show (XenoReviewPage  *self,
                       XenoConnection  *connection,
                       XenoOsDb        *os_db,
                       XenoReviewFacts *facts)
{
  g_return_if_fail (XENO_IS_REVIEW_PAGE (self));
  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (XENO_IS_OS_DB (os_db));
  g_return_if_fail (facts != NULL && facts->recipe != NULL);

  stop_lookup (self);
  g_set_object (&self->connection, connection);
  g_set_object (&self->os_db, os_db);
  g_clear_pointer (&self->facts, xeno_review_facts_free);
  self->facts = facts;
  take_recipe (self, facts->recipe);
  self->is_filling = TRUE;
  xeno_recipe_set_disk_way (self->recipe, xeno_disk_way_row_get_way (self->disk_way_row));
  xeno_os_row_set_os (self->os_row, facts->os);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->os_kind_row), 0);
  gtk_widget_set_visible (self->unknown_group, facts->os == NULL && is_unknown_disc (self));
  self->is_filling = FALSE;
  ask_host (self);
  recommend (self);
  choices_changed_cb (self);
}

/**
 * xeno_review_page_get_recipe:
 * @self: a review page
 *
 * Gets the machine as the form says it.
 *
 * Returns: (transfer none) (nullable): the recipe, or %NULL before xeno_review_page_show()
 */
XenoRecipe *
xeno_review_page_get_recipe (XenoReviewPage *self)
{
  g_return_val_if_fail (XENO_IS_REVIEW_PAGE (self), NULL);

  return self->recipe;
}

/**
 * xeno_review_page_is_valid:
 * @self: a review page
 *
 * Whether a machine can be made from what the form says.
 *
 * Returns: %TRUE if it can
 */
gboolean
xeno_review_page_is_valid (XenoReviewPage *self)
{
  g_return_val_if_fail (XENO_IS_REVIEW_PAGE (self), FALSE);

  return self->is_valid;
}

/**
 * xeno_review_page_installs_itself:
 * @self: a review page
 *
 * Whether its system shall install itself, which begins as soon as the machine is made.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_review_page_installs_itself (XenoReviewPage *self)
{
  g_return_val_if_fail (XENO_IS_REVIEW_PAGE (self), FALSE);

  return self->installs_itself;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (xeno_install_group_write_finish (XENO_INSTALL_GROUP (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * xeno_review_page_prepare_async:
 * @self: a review page that is valid
 * @cancellable: (nullable): a cancellable
 * @callback: called when the recipe is whole
 * @user_data: for @callback
 *
 * Writes into the recipe what is only needed once the person agrees.
 */
void
xeno_review_page_prepare_async (XenoReviewPage      *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XENO_IS_REVIEW_PAGE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_review_page_prepare_async);
  xeno_install_group_write_async (self->install_group, cancellable, written_cb, task);
}

/**
 * xeno_review_page_prepare_finish:
 * @self: a review page
 * @result: what the callback was given
 * @error: why no machine can be made
 *
 * Ends xeno_review_page_prepare_async().
 *
 * Returns: %TRUE if the recipe is whole
 */
gboolean
xeno_review_page_prepare_finish (XenoReviewPage  *self,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
