/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the review page in which a person says who logs in to a cloud image. */
#include "config.h"

#include <string.h>

#include "dialogs/xeno-login-group.h"
#include "dialogs/xeno-seed-group.h"

/* What stands in the editor before anybody wrote there. */
#define HEADER "#cloud-config"

struct _XenoSeedGroup
{
  AdwBin           parent_instance;
  gboolean         is_filling; /* the form is being filled in by us */

  XenoLoginGroup  *login_group;
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
show_problem (GtkLabel   *label,
              const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
xeno_seed_group_dispose (GObject *object)
{
  XenoSeedGroup *self = XENO_SEED_GROUP (object);

  self->is_filling = TRUE; /* the rows say goodbye to their texts, and mean nothing by it */
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_SEED_GROUP);

  G_OBJECT_CLASS (xeno_seed_group_parent_class)->dispose (object);
}

static void
xeno_seed_group_class_init (XenoSeedGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_seed_group_dispose;

  /**
   * XenoSeedGroup::changed:
   *
   * Something else is said.
   */
  signals[CHANGED] = g_signal_new ("changed", XENO_TYPE_SEED_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (XENO_TYPE_LOGIN_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-seed-group.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, login_group);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, more_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, packages_row);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, script_view);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, script_buffer);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_data_view);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_data_buffer);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, user_data_problem);
  gtk_widget_class_bind_template_child (widget_class, XenoSeedGroup, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
xeno_seed_group_init (XenoSeedGroup *self)
{
  self->is_filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_text_buffer_set_text (self->user_data_buffer, HEADER "\n", -1);
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
  g_return_if_fail (XENO_IS_SEED_GROUP (self));

  xeno_login_group_set_title (self->login_group, title);
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
  seed = xeno_login_group_dup_seed (self->login_group);
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
