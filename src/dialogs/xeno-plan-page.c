/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a machine will be that is made as another one is or was: its name, and what is known of it. */
#include "config.h"

#include <glib/gi18n.h>

#include "dialogs/xeno-plan-page.h"
#include "spec/xeno-name.h"

struct _XenoPlanPage
{
  AdwBin               parent_instance;
  XenoConnection      *connection;
  XenoPlan            *plan;
  GPtrArray           *rows;     /* of facts and warnings; the groups hold them */
  gboolean             is_valid;
  gboolean             has_problem;

  GtkEditable         *name_row;
  GtkLabel            *name_problem;
  AdwPreferencesGroup *choices;
  AdwPreferencesGroup *facts;
  AdwPreferencesGroup *warnings;
  GtkLabel            *problem_label;
};

enum
{
  PROP_0,
  PROP_IS_VALID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoPlanPage, xeno_plan_page, ADW_TYPE_BIN)

static void
show_text (GtkLabel   *label,
           const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static char *
find_problem (XenoPlanPage *self)
{
  const char *title = gtk_editable_get_text (self->name_row);
  g_autoptr (GError) error = NULL;
  g_autofree char *other = NULL;

  if (!xeno_name_check_title (title, &error))
    return g_strdup (error->message);

  xeno_plan_set_title (self->plan, title);
  other = xeno_plan_dup_free_title (self->plan, xeno_connection_get_machines (self->connection));
  if (g_str_equal (title, other))
    return NULL;
  return g_strdup_printf (_("There is a machine “%s” already. Choose another name, “%s” for example."), title, other);
}

static void
check_cb (XenoPlanPage *self)
{
  g_autofree char *problem = NULL;
  gboolean is_valid;

  if (self->plan == NULL)
    return;

  problem = find_problem (self);
  show_text (self->name_problem, problem);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->name_row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->name_row), "error");

  is_valid = problem == NULL && !self->has_problem;
  if (self->is_valid == is_valid)
    return;

  self->is_valid = is_valid;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_VALID]);
}

static void
xeno_plan_page_dispose (GObject *object)
{
  XenoPlanPage *self = XENO_PLAN_PAGE (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_PLAN_PAGE);

  G_OBJECT_CLASS (xeno_plan_page_parent_class)->dispose (object);
}

static void
xeno_plan_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  XenoPlanPage *self = XENO_PLAN_PAGE (object);

  switch (prop_id)
    {
    case PROP_IS_VALID:
      g_value_set_boolean (value, self->is_valid);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_plan_page_class_init (XenoPlanPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_plan_page_dispose;
  object_class->get_property = xeno_plan_page_get_property;

  /**
   * XenoPlanPage:is-valid:
   *
   * Whether the machine can be made as it is called now.
   */
  properties[PROP_IS_VALID] =
    g_param_spec_boolean ("is-valid", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-plan-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoPlanPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, XenoPlanPage, name_problem);
  gtk_widget_class_bind_template_child (widget_class, XenoPlanPage, choices);
  gtk_widget_class_bind_template_child (widget_class, XenoPlanPage, facts);
  gtk_widget_class_bind_template_child (widget_class, XenoPlanPage, warnings);
  gtk_widget_class_bind_template_child (widget_class, XenoPlanPage, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
}

static void
xeno_plan_page_init (XenoPlanPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_plan_page_show:
 * @self: the page
 * @connection: where the machine shall live
 * @plan: what is to be made; its title is the person's to choose
 *
 * Begins to ask for the name of a machine.
 */
void
xeno_plan_page_show (XenoPlanPage   *self,
                     XenoConnection *connection,
                     XenoPlan       *plan)
{
  g_autofree char *title = NULL;

  g_return_if_fail (XENO_IS_PLAN_PAGE (self));
  g_return_if_fail (XENO_IS_CONNECTION (connection));
  g_return_if_fail (XENO_IS_PLAN (plan));

  g_set_object (&self->connection, connection);
  title = xeno_plan_dup_free_title (plan, xeno_connection_get_machines (connection));
  g_set_object (&self->plan, plan);
  gtk_editable_set_text (self->name_row, title);
  check_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}

/**
 * xeno_plan_page_get_plan:
 * @self: the page
 *
 * Gets what is to be made.
 *
 * Returns: (transfer none) (nullable): the plan, called as the person says
 */
XenoPlan *
xeno_plan_page_get_plan (XenoPlanPage *self)
{
  g_return_val_if_fail (XENO_IS_PLAN_PAGE (self), NULL);

  return self->plan;
}

/**
 * xeno_plan_page_add_choice:
 * @self: the page
 * @row: a row in which a person chooses something
 *
 * Adds a row beneath the name.
 */
void
xeno_plan_page_add_choice (XenoPlanPage *self,
                           GtkWidget    *row)
{
  g_return_if_fail (XENO_IS_PLAN_PAGE (self));
  g_return_if_fail (GTK_IS_WIDGET (row));

  adw_preferences_group_add (self->choices, row);
  gtk_widget_set_visible (GTK_WIDGET (self->choices), TRUE);
}

/**
 * xeno_plan_page_clear_facts:
 * @self: the page
 *
 * Removes what was said of the machine.
 */
void
xeno_plan_page_clear_facts (XenoPlanPage *self)
{
  g_return_if_fail (XENO_IS_PLAN_PAGE (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      gboolean is_fact = gtk_widget_is_ancestor (row, GTK_WIDGET (self->facts));

      adw_preferences_group_remove (is_fact ? self->facts : self->warnings, row);
    }
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->warnings), FALSE);
}

static void
add_row (XenoPlanPage        *self,
         AdwPreferencesGroup *group,
         const char          *title,
         const char          *text)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", text,
                                 "title-lines", 0, "subtitle-lines", 0, NULL);

  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

/**
 * xeno_plan_page_add_fact:
 * @self: the page
 * @title: of what
 * @text: what is to be said
 *
 * Says something of the machine.
 */
void
xeno_plan_page_add_fact (XenoPlanPage *self,
                         const char   *title,
                         const char   *text)
{
  g_return_if_fail (XENO_IS_PLAN_PAGE (self));
  g_return_if_fail (title != NULL && text != NULL);

  add_row (self, self->facts, title, text);
}

/**
 * xeno_plan_page_add_warning:
 * @self: the page
 * @title: what it is about
 * @text: what the machine will not have
 *
 * Says what the machine will lack.
 */
void
xeno_plan_page_add_warning (XenoPlanPage *self,
                            const char   *title,
                            const char   *text)
{
  g_return_if_fail (XENO_IS_PLAN_PAGE (self));
  g_return_if_fail (title != NULL && text != NULL);

  add_row (self, self->warnings, title, text);
  gtk_widget_set_visible (GTK_WIDGET (self->warnings), TRUE);
}

/**
 * xeno_plan_page_set_problem:
 * @self: the page
 * @problem: (nullable): why no machine can be made, with what to do
 *
 * Sets what stands in the way.
 */
void
xeno_plan_page_set_problem (XenoPlanPage *self,
                            const char   *problem)
{
  g_return_if_fail (XENO_IS_PLAN_PAGE (self));

  self->has_problem = problem != NULL;
  show_text (self->problem_label, problem);
  check_cb (self);
}

/**
 * xeno_plan_page_is_valid:
 * @self: the page
 *
 * Gets whether the machine can be made as it is called now.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_plan_page_is_valid (XenoPlanPage *self)
{
  g_return_val_if_fail (XENO_IS_PLAN_PAGE (self), FALSE);

  return self->is_valid;
}
