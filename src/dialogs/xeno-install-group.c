/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page in which a person lets a system install itself. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-install-group.h"
#include "dialogs/xeno-login-group.h"

struct _XenoInstallGroup
{
  AdwBin           parent_instance;
  XenoOsDb        *os_db;
  XenoRecipe      *recipe;
  XenoOs          *os;           /* whose offers are shown, or asked for */
  GCancellable    *cancellable;  /* of the asking */
  GPtrArray       *offers;       /* XenoInstallOffer; NULL where there is none */
  gboolean         is_filling;   /* the form is being filled in by us */

  AdwActionRow    *install_row;
  GtkSwitch       *install_switch;
  AdwComboRow     *profile_row;
  GtkEditable     *language_row;
  GtkEditable     *keyboard_row;
  GtkEditable     *timezone_row;
  GtkEditable     *key_row;
  XenoLoginGroup  *login_group;
  GtkLabel        *problem_label;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoInstallGroup, xeno_install_group, ADW_TYPE_BIN)

static const XenoInstallOffer *
get_offer (XenoInstallGroup *self)
{
  guint selected = adw_combo_row_get_selected (self->profile_row);

  return g_ptr_array_index (self->offers, selected < self->offers->len ? selected : 0);
}

/* What this installer does not ask is not there. */
static void
update (XenoInstallGroup *self)
{
  gboolean is_on = gtk_switch_get_active (self->install_switch);
  const XenoInstallOffer *offer = get_offer (self);
  const struct
  {
    gpointer            row;
    XenoInstallQuestion question;
  } rows[] = {
    { self->language_row, XENO_INSTALL_LANGUAGE },
    { self->keyboard_row, XENO_INSTALL_KEYBOARD },
    { self->timezone_row, XENO_INSTALL_TIMEZONE },
    { self->key_row, XENO_INSTALL_PRODUCT_KEY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_set_visible (rows[i].row, is_on && (offer->asks & rows[i].question) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->profile_row), is_on && self->offers->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->login_group), is_on);
  xeno_login_group_show_offer (self->login_group, offer);
  adw_action_row_set_subtitle (self->install_row, is_on && offer->needs_internet
                               ? _("The installer asks nobody anything, fetches most of the system from the internet, and "
                                   "the machine is ready when it has restarted.")
                               : _("The installer asks nobody anything, and the machine is ready when it has restarted."));
}

static void
changed_cb (XenoInstallGroup *self)
{
  if (self->is_filling || self->offers == NULL)
    return;

  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static const char *
get_profile_title (const char *profile)
{
  return g_str_equal (profile, "desktop") ? _("A desktop") : _("Just enough of a system");
}

static void
take_offers (XenoInstallGroup *self,
             GPtrArray        *offers)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < offers->len; i++)
    gtk_string_list_append (titles, get_profile_title (((XenoInstallOffer *) g_ptr_array_index (offers, i))->profile));
  self->offers = g_ptr_array_ref (offers);
  self->is_filling = TRUE;
  adw_combo_row_set_model (self->profile_row, G_LIST_MODEL (titles));
  self->is_filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  changed_cb (self);
}

static void
offers_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (XenoInstallGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) offers = xeno_os_db_list_offers_finish (XENO_OS_DB (source), result, &error);

  /* Another system was chosen, or the window closed. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (offers == NULL)
    g_debug ("Nobody knows what installs itself: %s", error->message);
  else if (offers->len > 0)
    take_offers (self, offers);
}

static void
stop_asking (XenoInstallGroup *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
}

static void
xeno_install_group_dispose (GObject *object)
{
  XenoInstallGroup *self = XENO_INSTALL_GROUP (object);

  self->is_filling = TRUE; /* the rows say goodbye to their texts, and mean nothing by it */
  stop_asking (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_INSTALL_GROUP);
  g_clear_object (&self->os_db);
  g_clear_object (&self->recipe);
  g_clear_object (&self->os);

  G_OBJECT_CLASS (xeno_install_group_parent_class)->dispose (object);
}

