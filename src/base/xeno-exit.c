/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a process some of whose threads may still be at work. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "base/xeno-exit.h"

/**
 * xeno_exit:
 * @status: what the process ends with
 *
 * Ends the process once what was written has gone out, and without what libraries do at exit():
 * libcrypto, which libvirt brings along, frees there what a thread that ends at that moment frees
 * as well.
 */
void
xeno_exit (int status)
{
  fflush (NULL);
#ifdef __SANITIZE_ADDRESS__
  __lsan_do_leak_check ();
#endif
  _exit (status);
}
