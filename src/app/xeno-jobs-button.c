/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring in the header: what is at work, how far it is, and how to stop it. */
#include "config.h"

#include "app/xeno-jobs-button.h"
#include "app/xeno-ring.h"
#include "base/xeno-job.h"
#include "dialogs/xeno-job-row.h"

struct _XenoJobsButton
{
  AdwBin      parent_instance;
  GListModel *jobs;

  XenoRing   *ring;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (XenoJobsButton, xeno_jobs_button, ADW_TYPE_BIN)

/* All that runs counts alike; what cannot tell counts as begun. */
static void
update_cb (XenoJobsButton *self)
{
  guint n_jobs = g_list_model_get_n_items (self->jobs);
  double sum = 0.0;

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (XenoJob) job = g_list_model_get_item (self->jobs, i);

      sum += xeno_job_get_state (job) != XENO_JOB_RUNNING ? 1.0 : MAX (xeno_job_get_fraction (job), 0.0);
    }
  xeno_ring_set_fraction (self->ring, n_jobs > 0 ? sum / n_jobs : 0.0);
  gtk_widget_set_visible (GTK_WIDGET (self), n_jobs > 0);
}

static void
jobs_changed_cb (XenoJobsButton *self,
                 guint           position,
                 guint           removed,
                 guint           added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (XenoJob) job = g_list_model_get_item (self->jobs, i);

      g_signal_connect_object (job, "notify::fraction", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "notify::state", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
    }
  update_cb (self);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return xeno_job_row_new (XENO_JOB (item));
}

static void
xeno_jobs_button_dispose (GObject *object)
{
  XenoJobsButton *self = XENO_JOBS_BUTTON (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), XENO_TYPE_JOBS_BUTTON);
  g_clear_object (&self->jobs);

  G_OBJECT_CLASS (xeno_jobs_button_parent_class)->dispose (object);
}

static void
xeno_jobs_button_class_init (XenoJobsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xeno_jobs_button_dispose;

  g_type_ensure (XENO_TYPE_RING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, XenoJobsButton, ring);
  gtk_widget_class_bind_template_child (widget_class, XenoJobsButton, list);
}

static void
xeno_jobs_button_init (XenoJobsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_jobs_button_set_jobs:
 * @self: a jobs button
 * @jobs: a list of #XenoJob
 *
 * Sets the jobs to show. Called once.
 */
void
xeno_jobs_button_set_jobs (XenoJobsButton *self,
                           GListModel     *jobs)
{
  g_return_if_fail (XENO_IS_JOBS_BUTTON (self));
  g_return_if_fail (G_IS_LIST_MODEL (jobs));
  g_return_if_fail (self->jobs == NULL);

  self->jobs = g_object_ref (jobs);
  gtk_list_box_bind_model (self->list, jobs, create_row, NULL, NULL);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (jobs_changed_cb), self, G_CONNECT_SWAPPED);
  jobs_changed_cb (self, 0, 0, g_list_model_get_n_items (jobs));
}
