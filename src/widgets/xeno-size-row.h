/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row in which a person sets an amount of memory or storage. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XENO_TYPE_SIZE_ROW (xeno_size_row_get_type ())

G_DECLARE_FINAL_TYPE (XenoSizeRow, xeno_size_row, XENO, SIZE_ROW, AdwActionRow)

GtkWidget *xeno_size_row_new                (void);
void       xeno_size_row_set_range          (XenoSizeRow *self,
                                             guint64      min_bytes,
                                             guint64      max_bytes,
                                             guint64      step_bytes);
guint64    xeno_size_row_get_bytes          (XenoSizeRow *self);
void       xeno_size_row_set_bytes          (XenoSizeRow *self,
                                             guint64      bytes);
void       xeno_size_row_set_recommendation (XenoSizeRow *self,
                                             guint64      recommended_bytes,
                                             guint64      available_bytes);

G_END_DECLS
