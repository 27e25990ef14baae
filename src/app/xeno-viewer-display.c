/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The display at an address, through a decoder. */
#include "config.h"

#include "app/xeno-viewer-display.h"
#include "console/xeno-backend-decoder.h"
#include "display/xeno-display-protocol.h"

G_STATIC_ASSERT ((int) XENO_VIEWER_USERNAME == (int) XENO_DISPLAY_USERNAME);
G_STATIC_ASSERT ((int) XENO_VIEWER_PASSWORD == (int) XENO_DISPLAY_PASSWORD);

static void
open_async (GObject             *object,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  xeno_viewer_open_async (XENO_VIEWER (object), cancellable, callback, user_data);
}

static int
open_finish (GObject       *object,
             GAsyncResult  *result,
             gboolean      *is_certified,
             GError       **error)
{
  return xeno_viewer_open_finish (XENO_VIEWER (object), result, is_certified, error);
}

static void
ask_async (GObject             *object,
           guint                wanted,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  xeno_viewer_ask_async (XENO_VIEWER (object), wanted, cancellable, callback, user_data);
}

static gboolean
ask_finish (GObject       *object,
            GAsyncResult  *result,
            char         **username,
            char         **password,
            GError       **error)
{
  return xeno_viewer_ask_finish (XENO_VIEWER (object), result, username, password, error);
}

static void
take_refusal (GObject *object)
{
  xeno_viewer_take_refusal (XENO_VIEWER (object));
}

static gboolean
is_asking (GObject *object)
{
  return xeno_viewer_get_question (XENO_VIEWER (object)) != XENO_VIEWER_ASKS_NOTHING;
}

/**
 * xeno_viewer_display_open:
 * @viewer: a viewer
 *
 * Returns: (transfer full): the display it looks at, not started
 */
XenoConsoleBackend *
xeno_viewer_display_open (XenoViewer *viewer)
{
  static const XenoDisplayOpener remote = {
    open_async, open_finish, ask_async, ask_finish, take_refusal, is_asking,
    .is_remote = TRUE,
    .gives_up = TRUE,
  };
  static const XenoDisplayOpener local = {
    open_async, open_finish, ask_async, ask_finish, take_refusal, is_asking,
    .gives_up = TRUE,
  };
  XenoAddress *address;
  g_autofree char *place = NULL;

  g_return_val_if_fail (XENO_IS_VIEWER (viewer), NULL);

  address = xeno_viewer_get_address (viewer);
  place = xeno_address_dup_place (address);
  return xeno_backend_decoder_new (xeno_address_is_remote (address) ? &remote : &local, G_OBJECT (viewer),
                                   address->kind, place);
}
