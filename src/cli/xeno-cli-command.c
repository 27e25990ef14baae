/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of commands; help comes from it. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"

static const XenoCliCommand commands[] = {
  { "list", "", N_("List the machines."),
    N_("Titles cost a question each, so they are left out where there are more than 100\n"
       "machines; --long and --json have them always. --json prints one array of objects."),
    NULL, xeno_cli_run_list },
  { "info", N_("[NAME]"), N_("Show what is known of a machine, or of the host with --host."),
    NULL, NULL, xeno_cli_run_info },
  { "create", "", N_("Make a machine from a disc, a disk, a kernel or nothing, and start it."), NULL, NULL,
    xeno_cli_run_apart },
  { "export", N_("NAME FILE"), N_("Write a machine to one file that can be imported."), NULL, NULL,
    xeno_cli_run_apart },
  { "import", N_("FILE"), N_("Make a machine from a disk or an appliance, or bring one back, and start it."), NULL, NULL,
    xeno_cli_run_apart },
  { "cloud-seed", "", N_("Write the disc that tells a cloud image who may log in."), NULL, NULL,
    xeno_cli_run_apart },
  { "download", N_("SYSTEM… | URL"), N_("Download a disc or disk image of an operating system."), NULL, NULL,
    xeno_cli_run_apart },
  { "media", N_("[delete FILE]"), N_("List the discs and images there are, and who uses them."), NULL, NULL,
    xeno_cli_run_apart },
  { "clone", N_("NAME"), N_("Make a copy of a machine that is off."), NULL, NULL, xeno_cli_run_apart },
  { "template", N_("NAME"), N_("Make a machine a template, which never starts and is only copied."),
    N_("“xeno clone --linked NAME” makes machines from it. With --off it is a machine as others again."),
    NULL, xeno_cli_run_template },
  { "ready", N_("NAME"), N_("Keep a copy of a machine ready, so that throw-away copies do not have to start."),
    NULL, NULL, xeno_cli_run_apart },
  { "run", N_("BASE"), N_("Run a throw-away copy of a machine, or of an image."), NULL, NULL,
    xeno_cli_run_apart },
  { "try", N_("-- SCRIPT [ARGUMENT…]"), N_("Run a script in a throw-away machine, and end with its exit code."),
    NULL, NULL, xeno_cli_run_apart },
  { "start", N_("NAME…"), NULL,
    N_("What is saved goes on where it was; discard-saved-state comes before a new start."),
    "start", xeno_cli_run_verb },
  { "stop", N_("NAME…"), N_("Ask the guest to shut down; with --force, pull the plug."),
    N_("The guest may take its time, or refuse: --wait waits for it."), "shut-down",
    xeno_cli_run_verb },
  { "pause", N_("NAME…"), NULL, NULL, "pause", xeno_cli_run_verb },
  { "resume", N_("NAME…"), NULL, NULL, "resume", xeno_cli_run_verb },
  { "reboot", N_("NAME…"), NULL, NULL, "reboot", xeno_cli_run_verb },
  { "reset", N_("NAME…"), NULL, NULL, "reset", xeno_cli_run_verb },
  { "save", N_("NAME…"), NULL, NULL, "save", xeno_cli_run_verb },
  { "restore", N_("NAME…"), NULL, NULL, "restore", xeno_cli_run_verb },
  { "run-again", N_("NAME…"), NULL, NULL, "run-again", xeno_cli_run_verb },
  { "discard-saved-state", N_("NAME…"), NULL, NULL, "discard-saved-state", xeno_cli_run_verb },
  { "rename", N_("OLD NEW"), N_("Give a machine another name, in any script."), NULL, NULL,
    xeno_cli_run_rename },
  { "delete", N_("NAME"), N_("Delete a machine; its disks stay unless --delete-disks is given."),
    N_("Disks go to the trash beside them for seven days. What other machines use, and what\n"
       "was not made for the machine, stays in any case."), NULL, xeno_cli_run_delete },
  { "autostart", N_("NAME [on|off]"), N_("Show or set whether it starts with the host."), NULL, NULL,
    xeno_cli_run_autostart },
  { "set", N_("NAME [PART.FIELD=VALUE…]"), N_("Change what a machine has, now or at its next start."),
    N_("PART is machine, processors, ram, firmware, features, clock, events or security; “xeno device list\n"
       "--parts NAME” shows their fields. “FIELD=” takes a value away. What cannot be changed while the\n"
       "machine runs is said, and holds after the next shutdown."), NULL, xeno_cli_run_set },
  { "device", N_("list|add|remove|set NAME [DEVICE] [FIELD=VALUE…]"),
    N_("List, add, remove or change the devices of a machine."),
    N_("DEVICE is what “list” shows: a disk’s target, a card’s MAC address, or the kind and a number:\n"
       "“xeno device set web vda driver-cache=writeback”, “xeno device add web disk device=disk type=file\n"
       "driver-type=qcow2 source-file=/srv/more.qcow2 target-dev=vdb bus=virtio”. “FIELD=” takes a value\n"
       "away."), NULL, xeno_cli_run_device },
  { "pending", N_("NAME"), N_("Say what of a running machine will be different after the next shutdown."), NULL,
    NULL, xeno_cli_run_pending },
  { "screenshot", N_("NAME FILE"), N_("Write a picture of its screen; “-” is standard output."),
    NULL, NULL, xeno_cli_run_screenshot },
  { "show", N_("NAME"), N_("Open its screen in a window of Xenolith."), NULL, NULL,
    xeno_cli_run_show },
  { "events", "", N_("Print what happens to the machines, one JSON object a line."),
    N_("It goes on until Ctrl+C, also while libvirt is away."), NULL, xeno_cli_run_events },
  { "help", N_("[COMMAND]"), N_("Show what a command does."), NULL, NULL, xeno_cli_run_help },
};

/* All rows, in the order of the help. */
const XenoCliCommand *
xeno_cli_command_list (gsize *n_commands)
{
  g_return_val_if_fail (n_commands != NULL, NULL);

  *n_commands = G_N_ELEMENTS (commands);
  return commands;
}

/* The row of a command, or NULL. */
const XenoCliCommand *
xeno_cli_command_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (commands[i].name, name) == 0)
        return &commands[i];
    }
  return NULL;
}
