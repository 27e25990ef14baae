/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Something long that a person can watch and cancel. */
#include "config.h"

#include "base/xeno-job.h"

struct _XenoJob
{
  GObject       parent_instance;
  char         *title;
  char         *subject;
  char         *step;
  double        fraction;
  XenoJobState  state;
  GError       *error;
  GCancellable *cancellable;
  gint64        started_us;
  gboolean      is_usable;
};

typedef struct
{
  XenoJob *job;
  char    *step;
  double   fraction;
} Report;

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUBJECT,
  PROP_STEP,
  PROP_FRACTION,
  PROP_STATE,
  PROP_ERROR,
  PROP_IS_USABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (XenoJob, xeno_job, G_TYPE_OBJECT)

GType
xeno_job_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { XENO_JOB_RUNNING, "XENO_JOB_RUNNING", "running" },
    { XENO_JOB_DONE, "XENO_JOB_DONE", "done" },
    { XENO_JOB_FAILED, "XENO_JOB_FAILED", "failed" },
    { XENO_JOB_CANCELLED, "XENO_JOB_CANCELLED", "cancelled" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XenoJobState", values));
  return type;
}

static void
report_free (Report *report)
{
  g_object_unref (report->job);
  g_free (report->step);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;
  XenoJob *self = report->job;

  if (self->state != XENO_JOB_RUNNING)
    return G_SOURCE_REMOVE;

  if (report->step != NULL && g_strcmp0 (self->step, report->step) != 0)
    {
      g_free (self->step);
      self->step = g_steal_pointer (&report->step);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
    }
  if (self->fraction != report->fraction)
    {
      self->fraction = report->fraction;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
    }
  return G_SOURCE_REMOVE;
}

static void
xeno_job_finalize (GObject *object)
{
  XenoJob *self = XENO_JOB (object);

  g_free (self->title);
  g_free (self->subject);
  g_free (self->step);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (xeno_job_parent_class)->finalize (object);
}

static void
xeno_job_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  XenoJob *self = XENO_JOB (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;

    case PROP_STEP:
      g_value_set_string (value, self->step);
      break;

    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_IS_USABLE:
      g_value_set_boolean (value, self->is_usable);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_job_set_property (GObject      *object,
                       guint         prop_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  XenoJob *self = XENO_JOB (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      self->title = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xeno_job_class_init (XenoJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xeno_job_finalize;
  object_class->get_property = xeno_job_get_property;
  object_class->set_property = xeno_job_set_property;

  /**
   * XenoJob:title:
   *
   * What the job does, for the person who started it.
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * XenoJob:subject:
   *
   * The UUID of the machine it is about, or %NULL.
   */
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, readable);

  /**
   * XenoJob:step:
   *
   * What it is doing now.
   */
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, readable);

  /**
   * XenoJob:fraction:
   *
   * How much of it is done, 0 to 1; negative while nobody can tell.
   */
  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, -1.0, readable);

  /**
   * XenoJob:state:
   *
   * Where it stands.
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, XENO_TYPE_JOB_STATE, XENO_JOB_RUNNING, readable);

  /**
   * XenoJob:error:
   *
   * Why it failed, once it has.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);

  /**
   * XenoJob:is-usable:
   *
   * Whether what it is about is there for people already, though it goes on.
   */
  properties[PROP_IS_USABLE] = g_param_spec_boolean ("is-usable", NULL, NULL, FALSE, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xeno_job_init (XenoJob *self)
{
  self->fraction = -1.0;
  self->started_us = g_get_monotonic_time ();
  self->cancellable = g_cancellable_new ();
}

/**
 * xeno_job_new:
 * @title: what the job does, for the person who started it
 *
 * Makes a job that runs from now on.
 *
 * Returns: (transfer full): the job
 */
XenoJob *
xeno_job_new (const char *title)
{
  g_return_val_if_fail (title != NULL, NULL);

  return g_object_new (XENO_TYPE_JOB, "title", title, NULL);
}

/**
 * xeno_job_get_title:
 * @self: a job
 *
 * Gets what the job does.
 *
 * Returns: (transfer none): the title
 */
const char *
xeno_job_get_title (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), NULL);

  return self->title;
}

/**
 * xeno_job_get_subject:
 * @self: a job
 *
 * Gets the machine the job is about.
 *
 * Returns: (nullable) (transfer none): the UUID of the machine
 */
const char *
xeno_job_get_subject (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), NULL);

  return self->subject;
}

/**
 * xeno_job_set_subject:
 * @self: a job
 * @subject: (nullable): the UUID of a machine
 *
 * Says which machine the job is about.
 */
void
xeno_job_set_subject (XenoJob    *self,
                      const char *subject)
{
  g_return_if_fail (XENO_IS_JOB (self));

  if (g_strcmp0 (self->subject, subject) == 0)
    return;

  g_free (self->subject);
  self->subject = g_strdup (subject);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBJECT]);
}

