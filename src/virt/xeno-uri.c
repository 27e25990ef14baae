/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection's address says before anything is opened. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "virt/xeno-uri.h"

/*
 * xeno_uri_is_local:
 * @uri: a connection's address
 *
 * Whether it means this computer.
 *
 * Returns: whether it does
 */
gboolean
xeno_uri_is_local (const char *uri)
{
  g_autofree char *host = NULL;

  g_return_val_if_fail (uri != NULL, TRUE);

  return !g_uri_split (uri, G_URI_FLAGS_NON_DNS, NULL, NULL, &host,
                       NULL, NULL, NULL, NULL, NULL) ||
         host == NULL || *host == '\0';
}

/*
 * xeno_uri_has_known_driver:
 * @uri: a connection's address
 *
 * Whether its scheme, before a "+transport", is one of libvirt's drivers (see
 * <https://libvirt.org/uri.html>). libvirt hands any other to a daemon, and then says only that the
 * daemon cannot be reached; newer ones may have more drivers, so this explains a failure and
 * forbids nothing.
 *
 * Returns: whether it is
 */
gboolean
xeno_uri_has_known_driver (const char *uri)
{
  static const char * const drivers[] = {
    "bhyve", "ch", "esx", "gsx", "hyperv", "lxc", "openvz", "parallels", "qemu", "remote", "test", "vbox",
    "vmwarefusion", "vmwareplayer", "vmwarews", "vpx", "vz", "xen", NULL
  };
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (uri != NULL, FALSE);

  parts = g_strsplit_set (uri, "+:", 2);
  return parts[0] != NULL && g_strv_contains (drivers, parts[0]);
}

/*
 * xeno_uri_dup_title:
 * @uri: a connection's address
 * @default_uri: (nullable): the one people have who never chose
 *
 * Makes a name for people.
 *
 * Returns: (transfer full): the name
 */
char *
xeno_uri_dup_title (const char *uri,
                    const char *default_uri)
{
  g_autofree char *scheme = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  if (!g_uri_split (uri, G_URI_FLAGS_NON_DNS, &scheme, NULL, &host, NULL, &path, NULL, NULL, NULL) ||
      scheme == NULL)
    return g_strdup (uri);
  if (host != NULL && *host != '\0')
    /* Translators: a computer's name */
    return strstr (scheme, "ssh") != NULL ? g_strdup_printf (_("%s over SSH"), host) : g_strdup (host);
  if (g_strcmp0 (uri, default_uri) == 0)
    return g_strdup (_("This computer"));
  if (g_str_has_prefix (scheme, "test"))
    return g_strdup (_("Pretended machines"));
  if (g_str_has_prefix (scheme, "lxc"))
    return g_strdup (_("Containers of this computer"));
  if (g_strcmp0 (path, "/system") == 0)
    return g_strdup (_("This computer, system machines"));
  if (g_strcmp0 (path, "/session") == 0)
    return g_strdup (_("This computer, your machines"));
  return g_strdup (uri);
}
