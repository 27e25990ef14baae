/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folder of this computer's that a guest is given. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/xeno-console-guest-private.h"
#include "app/xeno-share-memory.h"
#include "base/xeno-error.h"
#include "dialogs/xeno-folder-dialog.h"
#include "spec/xeno-device.h"

/* The port a guest looks for a folder at, on both of its sides. */
#define PORT_NAME "org.spice-space.webdav.0"

typedef struct
{
  char     *path;
  gboolean  is_writable;
} Folder;

static void
folder_free (gpointer data)
{
  Folder *folder = data;

  g_free (folder->path);
  g_free (folder);
}

/* On a disk that may have gone to sleep, or be beyond a network. */
static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Folder *folder = data;
  int fd = open (folder->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int code = errno;
  g_autofree char *name = g_filename_display_name (folder->path);
  GError *error = NULL;

  if (fd >= 0)
    {
      g_task_return_int (task, fd);
      return;
    }

  xeno_set_error (&error, XENO_ERROR_NOT_FOUND, g_strerror (code),
                  _("The folder “%s” cannot be shared: it could not be opened. Choose another one."), name);
  g_task_return_error (task, error);
}

/* The console may have been closed meanwhile, or something else been chosen. */
static void
opened_cb (GObject      *guest,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean is_wanted = !g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)));
  const Folder *folder = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  int fd = g_task_propagate_int (G_TASK (result), &error);

  if (fd >= 0 && is_wanted)
    xeno_guest_share_folder (XENO_GUEST (guest), fd, folder->is_writable);
  else if (fd >= 0)
    g_close (fd, NULL);
  else if (is_wanted)
    xeno_console_guest_show_error (NULL, error);
}

/* What was given before is taken back at once. */
void
xeno_console_guest_give_folder (XenoConsoleGuest *self)
{
  XenoGuest *guest = xeno_console_guest_get_guest (self);
  g_autoptr (GTask) task = NULL;
  Folder *folder;

  g_cancellable_cancel (self->folder_cancellable);
  g_clear_object (&self->folder_cancellable);
  if (guest == NULL)
    return;

  if (self->is_folder_given)
    xeno_guest_share_folder (guest, -1, FALSE);
  self->is_folder_given = FALSE;
  if (self->folder == NULL || self->is_untrusted)
    return;

  self->is_folder_given = TRUE;
  self->folder_cancellable = g_cancellable_new ();
  folder = g_new (Folder, 1);
  *folder = (Folder) { g_strdup (self->folder), self->is_folder_writable };
  task = g_task_new (guest, self->folder_cancellable, opened_cb, NULL);
  g_task_set_source_tag (task, xeno_console_guest_give_folder);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, folder, folder_free);
  g_task_run_in_thread (task, open_in_thread);
}

