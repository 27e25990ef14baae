/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a double-clicked file opens: looks at it, lets a person review the machine, and makes it. */
#include "config.h"

#include <glib/gi18n.h>

#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"
#include "dialogs/xeno-create-dialog.h"
#include "dialogs/xeno-job-row.h"
#include "dialogs/xeno-media-chooser.h"
#include "dialogs/xeno-plan-page.h"
#include "dialogs/xeno-restore-facts.h"
#include "dialogs/xeno-review-page.h"
#include "widgets/xeno-columns.h"
#include "widgets/xeno-toast.h"

struct _XenoCreateDialog
{
  AdwWindow        parent_instance;
  XenoConnection  *connection;
  XenoOsDb        *os_db;
  GCancellable    *cancellable; /* of the looking */
  XenoJob         *job;
  const char      *form;        /* the page of the stack that a person fills in */
  gboolean         starts;
  gboolean         is_preparing;
  gboolean         is_handed_over; /* the machine is there for people, though the job goes on */

  AdwToastOverlay *toasts;
  GtkStack        *stack;
  AdwStatusPage   *bad_page;
  XenoReviewPage  *review_page;
  XenoPlanPage    *plan_page;
  AdwStatusPage   *work_page;
  GtkWidget       *bottom_bar;
};

enum
{
  JOB_STARTED,
  CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XenoCreateDialog, xeno_create_dialog, ADW_TYPE_WINDOW)

static void
show (XenoCreateDialog *self,
      const char       *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_set_visible (self->bottom_bar, g_strcmp0 (page, self->form) == 0);
}

/* It is made as another machine is or was, and there is nothing to be prepared. */
static gboolean
is_plan (XenoCreateDialog *self)
{
  return g_strcmp0 (self->form, "plan") == 0;
}

static gboolean
is_form_valid (XenoCreateDialog *self)
{
  if (is_plan (self))
    return xeno_plan_page_is_valid (self->plan_page);
  return xeno_review_page_is_valid (self->review_page);
}

static void
update_actions_cb (XenoCreateDialog *self)
{
  gboolean can_create = self->job == NULL && !self->is_preparing && is_form_valid (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "create.run", can_create);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "create.only",
                                 can_create && (is_plan (self)
                                                || !xeno_review_page_installs_itself (self->review_page)));
}

static void
show_form (XenoCreateDialog *self,
           const char       *page)
{
  self->form = page;
  show (self, page);
  update_actions_cb (self);
}

static void
show_restore (XenoCreateDialog *self,
              XenoReviewFacts  *facts)
{
  xeno_plan_page_show (self->plan_page, self->connection, XENO_PLAN (facts->restore));
  xeno_restore_facts_show (facts->restore, self->plan_page, facts->free_bytes);
  if (facts->problem != NULL)
    xeno_plan_page_set_problem (self->plan_page, facts->problem->message);
  show_form (self, "plan");
  xeno_review_facts_free (facts);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (XenoCreateDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  XenoReviewFacts *facts = xeno_review_facts_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (facts != NULL && facts->restore != NULL)
    show_restore (self, facts);
  else if (facts != NULL)
    {
      xeno_review_page_show (self->review_page, self->connection, self->os_db, facts);
      show_form (self, "review");
    }
  else
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->bad_page, text);
      show (self, "bad");
    }
}

static void
look (XenoCreateDialog *self,
      GFile            *file,
      XenoRecipe       *recipe)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  show (self, "looking");
  xeno_review_facts_load_async (self->connection, self->os_db, file, recipe, self->cancellable, looked_cb,
                                g_object_ref (self));
}

static void
change_media_cb (XenoCreateDialog *self,
                 XenoMedia        *media)
{
  g_autoptr (XenoRecipe) recipe = xeno_recipe_new (media);

  look (self, NULL, recipe);
}

static void
file_chosen_cb (GtkNativeDialog  *chooser,
                int               response,
                XenoCreateDialog *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      look (self, file, NULL);
    }
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
}

