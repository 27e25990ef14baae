/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of disks from format to format, by qemu-img, which is told all formats and follows nothing. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/xeno-error.h"
#include "base/xeno-text.h"
#include "create/xeno-image-copy.h"

#define PROGRAM           "qemu-img"
#define SOURCE_FD         3
#define TARGET_FD         4
#define PIECE_BYTES       4096
#define MAX_OUTPUT_BYTES  65536
#define MAX_DETAILS_CHARS 400

/* Far more than it needs, and far less than would hurt. */
#define MAX_MEMORY_BYTES  (G_GUINT64_CONSTANT (8) << 30)
#define MAX_FILES         64

/* One run of the program. */
typedef struct
{
  GSubprocess   *process;
  GCancellable  *cancellable;
  GString       *output;
  GString       *problem;
  XenoImageFunc  progress;
  gpointer       progress_data;
  guint          n_pending;    /* streams and the end */
  gulong         cancelled_id;
  guint8         pieces[2][PIECE_BYTES];
} Run;

static void read_more (GTask    *task,
                       gboolean  is_problem);

static void
run_free (Run *run)
{
  g_clear_object (&run->process);
  g_clear_object (&run->cancellable);
  g_string_free (run->output, TRUE);
  g_string_free (run->problem, TRUE);
  g_free (run);
}

/* In the child: it dies with us, cannot become more than it is, and writes files of the person alone. */
static void
prepare_child (gpointer user_data)
{
  const struct rlimit memory = { MAX_MEMORY_BYTES, MAX_MEMORY_BYTES };
  const struct rlimit files = { MAX_FILES, MAX_FILES };
  const struct rlimit none = { 0, 0 };

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  setrlimit (RLIMIT_AS, &memory);
  setrlimit (RLIMIT_NOFILE, &files);
  setrlimit (RLIMIT_CORE, &none);
  umask (077);
}

static void
set_problem (GError     **error,
             const char  *text)
{
  g_autofree char *details = xeno_text_clean (text, -1, MAX_DETAILS_CHARS);

  if (strstr (text, g_strerror (ENOSPC)) != NULL || strstr (text, "No space left") != NULL)
    xeno_set_error (error, XENO_ERROR_NO_SPACE, details,
                    _("The drive became full while the disk was copied. Make room, then try again."));
  else if (strstr (text, "lock") != NULL)
    xeno_set_error (error, XENO_ERROR_IN_USE, details,
                    _("The disk is in use by a machine that runs. Shut it down, then try again."));
  else
    xeno_set_error (error, XENO_ERROR_BAD_MEDIA, details,
                    _("The disk could not be copied: it is damaged, or its drive is."));
}

/* Whoever waits hears of it when the program is gone, and not before. */
static void
end (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;

  if (--run->n_pending > 0)
    return;

  g_cancellable_disconnect (run->cancellable, run->cancelled_id);
  if (g_cancellable_set_error_if_cancelled (run->cancellable, &error))
    g_task_return_error (task, error);
  else if (g_subprocess_get_successful (run->process))
    g_task_return_boolean (task, TRUE);
  else
    {
      set_problem (&error, run->problem->str);
      g_task_return_error (task, error);
    }
}

/* "    (12.34/100%)\r" */
static void
take_progress (Run *run)
{
  const char *last = strrchr (run->output->str, '(');

  if (run->progress == NULL)
    return;

  if (last != NULL && strchr (last, '/') != NULL)
    run->progress (CLAMP (g_ascii_strtod (last + 1, NULL) / 100.0, 0.0, 1.0), run->progress_data);
  if (last != NULL)
    g_string_erase (run->output, 0, last - run->output->str);
}

static void
take_output (Run           *run,
             gboolean       is_problem,
             const guint8  *bytes,
             gsize          length)
{
  GString *text = is_problem ? run->problem : run->output;

  g_string_append_len (text, (const char *) bytes, MIN (length, MAX_OUTPUT_BYTES - MIN (text->len, MAX_OUTPUT_BYTES)));
  if (!is_problem)
    take_progress (run);
}

static void
piece_read (GObject      *stream,
            GAsyncResult *result,
            GTask        *task,
            gboolean      is_problem)
{
  Run *run = g_task_get_task_data (task);
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (stream), result, NULL);

  if (length > 0)
    {
      take_output (run, is_problem, run->pieces[is_problem], length);
      read_more (task, is_problem);
    }
  else
    end (task);
  g_object_unref (task);
}

static void
output_read_cb (GObject      *stream,
                GAsyncResult *result,
                gpointer      user_data)
{
  piece_read (stream, result, user_data, FALSE);
}

static void
problem_read_cb (GObject      *stream,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  piece_read (stream, result, user_data, TRUE);
}

