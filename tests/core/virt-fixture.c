/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to libvirt's pretended machines, and another program beside it. */
#include "config.h"

#include "base/xeno-error.h"
#include "core/virt-fixture.h"

void
open_connection (XenoConnection *connection)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  xeno_connection_open_async (connection, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  xeno_connection_open_finish (connection, result, &error);
  if (error != NULL)
    g_test_message ("%s: %s", xeno_connection_get_uri (connection), xeno_error_get_details (error));
  g_assert_no_error (error);
}

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->connection = xeno_connection_new (TEST_URI);
  open_connection (fixture->connection);
  fixture->machine = xeno_connection_find_machine (fixture->connection, TEST_UUID, NULL);
  g_assert_nonnull (fixture->machine);
  fixture->outside = virConnectOpen (TEST_URI);
  g_assert_nonnull (fixture->outside);
}

/* The driver lives as long as somebody has it open: what a test changed must be gone for the next. */
static void
restore_driver (virConnectPtr outside)
{
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (outside, &domains, 0);

  for (int i = 0; i < n_domains; i++)
    {
      char uuid[VIR_UUID_STRING_BUFLEN];

      virDomainGetUUIDString (domains[i], uuid);
      if (g_str_equal (uuid, TEST_UUID))
        {
          if (virDomainHasManagedSaveImage (domains[i], 0) > 0)
            virDomainManagedSaveRemove (domains[i], 0);
          virDomainSetMetadata (domains[i], VIR_DOMAIN_METADATA_TITLE, NULL, NULL, NULL,
                                VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG);
          virDomainCreate (domains[i]);
          virDomainResume (domains[i]);
        }
      else
        {
          virDomainDestroy (domains[i]);
          virDomainUndefine (domains[i]);
        }
      virDomainFree (domains[i]);
    }
  free (domains);
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  restore_driver (fixture->outside);
  virConnectClose (fixture->outside);
  g_assert_finalize_object (fixture->connection);
}

gboolean
run_verb (XenoMachine  *machine,
          const char   *id,
          GError      **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  xeno_machine_run_async (machine, xeno_verb_find (id), NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  return xeno_machine_run_finish (machine, result, error);
}

typedef struct
{
  XenoMachine      *machine;
  XenoMachineState  state;
} Wanted;

static gboolean
is_in_state (gpointer data)
{
  Wanted *wanted = data;

  return xeno_machine_get_state (wanted->machine) == wanted->state;
}

void
wait_for_state (XenoMachine      *machine,
                XenoMachineState  state)
{
  Wanted wanted = { machine, state };

  xeno_test_until (is_in_state, &wanted);
}

guint
count_machines (XenoConnection *connection)
{
  return g_list_model_get_n_items (xeno_connection_get_machines (connection));
}

typedef struct
{
  XenoConnection *connection;
  guint           n_machines;
} Counted;

static gboolean
has_count (gpointer data)
{
  Counted *counted = data;

  return count_machines (counted->connection) == counted->n_machines;
}

void
wait_for_count (XenoConnection *connection,
                guint           n_machines)
{
  Counted counted = { connection, n_machines };

  xeno_test_until (has_count, &counted);
}

char *
make_xml (const char *name,
          const char *title)
{
  return g_markup_printf_escaped ("<domain type='test'><name>%s</name><title>%s</title><memory unit='MiB'>64</memory>"
                                  "<vcpu>1</vcpu><os><type>hvm</type></os></domain>", name, title);
}
