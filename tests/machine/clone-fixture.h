/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine with a disk, whose copies are to leave it alone, and counts of what there is. */
#pragma once

#include "machine/daemon-fixture.h"

G_BEGIN_DECLS

typedef struct
{
  XenoConnection *connection;
  XenoMachine    *base;
  char           *disk;
  char           *nvram;
} CloneFixture;

void     clone_fixture_set_up    (CloneFixture  *fixture,
                                  gconstpointer  more);
void     clone_fixture_tear_down (CloneFixture  *fixture,
                                  gconstpointer  more);
char    *checksum_file           (const char    *path);
char    *images_folder           (void);
guint    count_files             (void);
guint    count_journal           (void);
gboolean has_one_machine         (gpointer       connection);
gboolean has_two_machines        (gpointer       connection);

G_END_DECLS
