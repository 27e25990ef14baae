/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives up what a decoder does not need, before it reads what a stranger sends. */
#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "display/xeno-sandbox.h"

/* Two frames of the largest size anybody has on a desk, and what the libraries keep beside them. */
#define MAX_MEMORY ((rlim_t) 1536 << 20)

#if defined (__SANITIZE_ADDRESS__)
# define IS_SANITIZED TRUE
#else
# define IS_SANITIZED FALSE
#endif

#if defined (__x86_64__)
# define OWN_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined (__aarch64__)
# define OWN_AUDIT_ARCH AUDIT_ARCH_AARCH64
#elif defined (__riscv) && __riscv_xlen == 64
# define OWN_AUDIT_ARCH AUDIT_ARCH_RISCV64
#endif

#ifdef OWN_AUDIT_ARCH

/* Sockets of its own, files, programs, other processes: a decoder lives on the descriptors it was
 * given. What is refused fails as if there were no permission. */
static const int refused[] = {
  SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
  SYS_openat, SYS_openat2, SYS_open_by_handle_at, SYS_name_to_handle_at,
  SYS_unlinkat, SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_mkdirat, SYS_mknodat, SYS_fchmodat,
  SYS_fchownat, SYS_truncate,
  SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
  SYS_kill, SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal,
  SYS_mount, SYS_umount2, SYS_unshare, SYS_setns, SYS_chroot, SYS_keyctl, SYS_add_key, SYS_bpf,
  SYS_userfaultfd, SYS_perf_event_open, SYS_io_uring_setup,
#ifdef SYS_open
  SYS_open, SYS_creat, SYS_unlink, SYS_rename, SYS_renameat, SYS_link, SYS_symlink, SYS_mkdir,
  SYS_rmdir, SYS_mknod, SYS_chmod, SYS_chown, SYS_lchown, SYS_fork, SYS_vfork,
#endif
};

/* Which calls there are differs by architecture, so the program is written at run time: load the
 * number, compare it with each, refuse or allow. */
static void
filter_calls (void)
{
  const guint n = G_N_ELEMENTS (refused);
  struct sock_filter program[G_N_ELEMENTS (refused) + 6];
  struct sock_fprog prog = { .len = G_N_ELEMENTS (program), .filter = program };
  guint i = 0;

  program[i++] = (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch));
  program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OWN_AUDIT_ARCH, 1, 0);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr));
  for (guint k = 0; k < n; k++)
    program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, refused[k], n - k, 0);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);

  if (syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &prog) != 0)
    g_info ("No filter for system calls: %s", g_strerror (errno));
}

#else

static void
filter_calls (void)
{
  g_info ("No filter for system calls on this architecture");
}

#endif

/**
 * xeno_sandbox_limit:
 *
 * To be called first of all: no new privileges, no tracing, no core, bounded memory, and an end with
 * the app's.
 */
void
xeno_sandbox_limit (void)
{
  const struct rlimit memory = { MAX_MEMORY, MAX_MEMORY };
  const struct rlimit core = { 0, 0 };

  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  setrlimit (RLIMIT_CORE, &core);

  /* One arena: each further thread's would be address space set aside for nothing. */
  mallopt (M_ARENA_MAX, 1);

  /* A sanitizer maps terabytes, and traces its own process for leaks. */
  if (IS_SANITIZED)
    return;

  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  setrlimit (RLIMIT_AS, &memory);
}

/**
 * xeno_sandbox_seal:
 *
 * To be called when all is set up and nothing has been read from the server: from here on there are
 * no new files, sockets or programs.
 */
void
xeno_sandbox_seal (void)
{
  if (!IS_SANITIZED)
    filter_calls ();
}
