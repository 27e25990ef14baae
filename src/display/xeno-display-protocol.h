/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console and its decoder have agreed on: names, stages, limits. */
#pragma once

#include "display/xeno-display-interfaces.h"

G_BEGIN_DECLS

/* Both ends export their interface here. */
#define XENO_DISPLAY_OBJECT_PATH "/org/unaos/Xenolith/Display"

/* Where a decoder finds its end of the private socket. */
#define XENO_DISPLAY_SOCKET_FD 3

/* Limits that each end checks for itself. */
#define XENO_DISPLAY_MAX_SIDE 16384
#define XENO_DISPLAY_MAX_CURSOR_SIDE 256
#define XENO_DISPLAY_MAX_RECTANGLES 64

/* How many updates may be out before the console has painted one. */
#define XENO_DISPLAY_MAX_UPDATES 2

/**
 * XenoDisplayStage:
 * @XENO_DISPLAY_STAGE_STARTING: the decoder is being started
 * @XENO_DISPLAY_STAGE_OPENING: it waits for a socket to the display server
 * @XENO_DISPLAY_STAGE_GREETING: it waits for the server to say who it is
 * @XENO_DISPLAY_STAGE_READY: it is connected and waits for a picture; input works
 * @XENO_DISPLAY_STAGE_LIVE: there is a picture
 *
 * How far a decoder has come.
 */
typedef enum
{
  XENO_DISPLAY_STAGE_STARTING,
  XENO_DISPLAY_STAGE_OPENING,
  XENO_DISPLAY_STAGE_GREETING,
  XENO_DISPLAY_STAGE_READY,
  XENO_DISPLAY_STAGE_LIVE,
} XenoDisplayStage;

/**
 * XenoDisplayFailure:
 * @XENO_DISPLAY_FAILURE_LOST: the server went away, or speaks nonsense
 * @XENO_DISPLAY_FAILURE_PASSWORD: the server asks for a password
 * @XENO_DISPLAY_FAILURE_MEMORY: there is no memory for a frame of this size
 *
 * Why a decoder gives up.
 */
typedef enum
{
  XENO_DISPLAY_FAILURE_LOST,
  XENO_DISPLAY_FAILURE_PASSWORD,
  XENO_DISPLAY_FAILURE_MEMORY,
} XenoDisplayFailure;

/* The gate every frame passes, on either side, before its memory is touched. */
static inline gboolean
xeno_display_is_sane_frame (guint64 width,
                            guint64 height,
                            guint64 stride,
                            guint64 memory_size)
{
  return width > 0 && width <= XENO_DISPLAY_MAX_SIDE &&
         height > 0 && height <= XENO_DISPLAY_MAX_SIDE &&
         stride >= 4 * width && stride <= 8 * XENO_DISPLAY_MAX_SIDE && stride % 4 == 0 &&
         stride * height <= memory_size;
}

/* The same for a pointer's shape. */
static inline gboolean
xeno_display_is_sane_cursor (guint64 width,
                             guint64 height,
                             gint64  hot_x,
                             gint64  hot_y,
                             guint64 size)
{
  return width > 0 && width <= XENO_DISPLAY_MAX_CURSOR_SIDE &&
         height > 0 && height <= XENO_DISPLAY_MAX_CURSOR_SIDE &&
         hot_x >= 0 && hot_x < (gint64) width &&
         hot_y >= 0 && hot_y < (gint64) height &&
         size == 4 * width * height;
}

G_END_DECLS
