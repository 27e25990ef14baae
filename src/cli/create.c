/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xeno-create: the commands of xeno that make machines, and what is made for machines. */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cli/xeno-cli-command.h"
#include "cli/xeno-create-commands.h"

/* Each has a row in the table of xeno, too, which runs this program. */
static const XenoCliCommand commands[] = {
  { "create", "", N_("Make a machine from a disc, a disk, a kernel or nothing, and start it."),
    N_("What is not given is chosen as the operating system recommends, within what the host\n"
       "has. Sizes are written as 2G or 512M. Ctrl+C stops, and nothing half-made stays.\n"
       "The name libvirt knows the machine by is printed at the end."),
    NULL, xeno_create_run_machine },
  { "export", N_("NAME FILE"), N_("Write a machine to one file that can be imported."),
    N_("The machine must be switched off. An OVA is for other programs: its snapshots do not go along.\n"
       "What ends in .xeno has all that the machine has. Ctrl+C stops, and nothing half-made stays."),
    NULL, xeno_create_run_export },
  { "import", N_("FILE"), N_("Make a machine from a disk or an appliance, or bring one back, and start it."),
    N_("A disk is copied, whatever its format is (qcow2, VMDK, VDI, VHD, VHDX, raw, or one of them\n"
       "packed with gzip or xz), and so are those of an appliance (OVA, or OVF with its disks beside\n"
       "it). What xeno exported as .xeno comes back as it was, but for what a file may not decide on.\n"
       "The file stays as it is. Ctrl+C stops, and nothing half-made stays.\n"
       "The name libvirt knows the machine by is printed at the end."),
    NULL, xeno_create_run_import },
  { "cloud-seed", "", N_("Write the disc that tells a cloud image who may log in."),
    N_("The disc, “seed.iso”, is what cloud-init calls NoCloud; attach it to the image’s machine\n"
       "before its first start. You alone may read it. The password is on it as a hash."),
    NULL, xeno_create_run_cloud_seed },
  { "download", N_("SYSTEM… | URL"), N_("Download a disc or disk image of an operating system."),
    N_("SYSTEM is one or more words: “fedora42 workstation x86_64”. What is downloaded goes on where\n"
       "it broke off, and is checked where its vendor publishes checksums. Where it is is printed at\n"
       "the end."),
    NULL, xeno_create_run_download },
  { "media", N_("[delete FILE]"), N_("List the discs and images there are, and who uses them."),
    N_("They are in the folder for downloads of xeno, and in your own. What is deleted goes to the\n"
       "trash; what a machine uses stays."),
    NULL, xeno_create_run_media },
  { "clone", N_("NAME"), N_("Make a copy of a machine that is off."),
    N_("A full copy has disks of its own. A linked one only holds its changes: it is made at once, and\n"
       "the machine it comes from does not start any more while it is there. The copy has a UUID and MAC\n"
       "addresses of its own; what the guest knows of itself, as its host name, is the same, unless it\n"
       "was made from a cloud image, and is told that it is another."),
    NULL, xeno_create_run_clone },
  { "ready", N_("NAME"), N_("Keep a copy of a machine ready, so that throw-away copies do not have to start."),
    N_("A throw-away copy of the machine is started; when its agent answers, it is saved with its memory.\n"
       "“xeno run” and “xeno try” go on from there, as long as neither the machine nor the computer changes.\n"
       "With --off the copy is removed. Its files are as secret as the guest’s memory: you alone may read\n"
       "them."),
    NULL, xeno_create_run_ready },
  { "run", N_("BASE"), N_("Run a throw-away copy of a machine, or of an image."),
    N_("BASE is the name of a machine that is off, or a file. Nothing is written to it, and when the\n"
       "throw-away machine stops, it is gone with all that was written to it. The command waits for that;\n"
       "Ctrl+C ends the machine. With --untrusted it has no network, no devices, no shared folders and no\n"
       "clipboard."),
    NULL, xeno_create_run_run },
  { "try", N_("-- SCRIPT [ARGUMENT…]"), N_("Run a script in a throw-away machine, and end with its exit code."),
    N_("The script and the files named with --file go in through the guest’s agent; what the script\n"
       "writes comes out as it comes. The exit code is the script’s; 124 if the time was up, 125 if\n"
       "xeno could not run it. The machine is gone afterwards."),
    NULL, xeno_create_run_try },
};

static XenoCliStatus
run (XenoCli  *cli,
     char   ***args)
{
  for (gsize i = 0; (*args)[0] != NULL && i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, (*args)[0]) == 0)
      {
        cli->command = &commands[i];
        return commands[i].run (cli, args);
      }
  return xeno_cli_misuse (cli, _("A command is missing."));
}

int
main (int    argc,
      char **argv)
{
  g_auto (GStrv) args = NULL;
  XenoCliStatus status;
  XenoCli cli;

  signal (SIGPIPE, SIG_IGN);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, XENO_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  args = g_strdupv (argv + 1); /* the command stands where a program's name does */
  xeno_cli_init (&cli);
  cli.uri = g_strdup (xeno_connection_get_default_uri ());
  status = run (&cli, &args);
  xeno_cli_clear (&cli);
  return status;
}
