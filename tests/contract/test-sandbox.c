/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a helper process cannot do any more: asked of the kernel, in a process that gave it up. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xeno-sandbox.h"

#define MAX_MEMORY (G_GUINT64_CONSTANT (512) << 20)

/* The same call by the number that 32 bits in 64 have for it. */
#define X32_BIT 0x40000000

/* The first call that came after all that were known. */
#define SYS_FCHMODAT2 452

/* Runs @test in a process that is sealed. */
static void
in_sandbox (XenoSandboxFiles files,
            void           (*test) (void))
{
  int status;
  pid_t pid;

#if defined (__SANITIZE_ADDRESS__)
  g_test_skip ("a sanitizer needs what is given up");
  return;
#endif

  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      xeno_sandbox_limit (MAX_MEMORY);
      g_assert_true (xeno_sandbox_seal (files));
      test ();
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

static void
assert_refused (long number,
                long argument)
{
  errno = 0;
  g_assert_cmpint (syscall (number, argument, 0, 0, 0, 0, 0), ==, -1);
  if (errno != EACCES && errno != ENOSYS)
    g_error ("call %ld: %s", number, g_strerror (errno));
}

static void
try_calls (void)
{
  static const int calls[] = {
    SYS_socket, SYS_openat, SYS_openat | X32_BIT, SYS_openat2, SYS_execve, SYS_ptrace, SYS_kill, SYS_unshare,
    SYS_fchmod, SYS_fchmodat, SYS_FCHMODAT2, SYS_utimensat, SYS_setxattr, SYS_fsetxattr, SYS_removexattr,
    SYS_tkill, SYS_rt_sigqueueinfo, SYS_shmget, SYS_msgget, SYS_mq_open, SYS_fsopen, SYS_clone3,
    SYS_unlinkat, SYS_renameat2, SYS_mkdirat,
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    assert_refused (calls[i], 0);
}

static void
test_what_a_helper_does_not_need_is_refused (void)
{
  in_sandbox (XENO_SANDBOX_NO_FILES, try_calls);
}

static void
try_processes (void)
{
  const pid_t parent = getppid ();

  g_assert_cmpint (getsid (0), ==, getpid ());
  assert_refused (SYS_clone, SIGCHLD);
  assert_refused (SYS_clone, CLONE_NEWUSER | SIGCHLD);
  assert_refused (SYS_prlimit64, parent);
  g_assert_cmpint (syscall (SYS_tgkill, parent, parent, 0), ==, -1);
  g_assert_cmpint (errno, ==, EACCES);
}

static void
test_other_processes_are_out_of_reach (void)
{
  in_sandbox (XENO_SANDBOX_CHANGES_FOLDER, try_processes);
}

static gpointer
answer_cb (gpointer data)
{
  return data;
}

static void
try_own_threads (void)
{
  struct rlimit limit;
  GThread *thread = g_thread_new ("own", answer_cb, &limit);

  g_assert_true (g_thread_join (thread) == &limit);
  g_assert_cmpint (syscall (SYS_tgkill, getpid (), getpid (), 0), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, ==, MAX_MEMORY);
}

static void
test_threads_of_its_own_go_on (void)
{
  in_sandbox (XENO_SANDBOX_NO_FILES, try_own_threads);
}

static long
open_by_path (const char *path)
{
  const struct open_how how = { .flags = O_RDONLY | O_CLOEXEC };

  return syscall (SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

static void
try_elsewhere (void)
{
  g_assert_cmpint (open_by_path ("/"), ==, -1);
  g_assert_cmpint (errno, ==, EACCES);
  g_assert_cmpint (open_by_path ("/etc/passwd"), ==, -1);
  g_assert_cmpint (errno, ==, EACCES);
  g_assert_cmpint (open_by_path (g_get_tmp_dir ()), >=, 0);
}

static void
try_elsewhere_from_folder (void)
{
  int folder = open_by_path (g_get_tmp_dir ());

  if (xeno_sandbox_keep_beneath (folder, XENO_SANDBOX_READS_FOLDER))
    try_elsewhere ();
}

static void
test_a_process_is_held_to_its_folder (void)
{
  in_sandbox (XENO_SANDBOX_READS_FOLDER, try_elsewhere_from_folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/xeno/sandbox/what-a-helper-does-not-need-is-refused",
                   test_what_a_helper_does_not_need_is_refused);
  g_test_add_func ("/xeno/sandbox/other-processes-are-out-of-reach", test_other_processes_are_out_of_reach);
  g_test_add_func ("/xeno/sandbox/threads-of-its-own-go-on", test_threads_of_its_own_go_on);
  g_test_add_func ("/xeno/sandbox/a-process-is-held-to-its-folder", test_a_process_is_held_to_its_folder);

  return g_test_run ();
}