/**
 * xeno_job_is_usable:
 * @self: a job
 *
 * Tells whether what it is about is there for people already, though it goes on.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_job_is_usable (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), FALSE);

  return self->is_usable;
}

/**
 * xeno_job_make_usable:
 * @self: a job
 *
 * Lets people have what it is about, though it goes on.
 */
void
xeno_job_make_usable (XenoJob *self)
{
  g_return_if_fail (XENO_IS_JOB (self));

  if (self->is_usable)
    return;

  self->is_usable = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_USABLE]);
}

/**
 * xeno_job_get_step:
 * @self: a job
 *
 * Gets what the job is doing now.
 *
 * Returns: (nullable) (transfer none): the step
 */
const char *
xeno_job_get_step (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), NULL);

  return self->step;
}

/**
 * xeno_job_get_fraction:
 * @self: a job
 *
 * Gets how much is done.
 *
 * Returns: 0 to 1, or a negative number while nobody can tell
 */
double
xeno_job_get_fraction (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), -1.0);

  return self->fraction;
}

/**
 * xeno_job_get_started_us:
 * @self: a job
 *
 * Gets when the job began, to tell how long the rest may take.
 *
 * Returns: the monotonic time in microseconds
 */
gint64
xeno_job_get_started_us (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), 0);

  return self->started_us;
}

/**
 * xeno_job_get_state:
 * @self: a job
 *
 * Gets where the job stands.
 *
 * Returns: the state
 */
XenoJobState
xeno_job_get_state (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), XENO_JOB_FAILED);

  return self->state;
}

/**
 * xeno_job_get_error:
 * @self: a job
 *
 * Gets why the job failed.
 *
 * Returns: (nullable) (transfer none): the error, or %NULL unless it failed
 */
const GError *
xeno_job_get_error (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), NULL);

  return self->error;
}

/**
 * xeno_job_get_cancellable:
 * @self: a job
 *
 * Gets what the job's work watches.
 *
 * Returns: (transfer none): the cancellable
 */
GCancellable *
xeno_job_get_cancellable (XenoJob *self)
{
  g_return_val_if_fail (XENO_IS_JOB (self), NULL);

  return self->cancellable;
}

/**
 * xeno_job_cancel:
 * @self: a job
 *
 * Asks the job to stop and undo what it did. It ends as %XENO_JOB_CANCELLED when that is done.
 */
void
xeno_job_cancel (XenoJob *self)
{
  g_return_if_fail (XENO_IS_JOB (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * xeno_job_report:
 * @self: a job
 * @step: (nullable): what it is doing now, or %NULL for what it was doing
 * @fraction: how much is done, 0 to 1, or negative
 *
 * Says how far the job is. Safe to call from any thread; a job that has ended stays as it is.
 */
void
xeno_job_report (XenoJob    *self,
                 const char *step,
                 double      fraction)
{
  Report *report;

  g_return_if_fail (XENO_IS_JOB (self));

  report = g_new0 (Report, 1);
  report->job = g_object_ref (self);
  report->step = g_strdup (step);
  report->fraction = fraction < 0.0 ? -1.0 : MIN (fraction, 1.0);
  g_idle_add_full (G_PRIORITY_DEFAULT, report_cb, report, (GDestroyNotify) report_free);
}

static void
part_reported_cb (XenoJob    *part,
                  GParamSpec *pspec,
                  XenoJob    *self)
{
  xeno_job_report (self, part->step, part->fraction);
}

/**
 * xeno_job_follow:
 * @self: a job
 * @part: a part of it, with steps of its own
 *
 * Lets a job say what a part of it says, and cancels the part with it.
 */
void
xeno_job_follow (XenoJob *self,
                 XenoJob *part)
{
  g_return_if_fail (XENO_IS_JOB (self));
  g_return_if_fail (XENO_IS_JOB (part));

  g_signal_connect_object (part, "notify::step", G_CALLBACK (part_reported_cb), self, 0);
  g_signal_connect_object (part, "notify::fraction", G_CALLBACK (part_reported_cb), self, 0);
  g_signal_connect_object (self->cancellable, "cancelled", G_CALLBACK (xeno_job_cancel), part, G_CONNECT_SWAPPED);
  if (g_cancellable_is_cancelled (self->cancellable))
    xeno_job_cancel (part);
}

/**
 * xeno_job_finish:
 * @self: a job that runs
 * @error: (nullable): why it failed, %G_IO_ERROR_CANCELLED when it was cancelled, %NULL when done
 *
 * Ends the job. Called once, in the main thread, when nothing is left to undo.
 */
void
xeno_job_finish (XenoJob      *self,
                 const GError *error)
{
  g_return_if_fail (XENO_IS_JOB (self));
  g_return_if_fail (self->state == XENO_JOB_RUNNING);

  if (error == NULL)
    self->state = XENO_JOB_DONE;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->state = XENO_JOB_CANCELLED;
  else
    self->state = XENO_JOB_FAILED;

  if (self->state == XENO_JOB_FAILED)
    {
      self->error = g_error_copy (error);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}
