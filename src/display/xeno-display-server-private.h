/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the decoder's end share: pixels, facts, input. */
#pragma once

#include "display/xeno-display-server.h"

G_BEGIN_DECLS

/* Facts of which only the newest counts: each waits here while the app has not taken the one before,
 * so that no server's flood reaches it. */
typedef enum
{
  XENO_DISPLAY_FACT_STAGE,
  XENO_DISPLAY_FACT_CURSOR,
  XENO_DISPLAY_FACT_HEADS,
  XENO_DISPLAY_FACT_PLACE,
  XENO_DISPLAY_FACT_POINTER,
  XENO_DISPLAY_FACT_LEDS,
  XENO_DISPLAY_FACT_ABILITIES,
  XENO_DISPLAY_FACT_CLIPBOARD,
  XENO_DISPLAY_FACT_FILE,
  XENO_DISPLAY_FACT_NAME,
  XENO_DISPLAY_N_FACTS,
} XenoDisplayFactId;

typedef struct
{
  const GDBusInterfaceInfo *interface;
  const char               *method;
  GVariant                 *parameters;
  gboolean                  is_out;
} XenoDisplayFact;

#define XENO_DISPLAY_N_INTERFACES 3

struct _XenoDisplayServer
{
  GObject            parent_instance;
  GDBusConnection   *connection;
  XenoDisplaySource *source;
  XenoDisplayBoard  *board;
  guint              bell_id;
  guint              registration_ids[XENO_DISPLAY_N_INTERFACES];

  XenoFrameBuffer   *frame;
  XenoDamage         damage;
  gboolean           is_frame_due;
  gboolean           is_frame_out;
  gint64             last_flush_us;
  guint              idle_id;
  guint              deadline_id;
  XenoDisplayFact    facts[XENO_DISPLAY_N_FACTS];
  guint              abilities;
  GCancellable      *file; /* while one is on its way */
  gint64             last_sent_us;
  gboolean           has_failed;
};

/* xeno-display-server.c */
gboolean xeno_display_server_end_call    (GObject           *connection,
                                          GAsyncResult      *result);
void     xeno_display_server_opened_cb   (GObject           *connection,
                                          GAsyncResult      *result,
                                          gpointer           user_data);

/* xeno-display-server-facts.c */
void     xeno_display_server_clear_facts (XenoDisplayServer *self);

/* xeno-display-server-guest.c */
extern const GDBusInterfaceVTable xeno_display_server_guest;
extern const GDBusInterfaceVTable xeno_display_server_clipboard;

/* xeno-display-server-input.c */
extern const GDBusInterfaceVTable xeno_display_server_input;

G_END_DECLS
