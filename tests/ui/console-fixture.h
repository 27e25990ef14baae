/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A console with a fake guest in a window, and the hand that types into it. */
#pragma once

#include <X11/Xlib.h>

#include "console/xeno-console-private.h"
#include "support/xeno-backend-fake.h"
#include "support/xeno-test.h"

G_BEGIN_DECLS

#define GUEST_WIDTH  320
#define GUEST_HEIGHT 200

typedef struct
{
  XenoConsoleBackend *backend;
  XenoBackendFake    *fake;
  GtkWidget          *window;
  GtkWidget          *entry;
  XenoConsole        *console;
  guint               n_frames;
  guint               wanted_frames;
  GString            *input;
  const char         *wanted_input;
  gboolean            wanted_grab;
  guint               n_passed; /* keys let go that the console had no use for */
} Fixture;

gboolean was_painted  (gpointer data);
void     await_frame  (Fixture *fixture);
gboolean has_input    (gpointer data);
void     assert_input (Fixture    *fixture,
                       const char *expected);
void     await_grab   (Fixture *fixture,
                       gboolean is_grabbed);
Display *get_xdisplay (void);
void     set_focus    (GtkWidget *window);
void     type         (Fixture    *fixture,
                       const char *first,
                       ...) G_GNUC_NULL_TERMINATED;
void     set_up       (Fixture      *fixture,
                       gconstpointer data);
void     tear_down    (Fixture      *fixture,
                       gconstpointer data);
void     resize       (Fixture *fixture,
                       int      width,
                       int      height);

G_END_DECLS
