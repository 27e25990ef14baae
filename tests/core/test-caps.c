/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host offers, and how new machines are accelerated on it. */
#include "config.h"

#include "base/xeno-error.h"
#include "spec/xeno-caps.h"

static char *
read_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "fixtures", "caps", name, NULL);
  char *text;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static XenoCaps *
load (const char *host,
      const char *domain)
{
  g_autofree char *host_xml = read_fixture (host);
  g_autofree char *domain_xml = domain != NULL ? read_fixture (domain) : NULL;
  g_autoptr (GError) error = NULL;
  XenoCaps *caps = xeno_caps_new (host_xml, domain_xml, &error);

  g_assert_no_error (error);
  return caps;
}

static void
test_qemu (void)
{
  g_autoptr (XenoCaps) caps = load ("qemu-tcg-host.xml", "qemu-tcg-domain.xml");

  g_assert_cmpstr (xeno_caps_get_arch (caps), ==, "x86_64");
  g_assert_cmpstr (xeno_caps_get_machine_type (caps), ==, "q35");
  g_assert_cmpuint (xeno_caps_get_max_cpus (caps), ==, 288);
  g_assert_true (xeno_caps_offers_virt_type (caps, "qemu"));
  g_assert_false (xeno_caps_offers_virt_type (caps, "kvm"));
  g_assert_true (xeno_caps_offers_uefi (caps));
  g_assert_true (xeno_caps_offers_secure_boot (caps));
  g_assert_true (xeno_caps_offers (caps, "graphics", "type", "spice"));
  g_assert_true (xeno_caps_offers (caps, "video", "model", "virtio"));
  g_assert_true (xeno_caps_offers (caps, "disk", "bus", "sata"));
  g_assert_true (xeno_caps_offers (caps, "filesystem", "driver", "virtiofs"));
  g_assert_true (xeno_caps_offers (caps, "tpm", "backendModel", "emulator"));
  g_assert_true (xeno_caps_offers (caps, "redirdev", "bus", "usb"));
  g_assert_false (xeno_caps_offers (caps, "channel", "type", "qemu-vdagent"));
  g_assert_false (xeno_caps_offers (caps, "graphics", "type", "rdp"));
  g_assert_false (xeno_caps_offers (caps, "teleporter", "type", "spice"));
}

static void
test_other_driver (void)
{
  g_autoptr (XenoCaps) caps = load ("test-host.xml", NULL);
  g_autofree char *reason = NULL;

  g_assert_cmpstr (xeno_caps_get_arch (caps), ==, "i686");
  g_assert_null (xeno_caps_get_machine_type (caps));
  g_assert_cmpuint (xeno_caps_get_max_cpus (caps), ==, G_MAXUINT);
  g_assert_false (xeno_caps_offers_uefi (caps));
  g_assert_false (xeno_caps_offers (caps, "graphics", "type", "spice"));
  g_assert_cmpstr (xeno_caps_choose_virt_type (caps, XENO_ACCEL_AUTO, NULL, &reason), ==, "test");
  g_assert_cmpstr (reason, !=, "");
}

typedef struct
{
  const char *name;
  const char *host;
  XenoAccel   accel;
  const char *flags;
  const char *forced;
  const char *expected;
  const char *says;
} Case;

static const Case cases[] = {
  { "kvm-and-vmx-is-kvm", "qemu-kvm-host.xml", XENO_ACCEL_AUTO, "fpu vmx sse", NULL, "kvm", "KVM" },
  { "kvm-and-svm-is-kvm", "qemu-kvm-host.xml", XENO_ACCEL_AUTO, "svm", NULL, "kvm", "KVM" },
  { "kvm-without-flags-is-a-trap", "qemu-kvm-host.xml", XENO_ACCEL_AUTO, "fpu vmxx ssvm sse", NULL,
    "qemu", "nested" },
  { "kvm-whose-flags-nobody-reads-is-kvm", "qemu-kvm-host.xml", XENO_ACCEL_AUTO, NULL, NULL, "kvm",
    "KVM" },
  { "flags-without-kvm-is-emulation", "qemu-tcg-host.xml", XENO_ACCEL_AUTO, "vmx", NULL, "qemu",
    "/dev/kvm" },
  { "the-person-may-insist-on-kvm", "qemu-tcg-host.xml", XENO_ACCEL_KVM, "fpu", NULL, "kvm",
    "you chose" },
  { "the-person-may-insist-on-emulation", "qemu-kvm-host.xml", XENO_ACCEL_TCG, "vmx", NULL, "qemu",
    "you chose" },
  { "the-environment-overrides-all", "qemu-kvm-host.xml", XENO_ACCEL_KVM, "vmx", "qemu", "qemu",
    "XENO_VIRT_TYPE" },
  { "an-empty-override-is-none", "qemu-kvm-host.xml", XENO_ACCEL_AUTO, "vmx", "", "kvm", "KVM" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (XenoCaps) caps = load (c->host, "qemu-tcg-domain.xml");
  g_autofree char *reason = NULL;
  const char *chosen;

  if (c->forced != NULL)
    g_setenv ("XENO_VIRT_TYPE", c->forced, TRUE);
  else
    g_unsetenv ("XENO_VIRT_TYPE");

  chosen = xeno_caps_choose_virt_type (caps, c->accel, c->flags, &reason);
  g_assert_cmpstr (chosen, ==, c->expected);
  g_assert_nonnull (strstr (reason, c->says));
}

static void
test_garbage (void)
{
  g_autofree char *host = read_fixture ("qemu-tcg-host.xml");
  g_autoptr (GError) error = NULL;

  g_assert_null (xeno_caps_new ("", NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (xeno_caps_new ("<domain/>", NULL, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (xeno_caps_new (host, "<capabilities/>", &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
}

static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoCaps) caps = xeno_caps_new ("<capabilities/>", "<domainCapabilities/>", &error);

  g_assert_no_error (error);
  g_assert_null (xeno_caps_get_arch (caps));
  g_assert_null (xeno_caps_get_machine_type (caps));
  g_assert_false (xeno_caps_offers_uefi (caps));
  g_assert_cmpstr (xeno_caps_choose_virt_type (caps, XENO_ACCEL_TCG, "", NULL), ==, "qemu");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_unsetenv ("XENO_VIRT_TYPE");
  g_test_add_func ("/xeno/caps/a-qemu-host-says-what-it-offers", test_qemu);
  g_test_add_func ("/xeno/caps/a-driver-without-domain-capabilities-offers-little",
                   test_other_driver);
  g_test_add_func ("/xeno/caps/garbage-is-refused", test_garbage);
  g_test_add_func ("/xeno/caps/an-empty-host-offers-nothing", test_empty);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/xeno/caps/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
