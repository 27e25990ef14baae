/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of a clipboard's content as GDK names them, and reading one of them within bounds. */
#pragma once

#include <gtk/gtk.h>

#include "display/xeno-display-protocol.h"

G_BEGIN_DECLS

GdkContentFormats *xeno_clipboard_forms_to_formats   (guint                  forms);
guint              xeno_clipboard_forms_from_formats (GdkContentFormats     *formats);
guint              xeno_clipboard_forms_from_type    (const char            *mime_type);
void               xeno_clipboard_read_async         (GdkClipboard          *clipboard,
                                                      guint                  form,
                                                      GCancellable          *cancellable,
                                                      GAsyncReadyCallback    callback,
                                                      gpointer               user_data);
GBytes            *xeno_clipboard_read_finish        (GdkClipboard          *clipboard,
                                                      GAsyncResult          *result,
                                                      GError               **error);

G_END_DECLS
