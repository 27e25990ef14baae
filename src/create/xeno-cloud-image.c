/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disk images that distributions make for clouds, known by the names they give them. */
#include "config.h"

#include "create/xeno-cloud-image.h"

/*
 * Name:
 * @pattern: what a file is called, in small letters
 * @os_id: (nullable): what libosinfo calls the system, with \1 and \2 for parts of the name
 *
 * One way to name such an image.
 */
typedef struct
{
  const char *pattern;
  const char *os_id;
} Name;

/* The first row has it. Debian’s “nocloud” images are for no cloud at all: they look for no seed. */
static const Name names[] = {
  { "^debian-(\\d+)-(?:generic|genericcloud|openstack)-", "debian\\1" },
  { "^ubuntu-(\\d+\\.\\d+)-(?:server|minimal)-cloudimg", "ubuntu\\1" },
  { "^bionic-.*cloudimg", "ubuntu18.04" },
  { "^focal-.*cloudimg", "ubuntu20.04" },
  { "^jammy-.*cloudimg", "ubuntu22.04" },
  { "^noble-.*cloudimg", "ubuntu24.04" },
  { "^oracular-.*cloudimg", "ubuntu24.10" },
  { "^plucky-.*cloudimg", "ubuntu25.04" },
  { "^questing-.*cloudimg", "ubuntu25.10" },
  { "^fedora-cloud-base-(?:[a-z]+[-.])?(?:x86_64-)?(\\d+)", "fedora\\1" },
  { "^centos-stream-genericcloud-(?:x86_64-)?(\\d+)", "centos-stream\\1" },
  { "^centos-7-.*genericcloud", "centos7.0" },
  { "^rocky-(\\d+)-genericcloud", "rocky\\1" },
  { "^almalinux-(\\d+)-genericcloud", "almalinux\\1" },
  { "^rhel-(\\d+\\.\\d+)-.*kvm", "rhel\\1" },
  { "^ol(\\d+)u(\\d+)_.*kvm", "ol\\1.\\2" },
  { "^opensuse-leap-(\\d+\\.\\d+).*cloud", "opensuse\\1" },
  { "^opensuse-tumbleweed.*cloud", "opensusetumbleweed" },
  { "^arch-linux-.*cloudimg", "archlinux" },
  { "^(?:generic|nocloud)_alpine-(\\d+\\.\\d+).*cloudinit", "alpinelinux\\1" },
  { "^freebsd-(\\d+\\.\\d+)-.*cloudinit", "freebsd\\1" },
  { "^amzn2-kvm-|^al2023-kvm-", NULL },
  { "genericcloud|cloudimg|cloud-?base|cloud-?init|cloud-?image|[-_.]cloud[-_.]", NULL },
};

/**
 * xeno_cloud_image_recognise:
 * @path: a disk image
 * @os_id: (out) (optional) (nullable) (transfer full): the system on it, as libosinfo calls it, where its name
 *   tells
 *
 * Tells by the name of an image whether it is one that gets its user at its first start.
 *
 * Returns: %TRUE if so
 */
gboolean
xeno_cloud_image_recognise (const char  *path,
                            char       **os_id)
{
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  base = g_path_get_basename (path);
  name = g_ascii_strdown (base, -1);
  if (os_id != NULL)
    *os_id = NULL;
  if (!g_utf8_validate (name, -1, NULL))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (names[i].pattern, 0, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;

      if (!g_regex_match (regex, name, 0, &match))
        continue;
      if (os_id != NULL && names[i].os_id != NULL)
        *os_id = g_match_info_expand_references (match, names[i].os_id, NULL);
      return TRUE;
    }
  return FALSE;
}
