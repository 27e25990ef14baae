/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a console's sharing know of each other. */
#pragma once

#include "app/xeno-console-guest.h"
#include "base/xeno-job.h"
#include "console/xeno-usb-rules.h"

G_BEGIN_DECLS

struct _XenoConsoleGuest
{
  GObject             parent_instance;
  XenoConsole        *console; /* outlives it */
  XenoConsoleSession *session;
  GSettings          *settings;
  GActionMap         *actions; /* of the view, which outlives it */
  XenoClipboard      *clipboard;
  XenoUsbPlugs       *plugs;
  GSignalGroup       *guest_signals;
  GtkWindow          *window; /* weak: where the console is */
  gboolean            is_untrusted;

  /* -files */
  XenoJob            *job;

  /* -folder */
  char               *folder; /* NULL: none */
  gboolean            is_folder_writable;
  gboolean            is_folder_given; /* to the guest of the moment, or soon */
  gboolean            lacks_port;
  GCancellable       *folder_cancellable; /* while it is being opened */
  GtkWidget          *folder_dialog; /* weak */

  /* -card */
  char               *card_reader; /* NULL: none; "": any */
  gboolean            is_card_given; /* to the guest of the moment */
  gboolean            lacks_reader;
  GtkWidget          *card_dialog; /* weak */

  /* -sound */
  double              volume;
  gboolean            is_muted;
  guint               volume_id;

  /* -usb */
  XenoUsbRules       *usb_rules; /* NULL: there are none */
};

/* For all parts. */
XenoGuest     *xeno_console_guest_get_guest        (XenoConsoleGuest    *self);
gboolean       xeno_console_guest_can              (XenoConsoleGuest    *self,
                                                    XenoDisplayAbility   ability);
gboolean       xeno_console_guest_may_share        (XenoConsoleGuest    *self,
                                                    XenoDisplayAbility   ability);
GSimpleAction *xeno_console_guest_get_action       (XenoConsoleGuest    *self,
                                                    const char          *name);
void           xeno_console_guest_note             (XenoConsoleGuest    *self,
                                                    const char          *key,
                                                    const char          *value);
char          *xeno_console_guest_dup_note         (XenoConsoleGuest    *self,
                                                    const char          *key);
void           xeno_console_guest_notify_volume    (XenoConsoleGuest    *self);
void           xeno_console_guest_notify_words     (XenoConsoleGuest    *self);
void           xeno_console_guest_notify_job       (XenoConsoleGuest    *self);

/* -card */
void           xeno_console_guest_add_card         (XenoConsoleGuest    *self);
void           xeno_console_guest_recall_card      (XenoConsoleGuest    *self);
void           xeno_console_guest_update_card      (XenoConsoleGuest    *self);
void           xeno_console_guest_give_card        (XenoConsoleGuest    *self);
gboolean       xeno_console_guest_has_card         (XenoConsoleGuest    *self);
void           xeno_console_guest_dispose_card     (XenoConsoleGuest    *self);

/* -files */
void           xeno_console_guest_add_files        (XenoConsoleGuest    *self);
void           xeno_console_guest_update_files     (XenoConsoleGuest    *self);
void           xeno_console_guest_dispose_files    (XenoConsoleGuest    *self);

/* -folder */
void           xeno_console_guest_add_folder       (XenoConsoleGuest    *self);
void           xeno_console_guest_recall_folder    (XenoConsoleGuest    *self);
void           xeno_console_guest_update_folder    (XenoConsoleGuest    *self);
void           xeno_console_guest_give_folder      (XenoConsoleGuest    *self);
void           xeno_console_guest_dispose_folder   (XenoConsoleGuest    *self);

/* -offer */
void           xeno_console_guest_show_error       (GtkWindow           *window,
                                                    const GError        *error);
gboolean       xeno_console_guest_speaks_spice     (XenoSpec            *spec);
void           xeno_console_guest_offer            (XenoConsoleGuest    *self,
                                                    const char          *heading,
                                                    const char          *body,
                                                    const char          *label,
                                                    XenoMachineEditFunc  add);

/* -sound */
void           xeno_console_guest_add_sound        (XenoConsoleGuest    *self);
void           xeno_console_guest_recall_sound     (XenoConsoleGuest    *self);
void           xeno_console_guest_set_sound        (XenoConsoleGuest    *self);
void           xeno_console_guest_update_sound     (XenoConsoleGuest    *self);
void           xeno_console_guest_dispose_sound    (XenoConsoleGuest    *self);

/* -usb */
void           xeno_console_guest_add_usb          (XenoConsoleGuest    *self);
void           xeno_console_guest_update_usb       (XenoConsoleGuest    *self);

G_END_DECLS
