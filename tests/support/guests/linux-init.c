/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All of a guest's userland: tells what the kernel was told. Told "die" it ends, which no kernel survives. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

int
main (void)
{
  char words[4096] = "";
  int fd;

  mkdir ("/proc", 0755);
  mount ("proc", "/proc", "proc", 0, NULL);
  fd = open ("/proc/cmdline", O_RDONLY);
  if (fd < 0 || read (fd, words, sizeof words - 1) < 0)
    return 1;

  dprintf (STDOUT_FILENO, "userland: %s", words);
  while (strstr (words, " die") == NULL)
    pause ();
  return 0;
}