static void
read_more (GTask    *task,
           gboolean  is_problem)
{
  Run *run = g_task_get_task_data (task);
  GInputStream *stream = is_problem ? g_subprocess_get_stderr_pipe (run->process)
                                    : g_subprocess_get_stdout_pipe (run->process);

  g_input_stream_read_async (stream, run->pieces[is_problem], PIECE_BYTES, G_PRIORITY_DEFAULT, NULL,
                             is_problem ? problem_read_cb : output_read_cb, g_object_ref (task));
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  end (task);
}

static void
cancelled_cb (GCancellable *cancellable,
              GSubprocess  *process)
{
  g_subprocess_force_exit (process);
}

/* Where the child looks for it, out of the way of the other one. */
static void
give (GSubprocessLauncher *launcher,
      int                  fd,
      int                  number)
{
  if (fd >= 0)
    g_subprocess_launcher_take_fd (launcher, fcntl (fd, F_DUPFD_CLOEXEC, TARGET_FD + 1), number);
}

static GSubprocess *
spawn (const char * const  *line,
       int                  source_fd,
       int                  target_fd,
       GError             **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  GSubprocess *process;
  GError *problem = NULL;

  g_subprocess_launcher_set_child_setup (launcher, prepare_child, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  give (launcher, source_fd, SOURCE_FD);
  give (launcher, target_fd, TARGET_FD);
  process = g_subprocess_launcher_spawnv (launcher, line, &problem);
  if (process != NULL)
    return process;

  if (g_error_matches (problem, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    xeno_set_error (error, XENO_ERROR_NOT_INSTALLED, problem->message,
                    _("Copying a disk needs the program “qemu-img”. Install it (package “qemu-utils” or "
                      "“qemu-img”), then try again."));
  else
    xeno_set_error (error, XENO_ERROR_FAILED, problem->message, _("“qemu-img” could not be run."));
  g_error_free (problem);
  return NULL;
}

/* From the main thread: the program dies with the thread that started it. */
static void
run_program (GTask               *task,
             const char * const  *line,
             int                  source_fd,
             int                  target_fd,
             XenoImageFunc        progress,
             gpointer             progress_data)
{
  Run *run = g_new0 (Run, 1);
  GError *error = NULL;

  run->output = g_string_new (NULL);
  run->problem = g_string_new (NULL);
  run->progress = progress;
  run->progress_data = progress_data;
  if (g_task_get_cancellable (task) != NULL)
    run->cancellable = g_object_ref (g_task_get_cancellable (task));
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  g_task_set_check_cancellable (task, FALSE);
  if (g_cancellable_set_error_if_cancelled (run->cancellable, &error)
      || (run->process = spawn (line, source_fd, target_fd, &error)) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  run->n_pending = 3;
  if (run->cancellable != NULL)
    run->cancelled_id = g_cancellable_connect (run->cancellable, G_CALLBACK (cancelled_cb),
                                               g_object_ref (run->process), g_object_unref);
  read_more (task, FALSE);
  read_more (task, TRUE);
  g_subprocess_wait_async (run->process, NULL, ended_cb, g_object_ref (task));
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_file (JsonBuilder *builder,
          const char  *path)
{
  json_builder_set_member_name (builder, "file");
  json_builder_begin_object (builder);
  add_string (builder, "driver", "file");
  add_string (builder, "filename", path);
  json_builder_end_object (builder);
}

/* A part of a file, which QEMU's raw driver cuts out. */
static void
add_part (JsonBuilder *builder,
          const char  *path,
          guint64      offset,
          guint64      n_bytes)
{
  json_builder_set_member_name (builder, "file");
  json_builder_begin_object (builder);
  add_string (builder, "driver", "raw");
  json_builder_set_member_name (builder, "offset");
  json_builder_add_int_value (builder, offset);
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, n_bytes);
  add_file (builder, path);
  json_builder_end_object (builder);
}

static gboolean
has_backing (const char *format)
{
  return g_str_equal (format, "qcow2") || g_str_equal (format, "vmdk");
}

/*< private >
 * xeno_image_describe:
 * @path: a file
 * @format: the format of what is in it
 * @offset: where that begins
 * @n_bytes: how long it is, or 0 where it is the whole file
 * @backing: (nullable): what it stands on, described; without, it stands on nothing whatever it says
 *
 * Says in QEMU's terms what to read, so that nothing is left to be probed.
 *
 * Returns: (transfer full): the description
 */
char *
xeno_image_describe (const char *path,
                     const char *format,
                     guint64     offset,
                     guint64     n_bytes,
                     const char *backing)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (path != NULL && format != NULL, NULL);

  json_builder_begin_object (builder);
  add_string (builder, "driver", format);
  if (g_str_equal (format, "vpc"))
    add_string (builder, "force_size_calc", "current_size");
  if (has_backing (format))
    {
      json_builder_set_member_name (builder, "backing");
      json_builder_add_value (builder, backing != NULL ? json_from_string (backing, NULL)
                                                       : json_node_new (JSON_NODE_NULL));
    }
  if (n_bytes > 0)
    add_part (builder, path, offset, n_bytes);
  else
    add_file (builder, path);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/*< private >
 * xeno_image_describe_chain:
 * @images: (element-type XenoSourceImage): what an image stands on, from its own base to the deepest
 *
 * Says what an image stands on in QEMU's terms, with every format.
 *
 * Returns: (transfer full) (nullable): the description, or %NULL where it stands for itself
 */
char *
xeno_image_describe_chain (GPtrArray *images)
{
  char *description = NULL;

  for (guint i = images->len; i > 0; i--)
    {
      const XenoSourceImage *image = g_ptr_array_index (images, i - 1);
      g_autofree char *deeper = description;

      description = xeno_image_describe (image->path, image->format, 0, 0, deeper);
    }
  return description;
}

/*< private >
 * xeno_image_measure_async:
 * @copy: a copy to be made
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out how much room the copy needs.
 */
void
xeno_image_measure_async (const XenoImageCopy *copy,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *source = g_strconcat ("json:", copy->source, NULL);
  const char * const line[] = { PROGRAM, "measure", "--output=json", "-O", copy->format, source, NULL };

  g_task_set_source_tag (task, xeno_image_measure_async);
  run_program (task, line, copy->source_fd, -1, NULL, NULL);
}

/*< private >
 * xeno_image_measure_finish:
 * @result: what the callback was given
 * @needed_bytes: (out): the room that is needed
 * @error: why it is not known
 *
 * Ends xeno_image_measure_async().
 *
 * Returns: %TRUE if it is known
 */
gboolean
xeno_image_measure_finish (GAsyncResult  *result,
                           guint64       *needed_bytes,
                           GError       **error)
{
  Run *run = g_task_get_task_data (G_TASK (result));
  g_autoptr (JsonNode) root = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  root = json_from_string (run->output->str, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      set_problem (error, run->problem->str);
      return FALSE;
    }
  *needed_bytes = json_object_get_int_member_with_default (json_node_get_object (root), "required", 0);
  return TRUE;
}

/*< private >
 * xeno_image_copy_async:
 * @copy: what to copy
 * @cancellable: (nullable): kills the program
 * @progress: (nullable): called now and then
 * @progress_data: for @progress
 * @callback: called when it is copied, or when the program is gone
 * @user_data: for @callback
 *
 * Copies a disk. What was begun stays when it fails.
 */
void
xeno_image_copy_async (const XenoImageCopy *copy,
                       GCancellable        *cancellable,
                       XenoImageFunc        progress,
                       gpointer             progress_data,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *source = g_strconcat ("json:", copy->source, NULL);
  const char *line[10] = { PROGRAM, "convert", "-p", "-O", copy->format };
  guint n = 5;

  if (copy->options != NULL)
    {
      line[n++] = "-o";
      line[n++] = copy->options;
    }
  line[n++] = source;
  line[n++] = copy->path;
  g_task_set_source_tag (task, xeno_image_copy_async);
  run_program (task, line, copy->source_fd, copy->target_fd, progress, progress_data);
}

/*< private >
 * xeno_image_copy_finish:
 * @result: what the callback was given
 * @error: %XENO_ERROR_NO_SPACE, %XENO_ERROR_BAD_MEDIA, %XENO_ERROR_IN_USE or %XENO_ERROR_NOT_INSTALLED
 *
 * Ends xeno_image_copy_async().
 *
 * Returns: %TRUE if the copy is whole
 */
gboolean
xeno_image_copy_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/*< private >
 * xeno_image_resize_async:
 * @path: a qcow2 disk of ours
 * @target_fd: (nullable): the file of %XENO_IMAGE_TARGET_FD, or -1
 * @capacity_bytes: how much a guest shall see of it
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is so
 * @user_data: for @callback
 *
 * Makes a disk larger.
 */
void
xeno_image_resize_async (const char          *path,
                         int                  target_fd,
                         guint64              capacity_bytes,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, capacity_bytes);
  const char * const line[] = { PROGRAM, "resize", "-q", "-f", "qcow2", path, size, NULL };

  g_task_set_source_tag (task, xeno_image_resize_async);
  run_program (task, line, -1, target_fd, NULL, NULL);
}

/*< private >
 * xeno_image_resize_finish:
 * @result: what the callback was given
 * @error: why it is not
 *
 * Ends xeno_image_resize_async().
 *
 * Returns: %TRUE if it is as large as that
 */
gboolean
xeno_image_resize_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
