/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who logs in to a guest, and what it is called: the rows that all have who are told that. */
#include "config.h"

#include <glib/gi18n.h>

#include "create/xeno-ssh-key.h"
#include "dialogs/xeno-login-group.h"

struct _XenoLoginGroup
{
  AdwPreferencesGroup  parent_instance;
  GCancellable        *cancellable;      /* of the looking for keys; NULL before that began */
  GPtrArray           *keys;             /* XenoSshKey; NULL until they are known */
  GPtrArray           *switches;         /* GtkSwitch, one for each of them */
  gboolean             is_filling;       /* the form is being filled in by us */
  gboolean             has_own_hostname; /* the person typed it */
  guint                max_hostname_chars;

  GtkEditable         *user_row;
  GtkEditable         *realname_row;
  GtkEditable         *password_row;
  AdwExpanderRow      *keys_row;
  GtkEditable         *hostname_row;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoLoginGroup, xeno_login_group, ADW_TYPE_PREFERENCES_GROUP)

static void
changed_cb (XenoLoginGroup *self)
{
  if (!self->is_filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
hostname_changed_cb (XenoLoginGroup *self)
{
  self->has_own_hostname |= !self->is_filling;
  changed_cb (self);
}

static guint
count_chosen_keys (XenoLoginGroup *self)
{
  guint n = 0;

  for (guint i = 0; i < self->switches->len; i++)
    n += gtk_switch_get_active (g_ptr_array_index (self->switches, i));
  return n;
}

static void
update_keys (XenoLoginGroup *self)
{
  g_autofree char *subtitle = NULL;

  if (self->keys == NULL || self->keys->len == 0)
    subtitle = g_strdup (_("There are none in the folder “.ssh” of your home."));
  else
    /* Translators: both are numbers of keys */
    subtitle = g_strdup_printf (_("%u of %u may log in"), count_chosen_keys (self), self->keys->len);
  adw_expander_row_set_subtitle (self->keys_row, subtitle);
  adw_expander_row_set_enable_expansion (self->keys_row, self->keys != NULL && self->keys->len > 0);
}

static void
key_switched_cb (XenoLoginGroup *self)
{
  update_keys (self);
  changed_cb (self);
}

static void
add_key (XenoLoginGroup    *self,
         const XenoSshKey *key)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  GtkWidget *button = gtk_switch_new ();
  gboolean has_comment = *key->comment != '\0';

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), has_comment ? key->comment : key->type);
  if (has_comment)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), key->type);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (button), TRUE);
  g_signal_connect_object (button, "notify::active", G_CALLBACK (key_switched_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_expander_row_add_row (self->keys_row, row);
  g_ptr_array_add (self->switches, button);
}

static void
keys_listed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (XenoLoginGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = xeno_ssh_key_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (keys != NULL)
    self->keys = g_steal_pointer (&keys);
  else
    g_debug ("No SSH keys are known: %s", error->message);
  for (guint i = 0; self->keys != NULL && i < self->keys->len; i++)
    add_key (self, g_ptr_array_index (self->keys, i));
  update_keys (self);
  adw_expander_row_set_expanded (self->keys_row, FALSE);
  changed_cb (self);
}

/* Nobody’s folder is looked into before they see this. */
static void
xeno_login_group_map (GtkWidget *widget)
{
  XenoLoginGroup *self = XENO_LOGIN_GROUP (widget);

  GTK_WIDGET_CLASS (xeno_login_group_parent_class)->map (widget);

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  xeno_ssh_key_list_async (NULL, self->cancellable, keys_listed_cb, g_object_ref (self));
}

static void
xeno_login_group_dispose (GObject *object)
{
  XenoLoginGroup *self = XENO_LOGIN_GROUP (object);

  self->is_filling = TRUE; /* the rows say goodbye to their texts, and mean nothing by it */
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_LOGIN_GROUP);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->switches, g_ptr_array_unref);

  G_OBJECT_CLASS (xeno_login_group_parent_class)->dispose (object);
}