static void
xeno_install_group_class_init (XenoInstallGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_install_group_dispose;

  /**
   * XenoInstallGroup::changed:
   *
   * Something else is said.
   */
  signals[CHANGED] = g_signal_new ("changed", XENO_TYPE_INSTALL_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (XENO_TYPE_LOGIN_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-install-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, install_row);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, install_switch);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, profile_row);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, language_row);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, keyboard_row);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, timezone_row);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, key_row);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, login_group);
  gtk_widget_class_bind_template_child (widget_class, XenoInstallGroup, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

/* As this computer is set, for most guests are for who sits here. */
static void
xeno_install_group_init (XenoInstallGroup *self)
{
  g_autofree char *language = xeno_install_offer_dup_language ();
  g_autofree char *keyboard = xeno_install_offer_dup_keyboard ();
  g_autofree char *timezone = xeno_install_offer_dup_timezone ();

  self->is_filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_text (self->language_row, language != NULL ? language : "en_US");
  gtk_editable_set_text (self->keyboard_row, keyboard != NULL ? keyboard : "us");
  gtk_editable_set_text (self->timezone_row, timezone != NULL ? timezone : "Etc/UTC");
  self->is_filling = FALSE;
}

/**
 * xeno_install_group_show:
 * @self: a group
 * @os_db: the operating systems that are known
 * @recipe: what is being reviewed
 * @os: (nullable): the operating system on its medium
 *
 * Asks whether the system installs itself, and shows itself where it does.
 */
void
xeno_install_group_show (XenoInstallGroup *self,
                         XenoOsDb         *os_db,
                         XenoRecipe       *recipe,
                         XenoOs           *os)
{
  XenoMedia *media;

  g_return_if_fail (XENO_IS_INSTALL_GROUP (self));
  g_return_if_fail (XENO_IS_OS_DB (os_db));
  g_return_if_fail (XENO_IS_RECIPE (recipe));

  if (self->recipe == recipe && self->os == os)
    return;

  stop_asking (self);
  g_set_object (&self->os_db, os_db);
  if (g_set_object (&self->recipe, recipe))
    gtk_switch_set_active (self->install_switch, FALSE);
  g_set_object (&self->os, os);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  media = xeno_recipe_get_media (recipe);
  if (os == NULL || media == NULL || !xeno_os_is_described (os) || !g_str_equal (xeno_media_get_device (media), "cdrom"))
    return;

  self->cancellable = g_cancellable_new ();
  xeno_os_db_list_offers_async (os_db, os, media, self->cancellable, offers_listed_cb, g_object_ref (self));
}

/**
 * xeno_install_group_set_title:
 * @self: a group
 * @title: what people call the machine
 *
 * Lets the guest call itself as people do, unless the person typed something else.
 */
void
xeno_install_group_set_title (XenoInstallGroup *self,
                              const char       *title)
{
  g_return_if_fail (XENO_IS_INSTALL_GROUP (self));

  xeno_login_group_set_title (self->login_group, title);
}

/**
 * xeno_install_group_is_wanted:
 * @self: a group
 *
 * Tells whether the person wants the system to install itself.
 *
 * Returns: %TRUE if it can and shall
 */
gboolean
xeno_install_group_is_wanted (XenoInstallGroup *self)
{
  g_return_val_if_fail (XENO_IS_INSTALL_GROUP (self), FALSE);

  return self->offers != NULL && gtk_switch_get_active (self->install_switch);
}

/* Borrowed from the rows and from @seed. */
static XenoInstallWish
get_wish (XenoInstallGroup *self,
          const XenoSeed   *seed)
{
  return (XenoInstallWish) {
    .profile = get_offer (self)->profile,
    .language = gtk_editable_get_text (self->language_row),
    .keyboard = gtk_editable_get_text (self->keyboard_row),
    .timezone = gtk_editable_get_text (self->timezone_row),
    .realname = xeno_login_group_get_realname (self->login_group),
    .product_key = gtk_editable_get_text (self->key_row),
    .driver_disc = xeno_recipe_get_driver_disc (self->recipe),
    .seed = seed,
  };
}

/**
 * xeno_install_group_check:
 * @self: a group
 *
 * Tells whether the installer can be told what the person says, and shows what is in the way.
 *
 * Returns: %TRUE if it can, or if nobody wants it
 */
gboolean
xeno_install_group_check (XenoInstallGroup *self)
{
  g_autoptr (XenoSeed) seed = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (XENO_IS_INSTALL_GROUP (self), FALSE);

  if (xeno_install_group_is_wanted (self))
    {
      XenoInstallWish wish;

      seed = xeno_login_group_dup_seed (self->login_group);
      wish = get_wish (self, seed);
      xeno_install_offer_check (get_offer (self), &wish, &error);
    }
  gtk_label_set_label (self->problem_label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
  return error == NULL;
}

static void
script_written_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoInstallScript) script = xeno_os_db_write_script_finish (XENO_OS_DB (source), result, &error);

  if (script == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  xeno_recipe_set_install_script (g_task_get_task_data (task), script);
  g_task_return_boolean (task, TRUE);
}

/**
 * xeno_install_group_write_async:
 * @self: a group that was checked
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * Writes what the installer is told into the recipe, or that a person installs.
 */
void
xeno_install_group_write_async (XenoInstallGroup    *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (XenoSeed) seed = NULL;
  XenoInstallWish wish;

  g_return_if_fail (XENO_IS_INSTALL_GROUP (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xeno_install_group_write_async);
  if (!xeno_install_group_is_wanted (self))
    {
      if (self->recipe != NULL)
        xeno_recipe_set_install_script (self->recipe, NULL);
      g_task_return_boolean (task, TRUE);
      return;
    }

  seed = xeno_login_group_dup_seed (self->login_group);
  wish = get_wish (self, seed);
  g_task_set_task_data (task, g_object_ref (self->recipe), g_object_unref);
  xeno_os_db_write_script_async (self->os_db, self->os, xeno_recipe_get_media (self->recipe), &wish, cancellable,
                                 script_written_cb, g_steal_pointer (&task));
}

/**
 * xeno_install_group_write_finish:
 * @self: a group
 * @result: what the callback was given
 * @error: why it could not be written
 *
 * Ends xeno_install_group_write_async().
 *
 * Returns: %TRUE if the recipe has it
 */
gboolean
xeno_install_group_write_finish (XenoInstallGroup  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
