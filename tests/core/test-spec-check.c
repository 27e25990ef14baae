/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks before a machine is defined: each refuses its own, by name and with the limit. */
#include "config.h"

#include "base/xeno-error.h"
#include "spec/xeno-spec-check.h"

#define GIB (G_GUINT64_CONSTANT (1) << 30)

static XenoCaps *
load_caps (void)
{
  g_autofree char *host_path =
    g_test_build_filename (G_TEST_DIST, "..", "fixtures", "caps", "qemu-tcg-host.xml", NULL);
  g_autofree char *domain_path =
    g_test_build_filename (G_TEST_DIST, "..", "fixtures", "caps", "qemu-tcg-domain.xml", NULL);
  g_autofree char *host_xml = NULL;
  g_autofree char *domain_xml = NULL;
  g_autoptr (GError) error = NULL;
  XenoCaps *caps;

  g_assert_true (g_file_get_contents (host_path, &host_xml, NULL, NULL));
  g_assert_true (g_file_get_contents (domain_path, &domain_xml, NULL, NULL));
  caps = xeno_caps_new (host_xml, domain_xml, &error);
  g_assert_no_error (error);
  return caps;
}

static XenoSpec *
make_good (void)
{
  XenoSpec *spec = xeno_spec_new ();
  g_autoptr (XenoDevice) disk = xeno_spec_add_device (spec, "disk");
  g_autoptr (XenoDevice) graphics = xeno_spec_add_device (spec, "graphics");
  g_autoptr (XenoDevice) serial = xeno_spec_add_device (spec, "serial");

  xeno_spec_set_name (spec, "good");
  xeno_spec_set_title (spec, "Gut");
  xeno_spec_set_memory_bytes (spec, GIB);
  xeno_spec_set_n_cpus (spec, 2);
  xeno_device_set_string (disk, "driver-type", "qcow2");
  xeno_device_set_string (graphics, "type", "spice");
  xeno_device_set_string (graphics, "listen-type", "none");
  xeno_device_set_string (serial, "type", "pty");
  return spec;
}

typedef enum { ALWAYS, WHEN_NEW } When;

typedef struct
{
  const char *what;
  When        when;
  const char *device; /* or NULL: the domain itself */
  const char *path;   /* of the value, or the field of the device */
  const char *value;
  const char *says;
} Case;

static const Case cases[] = {
  { "no memory", ALWAYS, NULL, "memory", "0", "no memory" },
  { "negative memory", ALWAYS, NULL, "memory", "-1", "no memory" },
  { "memory beyond the host", ALWAYS, NULL, "memory", "9000000", "limit is 8.0" },
  { "16 EiB of memory", ALWAYS, NULL, "memory", "18446744073709551615", "limit is 8.0" },
  { "too many processors", ALWAYS, NULL, "vcpu", "289", "limit is 288 processors" },
  { "text that was refused", ALWAYS, NULL, "description", "a\nb", "“description”" },
  { "a name with a slash", WHEN_NEW, NULL, "name", "a/b", "“a/b”" },
  { "a name of dots", WHEN_NEW, NULL, "name", "..", "“..”" },
  { "a reserved name", WHEN_NEW, NULL, "name", "host", "“host”" },
  { "an empty name", WHEN_NEW, NULL, "name", "", "“”" },
  { "a title with a slash", WHEN_NEW, NULL, "title", "a/b", "slash" },
  { "a disk without a format", WHEN_NEW, "disk", "driver-type", NULL, "Disk 1" },
  { "a backing file without a format", WHEN_NEW, "disk", "backing-file", "/b", "Disk 1" },
  { "a display on an address", WHEN_NEW, "graphics", "listen-type", "address", "Display (SPICE)" },
  { "a display by default", WHEN_NEW, "graphics", "listen-type", NULL, "Display (SPICE)" },
  { "a serial port on TCP", WHEN_NEW, "serial", "type", "tcp", "Serial port" },
  { "a serial port on UDP", WHEN_NEW, "serial", "type", "udp", "Serial port" },
};

static void
test_good (void)
{
  g_autoptr (XenoCaps) caps = load_caps ();
  g_autoptr (XenoSpec) spec = make_good ();
  g_autoptr (GError) error = NULL;

  xeno_spec_check_new (spec, caps, 8 * GIB, &error);
  g_assert_no_error (error);
  xeno_spec_check_new (spec, NULL, 0, &error);
  g_assert_no_error (error);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (XenoCaps) caps = load_caps ();
  g_autoptr (XenoSpec) spec = make_good ();
  g_autoptr (GError) error = NULL;

  if (c->device != NULL)
    {
      g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, c->device);

      xeno_device_set_string (g_ptr_array_index (devices, 0), c->path, c->value);
    }
  else
    {
      xeno_spec_set_value (spec, c->path, c->value);
    }

  if (c->when == WHEN_NEW)
    {
      xeno_spec_check (spec, caps, 8 * GIB, &error);
      g_assert_no_error (error);
    }
  else
    {
      g_assert_false (xeno_spec_check (spec, caps, 8 * GIB, NULL));
    }

  g_assert_false (xeno_spec_check_new (spec, caps, 8 * GIB, &error));
  g_assert_error (error, XENO_ERROR, XENO_ERROR_INVALID);
  if (strstr (error->message, c->says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, c->says);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/spec-check/a-good-machine-passes", test_good);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xeno/spec-check/%s-is-refused", cases[i].what);

      g_test_add_data_func (g_strdelimit (path, " ", '-'), &cases[i], test_case);
    }
  return g_test_run ();
}