static void
xeno_login_group_class_init (XenoLoginGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_login_group_dispose;
  widget_class->map = xeno_login_group_map;

  /**
   * XenoLoginGroup::changed:
   *
   * Something else is said.
   */
  signals[CHANGED] = g_signal_new ("changed", XENO_TYPE_LOGIN_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-login-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoLoginGroup, user_row);
  gtk_widget_class_bind_template_child (widget_class, XenoLoginGroup, realname_row);
  gtk_widget_class_bind_template_child (widget_class, XenoLoginGroup, password_row);
  gtk_widget_class_bind_template_child (widget_class, XenoLoginGroup, keys_row);
  gtk_widget_class_bind_template_child (widget_class, XenoLoginGroup, hostname_row);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, hostname_changed_cb);
}

static void
xeno_login_group_init (XenoLoginGroup *self)
{
  g_autofree char *user = xeno_seed_make_user ();

  self->switches = g_ptr_array_new ();
  self->max_hostname_chars = XENO_INSTALL_MAX_HOSTNAME;
  self->is_filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_text (self->user_row, user);
  update_keys (self);
  self->is_filling = FALSE;
}

/**
 * xeno_login_group_set_title:
 * @self: a group
 * @title: what people call the machine
 *
 * Lets the guest call itself as people do, unless the person typed something else.
 */
void
xeno_login_group_set_title (XenoLoginGroup *self,
                            const char     *title)
{
  g_autofree char *hostname = NULL;

  g_return_if_fail (XENO_IS_LOGIN_GROUP (self));
  g_return_if_fail (title != NULL);

  if (self->has_own_hostname)
    return;

  hostname = xeno_seed_make_short_hostname (title, self->max_hostname_chars);
  self->is_filling = TRUE;
  gtk_editable_set_text (self->hostname_row, hostname);
  self->is_filling = FALSE;
}

/**
 * xeno_login_group_show_offer:
 * @self: a group
 * @offer: what an installer asks
 *
 * Shows what an installer asks and no more; without this, all is shown but the full name.
 */
void
xeno_login_group_show_offer (XenoLoginGroup         *self,
                             const XenoInstallOffer *offer)
{
  g_return_if_fail (XENO_IS_LOGIN_GROUP (self));
  g_return_if_fail (offer != NULL);

  self->max_hostname_chars = offer->max_hostname_chars;
  gtk_widget_set_visible (GTK_WIDGET (self->user_row), (offer->asks & XENO_INSTALL_USER) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->realname_row), (offer->asks & XENO_INSTALL_REALNAME) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), (offer->asks & XENO_INSTALL_PASSWORD) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->keys_row), (offer->asks & XENO_INSTALL_SSH_KEYS) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->hostname_row), (offer->asks & XENO_INSTALL_HOSTNAME) != 0);
}

static GStrv
dup_keys (XenoLoginGroup *self)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();

  for (guint i = 0; i < self->switches->len; i++)
    if (gtk_switch_get_active (g_ptr_array_index (self->switches, i)))
      g_strv_builder_add (keys, ((XenoSshKey *) g_ptr_array_index (self->keys, i))->line);
  return g_strv_builder_end (keys);
}

/**
 * xeno_login_group_dup_seed:
 * @self: a group
 *
 * Gets what the person says, good or not.
 *
 * Returns: (transfer full): a seed of nothing else
 */
XenoSeed *
xeno_login_group_dup_seed (XenoLoginGroup *self)
{
  XenoSeed *seed;

  g_return_val_if_fail (XENO_IS_LOGIN_GROUP (self), NULL);

  seed = xeno_seed_new ();
  seed->user = g_strdup (gtk_editable_get_text (self->user_row));
  xeno_seed_set_password (seed, gtk_editable_get_text (self->password_row));
  seed->ssh_keys = dup_keys (self);
  seed->hostname = g_strdup (gtk_editable_get_text (self->hostname_row));
  return seed;
}

/**
 * xeno_login_group_get_realname:
 * @self: a group
 *
 * Gets what people call who logs in.
 *
 * Returns: (transfer none): the name; may be empty
 */
const char *
xeno_login_group_get_realname (XenoLoginGroup *self)
{
  g_return_val_if_fail (XENO_IS_LOGIN_GROUP (self), NULL);

  return gtk_editable_get_text (self->realname_row);
}
