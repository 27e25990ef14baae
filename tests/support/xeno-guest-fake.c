/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest beside pixels and keys without a guest: a test is its agent. */
#include "config.h"

#include <glib/gstdio.h>

#include "xeno-guest-fake.h"

struct _XenoGuestFake
{
  XenoGuest  parent_instance;
  GString   *notes;
  GBytes    *content;
  GTask     *file;
};

G_DEFINE_FINAL_TYPE (XenoGuestFake, xeno_guest_fake, XENO_TYPE_GUEST)

static void
arrange (XenoGuest                *guest,
         const XenoDisplayMonitor *monitors,
         guint                     n_monitors)
{
  GString *notes = XENO_GUEST_FAKE (guest)->notes;

  g_string_append (notes, "arrange");
  for (guint i = 0; i < n_monitors; i++)
    g_string_append_printf (notes, " %u:%ux%u+%u+%u", monitors[i].id, monitors[i].width, monitors[i].height,
                            monitors[i].x, monitors[i].y);
  g_string_append_c (notes, '\n');
}

static void
grab (XenoGuest *guest,
      guint      forms)
{
  g_string_append_printf (XENO_GUEST_FAKE (guest)->notes, "grab %u\n", forms);
}

static void
request (XenoGuest *guest,
         guint      form,
         GTask     *task)
{
  XenoGuestFake *self = XENO_GUEST_FAKE (guest);

  g_string_append_printf (self->notes, "request %u\n", form);
  if (self->content != NULL)
    g_task_return_pointer (task, g_bytes_ref (self->content), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "nothing");
}

static void
send_file (XenoGuest  *guest,
           int         fd,
           const char *name,
           guint64     size,
           GTask      *task)
{
  XenoGuestFake *self = XENO_GUEST_FAKE (guest);

  g_close (fd, NULL);
  g_string_append_printf (self->notes, "file %s %" G_GUINT64_FORMAT "\n", name, size);
  g_set_object (&self->file, task);
}

static void
share_folder (XenoGuest *guest,
              int        folder,
              gboolean   is_writable)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", folder);
  g_autofree char *path = folder >= 0 ? g_file_read_link (link, NULL) : NULL;

  if (folder >= 0)
    g_close (folder, NULL);
  g_string_append_printf (XENO_GUEST_FAKE (guest)->notes, "share %s%s\n", path != NULL ? path : "nothing",
                          is_writable ? " to change" : "");
}

static void
give_card (XenoGuest  *guest,
           const char *reader)
{
  g_string_append_printf (XENO_GUEST_FAKE (guest)->notes, "card %s\n", reader != NULL ? reader : "nothing");
}

static void
attach_usb (XenoGuest *guest,
            guint      number,
            int        fd,
            GTask     *task)
{
  g_close (fd, NULL);
  g_string_append_printf (XENO_GUEST_FAKE (guest)->notes, "attach %u\n", number);
  g_task_return_boolean (task, TRUE);
}

static void
detach_usb (XenoGuest *guest,
            guint      number)
{
  g_string_append_printf (XENO_GUEST_FAKE (guest)->notes, "detach %u\n", number);
}

static void
xeno_guest_fake_finalize (GObject *object)
{
  XenoGuestFake *self = XENO_GUEST_FAKE (object);

  g_string_free (self->notes, TRUE);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (xeno_guest_fake_parent_class)->finalize (object);
}

static void
xeno_guest_fake_class_init (XenoGuestFakeClass *klass)
{
  XenoGuestClass *guest_class = XENO_GUEST_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xeno_guest_fake_finalize;
  guest_class->arrange = arrange;
  guest_class->grab = grab;
  guest_class->request = request;
  guest_class->send_file = send_file;
  guest_class->share_folder = share_folder;
  guest_class->give_card = give_card;
  guest_class->attach_usb = attach_usb;
  guest_class->detach_usb = detach_usb;
}

static void
xeno_guest_fake_init (XenoGuestFake *self)
{
  self->notes = g_string_new (NULL);
}

/**
 * xeno_guest_fake_new:
 *
 * Returns: (transfer full): a guest that can do nothing yet
 */
XenoGuest *
xeno_guest_fake_new (void)
{
  return g_object_new (XENO_TYPE_GUEST_FAKE, NULL);
}

/**
 * xeno_guest_fake_take_notes:
 * @self: a guest
 *
 * Returns: (transfer full): what it was asked since the last time, a line each
 */
char *
xeno_guest_fake_take_notes (XenoGuestFake *self)
{
  char *notes = g_strdup (self->notes->str);

  g_string_set_size (self->notes, 0);
  return notes;
}

/**
 * xeno_guest_fake_set_content:
 * @self: a guest
 * @content: (nullable): what its clipboard gives to whoever asks
 */
void
xeno_guest_fake_set_content (XenoGuestFake *self,
                             GBytes        *content)
{
  g_clear_pointer (&self->content, g_bytes_unref);
  self->content = content != NULL ? g_bytes_ref (content) : NULL;
}

/**
 * xeno_guest_fake_end_file:
 * @self: a guest that is being sent a file
 * @reason: (nullable): why it does not take it
 */
void
xeno_guest_fake_end_file (XenoGuestFake *self,
                          const char    *reason)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->file);

  if (reason != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", reason);
  else
    g_task_return_boolean (task, TRUE);
}
