/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine in a console whose guest is a fake, and what is shared with it. */
#pragma once

#include "app/xeno-console-guest.h"
#include "app/xeno-console-view.h"
#include "console-rig.h"
#include "support/xeno-guest-fake.h"

G_BEGIN_DECLS

typedef struct
{
  XenoConnection     *connection;
  char               *path;
  XenoConsoleSession *session;
  XenoMachine        *machine;
  GtkWidget          *window;
  XenoConsoleView    *view;
  XenoConsoleGuest   *sharing;
  XenoGuestFake      *guest;
  GString            *notes;
  const char         *expected;
} Fixture;

void     set_up        (Fixture       *fixture,
                        gconstpointer  data);
void     tear_down     (Fixture       *fixture,
                        gconstpointer  data);
void     open_view     (Fixture       *fixture);
void     close_view    (Fixture       *fixture);
void     set_abilities (Fixture       *fixture,
                        guint          abilities);
gboolean has_noted     (gpointer       data);
void     await_note    (Fixture       *fixture,
                        const char    *expected);
gboolean is_enabled    (Fixture       *fixture,
                        const char    *action);
void     assert_state  (Fixture       *fixture,
                        const char    *action,
                        const char    *expected);
void     change        (Fixture       *fixture,
                        const char    *action,
                        GVariant      *state);
void     set_note      (Fixture       *fixture,
                        const char    *key,
                        const char    *value);

G_END_DECLS
