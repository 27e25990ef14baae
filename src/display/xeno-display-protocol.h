/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a console and its decoder have agreed on: names, stages, limits. */
#pragma once

#include "display/xeno-display-interfaces.h"

G_BEGIN_DECLS

/* Both ends export their interface here. */
#define XENO_DISPLAY_OBJECT_PATH "/org/unaos/Xenolith/Display"

/* Where a decoder finds its end of the private socket, and its end of the board. */
#define XENO_DISPLAY_SOCKET_FD 3
#define XENO_DISPLAY_BOARD_FD 4
#define XENO_DISPLAY_BELL_FD 5

/* Limits that each end checks for itself. */
#define XENO_DISPLAY_MAX_SIDE 16384
#define XENO_DISPLAY_MAX_CURSOR_SIDE 256
#define XENO_DISPLAY_MAX_RECTANGLES 64
#define XENO_DISPLAY_MAX_HEADS 16
#define XENO_DISPLAY_MAX_MM 30000
#define XENO_DISPLAY_MAX_NAME 200
#define XENO_DISPLAY_MAX_CREDENTIAL 1024

/* What a clipboard may hold; the larger is for pictures. */
#define XENO_DISPLAY_MAX_TEXT (1 << 20)
#define XENO_DISPLAY_MAX_PICTURE (32 << 20)

/* How long either end waits for what a clipboard holds. */
#define XENO_DISPLAY_CLIPBOARD_MS 5000

#define XENO_DISPLAY_MAX_FILE_NAME 255

/* How many USB devices a guest may have at a time. */
#define XENO_DISPLAY_MAX_USB 16

/* Frames of sound a second, and samples in each. */
#define XENO_DISPLAY_MIN_RATE 8000
#define XENO_DISPLAY_MAX_RATE 192000
#define XENO_DISPLAY_MAX_CHANNELS 2

/**
 * XenoDisplayHead:
 * @id: the server's number for it
 * @x: left edge on the frame
 * @y: upper edge on the frame
 * @width: in pixels
 * @height: in pixels
 *
 * What one of a guest's monitors shows.
 */
typedef struct
{
  guint id;
  guint x;
  guint y;
  guint width;
  guint height;
} XenoDisplayHead;

/**
 * XenoDisplayMonitor:
 * @id: the server's number for it
 * @x: left edge, among the others
 * @y: upper edge, among the others
 * @width: in pixels
 * @height: in pixels
 * @width_mm: how wide it is on the desk; 0: unknown
 * @height_mm: how high it is on the desk; 0: unknown
 *
 * What one of a guest's monitors should be.
 */
typedef struct
{
  guint id;
  guint x;
  guint y;
  guint width;
  guint height;
  guint width_mm;
  guint height_mm;
} XenoDisplayMonitor;

/* How rows lie in a graphics processor's memory, in the kernel's words: one after the other, or unsaid. */
#define XENO_DISPLAY_LINEAR G_GUINT64_CONSTANT (0)
#define XENO_DISPLAY_NO_MODIFIER G_GUINT64_CONSTANT (0x00ffffffffffffff)

/**
 * XenoTextureShape:
 * @width: in pixels
 * @height: in pixels
 * @stride: bytes of a row
 * @fourcc: the format of a pixel, as the kernel calls it
 * @modifier: how rows lie, as the kernel calls it
 *
 * What lies in memory of a graphics processor.
 */
typedef struct
{
  guint   width;
  guint   height;
  guint   stride;
  guint   fourcc;
  guint64 modifier;
} XenoTextureShape;

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
 * @XENO_DISPLAY_FAILURE_PASSWORD: the server did not take the credentials, or got none
 * @XENO_DISPLAY_FAILURE_MEMORY: there is no memory for a frame of this size
 * @XENO_DISPLAY_FAILURE_UNSUPPORTED: the server asks for credentials of a kind nobody here knows
 * @XENO_DISPLAY_FAILURE_TAKEN: the server has one viewer at a time, and now it has another
 * @XENO_DISPLAY_FAILURE_ACCELERATED: the picture is in a graphics processor's memory
 * @XENO_DISPLAY_FAILURE_CLEAR: the server wants a password in clear where others may read along
 *
 * Why a decoder gives up.
 */
typedef enum
{
  XENO_DISPLAY_FAILURE_LOST,
  XENO_DISPLAY_FAILURE_PASSWORD,
  XENO_DISPLAY_FAILURE_MEMORY,
  XENO_DISPLAY_FAILURE_UNSUPPORTED,
  XENO_DISPLAY_FAILURE_TAKEN,
  XENO_DISPLAY_FAILURE_ACCELERATED,
  XENO_DISPLAY_FAILURE_CLEAR,
} XenoDisplayFailure;

/**
 * XenoDisplayForm:
 * @XENO_DISPLAY_FORM_TEXT: UTF-8, lines ended by a line feed
 * @XENO_DISPLAY_FORM_PNG: a picture
 * @XENO_DISPLAY_FORM_BMP: a picture
 * @XENO_DISPLAY_FORM_TIFF: a picture
 * @XENO_DISPLAY_FORM_JPEG: a picture
 *
 * In what forms a clipboard has its content.
 */
typedef enum
{
  XENO_DISPLAY_FORM_TEXT = 1 << 0,
  XENO_DISPLAY_FORM_PNG = 1 << 1,
  XENO_DISPLAY_FORM_BMP = 1 << 2,
  XENO_DISPLAY_FORM_TIFF = 1 << 3,
  XENO_DISPLAY_FORM_JPEG = 1 << 4,
} XenoDisplayForm;

