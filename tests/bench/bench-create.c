/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long making a machine takes, beside the bare calls of libvirt for the same machine.
 *
 *   tests/support/session.py -- BUILD/tests/bench/bench-create ISO [ROUNDS] */
#include "config.h"

#include <locale.h>
#include <stdlib.h>

#include <libvirt/libvirt.h>

#include "create/xeno-builder.h"
#include "create/xeno-recipe.h"
#include "support/xeno-test.h"
#include "virt/xeno-trash.h"

#define URI "qemu:///session"
#define DISK_BYTES (G_GUINT64_CONSTANT (20) << 30)
#define DEFAULT_ROUNDS 7

typedef struct
{
  XenoConnection *connection;
  virConnectPtr   bare;
  const char     *iso;
  char           *xml;  /* of the machine the builder made, for the bare calls */
} Bench;

static double
since_ms (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

static XenoRecipe *
make_recipe (Bench *bench)
{
  g_autoptr (GFile) file = g_file_new_for_path (bench->iso);
  g_autoptr (XenoMedia) media = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *pending = NULL;
  XenoRecipe *recipe;

  xeno_media_open_async (file, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  media = xeno_media_open_finish (result, NULL);
  g_assert_nonnull (media);
  recipe = xeno_recipe_new (media);
  xeno_recipe_set_title (recipe, "Bench");
  xeno_recipe_set_memory_bytes (recipe, 128 << 20);
  xeno_recipe_set_n_cpus (recipe, 1);
  xeno_recipe_set_disk_bytes (recipe, DISK_BYTES);
  return recipe;
}

static void
remove_bare (Bench *bench)
{
  virDomainPtr domain = virDomainLookupByName (bench->bare, "Bench");
  virStoragePoolPtr pool = virStoragePoolLookupByName (bench->bare, "default");
  virStorageVolPtr *volumes = NULL;
  int n_volumes;

  virDomainDestroy (domain);
  virDomainUndefine (domain);
  virDomainFree (domain);
  n_volumes = virStoragePoolListAllVolumes (pool, &volumes, 0);
  for (int i = 0; i < n_volumes; i++)
    {
      virStorageVolDelete (volumes[i], 0);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  virStoragePoolFree (pool);
}

static gboolean
is_gone (gpointer data)
{
  Bench *bench = data;

  return g_list_model_get_n_items (xeno_connection_get_machines (bench->connection)) == 0;
}

static double
measure_builder (Bench *bench)
{
  g_autoptr (XenoRecipe) recipe = make_recipe (bench);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (XenoMachine) machine = NULL;
  g_autoptr (XenoJob) job = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;
  gint64 start = g_get_monotonic_time ();
  virDomainPtr domain;
  double ms;

  job = xeno_builder_start (bench->connection, XENO_PLAN (recipe), TRUE, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  machine = xeno_builder_finish (result, &error);
  ms = since_ms (start);
  g_assert_no_error (error);

  domain = virDomainLookupByName (bench->bare, "Bench");
  g_free (bench->xml);
  bench->xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  virDomainFree (domain);
  remove_bare (bench);
  xeno_test_until (is_gone, bench);
  return ms;
}

static double
measure_bare (Bench *bench)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (bench->bare, "default");
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (bench->xml, NULL);
  g_autoptr (GPtrArray) disks = xeno_spec_list_devices (spec, "disk");
  g_autofree char *path = xeno_device_dup_string (g_ptr_array_index (disks, 0), "source-file");
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *volume_xml =
    g_strdup_printf ("<volume><name>%s</name><capacity>%" G_GUINT64_FORMAT "</capacity><allocation>0</allocation>"
                     "<target><format type='qcow2'/></target></volume>", name, DISK_BYTES);
  gint64 start = g_get_monotonic_time ();
  virStorageVolPtr volume = virStorageVolCreateXML (pool, volume_xml, 0);
  virDomainPtr domain = virDomainDefineXML (bench->bare, bench->xml);
  double ms;

  g_assert_cmpint (virDomainCreate (domain), ==, 0);
  ms = since_ms (start);
  virDomainFree (domain);
  virStorageVolFree (volume);
  virStoragePoolFree (pool);
  remove_bare (bench);
  xeno_test_until (is_gone, bench);
  return ms;
}

static int
compare (const void *a,
         const void *b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static double
report (const char *name,
        double     *values,
        int         n)
{
  qsort (values, n, sizeof *values, compare);
  g_print ("%-10s %6.0f ms [%.0f..%.0f]\n", name, values[n / 2], values[0], values[n - 1]);
  return values[n / 2];
}

static void
open_all (Bench *bench)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (XenoCaps) caps = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *pending = NULL;

  bench->connection = xeno_connection_new (URI);
  xeno_connection_open_async (bench->connection, NULL, xeno_test_result_cb, &pending);
  opened = xeno_test_await (&pending);
  xeno_connection_open_finish (bench->connection, opened, &error);
  g_assert_no_error (error);
  xeno_connection_load_caps_async (bench->connection, NULL, xeno_test_result_cb, &pending);
  loaded = xeno_test_await (&pending);
  caps = xeno_connection_load_caps_finish (bench->connection, loaded, &error);
  g_assert_no_error (error);
  bench->bare = virConnectOpen (URI);
}

int
main (int    argc,
      char **argv)
{
  int n_rounds = argc > 2 ? atoi (argv[2]) : DEFAULT_ROUNDS;
  g_autofree double *builder = g_new0 (double, n_rounds);
  g_autofree double *bare = g_new0 (double, n_rounds);
  Bench bench = { NULL };

  setlocale (LC_ALL, "");
  if (argc < 2 || n_rounds < 1)
    {
      g_printerr ("bench-create ISO [ROUNDS]\n");
      return 2;
    }

  bench.iso = argv[1];
  open_all (&bench);
  measure_builder (&bench); /* warm */
  for (int i = 0; i < n_rounds; i++)
    {
      builder[i] = measure_builder (&bench);
      bare[i] = measure_bare (&bench);
    }
  g_print ("ratio      %.2f\n", report ("xenolith", builder, n_rounds) / report ("libvirt", bare, n_rounds));
  virConnectClose (bench.bare);
  g_object_unref (bench.connection);
  g_free (bench.xml);
  return 0;
}
