/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a picture of a screen among the person's pictures, and copies it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/xeno-application.h"
#include "app/xeno-screenshot.h"
#include "app/xeno-show-in-folder.h"
#include "base/xeno-error.h"
#include "spec/xeno-name.h"
#include "widgets/xeno-toast.h"

/* What is being kept, and where to say so. */
typedef struct
{
  GtkWindow  *window; /* weak */
  char       *title;
  GBytes     *image;
  GdkTexture *texture;
  char       *path;
} Picture;

static void
picture_free (Picture *picture)
{
  g_clear_weak_pointer (&picture->window);
  g_free (picture->title);
  g_clear_pointer (&picture->image, g_bytes_unref);
  g_clear_object (&picture->texture);
  g_free (picture->path);
  g_free (picture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

static Picture *
picture_new (GtkWindow  *window,
             const char *title)
{
  Picture *picture = g_new0 (Picture, 1);

  g_set_weak_pointer (&picture->window, window);
  picture->title = g_strdup (title);
  return picture;
}

static char *
get_folder (void)
{
  const char *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);

  return g_build_filename (pictures != NULL ? pictures : g_get_home_dir (), "Screenshots", NULL);
}

/* Two in a second are two: the name is taken at once. What is wrong with the folder, writing says. */
static char *
take_path (const char *folder,
           const char *title)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H-%M-%S");
  g_autofree char *slug = xeno_name_make_slug (title);
  g_autofree char *stem = g_strdup_printf ("%s/%s %s", folder, slug, time);
  char *path = g_strconcat (stem, ".png", NULL);
  int fd;

  for (guint i = 2; (fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)) < 0
                    && errno == EEXIST; i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s %u.png", stem, i);
    }
  if (fd >= 0)
    close (fd);
  return path;
}

/* libvirt gives PNG or PPM; a picture that people keep is a PNG. */
static gboolean
save (Picture     *picture,
      const char  *folder,
      GError     **error)
{
  g_autoptr (GBytes) png = NULL;

  if (picture->texture == NULL)
    picture->texture = gdk_texture_new_from_bytes (picture->image, error);
  if (picture->texture == NULL)
    return FALSE;

  png = gdk_texture_save_to_png_bytes (picture->texture);
  g_mkdir_with_parents (folder, 0700);
  picture->path = take_path (folder, picture->title);
  if (g_file_set_contents (picture->path, g_bytes_get_data (png, NULL),
                           (gssize) g_bytes_get_size (png), error))
    return TRUE;

  g_unlink (picture->path);
  return FALSE;
}

static void
save_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Picture *picture = task_data;
  g_autofree char *folder = get_folder ();
  g_autoptr (GError) error = NULL;

  if (save (picture, folder, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, xeno_error_new (XENO_ERROR_FAILED, error->message,
                                               _("The picture of “%s” could not be kept in %s."),
                                               picture->title, folder));
}

static void
show_cb (AdwToast   *toast,
         const char *path)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());

  xeno_show_in_folder (gtk_application_get_active_window (application), path);
}

static void
say_kept (XenoApplication *application,
          Picture         *picture)
{
  g_autofree char *name = g_path_get_basename (picture->path);
  g_autofree char *text = g_strdup_printf (_("Picture copied, and kept as “%s”"), name);
  AdwToast *toast = xeno_toast_new (text);

  adw_toast_set_button_label (toast, _("_Show"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (show_cb), g_strdup (picture->path),
                         (GClosureNotify) G_CALLBACK (g_free), 0);
  xeno_application_show_toast (application, picture->window, toast);
}

/* What could not be kept can still be copied. */
static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  XenoApplication *application = XENO_APPLICATION (g_application_get_default ());
  Picture *picture = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (picture->texture != NULL && picture->window != NULL)
    gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (picture->window)),
                               picture->texture);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    say_kept (application, picture);
  else
    xeno_application_show_error (application, picture->window, error);
}

static void
keep (Picture *picture)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, saved_cb, NULL);

  g_task_set_task_data (task, picture, (GDestroyNotify) picture_free);
  g_task_run_in_thread (task, save_in_thread);
}

static void
taken_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Picture) picture = user_data;
  g_autoptr (GError) error = NULL;

  picture->image = xeno_machine_screenshot_finish (XENO_MACHINE (source), result, &error);
  if (picture->image != NULL)
    keep (g_steal_pointer (&picture));
  else
    xeno_application_show_error (XENO_APPLICATION (g_application_get_default ()), picture->window,
                                 error);
}

/**
 * xeno_screenshot_take:
 * @machine: a machine that runs
 * @window: where to say that it is done
 *
 * Takes a picture of the first screen of @machine, copies it, and keeps it in the folder for
 * pictures.
 */
void
xeno_screenshot_take (XenoMachine *machine,
                      GtkWindow   *window)
{
  g_return_if_fail (XENO_IS_MACHINE (machine));
  g_return_if_fail (GTK_IS_WINDOW (window));

  xeno_machine_screenshot_async (machine, 0, NULL, taken_cb,
                                 picture_new (window, xeno_machine_get_title (machine)));
}

/**
 * xeno_screenshot_keep:
 * @texture: a picture of a screen
 * @title: what people call what it shows
 * @window: where to say that it is done
 *
 * Copies a picture, and keeps it in the folder for pictures.
 */
void
xeno_screenshot_keep (GdkTexture *texture,
                      const char *title,
                      GtkWindow  *window)
{
  Picture *picture;

  g_return_if_fail (GDK_IS_TEXTURE (texture));
  g_return_if_fail (title != NULL);
  g_return_if_fail (GTK_IS_WINDOW (window));

  picture = picture_new (window, title);
  picture->texture = g_object_ref (texture);
  keep (picture);
}
