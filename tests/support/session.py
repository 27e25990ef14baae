#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run a command in a private world: own home, own session libvirt, optionally own display and bus.

    session.py [--bus] [--display [WxH]] [--a11y] [--timeout S] [--keep] [--] COMMAND [ARG...]

The command sees a home directory of its own under /tmp, never the user's files or machines. Started
by root it runs as nobody, because libvirt gives root no session. Everything started in the world,
daemons included, is ended when the command is, even if this program is killed: the world is watched
over by a process that adopts every orphan and outlives the one that was asked.
"""

import argparse
import ctypes
import os
import pwd
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36
TIMED_OUT = 124

# What the caller may hand through; everything else in the world is made here.
PASSED = ('PATH', 'LANG', 'LANGUAGE', 'LOCPATH', 'TZ', 'TERM')
PASSED_PREFIXES = ('XENO_', 'XENOLITH_', 'G_TEST_', 'G_DEBUG', 'G_MESSAGES_', 'G_SLICE', 'MESON_', 'LC_', 'ASAN_',
                   'UBSAN_', 'LSAN_', 'MALLOC_', 'GSK_', 'GDK_', 'GTK_', 'GSETTINGS_', 'OSINFO_',
                   'LD_PRELOAD')


def data_dirs():
    own = [d for d in [os.environ.get('XENO_TEST_DATADIR')] if d]
    return ':'.join(own + ['/usr/local/share', '/usr/share'])


class World:
    """One private home and the processes living in it."""

    def __init__(self, options):
        self.options = options
        self.account = pwd.getpwnam('nobody') if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.root = tempfile.mkdtemp(prefix='xn-', dir='/tmp')
        self.environment = self.make_environment()
        os.chown(self.root, self.account.pw_uid, self.account.pw_gid)
        for name in ('HOME', 'XDG_RUNTIME_DIR', 'TMPDIR'):
            os.mkdir(self.environment[name], 0o700)
            os.chown(self.environment[name], self.account.pw_uid, self.account.pw_gid)

    def make_environment(self):
        env = {name: value for name, value in os.environ.items()
               if name in PASSED or name.startswith(PASSED_PREFIXES)}
        env.setdefault('PATH', '/usr/local/bin:/usr/bin:/bin')
        env['PATH'] += ':/usr/sbin:/sbin'
        env.setdefault('LANG', 'C.UTF-8')
        env.setdefault('XENO_VIRT_TYPE', 'qemu')
        env.setdefault('GSETTINGS_BACKEND', 'memory')
        env.setdefault('GSK_RENDERER', 'cairo')
        if not self.options.a11y:
            env.setdefault('GTK_A11Y', 'none')
        env.update({
            'HOME': f'{self.root}/h',
            'USER': self.account.pw_name,
            'LOGNAME': self.account.pw_name,
            'SHELL': '/bin/sh',
            'TMPDIR': f'{self.root}/t',
            'XDG_RUNTIME_DIR': f'{self.root}/r',
            'XDG_DATA_DIRS': data_dirs(),
            'XDG_CURRENT_DESKTOP': 'GNOME',
            'ADW_DISABLE_PORTAL': '1',
            'GIO_USE_VFS': 'local',
            'GIO_USE_VOLUME_MONITOR': 'unix',
            'DCONF_PROFILE': '/dev/null',
            'NO_AT_BRIDGE': '1',
            'XENO_TEST_WORLD': self.root,
        })
        return env

    def spawn(self, argv, **more):
        if os.geteuid() == 0:
            more.update(user=self.account.pw_uid, group=self.account.pw_gid, extra_groups=[])
        return subprocess.Popen(argv, env=self.environment, umask=0o022, **more)

    def spawn_telling(self, argv):
        """Start a daemon which writes one line to the descriptor named {fd} once it is ready."""
        reader, writer = os.pipe()
        self.spawn([word.format(fd=writer) for word in argv], pass_fds=[writer],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as told:
            line = told.readline().strip()
        if not line:
            raise SystemExit(f'session.py: {argv[0]} did not start')
        return line

    def start_services(self):
        if self.options.bus or self.options.display:
            self.environment['DBUS_SESSION_BUS_ADDRESS'] = self.spawn_telling(
                ['dbus-daemon', '--session', '--nofork', '--nopidfile', '--print-address={fd}',
                 f'--address=unix:path={self.environment["XDG_RUNTIME_DIR"]}/bus'])
        if self.options.display:
            number = self.spawn_telling(
                ['Xvfb', '-displayfd', '{fd}', '-screen', '0', f'{self.options.display}x24',
                 '-nolisten', 'tcp', '-noreset'])
            self.environment.update(DISPLAY=f':{number}', GDK_BACKEND='x11')

    def remove(self):
        if self.options.keep:
            print(f'session.py: kept {self.root}', file=sys.stderr)
        else:
            shutil.rmtree(self.root, ignore_errors=True)


def parent_of(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as stat:
            fields = stat.read().rpartition(')')[2].split()
    except OSError:
        return None
    return None if fields[0] == 'Z' else int(fields[1])


def descendants():
    parents = {int(name): parent_of(name) for name in os.listdir('/proc') if name.isdigit()}
    found, wanted = [], {os.getpid()}
    while wanted:
        wanted = {pid for pid, parent in parents.items() if parent in wanted}
        found += wanted
    return found


def reap():
    """Collect ended children; return the status of each."""
    ended = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


def end_everyone():
    """End what still lives in the world: politely, then by force."""
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
        limit = time.monotonic() + patience
        for pid in descendants():
            try:
                os.kill(pid, number)
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
        while descendants() and time.monotonic() < limit:
            reap()
            select.select([], [], [], 0.02)
        reap()
        if not descendants():
            return


def watch(child, lifeline, wakeup, limit):
    """Wait for the command, the end of who asked for it, or the time limit; return an exit status."""
    while True:
        ended = reap()
        if child.pid in ended:
            status = ended[child.pid]
            return status if status >= 0 else 128 - status
        left = None if limit is None else limit - time.monotonic()
        if left is not None and left <= 0:
            print('session.py: the time limit was reached', file=sys.stderr)
            return TIMED_OUT
        ready, _, _ = select.select([lifeline, wakeup], [], [], left)
        if lifeline in ready:
            return 128 + signal.SIGTERM
        if wakeup in ready:
            os.read(wakeup, 512)


def oversee(options, lifeline):
    """Make the world, run the command in it, and leave nothing behind."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # The soft limit alone: libvirt 11 gives its QEMUs the hard one, and starts none where it may not.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    wakeup, wakeup_in = os.pipe()
    os.set_blocking(wakeup_in, False)
    signal.set_wakeup_fd(wakeup_in, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(128 + signal.SIGTERM))

    world = World(options)
    status = 1
    try:
        world.start_services()
        limit = time.monotonic() + options.timeout if options.timeout else None
        status = watch(world.spawn(options.command), lifeline, wakeup, limit)
    except FileNotFoundError as missing:
        print(f'session.py: {missing.filename} is missing', file=sys.stderr)
        status = 127
    except PermissionError as refused:
        print(f'session.py: {refused.filename} cannot be used by {world.account.pw_name}; '
              './setup.sh test builds where it can', file=sys.stderr)
        status = 126
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end_everyone()
        world.remove()
    return status


def parse(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--bus', action='store_true', help='a session bus of its own')
    parser.add_argument('--display', nargs='?', const='1280x1024', metavar='WxH',
                        help='an X server and a session bus of its own')
    parser.add_argument('--a11y', action='store_true', help='offer the windows to accessibility tools')
    parser.add_argument('--timeout', type=float, metavar='SECONDS')
    parser.add_argument('--keep', action='store_true', help='leave the directory for reading')
    parser.add_argument('command', nargs=argparse.REMAINDER)
    options = parser.parse_args(words)
    if options.command[:1] == ['--']:
        options.command = options.command[1:]
    if not options.command:
        parser.error('no command was given')
    return options


def main():
    options = parse(sys.argv[1:])
    lifeline, held = os.pipe()
    overseer = os.fork()
    if overseer == 0:
        os.close(held)
        sys.exit(oversee(options, lifeline))
    os.close(lifeline)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.close(held))
    while True:
        try:
            _, status = os.waitpid(overseer, 0)
            sys.exit(os.waitstatus_to_exitcode(status) & 255)
        except OSError:  # a second signal while the world is being cleared away
            continue


if __name__ == '__main__':
    main()
