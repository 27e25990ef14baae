#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Xenolith among the things around it: no display, no libvirt, other languages, damaged settings,
too few descriptors, a second start, a flood of calls, the end of the session. Writes TAP."""

import json
import os
import pathlib
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time

import gi
gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

APP = os.environ['XENO_TEST_APP']
XENO = os.environ['XENO_TEST_XENO']
DISC = os.environ['XENO_TEST_SCREEN_ISO']
APP_ID = 'org.unaos.Xenolith'
APP_PATH = '/org/unaos/Xenolith'
PATIENCE = 30
LOOK_EVERY = 0.05
RTL_LOCALE = 'he_IL.UTF-8'


def wait_for(look, what):
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = look()
        if found:
            return found
        select.select([], [], [], LOOK_EVERY)
    raise AssertionError(f'not in {PATIENCE} s: {what}')


def windows(pid):
    done = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(pid)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.split()


class App:
    """The program, started in some circumstances; ended when the block is left."""

    def __init__(self, *words, limit=None, **environment):
        self.log = tempfile.TemporaryFile('w+')
        self.process = subprocess.Popen(
            [APP, *words], env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))) if limit else None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def wait_for_window(self, count=1):
        def look():
            assert self.process.poll() is None, f'it ended with {self.process.returncode}: {self.said()}'
            return len(windows(self.process.pid)) >= count
        wait_for(look, f'{count} windows; it said: {self.said()}')

    def is_well(self):
        """It answers a call on the bus: its main loop turns."""
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        bus.call_sync(APP_ID, APP_PATH, 'org.gtk.Actions', 'List', None, None,
                      Gio.DBusCallFlags.NONE, PATIENCE * 1000, None)
        return self.process.poll() is None


def run(*words, **environment):
    return subprocess.run(words, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=PATIENCE)


def one_line(text):
    lines = text.strip().splitlines()
    return len(lines) == 1 and lines[0]


def without_a_display_it_says_so_in_one_line():
    done = run(APP, DISPLAY='', WAYLAND_DISPLAY='')
    assert done.returncode not in (0, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGTRAP), done
    assert one_line(done.stderr), done.stderr


def the_version_needs_no_display():
    done = run(APP, '--version', DISPLAY='', WAYLAND_DISPLAY='')
    assert done.returncode == 0 and one_line(done.stdout), done


def the_command_needs_no_bus_and_no_display():
    done = run(XENO, '--connect', 'test:///default', 'list', '--names', DISPLAY='', DBUS_SESSION_BUS_ADDRESS='')
    assert done.returncode == 0 and done.stdout.split() == ['test'], done


def without_libvirt_the_command_says_so_in_one_line():
    done = run(XENO, '--connect', 'qemu:///session', 'list', LIBVIRTD_PATH='/nonexistent/libvirtd', XDG_RUNTIME_DIR=os.environ['TMPDIR'])
    assert done.returncode == 3, done
    assert one_line(done.stderr), done.stderr


def without_libvirt_the_window_stays():
    with App(LIBVIRTD_PATH='/nonexistent/libvirtd', XDG_RUNTIME_DIR=os.environ['TMPDIR']) as app:
        app.wait_for_window()
        assert app.is_well()


def a_second_start_is_taken_over_by_the_first():
    with App() as first:
        first.wait_for_window()
        with App(DISC) as second:
            assert second.process.wait(PATIENCE) == 0, second.said()
        first.wait_for_window(2)
        assert first.is_well()


def machine_readable_output_is_the_same_in_every_language():
    plain = run(XENO, '--connect', 'test:///default', 'list', '--json', LC_ALL='C.UTF-8')
    assert plain.returncode == 0 and json.loads(plain.stdout), plain
    for language in ('de_DE.UTF-8', 'tr_TR.UTF-8', RTL_LOCALE):
        other = run(XENO, '--connect', 'test:///default', 'list', '--json', LC_ALL=language)
        assert other.stdout == plain.stdout, (language, other)


def it_starts_in_every_language():
    for language in ('de_DE.UTF-8', 'tr_TR.UTF-8', RTL_LOCALE):
        with App(LC_ALL=language) as app:
            app.wait_for_window()
            assert app.is_well()


def damaged_settings_are_survived():
    folder = pathlib.Path(os.environ['HOME'], '.config/glib-2.0/settings')
    folder.mkdir(parents=True)
    for content in (b'', b'\x00\xff garbage [[[', b'[org/unaos/Xenolith]\nwindow-width=not a number\nconnections=7\n',
                    b'[org/unaos/Xenolith]\nwindow-width=-2147483648\nwindow-height=2147483647\n'):
        (folder / 'keyfile').write_bytes(content)
        with App(GSETTINGS_BACKEND='keyfile') as app:
            app.wait_for_window()
            assert app.is_well(), content


def a_damaged_journal_is_survived():
    for name in ('.local/share/xenolith', '.local/state/xenolith', '.local/share/xenolith/journal', '.local/state/xenolith/journal'):
        folder = pathlib.Path(os.environ['HOME'], name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'garbage.json').write_bytes(b'\x00{"version": 999999999999999999999, [')
    with App() as app:
        app.wait_for_window()
        assert app.is_well()


def few_descriptors_do_not_end_it_in_a_crash():
    with App(limit=64) as app:
        ended = wait_for(lambda: app.process.poll() is not None or windows(app.process.pid), 'a window or an end')
        assert ended
        status = app.process.poll()
        assert status is None or status > 0, f'{status}: {app.said()}'


def the_end_of_the_session_ends_it_in_order():
    with App() as app:
        app.wait_for_window()
        app.process.terminate()
        status = app.process.wait(PATIENCE)
        assert status in (0, -signal.SIGTERM, 128 + signal.SIGTERM), status


def calls_of_every_kind_do_not_hurt():
    with App() as app:
        app.wait_for_window()
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        wrong = [('Activate', GLib.Variant('(sava{sv})', ('no-such-action', [], {}))),
                 ('Activate', GLib.Variant('(sava{sv})', ('quit-not', [GLib.Variant('s', 'x' * 1_000_000)], {}))),
                 ('Describe', GLib.Variant('(s)', ('',))),
                 ('NoSuchMethod', None)]
        for number in range(2000):
            method, arguments = wrong[number % len(wrong)] if number % 100 == 0 else wrong[2]
            bus.call(APP_ID, APP_PATH, 'org.gtk.Actions', method, arguments, None,
                     Gio.DBusCallFlags.NONE, PATIENCE * 1000, None, None)
        assert app.is_well()


def nothing_of_it_listens_on_the_network():
    """Whatever it starts, QEMU and decoder too, has no TCP socket waiting."""
    with App() as app:
        app.wait_for_window()
        made = run(XENO, 'create', '--iso', DISC, '--name', 'listener', '--memory', '128M', '--disk-size', '1G')
        assert made.returncode == 0, made
        listening = set()
        for table in ('/proc/net/tcp', '/proc/net/tcp6'):
            for line in pathlib.Path(table).read_text(encoding='utf-8').splitlines()[1:]:
                fields = line.split()
                if fields[3] == '0A' and int(fields[7]) == os.getuid():
                    listening.add(fields[9])
        ours = set()
        for descriptor in pathlib.Path('/proc').glob('[0-9]*/fd/*'):
            try:
                ours.add(os.readlink(descriptor))
            except OSError:
                continue
        found = [inode for inode in listening if f'socket:[{inode}]' in ours and belongs_here(inode)]
        run(XENO, 'stop', '--force', 'listener')
        run(XENO, 'delete', '--yes', '--delete-disks', 'listener')
        assert not found, found


def belongs_here(inode):
    """The socket is held by a process of this world, which its environment names."""
    world = os.environ['XENO_TEST_WORLD'].encode()
    for folder in pathlib.Path('/proc').glob('[0-9]*'):
        try:
            if world in (folder / 'environ').read_bytes() and \
                    any(os.readlink(link) == f'socket:[{inode}]' for link in (folder / 'fd').iterdir()):
                return True
        except OSError:
            continue
    return False


CASES = [without_a_display_it_says_so_in_one_line, the_version_needs_no_display,
         the_command_needs_no_bus_and_no_display, without_libvirt_the_command_says_so_in_one_line,
         without_libvirt_the_window_stays, a_second_start_is_taken_over_by_the_first,
         machine_readable_output_is_the_same_in_every_language, it_starts_in_every_language,
         damaged_settings_are_survived, a_damaged_journal_is_survived,
         few_descriptors_do_not_end_it_in_a_crash, the_end_of_the_session_ends_it_in_order,
         calls_of_every_kind_do_not_hurt, nothing_of_it_listens_on_the_network]


def main():
    print(f'1..{len(CASES)}')
    failed = 0
    for number, function in enumerate(CASES, 1):
        name = '/xeno/platform/' + function.__name__.replace('_', '-')
        try:
            function()
            print(f'ok {number} {name}', flush=True)
        except (AssertionError, OSError, ValueError, subprocess.SubprocessError, GLib.Error) as fault:
            failed += 1
            print(f'not ok {number} {name}', flush=True)
            for line in repr(fault).splitlines():
                print(f'# {line}', flush=True)
    sys.exit(failed != 0)


if __name__ == '__main__':
    main()
