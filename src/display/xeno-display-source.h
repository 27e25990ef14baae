/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What speaks to a guest's display server: one subclass for each protocol. */
#pragma once

#include "display/xeno-damage.h"
#include "display/xeno-display-protocol.h"
#include "display/xeno-frame-buffer.h"

G_BEGIN_DECLS

#define XENO_TYPE_DISPLAY_SOURCE (xeno_display_source_get_type ())

G_DECLARE_DERIVABLE_TYPE (XenoDisplaySource, xeno_display_source, XENO, DISPLAY_SOURCE, GObject)

typedef struct _XenoDisplayServer XenoDisplayServer;

/* Of the parts below wheel(), a source has those it can do something with; the others are NULL.
 * arrange() says which monitors the guest should have, one at least, in order of their numbers.
 * grab() says in what forms the app has something. request() answers its task with a #GBytes of the
 * guest's clipboard. send_file() reads @size bytes from @fd, which it owns from then on, until its
 * task's cancellable says otherwise.
 *
 * prepare() is called before the process gives up files, with whether a network lies between it and the
 * server. start() asks @server for the sockets it needs. stop() ends the connection and calls @stopped when
 * nothing of it is left. paint() brings @rectangle of the frame up to date; NULL where the library
 * paints into the frame itself. taken() says that the app has room for more. set_locks() brings the
 * guest's lock keys in line with the person's, where it can know how they stand. */
struct _XenoDisplaySourceClass
{
  GObjectClass parent_class;

  void (*prepare) (XenoDisplaySource   *self,
                   gboolean             is_remote);
  void (*start)   (XenoDisplaySource   *self,
                   XenoDisplayServer   *server);
  void (*stop)    (XenoDisplaySource   *self,
                   GSourceOnceFunc      stopped,
                   gpointer             user_data);
  void (*paint)   (XenoDisplaySource   *self,
                   XenoFrameBuffer     *frame,
                   const XenoRectangle *rectangle);
  void (*taken)   (XenoDisplaySource   *self);
  void (*key)     (XenoDisplaySource   *self,
                   guint                qnum,
                   guint                keyval,
                   gboolean             pressed);
  void (*move_to) (XenoDisplaySource   *self,
                   guint                x,
                   guint                y);
  void (*move_by) (XenoDisplaySource   *self,
                   int                  dx,
                   int                  dy);
  void (*button)  (XenoDisplaySource   *self,
                   guint                button,
                   gboolean             pressed);
  void (*set_locks) (XenoDisplaySource *self,
                     guint              locks);
  void (*wheel)   (XenoDisplaySource   *self,
                   int                  dx,
                   int                  dy);

  void (*arrange)   (XenoDisplaySource        *self,
                     const XenoDisplayMonitor *monitors,
                     guint                     n_monitors);
  void (*grab)      (XenoDisplaySource *self,
                     guint              forms);
  void (*request)   (XenoDisplaySource *self,
                     guint              form,
                     GTask             *task);
  void (*send_file) (XenoDisplaySource *self,
                     int                fd,
                     const char        *name,
                     guint64            size,
                     GTask             *task);
  void (*attach_usb) (XenoDisplaySource *self,
                      guint              number,
                      int                fd,
                      GTask             *task);
  void (*detach_usb) (XenoDisplaySource *self,
                      guint              number);
  void (*set_sound) (XenoDisplaySource *self,
                     double             volume,
                     gboolean           listens);
  void (*set_port) (XenoDisplaySource *self,
                    XenoDisplayPort    port,
                    gboolean           is_served);
};

guint xeno_display_source_tap_locks (XenoDisplaySource *self,
                                     guint              wrong);

G_END_DECLS
