/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What flows between a guest and the desktop beside pixels and keys; knows nothing of GTK. */
#pragma once

#include <gio/gio.h>

#include "card/xeno-card-protocol.h"
#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

#define XENO_TYPE_GUEST (xeno_guest_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoGuest, xeno_guest, XENO, GUEST, GObject)

/* Signals, all in the main thread:
 *  "grabbed"    (guint forms)         the guest's clipboard has something in these forms; 0: nothing
 *  "requested"  (guint form, GTask *) the guest wants what the desktop's clipboard has. Whoever
 *                                     answers the task with a #GBytes returns %TRUE.
 *  "sent"       (guint64 bytes)       so much of the file on its way has gone
 *  "card-changed"                     something is known of this computer's readers
 * Properties: "abilities", a mask of #XenoDisplayAbility.
 *
 * What an implementation passes on has been checked: sizes, forms, abilities. */
struct _XenoGuestClass
{
  GObjectClass parent_class;

  void (*arrange)   (XenoGuest                *self,
                     const XenoDisplayMonitor *monitors,
                     guint                     n_monitors);
  void (*grab)      (XenoGuest  *self,
                     guint       forms);
  void (*request)   (XenoGuest  *self,
                     guint       form,
                     GTask      *task);
  void (*send_file) (XenoGuest  *self,
                     int         fd,
                     const char *name,
                     guint64     size,
                     GTask      *task);
  void (*set_sound) (XenoGuest  *self,
                     double      volume,
                     gboolean    listens);

  void (*share_folder) (XenoGuest *self,
                        int        folder,
                        gboolean   is_writable);

  void (*give_card) (XenoGuest  *self,
                     const char *reader);

  void (*attach_usb) (XenoGuest *self,
                      guint      number,
                      int        fd,
                      GTask     *task);
  void (*detach_usb) (XenoGuest *self,
                      guint      number);

  gpointer padding[7];
};

guint     xeno_guest_get_abilities    (XenoGuest            *self);
gboolean  xeno_guest_can              (XenoGuest            *self,
                                       XenoDisplayAbility    ability);
void      xeno_guest_arrange          (XenoGuest            *self,
                                       const XenoDisplayMonitor *monitors,
                                       guint                 n_monitors);
void      xeno_guest_grab             (XenoGuest            *self,
                                       guint                 forms);
void      xeno_guest_request_async    (XenoGuest            *self,
                                       guint                 form,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GBytes   *xeno_guest_request_finish   (XenoGuest            *self,
                                       GAsyncResult         *result,
                                       GError              **error);
void      xeno_guest_send_file_async  (XenoGuest            *self,
                                       int                   fd,
                                       const char           *name,
                                       guint64               size,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean  xeno_guest_send_file_finish (XenoGuest            *self,
                                       GAsyncResult         *result,
                                       GError              **error);
double    xeno_guest_get_volume       (XenoGuest            *self);
void      xeno_guest_set_volume       (XenoGuest            *self,
                                       double                volume);
gboolean  xeno_guest_listens          (XenoGuest            *self);
void      xeno_guest_set_listens      (XenoGuest            *self,
                                       gboolean              listens);
void      xeno_guest_share_folder     (XenoGuest            *self,
                                       int                   folder,
                                       gboolean              is_writable);
void      xeno_guest_give_card        (XenoGuest            *self,
                                       const char           *reader);
const XenoCardReport *
          xeno_guest_get_card_report  (XenoGuest            *self);
void      xeno_guest_attach_usb_async  (XenoGuest           *self,
                                        guint                number,
                                        int                  fd,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
gboolean  xeno_guest_attach_usb_finish (XenoGuest           *self,
                                        GAsyncResult        *result,
                                        GError             **error);
void      xeno_guest_detach_usb        (XenoGuest           *self,
                                        guint                number);

/* For implementations. */
void      xeno_guest_set_abilities    (XenoGuest            *self,
                                       guint                 abilities);
void      xeno_guest_emit_grabbed     (XenoGuest            *self,
                                       guint                 forms);
void      xeno_guest_ask              (XenoGuest            *self,
                                       guint                 form,
                                       GTask                *task);
void      xeno_guest_emit_sent        (XenoGuest            *self,
                                       guint64               bytes);
void      xeno_guest_set_card_report  (XenoGuest            *self,
                                       const XenoCardReport *report);

G_END_DECLS