#define XENO_DISPLAY_ALL_FORMS 0x1f

/**
 * XenoDisplayAbility:
 * @XENO_DISPLAY_ABILITY_TEXT: its clipboard takes and gives text
 * @XENO_DISPLAY_ABILITY_PICTURES: its clipboard takes and gives pictures
 * @XENO_DISPLAY_ABILITY_RESIZE: its screen can be given another size
 * @XENO_DISPLAY_ABILITY_FILES: it takes files
 * @XENO_DISPLAY_ABILITY_SOUND: it plays sound
 * @XENO_DISPLAY_ABILITY_MICROPHONE: it records sound
 * @XENO_DISPLAY_ABILITY_USB: it has sockets for USB devices
 * @XENO_DISPLAY_ABILITY_FOLDER: it has a port for a shared folder
 * @XENO_DISPLAY_ABILITY_OPEN_FOLDER: a program of its has that port open, and a folder behind it
 * @XENO_DISPLAY_ABILITY_CARD: it has a smart card reader that lacks a card
 *
 * What a guest can do at the moment; it changes as agents come and go.
 */
typedef enum
{
  XENO_DISPLAY_ABILITY_TEXT = 1 << 0,
  XENO_DISPLAY_ABILITY_PICTURES = 1 << 1,
  XENO_DISPLAY_ABILITY_RESIZE = 1 << 2,
  XENO_DISPLAY_ABILITY_FILES = 1 << 3,
  XENO_DISPLAY_ABILITY_SOUND = 1 << 4,
  XENO_DISPLAY_ABILITY_MICROPHONE = 1 << 5,
  XENO_DISPLAY_ABILITY_USB = 1 << 6,
  XENO_DISPLAY_ABILITY_FOLDER = 1 << 7,
  XENO_DISPLAY_ABILITY_OPEN_FOLDER = 1 << 8,
  XENO_DISPLAY_ABILITY_CARD = 1 << 9,
} XenoDisplayAbility;

#define XENO_DISPLAY_ALL_ABILITIES 0x3ff

/**
 * XenoDisplayPort:
 * @XENO_DISPLAY_PORT_FOLDER: where it looks for a shared folder, as spice-webdavd does
 * @XENO_DISPLAY_PORT_CARD: where its smart card reader looks for a card, as QEMU's does
 *
 * A port of a guest's, behind which a process of ours may be.
 */
typedef enum
{
  XENO_DISPLAY_PORT_FOLDER,
  XENO_DISPLAY_PORT_CARD,
  XENO_DISPLAY_N_PORTS,
} XenoDisplayPort;

/* What the port of a smart card reader is called; nothing else says what it is for. */
#define XENO_DISPLAY_CARD_PORT_NAME "org.unaos.card.0"

/**
 * XenoDisplayCredentials:
 * @XENO_DISPLAY_USERNAME: a user name
 * @XENO_DISPLAY_PASSWORD: a password
 *
 * What a server wants to know of a person.
 */
typedef enum
{
  XENO_DISPLAY_USERNAME = 1 << 0,
  XENO_DISPLAY_PASSWORD = 1 << 1,
} XenoDisplayCredentials;

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

/* Formats of the kernel, four bytes a pixel each. */
static inline gboolean
xeno_display_is_rgb (guint fourcc)
{
  return fourcc == 0x34325258 || fourcc == 0x34325241; /* XR24, AR24 */
}

static inline gboolean
xeno_display_is_bgr (guint fourcc)
{
  return fourcc == 0x34324258 || fourcc == 0x34324241; /* XB24, AB24 */
}

/* The gate for what lies in a graphics processor's memory. */
static inline gboolean
xeno_display_is_sane_texture (const XenoTextureShape *shape)
{
  return xeno_display_is_sane_frame (shape->width, shape->height, shape->stride, G_MAXUINT64) &&
         (xeno_display_is_rgb (shape->fourcc) || xeno_display_is_bgr (shape->fourcc));
}

/* The same for a monitor a guest should have. */
static inline gboolean
xeno_display_is_sane_monitor (const XenoDisplayMonitor *monitor)
{
  return monitor->id < XENO_DISPLAY_MAX_HEADS &&
         monitor->width > 0 && monitor->width <= XENO_DISPLAY_MAX_SIDE &&
         monitor->height > 0 && monitor->height <= XENO_DISPLAY_MAX_SIDE &&
         monitor->x <= XENO_DISPLAY_MAX_HEADS * XENO_DISPLAY_MAX_SIDE &&
         monitor->y <= XENO_DISPLAY_MAX_HEADS * XENO_DISPLAY_MAX_SIDE &&
         monitor->width_mm <= XENO_DISPLAY_MAX_MM && monitor->height_mm <= XENO_DISPLAY_MAX_MM;
}

/* Whether @form is exactly one that is known. */
static inline gboolean
xeno_display_is_form (guint form)
{
  return form != 0 && (form & (form - 1)) == 0 && (form & XENO_DISPLAY_ALL_FORMS) != 0;
}

/* Whether sound can be like this. */
static inline gboolean
xeno_display_is_sane_sound (guint rate,
                            guint channels)
{
  return rate >= XENO_DISPLAY_MIN_RATE && rate <= XENO_DISPLAY_MAX_RATE &&
         channels >= 1 && channels <= XENO_DISPLAY_MAX_CHANNELS;
}

/* How much of @form either end takes. */
static inline gsize
xeno_display_get_max_content (guint form)
{
  return form == XENO_DISPLAY_FORM_TEXT ? XENO_DISPLAY_MAX_TEXT : XENO_DISPLAY_MAX_PICTURE;
}

G_END_DECLS
