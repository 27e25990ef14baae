/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session libvirt of our own, the machines in it, and ways to hurt both. */
#include "config.h"

#include <libvirt/libvirt.h>
#include <signal.h>

#include "machine/daemon-fixture.h"

typedef struct
{
  GObject *object;
  int      state;
} Wanted;

static gboolean
is_machine_so (gpointer data)
{
  Wanted *wanted = data;

  return xeno_machine_get_state (XENO_MACHINE (wanted->object)) == (XenoMachineState) wanted->state;
}

void
wait_for_machine (XenoMachine      *machine,
                  XenoMachineState  state)
{
  Wanted wanted = { G_OBJECT (machine), state };

  xeno_test_until (is_machine_so, &wanted);
}

static gboolean
is_connection_so (gpointer data)
{
  Wanted *wanted = data;

  return xeno_connection_get_state (XENO_CONNECTION (wanted->object)) == (XenoConnectionState) wanted->state;
}

void
wait_for_connection (XenoConnection      *connection,
                     XenoConnectionState  state)
{
  Wanted wanted = { G_OBJECT (connection), state };

  xeno_test_until (is_connection_so, &wanted);
}

XenoConnection *
open_session (void)
{
  XenoConnection *connection;

  g_assert_nonnull (g_getenv ("XENO_TEST_WORLD")); /* never the machines of whoever runs this */
  connection = xeno_connection_new (SESSION_URI);
  xeno_connection_open (connection);
  wait_for_connection (connection, XENO_CONNECTION_OPEN);
  return connection;
}

static char *
make_xml (const char *name,
          const char *iso,
          const char *more)
{
  return g_strdup_printf ("<domain type='qemu'><name>%s</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>"
                          "<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='cdrom'/>"
                          "<boot dev='hd'/></os><features><acpi/></features>"
                          "<devices><disk type='file' device='cdrom'><driver name='qemu' type='raw'/>"
                          "<source file='%s'/><target dev='hda' bus='ide'/><readonly/></disk>"
                          "<graphics type='vnc'><listen type='none'/></graphics>"
                          "<video><model type='vga'/></video><serial type='pty'/>"
                          "<memballoon model='none'/>%s</devices></domain>",
                          name, iso, more);
}

/* A machine that boots the screen guest; @more goes among its devices. */
char *
make_machine_xml (const char *name,
                  const char *more)
{
  return make_xml (name, g_getenv ("XENO_TEST_SCREEN_ISO"), more);
}

/* Borrowed: it lives in the list. */
XenoMachine *
add_machine_of_xml (XenoConnection *connection,
                    const char     *xml)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XenoSpec) spec = xeno_spec_new_from_xml (xml, &error);
  XenoMachine *machine;

  g_assert_no_error (error);
  xeno_connection_define_async (connection, spec, NULL, xeno_test_result_cb, &pending);
  result = xeno_test_await (&pending);
  machine = xeno_connection_define_finish (connection, result, &error);
  g_assert_no_error (error);
  g_object_unref (machine);
  return machine;
}

XenoMachine *
add_machine_with (XenoConnection *connection,
                  const char     *name,
                  const char     *iso,
                  const char     *more)
{
  g_autofree char *xml = make_xml (name, iso, more);

  return add_machine_of_xml (connection, xml);
}

XenoMachine *
add_machine (XenoConnection *connection,
             const char     *name,
             const char     *more)
{
  return add_machine_with (connection, name, g_getenv ("XENO_TEST_SCREEN_ISO"), more);
}

/* By a connection of its own: what is under test may be in any state. */
void
remove_machines (XenoConnection *connection)
{
  virConnectPtr handle = virConnectOpen (SESSION_URI);
  virDomainPtr *domains = NULL;
  int n_domains = virConnectListAllDomains (handle, &domains, 0);

  for (int i = 0; i < n_domains; i++)
    {
      if (virDomainIsActive (domains[i]) > 0)
        virDomainDestroy (domains[i]);
      virDomainUndefineFlags (domains[i], VIR_DOMAIN_UNDEFINE_MANAGED_SAVE);
      virDomainFree (domains[i]);
    }
  free (domains);
  virConnectClose (handle);
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

void
do_verb (XenoMachine *machine,
         const char  *id)
{
  g_autoptr (GError) error = NULL;

  g_test_message ("%s %s", id, xeno_machine_get_name (machine));
  run_verb (machine, id, &error);
  g_assert_no_error (error);
}

static GPid
read_pid (const char *path)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  return (GPid) g_ascii_strtoll (text, NULL, 10);
}

GPid
find_daemon (void)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "libvirt", "libvirtd.pid", NULL);
  GPid pid = read_pid (path);

  g_assert_cmpint (pid, >, 1);
  return pid;
}

GPid
find_qemu (XenoMachine *machine)
{
  g_autofree char *file = g_strconcat (xeno_machine_get_name (machine), ".pid", NULL);
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "libvirt", "qemu", "run", file, NULL);
  GPid pid = read_pid (path);

  g_assert_cmpint (pid, >, 1);
  return pid;
}