static gboolean
has_port (XenoSpec *spec)
{
  g_autoptr (GPtrArray) channels = xeno_spec_list_devices (spec, "channel");

  for (guint i = 0; i < channels->len; i++)
    {
      g_autofree char *name = xeno_device_dup_string (channels->pdata[i], "source-channel");

      if (g_strcmp0 (name, PORT_NAME) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A machine that could share a folder, if it were started with a port for it. */
static gboolean
lacks_port (XenoConsoleGuest *self)
{
  XenoMachine *machine = xeno_console_session_get_machine (self->session);
  g_autoptr (XenoSpec) spec = machine != NULL ? xeno_machine_dup_spec (machine) : NULL;

  return spec != NULL && xeno_machine_is_persistent (machine) && xeno_console_guest_speaks_spice (spec) &&
         !has_port (spec);
}

void
xeno_console_guest_update_folder (XenoConsoleGuest *self)
{
  GtkWidget *dialog = self->folder_dialog;
  gboolean can_share = xeno_console_guest_may_share (self, XENO_DISPLAY_ABILITY_FOLDER);

  g_simple_action_set_enabled (xeno_console_guest_get_action (self, "shared-folder"),
                               can_share || (!self->is_untrusted && self->lacks_port));
  if (dialog != NULL)
    xeno_folder_dialog_set_seen (XENO_FOLDER_DIALOG (dialog),
                                 xeno_console_guest_can (self, XENO_DISPLAY_ABILITY_OPEN_FOLDER));
  if (dialog != NULL && self->is_untrusted)
    gtk_window_close (GTK_WINDOW (dialog));
}

void
xeno_console_guest_recall_folder (XenoConsoleGuest *self)
{
  self->lacks_port = lacks_port (self);
  xeno_console_guest_update_folder (self);
}

/**
 * xeno_console_guest_set_folder:
 * @self: a console's guest
 * @path: (nullable): a folder of this computer's; %NULL: none any more
 * @is_writable: whether the guest may change what is in it
 *
 * Lets the guest have a folder, and remembers it for its machine.
 */
void
xeno_console_guest_set_folder (XenoConsoleGuest *self,
                               const char       *path,
                               gboolean          is_writable)
{
  XenoMachine *machine;

  g_return_if_fail (XENO_IS_CONSOLE_GUEST (self));

  machine = xeno_console_session_get_machine (self->session);
  g_free (self->folder);
  self->folder = g_strdup (path);
  self->is_folder_writable = path != NULL && is_writable;
  if (machine != NULL)
    xeno_share_memory_set_folder (self->settings, xeno_machine_get_uuid (machine), path, is_writable);
  xeno_console_guest_give_folder (self);
  xeno_console_guest_notify_words (self);
}

static void
changed_cb (XenoConsoleGuest *self,
            const char       *path,
            gboolean          is_writable)
{
  xeno_console_guest_set_folder (self, path, is_writable);
}

static gboolean
add_port (XenoSpec  *spec,
          gpointer   user_data,
          GError   **error)
{
  g_autoptr (XenoDevice) channel = NULL;

  if (has_port (spec))
    return TRUE;

  channel = xeno_spec_add_device (spec, "channel");
  xeno_device_set_string (channel, "type", "spiceport");
  xeno_device_set_string (channel, "source-channel", PORT_NAME);
  xeno_device_set_string (channel, "target-type", "virtio");
  xeno_device_set_string (channel, "target-name", PORT_NAME);
  return TRUE;
}

static void
shared_folder_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  XenoConsoleGuest *self = user_data;
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  if (!xeno_console_guest_can (self, XENO_DISPLAY_ABILITY_FOLDER))
    {
      heading = g_strdup_printf (_("“%s” cannot see a folder yet"),
                                 xeno_console_session_get_title (self->session));
      xeno_console_guest_offer (self, heading,
                                _("It needs a port for that. It gets one now, and has it when it was shut down and "
                                  "started again."),
                                _("_Add Port"), add_port);
      return;
    }

  dialog = xeno_folder_dialog_new (self->window, self->folder, self->is_folder_writable);
  g_set_weak_pointer (&self->folder_dialog, dialog);
  g_signal_connect_object (dialog, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  xeno_console_guest_update_folder (self);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
xeno_console_guest_add_folder (XenoConsoleGuest *self)
{
  static const GActionEntry entries[] = {
    { "shared-folder", shared_folder_cb },
  };
  XenoMachine *machine = xeno_console_session_get_machine (self->session);

  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  if (machine != NULL)
    self->folder = xeno_share_memory_dup_folder (self->settings, xeno_machine_get_uuid (machine),
                                                 &self->is_folder_writable);
}

void
xeno_console_guest_dispose_folder (XenoConsoleGuest *self)
{
  g_cancellable_cancel (self->folder_cancellable);
  g_clear_object (&self->folder_cancellable);
  g_clear_weak_pointer (&self->folder_dialog);
  g_clear_pointer (&self->folder, g_free);
}
