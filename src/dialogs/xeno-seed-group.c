/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page in which a person says who logs in to a cloud image. */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "create/xeno-ssh-key.h"
#include "dialogs/xeno-seed-group.h"

/* What stands in the editor before anybody wrote there. */
#define HEADER "#cloud-config"

struct _XenoSeedGroup
{
  AdwBin           parent_instance;
  GCancellable    *cancellable;      /* of the looking for keys; NULL before that began */
  GPtrArray       *keys;             /* XenoSshKey; NULL until they are known */
  GPtrArray       *switches;         /* GtkSwitch, one for each of them */
  gboolean         is_filling;       /* the form is being filled in by us */
  gboolean         has_own_hostname; /* the person typed it */

  GtkEditable     *user_row;
  GtkEditable     *password_row;
  AdwExpanderRow  *keys_row;
  GtkEditable     *hostname_row;
  AdwExpanderRow  *more_row;
  GtkEditable     *packages_row;
  GtkTextView     *script_view;
  GtkTextBuffer   *script_buffer;
  GtkTextView     *user_data_view;
  GtkTextBuffer   *user_data_buffer;
  GtkLabel        *user_data_problem;
  GtkLabel        *problem_label;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoSeedGroup, xeno_seed_group, ADW_TYPE_BIN)

static void
changed_cb (XenoSeedGroup *self)
{
  if (!self->is_filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
hostname_changed_cb (XenoSeedGroup *self)
{
  self->has_own_hostname |= !self->is_filling;
  changed_cb (self);
}

static void
show_problem (GtkLabel   *label,
              const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static guint
count_chosen_keys (XenoSeedGroup *self)
{
  guint n = 0;

  for (guint i = 0; i < self->switches->len; i++)
    n += gtk_switch_get_active (g_ptr_array_index (self->switches, i));
  return n;
}

static void
update_keys (XenoSeedGroup *self)
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
key_switched_cb (XenoSeedGroup *self)
{
  update_keys (self);
  changed_cb (self);
}

static void
add_key (XenoSeedGroup    *self,
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
  g_autoptr (XenoSeedGroup) self = user_data;
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
xeno_seed_group_map (GtkWidget *widget)
{
  XenoSeedGroup *self = XENO_SEED_GROUP (widget);

  GTK_WIDGET_CLASS (xeno_seed_group_parent_class)->map (widget);

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  xeno_ssh_key_list_async (NULL, self->cancellable, keys_listed_cb, g_object_ref (self));
}

static void
xeno_seed_group_dispose (GObject *object)
{
  XenoSeedGroup *self = XENO_SEED_GROUP (object);

  self->is_filling = TRUE; /* the rows say goodbye to their texts, and mean nothing by it */
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_SEED_GROUP);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->switches, g_ptr_array_unref);

  G_OBJECT_CLASS (xeno_seed_group_parent_class)->dispose (object);
}

static void
xeno_seed_group_class_init (XenoSeedGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_seed_group_dispose;
  widget_class->map = xeno_seed_group_map;

  /**
   * XenoSeedGroup::changed:
   *
   * Something else is said.
   */
  signals[CHANGED] = g_signal_new ("changed", XENO_TYPE_SEED_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-seed-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, password_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, keys_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, hostname_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, more_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, packages_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, script_view);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, script_buffer);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_data_view);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_data_buffer);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_data_problem);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, hostname_changed_cb);
}

static void
xeno_seed_group_init (XenoSeedGroup *self)
{
  g_autofree char *user = xeno_seed_make_user ();

  self->switches = g_ptr_array_new ();
  self->is_filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_text (self->user_row, user);
  gtk_text_buffer_set_text (self->user_data_buffer, HEADER "\n", -1);
  update_keys (self);
  self->is_filling = FALSE;
}

/**
 * xeno_seed_group_set_title:
 * @self: a group
 * @title: what people call the machine
 *
 * Lets the guest call itself as people do, unless the person typed something else.
 */
void
xeno_seed_group_set_title (XenoSeedGroup *self,
                           const char    *title)
{
  g_autofree char *hostname = NULL;

  g_return_if_fail (XENO_IS_SEED_GROUP (self));
  g_return_if_fail (title != NULL);

  if (self->has_own_hostname)
    return;

  hostname = xeno_seed_make_hostname (title);
  self->is_filling = TRUE;
  gtk_editable_set_text (self->hostname_row, hostname);
  self->is_filling = FALSE;
}

static char *
dup_text (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* Nothing, where nobody wrote anything. */
static char *
dup_user_data (XenoSeedGroup *self)
{
  g_autofree char *text = dup_text (self->user_data_buffer);
  const char *rest = g_str_has_prefix (text, HEADER) ? text + strlen (HEADER) : text;

  return is_blank (rest) ? NULL : g_steal_pointer (&text);
}

static GStrv
dup_packages (XenoSeedGroup *self)
{
  g_auto (GStrv) words = g_strsplit_set (gtk_editable_get_text (self->packages_row), " ,;\t", -1);
  g_autoptr (GStrvBuilder) packages = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (packages, words[i]);
  return g_strv_builder_end (packages);
}

static GStrv
dup_keys (XenoSeedGroup *self)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();

  for (guint i = 0; i < self->switches->len; i++)
    if (gtk_switch_get_active (g_ptr_array_index (self->switches, i)))
      g_strv_builder_add (keys, ((XenoSshKey *) g_ptr_array_index (self->keys, i))->line);
  return g_strv_builder_end (keys);
}

/**
 * xeno_seed_group_dup_seed:
 * @self: a group
 *
 * Gets what the person says, good or not.
 *
 * Returns: (transfer full): the seed
 */
XenoSeed *
xeno_seed_group_dup_seed (XenoSeedGroup *self)
{
  g_autofree char *script = NULL;
  XenoSeed *seed;

  g_return_val_if_fail (XENO_IS_SEED_GROUP (self), NULL);

  script = dup_text (self->script_buffer);
  seed = xeno_seed_new ();
  seed->user = g_strdup (gtk_editable_get_text (self->user_row));
  xeno_seed_set_password (seed, gtk_editable_get_text (self->password_row));
  seed->ssh_keys = dup_keys (self);
  seed->hostname = g_strdup (gtk_editable_get_text (self->hostname_row));
  seed->packages = dup_packages (self);
  seed->script = is_blank (script) ? NULL : g_steal_pointer (&script);
  seed->user_data = dup_user_data (self);
  return seed;
}

/**
 * xeno_seed_group_check:
 * @self: a group
 *
 * Tells whether a guest can be told what the person says, and shows what is in the way: below the editor what is
 * wrong there, below the group what is wrong elsewhere.
 *
 * Returns: %TRUE if it can
 */
gboolean
xeno_seed_group_check (XenoSeedGroup *self)
{
  g_autoptr (XenoSeed) seed = NULL;
  g_autoptr (GError) own = NULL;
  g_autoptr (GError) first = NULL;
  gboolean is_shown_there;

  g_return_val_if_fail (XENO_IS_SEED_GROUP (self), FALSE);

  seed = xeno_seed_group_dup_seed (self);
  xeno_seed_check_user_data (seed, &own);
  xeno_seed_check (seed, &first);
  is_shown_there = own != NULL && g_str_equal (own->message, first->message)
                   && adw_expander_row_get_expanded (self->more_row);
  show_problem (self->user_data_problem, own != NULL ? own->message : NULL);
  show_problem (self->problem_label, first != NULL && !is_shown_there ? first->message : NULL);
  return first == NULL;
}
