/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application in a test's own process: what stands on its screen, and hands that press keys. */
#pragma once

#include "app/xeno-application.h"
#include "app/xeno-window.h"
#include "find-widget.h"

G_BEGIN_DECLS

/* The machine of define_machine(). */
#define UUID "11111111-2222-4333-8444-555555555555"

#define virsh(...) run ("virsh", "-q", "-c", "qemu:///session", __VA_ARGS__, NULL)

extern XenoApplication *application;

void         start_application (void);
void         stop_application  (void);

void         run               (const char *program,
                                ...) G_GNUC_NULL_TERMINATED;
void         press             (gpointer    window,
                                const char *keys);

gpointer     find_window       (GType       type);
gpointer     await_window      (GType       type);
gboolean     has_window        (gpointer    type);
gboolean     has_no_window     (gpointer    type);
XenoWindow  *get_main_window   (void);
gboolean     shows_page        (gpointer    page);
GtkWidget   *find_button       (GtkWidget  *widget,
                                const char *label);
gboolean     offers            (gpointer    label);

void         activate_in_window (const char *action);
gboolean     offers_action     (gpointer    action);
void         act_in_window     (const char *action);

XenoMachine *find_machine      (const char *reference);
gboolean     has_machine       (gpointer    reference);
gboolean     has_no_machine    (gpointer    reference);
gboolean     is_off            (gpointer    reference);
gboolean     is_running        (gpointer    reference);
void         define_machine    (void);

G_END_DECLS
