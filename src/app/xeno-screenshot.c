/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a picture of a machine's screen among the person's pictures. */
#include "config.h"

#include <glib/gi18n.h>

#include "app/xeno-application.h"
#include "app/xeno-screenshot.h"
#include "base/xeno-error.h"
#include "spec/xeno-name.h"
#include "widgets/xeno-toast.h"

typedef struct
{
  GtkWindow *window; /* weak */
  char      *title;
} Request;

typedef struct
{
  GBytes *image;
  char   *title;
} Picture;

static void
request_free (Request *request)
{
  g_clear_weak_pointer (&request->window);
  g_free (request->title);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
picture_free (Picture *picture)
{
  g_bytes_unref (picture->image);
  g_free (picture->title);
  g_free (picture);
}

static char *
make_path (const char *title)
{
  const char *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H-%M-%S");
  g_autofree char *slug = xeno_name_make_slug (title);
  g_autofree char *name = g_strdup_printf ("%s %s.png", slug, time);

  return g_build_filename (pictures != NULL ? pictures : g_get_home_dir (),
                           "Screenshots", name, NULL);
}

/* libvirt gives PNG or PPM; a picture that people keep is a PNG. */
static void
save_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Picture *picture = task_data;
  g_autofree char *path = make_path (picture->title);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GError) error = NULL;

  texture = gdk_texture_new_from_bytes (picture->image, &error);
  if (texture != NULL)
    {
      png = gdk_texture_save_to_png_bytes (texture);
      g_mkdir_with_parents (folder, 0700);
      if (g_file_set_contents (path, g_bytes_get_data (png, NULL), (gssize) g_bytes_get_size (png),
                               &error))
        {
          g_task_return_pointer (task, g_steal_pointer (&path), g_free);
          return;
        }
    }
  g_task_return_error (task, xeno_error_new (XENO_ERROR_FAILED, error->message,
                                             _("The picture of “%s” could not be kept in %s."),
                                             picture->title, folder));
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);
  XenoApplication *application = XENO_APPLICATION (g_application_get_default ());
  g_autofree char *text = NULL;

  if (path == NULL)
    {
      xeno_application_show_error (application, request->window, error);
      return;
    }
  text = g_strdup_printf (_("Picture kept as %s"), path);
  xeno_application_show_toast (application, request->window, xeno_toast_new (text));
}

static void
taken_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = xeno_machine_screenshot_finish (XENO_MACHINE (source), result, &error);
  g_autoptr (GTask) task = NULL;
  Picture *picture;

  if (image == NULL)
    {
      xeno_application_show_error (XENO_APPLICATION (g_application_get_default ()), request->window,
                                   error);
      return;
    }

  picture = g_new0 (Picture, 1);
  picture->image = g_steal_pointer (&image);
  picture->title = g_strdup (request->title);
  task = g_task_new (source, NULL, saved_cb, g_steal_pointer (&request));
  g_task_set_task_data (task, picture, (GDestroyNotify) picture_free);
  g_task_run_in_thread (task, save_in_thread);
}

/**
 * xeno_screenshot_take:
 * @machine: a machine that runs
 * @window: where to say that it is done
 *
 * Takes a picture of the first screen of @machine and keeps it in the folder for pictures.
 */
void
xeno_screenshot_take (XenoMachine *machine,
                      GtkWindow   *window)
{
  Request *request;

  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (GTK_IS_WINDOW (window));

  request = g_new0 (Request, 1);
  g_set_weak_pointer (&request->window, window);
  request->title = g_strdup (xeno_machine_get_title (machine));
  xeno_machine_screenshot_async (machine, 0, NULL, taken_cb, request);
}
