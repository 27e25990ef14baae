/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives up what a helper process does not need, before it reads what a stranger sends. */
#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/xeno-sandbox.h"

/* Younger than the headers of the oldest system this is built on. */
#define ACCESS_TRUNCATE (1ULL << 14)

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
                      LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | \
                      LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | ACCESS_TRUNCATE)

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

/* Sockets of its own, programs, other processes, and files by their paths alone: a helper lives on the
 * descriptors it was given. What is refused fails as if there were no permission. */
static const int refused[] = {
  SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
  SYS_openat, SYS_open_by_handle_at, SYS_name_to_handle_at,
  SYS_linkat, SYS_symlinkat, SYS_mknodat, SYS_fchmodat, SYS_fchownat, SYS_truncate,
  SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
  SYS_kill, SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal,
  SYS_mount, SYS_umount2, SYS_unshare, SYS_setns, SYS_chroot, SYS_keyctl, SYS_add_key, SYS_bpf,
  SYS_userfaultfd, SYS_perf_event_open, SYS_io_uring_setup,
  /* What Landlock lets through: a file's mode, dates and attributes, by any path or descriptor. */
  SYS_fchmod, SYS_fchown, SYS_utimensat,
  SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
  SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_inotify_add_watch,
  /* Other processes of this person, and what they share by number or name. */
  SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_shmget, SYS_shmat, SYS_msgget, SYS_semget,
  SYS_mq_open, SYS_kcmp, SYS_process_madvise, SYS_ioprio_set, SYS_setpriority,
  SYS_fsopen, SYS_fsmount, SYS_move_mount, SYS_open_tree, SYS_pivot_root,
#ifdef SYS_open
  SYS_open, SYS_creat, SYS_unlink, SYS_rename, SYS_renameat, SYS_link, SYS_symlink, SYS_mkdir,
  SYS_rmdir, SYS_mknod, SYS_utime, SYS_utimes, SYS_futimesat, SYS_chmod, SYS_chown, SYS_lchown,
  SYS_fork, SYS_vfork,
#endif
};

/* Who opens beneath a folder needs the one call that can be held to it, and who changes it these. */
static const int refused_without_folder[] = { SYS_openat2 };
static const int refused_without_changes[] = { SYS_unlinkat, SYS_renameat2, SYS_mkdirat };

/* The first call that is younger than this list; those of the x32 ABI come after it too. */
#define FIRST_UNKNOWN 452

/* What the program does beside comparing a call's number with those that are refused. */
#define N_CHECKS 25

#define MAX_REFUSED (G_N_ELEMENTS (refused) + G_N_ELEMENTS (refused_without_folder) + \
                     G_N_ELEMENTS (refused_without_changes))

/* A jump spans no more. */
G_STATIC_ASSERT (MAX_REFUSED < G_MAXUINT8);

static guint
append_calls (int       *calls,
              guint      n_calls,
              const int *more,
              guint      n_more)
{
  memcpy (calls + n_calls, more, n_more * sizeof *more);
  return n_calls + n_more;
}

/* A call that is allowed where its first argument, which the kernel takes as 32 bits, is as it should be. */
static guint
append_argument_check (struct sock_filter *program,
                       guint               i,
                       int                 call,
                       guint16             test,
                       guint32             value)
{
  program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[0]));
  program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | test | BPF_K, value, 0, 1);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);
  return i;
}

/* Which calls there are differs by architecture, so the program is written at run time: load the
 * number, compare it with each, refuse or allow. */
static gboolean
filter_calls (XenoSandboxFiles files)
{
  int calls[MAX_REFUSED];
  struct sock_filter program[MAX_REFUSED + N_CHECKS];
  struct sock_fprog prog = { .filter = program };
  guint n = append_calls (calls, 0, refused, G_N_ELEMENTS (refused));
  guint i = 0;

  if (files == XENO_SANDBOX_NO_FILES)
    n = append_calls (calls, n, refused_without_folder, G_N_ELEMENTS (refused_without_folder));
  if (files != XENO_SANDBOX_CHANGES_FOLDER)
    n = append_calls (calls, n, refused_without_changes, G_N_ELEMENTS (refused_without_changes));

  program[i++] = (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch));
  program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OWN_AUDIT_ARCH, 1, 0);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr));
  program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, FIRST_UNKNOWN, 0, 1);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);

  /* Threads, but no process that would outlive this one. Only the older call can be looked into, and the C
   * library takes it where the other is not there. */
  program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
  i = append_argument_check (program, i, SYS_clone, BPF_JSET, CLONE_THREAD);
  i = append_argument_check (program, i, SYS_tgkill, BPF_JEQ, getpid ());
  i = append_argument_check (program, i, SYS_prlimit64, BPF_JEQ, 0);
  for (guint k = 0; k < n; k++)
    program[i++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, calls[k], n - k, 0);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program[i++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);
  prog.len = i;

  return syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &prog) == 0;
}

#else

static gboolean
filter_calls (XenoSandboxFiles files)
{
  return FALSE;
}

#endif

/**
 * xeno_sandbox_limit:
 * @max_memory_bytes: what it may address
 *
 * To be called first of all: no new privileges, no tracing, no core, bounded memory, and an end with
 * the app's.
 */
void
xeno_sandbox_limit (guint64 max_memory_bytes)
{
  const struct rlimit memory = { max_memory_bytes, max_memory_bytes };
  const struct rlimit core = { 0, 0 };

  /* The terminal the app may have been started from is not its own: it cannot type into it. */
  setsid ();

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

/* What the kernel of @abi can hold back. */
static guint64
get_handled_access (int abi)
{
  guint64 access = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

  if (abi >= 2)
    access |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3)
    access |= ACCESS_TRUNCATE;
  return access;
}

/**
 * xeno_sandbox_keep_beneath:
 * @folder: a directory
 * @files: what may be done beneath it
 *
 * No file is opened or changed any more but beneath @folder, whatever path is asked for. To be called after
 * xeno_sandbox_limit().
 *
 * Returns: whether the kernel holds the process to it
 */
gboolean
xeno_sandbox_keep_beneath (int              folder,
                           XenoSandboxFiles files)
{
  int abi = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  const guint64 handled = get_handled_access (abi);
  const guint64 wanted = ACCESS_READ | (files == XENO_SANDBOX_CHANGES_FOLDER ? ACCESS_WRITE : 0);
  const struct landlock_ruleset_attr attributes = { .handled_access_fs = handled };
  const struct landlock_path_beneath_attr beneath = { .allowed_access = wanted & handled, .parent_fd = folder };
  gboolean is_held;
  int rules;

  if (abi < 1)
    return FALSE;

  /* A sanitizer reads of its own process when it looks for leaks. */
  rules = syscall (SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  is_held = rules >= 0 && syscall (SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0 &&
            (IS_SANITIZED || syscall (SYS_landlock_restrict_self, rules, 0) == 0);
  if (rules >= 0)
    close (rules);
  return is_held;
}

/**
 * xeno_sandbox_seal:
 * @files: what the process still does with files
 *
 * To be called when all is set up and nothing has been read from a stranger: from here on there are no new
 * sockets, processes or programs, and no new files but what @files says.
 *
 * Returns: whether the kernel sees to it
 */
gboolean
xeno_sandbox_seal (XenoSandboxFiles files)
{
  return IS_SANITIZED || filter_calls (files);
}
