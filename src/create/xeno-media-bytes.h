/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers as the headers of disks write them. */
#pragma once

#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

static inline guint32
xeno_bytes_le32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
xeno_bytes_le64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

static inline guint32
xeno_bytes_be32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static inline guint64
xeno_bytes_be64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_BE (value);
}

G_END_DECLS
