/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a display is to be found, as a person or a file says it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The most bytes a file that describes an address may have. */
#define XENO_ADDRESS_MAX_FILE_SIZE (256 * 1024)

/**
 * XenoAddress:
 * @kind: what the display speaks: "spice" or "vnc"
 * @host: (nullable): the computer, by name or number
 * @path: (nullable): a socket of this computer, where there is no @host
 * @port: where it listens, or 0
 * @tls_port: where it listens for TLS, or 0
 * @proxy: (nullable): URI of the proxy on the way
 * @ca: (nullable): certificates of who may vouch for it, in PEM
 * @subject: (nullable): whose certificate it shows, where that is not its host's
 * @username: (nullable): who the person is to it
 * @password: (nullable): what the person says to it
 * @title: (nullable): what a window on it is called
 * @full_screen_key: (nullable): GTK's words for the keys that switch full screen
 * @release_key: (nullable): GTK's words for the keys that release the keyboard
 * @attention_key: (nullable): GTK's words for the keys that press Ctrl+Alt+Delete in the guest
 * @is_full_screen: its window covers the screen
 * @deletes_file: the file it comes from is good for once
 *
 * What is known of a display that is not a machine's of libvirt. It does not change.
 */
typedef struct
{
  const char *kind;
  char       *host;
  char       *path;
  guint16     port;
  guint16     tls_port;
  char       *proxy;
  char       *ca;
  char       *subject;
  char       *username;
  char       *password;
  char       *title;
  char       *full_screen_key;
  char       *release_key;
  char       *attention_key;
  gboolean    is_full_screen;
  gboolean    deletes_file;
} XenoAddress;

#define XENO_TYPE_ADDRESS (xeno_address_get_type ())

GType        xeno_address_get_type      (void);

gboolean     xeno_address_is_address    (const char         *text);
gboolean     xeno_address_is_file       (GFile              *file);
XenoAddress *xeno_address_new           (const char         *text,
                                         GError            **error);
XenoAddress *xeno_address_new_from_data (const char         *data,
                                         gsize               size,
                                         GError            **error);
XenoAddress *xeno_address_ref           (XenoAddress        *self);
void         xeno_address_unref         (XenoAddress        *self);
char        *xeno_address_to_uri        (const XenoAddress  *self);
char        *xeno_address_dup_place     (const XenoAddress  *self);
gboolean     xeno_address_is_remote     (const XenoAddress  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XenoAddress, xeno_address_unref)

G_END_DECLS