static void
change_file_cb (XenoCreateDialog *self)
{
  GtkNativeDialog *chooser = xeno_media_chooser_new (GTK_WINDOW (self));

  g_signal_connect_object (chooser, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (chooser);
}

static void
hand_over (XenoCreateDialog *self,
           XenoMachine      *machine,
           const GError     *error)
{
  self->is_handed_over = TRUE;
  g_signal_emit (self, signals[CREATED], 0, machine, self->starts && error == NULL, error);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* The person may have closed the window meanwhile: the machine is there all the same. */
static void
built_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (XenoCreateDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoMachine) machine = xeno_builder_finish (result, &error);

  g_clear_object (&self->job);
  if (self->is_handed_over)
    return;

  if (machine == NULL)
    g_set_object (&machine, xeno_builder_get_machine (result));
  if (machine != NULL)
    {
      hand_over (self, machine, error);
      return;
    }
  show (self, self->form);
  update_actions_cb (self);
  xeno_toast_show_error (self->toasts, error);
}

/* It installs itself: that takes longer than anybody looks at this. */
static void
usable_cb (XenoCreateDialog *self)
{
  XenoMachine *machine = xeno_connection_find_machine (self->connection, xeno_job_get_subject (self->job), NULL);

  if (machine != NULL)
    hand_over (self, machine, NULL);
}

static XenoPlan *
get_plan (XenoCreateDialog *self)
{
  if (is_plan (self))
    return xeno_plan_page_get_plan (self->plan_page);
  return XENO_PLAN (xeno_review_page_get_recipe (self->review_page));
}

static void
build (XenoCreateDialog *self)
{
  self->job = xeno_builder_start (self->connection, get_plan (self), self->starts, built_cb, g_object_ref (self));
  g_signal_connect_object (self->job, "notify::is-usable", G_CALLBACK (usable_cb), self, G_CONNECT_SWAPPED);
  adw_status_page_set_child (self->work_page, xeno_job_row_new (self->job));
  g_signal_emit (self, signals[JOB_STARTED], 0, self->job);
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (XenoCreateDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_prepared = xeno_review_page_prepare_finish (XENO_REVIEW_PAGE (source), result, &error);

  self->is_preparing = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (is_prepared)
    {
      build (self);
      return;
    }
  show (self, self->form);
  update_actions_cb (self);
  xeno_toast_show_error (self->toasts, error);
}

static void
create (XenoCreateDialog *self,
        gboolean          starts)
{
  g_autofree char *heading = g_strdup_printf (_("Creating “%s”"), xeno_plan_get_title (get_plan (self)));
  g_autofree char *text = g_markup_escape_text (heading, -1);

  adw_status_page_set_title (self->work_page, text);
  adw_status_page_set_child (self->work_page, NULL);
  show (self, "work");
  self->starts = starts;
  if (is_plan (self))
    {
      build (self);
      update_actions_cb (self);
      return;
    }

  self->is_preparing = TRUE;
  update_actions_cb (self);
  xeno_review_page_prepare_async (self->review_page, self->cancellable, prepared_cb, g_object_ref (self));
}

static void
run_cb (GtkWidget  *widget,
        const char *name,
        GVariant   *parameter)
{
  create (XENO_CREATE_DIALOG (widget), TRUE);
}

static void
only_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  create (XENO_CREATE_DIALOG (widget), FALSE);
}

/* Nobody waits for a drive on behalf of a window that is closed. */
static gboolean
xeno_create_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (XENO_CREATE_DIALOG (window)->cancellable);

  return GTK_WINDOW_CLASS (xeno_create_dialog_parent_class)->close_request (window);
}

static void
xeno_create_dialog_dispose (GObject *object)
{
  XenoCreateDialog *self = XENO_CREATE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_object (&self->os_db);

  G_OBJECT_CLASS (xeno_create_dialog_parent_class)->dispose (object);
}

static void
xeno_create_dialog_class_init (XenoCreateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_create_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = xeno_create_dialog_close_request;

  /**
   * XenoCreateDialog::job-started:
   * @job: the job
   *
   * The machine is being made.
   */
  signals[JOB_STARTED] = g_signal_new ("job-started", XENO_TYPE_CREATE_DIALOG, G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, XENO_TYPE_JOB);

  /**
   * XenoCreateDialog::created:
   * @machine: the machine
   * @started: whether it was started
   * @error: (nullable): why it could not be started
   *
   * The machine is there.
   */
  signals[CREATED] = g_signal_new ("created", XENO_TYPE_CREATE_DIALOG, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 3, XENO_TYPE_MACHINE,
                                   G_TYPE_BOOLEAN, G_TYPE_ERROR);

  g_type_ensure (XENO_TYPE_COLUMNS);
  g_type_ensure (XENO_TYPE_PLAN_PAGE);
  g_type_ensure (XENO_TYPE_REVIEW_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-create-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, bad_page);
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, review_page);
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, plan_page);
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, work_page);
  gtk_widget_class_bind_template_child (widget_class, XenoCreateDialog, bottom_bar);
  gtk_widget_class_bind_template_callback (widget_class, update_actions_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_media_cb);

  gtk_widget_class_install_action (widget_class, "create.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "create.only", NULL, only_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "create.run", NULL);
}

static void
xeno_create_dialog_init (XenoCreateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions_cb (self);
}

/**
 * xeno_create_dialog_new:
 * @parent: (nullable): the window to show it over
 * @connection: where the machine shall live
 * @os_db: the operating systems that are known
 *
 * Makes the dialog; it is told what the machine is made from by xeno_create_dialog_look_at_file() or
 * xeno_create_dialog_look_at_recipe(). Nothing is made before the person agrees.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
xeno_create_dialog_new (GtkWindow      *parent,
                        XenoConnection *connection,
                        XenoOsDb       *os_db)
{
  XenoCreateDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (XENO_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (XENO_IS_OS_DB (os_db), NULL);

  self = g_object_new (XENO_TYPE_CREATE_DIALOG, "transient-for", parent, NULL);
  self->connection = g_object_ref (connection);
  self->os_db = g_object_ref (os_db);
  return GTK_WIDGET (self);
}

/**
 * xeno_create_dialog_look_at_file:
 * @self: the dialog
 * @file: what somebody wants to run
 *
 * Begins to look at a file, and lets the person review the machine.
 */
void
xeno_create_dialog_look_at_file (XenoCreateDialog *self,
                                 GFile            *file)
{
  g_return_if_fail (XENO_IS_CREATE_DIALOG (self));
  g_return_if_fail (G_IS_FILE (file));

  look (self, file, NULL);
}

/**
 * xeno_create_dialog_look_at_recipe:
 * @self: the dialog
 * @recipe: a machine that is made from no file, without recommendations
 *
 * Asks the host what it has, and lets the person review the machine.
 */
void
xeno_create_dialog_look_at_recipe (XenoCreateDialog *self,
                                   XenoRecipe       *recipe)
{
  g_return_if_fail (XENO_IS_CREATE_DIALOG (self));
  g_return_if_fail (XENO_IS_RECIPE (recipe));

  look (self, NULL, recipe);
}
