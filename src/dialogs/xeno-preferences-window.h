/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preferences: where machines are looked for, what is sampled, and whether this computer is ready. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_PREFERENCES_WINDOW (xeno_preferences_window_get_type ())

G_DECLARE_FINAL_TYPE (XenoPreferencesWindow, xeno_preferences_window, XENO, PREFERENCES_WINDOW, AdwPreferencesWindow)

GtkWidget *xeno_preferences_window_new (GtkWindow  *parent,
                                        GSettings  *settings,
                                        GListModel *connections);

G_END_DECLS
