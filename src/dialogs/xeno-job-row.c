/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One job: what it does, how far it is, how to stop it, and the way to what it made. */
#include "config.h"

#include <glib/gi18n.h>

#include "base/xeno-units.h"
#include "dialogs/xeno-job-row.h"

/* Before that an estimate would only jump about. */
#define LEAST_ELAPSED_US (3 * G_USEC_PER_SEC)
#define LEAST_FRACTION 0.02

struct _XenoJobRow
{
  AdwBin   parent_instance;
  XenoJob *job;
};

enum
{
  PROP_0,
  PROP_JOB,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoJobRow, xeno_job_row, ADW_TYPE_BIN)

/* What it does now, and how long the rest may take. */
static char *
dup_running (XenoJobRow *self,
             const char *step,
             double      fraction)
{
  g_autofree char *remaining = NULL;

  if (self->job != NULL)
    remaining = xeno_job_row_dup_remaining (g_get_monotonic_time () - xeno_job_get_started_us (self->job),
                                            fraction);
  if (step == NULL || remaining == NULL)
    return g_strdup (step != NULL ? step : remaining);

  /* Translators: what a job does now, and how long it may still take */
  return g_strdup_printf (_("%s · %s"), step, remaining);
}

static char *
dup_step (gpointer      object,
          XenoJobState  state,
          const char   *step,
          const GError *error,
          double        fraction)
{
  switch (state)
    {
    case XENO_JOB_DONE:
      return g_strdup (_("Done"));

    case XENO_JOB_CANCELLED:
      return g_strdup (_("Cancelled; nothing was left behind"));

    case XENO_JOB_FAILED:
      return g_strdup (error != NULL ? error->message : _("Failed"));

    case XENO_JOB_RUNNING:
    default:
      return dup_running (object, step, fraction);
    }
}

static gboolean
is_running (gpointer     object,
            XenoJobState state)
{
  return state == XENO_JOB_RUNNING;
}

static gboolean
is_showable (gpointer      object,
             XenoJobState  state,
             const char   *subject)
{
  return state == XENO_JOB_DONE && subject != NULL;
}

/* A bar that cannot tell stays empty rather than move for no reason. */
static double
get_bar (gpointer object,
         double   fraction)
{
  return MAX (fraction, 0.0);
}

static void
cancel_cb (XenoJobRow *self)
{
  xeno_job_cancel (self->job);
}

static void
show_cb (XenoJobRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.open-console", "s",
                              xeno_job_get_subject (self->job));
}

static void
xeno_job_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XENO_TYPE_JOB_ROW);
  g_clear_object (&XENO_JOB_ROW (object)->job);

  G_OBJECT_CLASS (xeno_job_row_parent_class)->dispose (object);
}

static void
xeno_job_row_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, XENO_JOB_ROW (object)->job);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_job_row_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_JOB:
      XENO_JOB_ROW (object)->job = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_job_row_class_init (XenoJobRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xeno_job_row_dispose;
  object_class->get_property = xeno_job_row_get_property;
  object_class->set_property = xeno_job_row_set_property;

  /**
   * XenoJobRow:job:
   *
   * The job.
   */
  properties[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, XENO_TYPE_JOB,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/unaos/Xenolith/xeno-job-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, dup_step);
  gtk_widget_class_bind_template_callback (widget_class, is_running);
  gtk_widget_class_bind_template_callback (widget_class, is_showable);
  gtk_widget_class_bind_template_callback (widget_class, get_bar);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
}

static void
xeno_job_row_init (XenoJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * xeno_job_row_new:
 * @job: a job
 *
 * Makes the row of @job.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
xeno_job_row_new (XenoJob *job)
{
  g_return_val_if_fail (XENO_IS_JOB (job), NULL);

  return g_object_new (XENO_TYPE_JOB_ROW, "job", job, NULL);
}

/**
 * xeno_job_row_dup_remaining:
 * @elapsed_us: how long a job has worked
 * @fraction: how much of it is done, or a negative number
 *
 * Says how long the rest may take, if it goes on as before.
 *
 * Returns: (transfer full) (nullable): the words, or %NULL while nobody can tell
 */
char *
xeno_job_row_dup_remaining (gint64 elapsed_us,
                            double fraction)
{
  g_autofree char *duration = NULL;

  if (elapsed_us < LEAST_ELAPSED_US || fraction < LEAST_FRACTION || fraction >= 1.0)
    return NULL;

  duration = xeno_units_format_duration (elapsed_us * (1.0 - fraction) / fraction / G_USEC_PER_SEC + 1);
  /* Translators: %s is a duration, as "2 minutes" */
  return g_strdup_printf (_("about %s left"), duration);
}
