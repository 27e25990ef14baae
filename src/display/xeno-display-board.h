/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changed of a frame, told through memory that both ends map, and a bell. */
#pragma once

#include "display/xeno-damage.h"

G_BEGIN_DECLS

/* How many updates may be out before the console has painted one. */
#define XENO_DISPLAY_MAX_UPDATES 2

/**
 * XenoDisplayBoardPage:
 * @n_posted: how many updates the decoder has written; it alone counts here
 * @n_painted: how many of them the console has painted; it alone counts here
 * @is_awaited: the decoder wants the bell when the console paints next
 * @updates: where an update stands is its number modulo %XENO_DISPLAY_MAX_UPDATES
 *
 * The memory.
 */
typedef struct
{
  guint      n_posted;
  guint      n_painted;
  gint       is_awaited;
  XenoDamage updates[XENO_DISPLAY_MAX_UPDATES];
} XenoDisplayBoardPage;

/**
 * XenoDisplayNews:
 * @XENO_DISPLAY_NEWS_NONE: the bell rang for what has been seen already
 * @XENO_DISPLAY_NEWS_DAMAGE: something changed
 * @XENO_DISPLAY_NEWS_CLOSED: the other end is gone
 * @XENO_DISPLAY_NEWS_LIE: what stands there cannot be
 *
 * What a console finds on the board.
 */
typedef enum
{
  XENO_DISPLAY_NEWS_NONE,
  XENO_DISPLAY_NEWS_DAMAGE,
  XENO_DISPLAY_NEWS_CLOSED,
  XENO_DISPLAY_NEWS_LIE,
} XenoDisplayNews;

typedef struct _XenoDisplayBoard XenoDisplayBoard;

XenoDisplayBoard *xeno_display_board_new         (int                *memory_fd,
                                                  int                *bell_fd,
                                                  GError            **error);
XenoDisplayBoard *xeno_display_board_new_for_fds (int                 memory_fd,
                                                  int                 bell_fd,
                                                  GError            **error);
void              xeno_display_board_free        (XenoDisplayBoard   *self);
int               xeno_display_board_get_bell    (XenoDisplayBoard   *self);

/* The console's end */
XenoDisplayNews   xeno_display_board_take        (XenoDisplayBoard   *self,
                                                  XenoDamage         *damage);
gboolean          xeno_display_board_painted     (XenoDisplayBoard   *self);

/* The decoder's end */
gboolean          xeno_display_board_has_room    (XenoDisplayBoard   *self);
gboolean          xeno_display_board_await_room  (XenoDisplayBoard   *self);
void              xeno_display_board_post        (XenoDisplayBoard   *self,
                                                  const XenoDamage   *damage);
gboolean          xeno_display_board_hush        (XenoDisplayBoard   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoDisplayBoard, xeno_display_board_free)

G_END_DECLS
