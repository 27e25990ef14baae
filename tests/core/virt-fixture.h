/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to libvirt's pretended machines, and another program beside it. */
#pragma once

#include <libvirt/libvirt.h>

#include "support/xeno-test.h"
#include "virt/xeno-connection.h"
#include "virt/xeno-verb.h"

G_BEGIN_DECLS

/* What the driver has from the start. */
#define TEST_URI "test:///default"
#define TEST_UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *machine;  /* "test", borrowed */
  virConnectPtr   outside;  /* what another program would have */
} Fixture;

void     fixture_set_up    (Fixture       *fixture,
                            gconstpointer  data);
void     fixture_tear_down (Fixture       *fixture,
                            gconstpointer  data);
void     open_connection   (XenoConnection *connection);
gboolean run_verb          (XenoMachine   *machine,
                            const char    *id,
                            GError       **error);
void     wait_for_state    (XenoMachine      *machine,
                            XenoMachineState  state);
void     wait_for_count    (XenoConnection   *connection,
                            guint             n_machines);
char    *make_xml          (const char    *name,
                            const char    *title);
guint    count_machines    (XenoConnection *connection);

G_END_DECLS
