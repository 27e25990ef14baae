#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Xenolith among the things around it: no display, no libvirt, other languages, damaged settings,
too few descriptors, a second start, a flood of calls, the end of the session. Writes TAP."""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['XENO_TEST_SOURCE'] + '/tests/support')
from xeno_test import (APP_ID, APP_PATH, App, Gio, GLib, PATIENCE, call, has_crashed, is_one_line,  # noqa: E402
                       main, run, wait_for, windows)

APP = os.environ['XENO_TEST_APP']
XENO = os.environ['XENO_TEST_XENO']
DISC = os.environ['XENO_TEST_SCREEN_ISO']
LANGUAGES = ('C', 'de_DE.UTF-8', 'tr_TR.UTF-8', 'he_IL.UTF-8')
NOWHERE = os.environ['TMPDIR'] + '/nowhere'
MIB = 1 << 20
# The actions on the bus.
HARMLESS = {'about', 'clear-jobs', 'create', 'create-empty', 'create-kernel', 'create-network', 'download', 'media',
            'open-address', 'open-console', 'preferences', 'quit', 'review', 'show-hardware', 'show-host', 'show-machine',
            'shortcuts'}


def without_a_display_it_says_so_in_one_line():
    done = run(APP, DISPLAY='', WAYLAND_DISPLAY='')
    assert done.returncode == 1, done
    assert is_one_line(done.stderr) and '“xeno”' in done.stderr, done.stderr


def the_version_needs_no_display():
    done = run(APP, '--version', DISPLAY='', WAYLAND_DISPLAY='')
    assert done.returncode == 0 and is_one_line(done.stdout), done


def the_command_needs_no_bus_and_no_display():
    done = run(XENO, '--connect', 'test:///default', 'list', '--names', DISPLAY='', DBUS_SESSION_BUS_ADDRESS='')
    assert done.returncode == 0 and done.stdout.split() == ['test'], done


def without_libvirt_the_command_says_so_in_one_line():
    done = run(XENO, '--connect', 'qemu:///session', 'list', LIBVIRTD_PATH='/nonexistent/libvirtd', XDG_RUNTIME_DIR=os.environ['TMPDIR'])
    assert done.returncode == 3, done
    assert is_one_line(done.stderr), done.stderr


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
    for language in LANGUAGES:
        other = run(XENO, '--connect', 'test:///default', 'list', '--json', LC_ALL=language)
        assert other.stdout == plain.stdout, (language, other)


def it_starts_in_every_language():
    for language in LANGUAGES:
        with App(LC_ALL=language) as app:
            app.wait_for_window()
            assert app.is_well()


def settings_file():
    folder = pathlib.Path(os.environ['HOME'], '.config/glib-2.0/settings')
    folder.mkdir(parents=True, exist_ok=True)
    return folder / 'keyfile'


def starts_with_settings(what):
    with App(GSETTINGS_BACKEND='keyfile') as app:
        app.wait_for_window()
        assert app.is_well(), what


def damaged_settings_are_survived():
    for content in (b'', b'\x00\xff garbage [[[', b'[org/unaos/Xenolith]\nwindow-width=not a number\nconnections=7\n',
                    b'[org/unaos/Xenolith]\nwindow-width=-2147483648\nwindow-height=2147483647\n'):
        settings_file().write_bytes(content)
        starts_with_settings(content)


def settings_of_a_newer_version_are_survived_and_kept():
    newer = b'[org/unaos/Xenolith]\nversion=uint32 4294967295\nhologram={\'depth\': <3.0>}\n'
    settings_file().write_bytes(newer)
    starts_with_settings(newer)
    assert b'hologram' in settings_file().read_bytes()


def a_hundred_megabytes_of_settings_are_survived():
    settings_file().write_bytes(b'[org/unaos/Xenolith]\nwindow-width=' + b'1' * 100 * MIB)
    try:
        starts_with_settings('100 MB')
    finally:
        settings_file().unlink()


def settings_that_cannot_be_written_are_survived():
    file = settings_file()
    file.write_bytes(b'[org/unaos/Xenolith]\nwindow-width=1000\n')
    file.chmod(0o400)
    file.parent.chmod(0o500)
    try:
        starts_with_settings('not writable')
        assert file.read_bytes() == b'[org/unaos/Xenolith]\nwindow-width=1000\n'
    finally:
        file.parent.chmod(0o700)
        file.unlink()


def a_home_that_cannot_be_written_is_survived():
    home = pathlib.Path(os.environ['TMPDIR'], 'read-only')
    home.mkdir()
    home.chmod(0o500)
    with App(HOME=str(home), GSETTINGS_BACKEND='keyfile') as app:
        app.wait_for_window()
        assert app.is_well()
    done = run(XENO, '--connect', 'test:///default', 'list', '--names', HOME=str(home))
    assert done.returncode == 0 and done.stdout.split() == ['test'], done
    made = run(XENO, 'create', '--iso', DISC, '--name', 'homeless', HOME=str(home))
    assert made.returncode != 0 and not has_crashed(made.returncode) and is_one_line(made.stderr), made
    assert list(home.iterdir()) == []


def a_damaged_journal_is_survived():
    for name in ('.local/share/xenolith', '.local/state/xenolith', '.local/share/xenolith/journal', '.local/state/xenolith/journal'):
        folder = pathlib.Path(os.environ['HOME'], name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'garbage.json').write_bytes(b'\x00{"version": 999999999999999999999, [')
    with App() as app:
        app.wait_for_window()
        assert app.is_well()


def few_descriptors_do_not_end_it_in_a_crash():
    with App(limits=[(resource.RLIMIT_NOFILE, 64)]) as app:
        wait_for(lambda: app.process.poll() is not None or windows(app.process.pid), 'a window or an end')
        assert not has_crashed(app.process.poll()), f'{app.process.poll()}: {app.said()}'


def few_descriptors_are_enough_for_the_command_or_it_says_so():
    for number in (64, 24, 12, 8, 6, 4):
        # A sanitizer has no descriptor left then for its list of other people's leaks.
        done = run(XENO, '--connect', 'test:///default', 'list', '--names', ASAN_OPTIONS='detect_leaks=0',
                   limits=[(resource.RLIMIT_NOFILE, number)])
        if done.returncode == 0:
            assert done.stdout.split() == ['test'], (number, done)
        else:
            assert not has_crashed(done.returncode) and is_one_line(done.stderr), (number, done)


def little_memory_is_enough_for_the_command():
    done = run(XENO, '--connect', 'test:///default', 'list', '--names', limits=[(resource.RLIMIT_DATA, 300 * MIB)])
    assert done.returncode == 0 and done.stdout.split() == ['test'], done


def little_memory_is_enough_for_a_window():
    with App(limits=[(resource.RLIMIT_DATA, 300 * MIB)]) as app:
        app.wait_for_window()
        assert app.is_well()


def the_end_of_the_session_ends_it_in_order():
    with App() as app:
        app.wait_for_window()
        app.process.terminate()
        status = app.process.wait(PATIENCE)
        assert status in (0, -signal.SIGTERM, 128 + signal.SIGTERM), status


def refusal_of(interface, method, arguments):
    """The name of the error that a call is answered with."""
    try:
        call(interface, method, arguments)
    except GLib.Error as refused:
        return Gio.DBusError.get_remote_error(refused)
    return None


def calls_of_the_wrong_kind_are_refused_by_name():
    wrong = (('org.freedesktop.Application', 'Open', GLib.Variant('(s)', ('file',)), 'InvalidArgs'),
             ('org.freedesktop.Application', 'ActivateAction', GLib.Variant('(u)', (7,)), 'InvalidArgs'),
             ('org.gtk.Actions', 'Describe', GLib.Variant('(u)', (7,)), 'InvalidArgs'),
             ('org.gtk.Actions', 'NoSuchMethod', None, 'UnknownMethod'),
             ('org.unaos.NoSuchInterface', 'Delete', None, 'UnknownMethod'))
    with App() as app:
        app.wait_for_window()
        for interface, method, arguments, error in wrong:
            assert refusal_of(interface, method, arguments) == f'org.freedesktop.DBus.Error.{error}', (method, error)
        assert app.is_well()


def the_bus_changes_no_machine():
    """Row 99: whoever may call it can make it show things, and nothing else."""
    with App() as app:
        app.wait_for_window()
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        offered = set()
        for path in (APP_PATH, f'{APP_PATH}/window/1'):
            answer = bus.call_sync(APP_ID, path, 'org.gtk.Actions', 'List', None, None, Gio.DBusCallFlags.NONE,
                                   PATIENCE * 1000, None)
            offered |= set(answer.unpack()[0])
        assert offered <= HARMLESS, offered - HARMLESS


def a_machine_that_is_not_there_does_not_hurt():
    names = ('', 'nobody', '../..', '6ba7b810-9dad-11d1-80b4-00c04fd430c8', '\u202e<b>%s%n', 'x' * 5000)
    with App() as app:
        app.wait_for_window()
        for action in ('open-console', 'show-hardware', 'show-machine'):
            for name in names:
                call('org.gtk.Actions', 'Activate',
                     GLib.Variant('(sava{sv})', (action, [GLib.Variant('s', name)], {})))
            for parameters in ([], [GLib.Variant('u', 7)], [GLib.Variant('s', 'one'), GLib.Variant('s', 'two')]):
                try:
                    call('org.gtk.Actions', 'Activate', GLib.Variant('(sava{sv})', (action, parameters, {})))
                except GLib.Error:  # refused is as well as ignored
                    pass
        assert app.is_well()


def a_hundred_megabytes_on_the_bus_do_not_hurt():
    """Whoever sends them may be thrown off the bus, so somebody else does."""
    with App() as app:
        app.wait_for_window()
        run(sys.executable, '-c', f'''
from gi.repository import Gio, GLib
huge = GLib.Variant("(sava{{sv}})", ("show-machine", [GLib.Variant("s", "x" * {100 * MIB})], {{}}))
Gio.bus_get_sync(Gio.BusType.SESSION).call_sync("{APP_ID}", "{APP_PATH}", "org.gtk.Actions", "Activate", huge,
                                                None, Gio.DBusCallFlags.NONE, 20000, None)
''')
        assert app.is_well()


def a_flood_of_calls_is_answered_and_over():
    with App() as app:
        app.wait_for_window()
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        context = GLib.MainContext.default()
        answers = []
        for _ in range(10_000):
            bus.call(APP_ID, APP_PATH, 'org.gtk.Actions', 'Describe', GLib.Variant('(s)', ('quit',)), None,
                     Gio.DBusCallFlags.NONE, PATIENCE * 1000, None, lambda _bus, result: answers.append(result))

        def answered():
            while context.iteration(False):
                pass
            return len(answers) == 10_000
        wait_for(answered, lambda: f'only {len(answers)} calls were answered')
        assert app.is_well() and len(windows(app.process.pid)) == 1


def a_name_that_another_program_has_is_an_error_and_no_hang():
    other = subprocess.Popen(
        [sys.executable, '-c', 'import sys\nfrom gi.repository import Gio, GLib\n'
         'loop = GLib.MainLoop()\n'
         'Gio.bus_own_name(Gio.BusType.SESSION, sys.argv[1], 0, None, lambda *_: print("owned", flush=True), None)\n'
         'loop.run()', APP_ID], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == 'owned\n'
        done = run(APP)
        assert done.returncode != 0 and not has_crashed(done.returncode), done
    finally:
        other.terminate()
        other.wait()
        other.stdout.close()


def without_a_bus_the_window_is_there():
    with App(DBUS_SESSION_BUS_ADDRESS=f'unix:path={NOWHERE}') as app:
        app.wait_for_window()


def without_an_accessibility_bus_the_window_is_there():
    # GTK calls it critical, which tests are told to die of.
    with App(GTK_A11Y=None, AT_SPI_BUS_ADDRESS=f'unix:path={NOWHERE}', G_DEBUG=None) as app:
        app.wait_for_window()
        assert app.is_well()


def without_a_portal_the_window_is_there():
    with App(ADW_DISABLE_PORTAL=None, GTK_USE_PORTAL='1') as app:
        app.wait_for_window()
        assert app.is_well()


def the_window_and_commands_at_once_make_one_machine():
    with App() as app:
        app.wait_for_window()
        makers = [subprocess.Popen([XENO, 'create', '--iso', DISC, '--name', 'twin', '--memory', '128M',
                                    '--disk-size', '1G', '--no-start'], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(6)]
        done = [(maker.communicate(timeout=PATIENCE), maker.returncode) for maker in makers]
        made = [said for said, status in done if status == 0]
        assert len(made) == 1, done
        assert all(is_one_line(errors) for (_, errors), status in done if status != 0), done
        assert run(XENO, 'list', '--names').stdout.split() == ['twin']
        assert app.is_well()
        removed = run(XENO, 'delete', '--yes', '--delete-disks', 'twin')
        assert removed.returncode == 0, removed
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


# A sanitizer keeps terabytes of addresses for itself.
NOT_SANITIZED = [little_memory_is_enough_for_the_command, little_memory_is_enough_for_a_window]

if __name__ == '__main__':
    main('platform', [
        without_a_display_it_says_so_in_one_line, the_version_needs_no_display,
        the_command_needs_no_bus_and_no_display, without_libvirt_the_command_says_so_in_one_line,
        without_libvirt_the_window_stays, without_a_bus_the_window_is_there,
        without_an_accessibility_bus_the_window_is_there, without_a_portal_the_window_is_there,
        a_second_start_is_taken_over_by_the_first, the_window_and_commands_at_once_make_one_machine,
        a_name_that_another_program_has_is_an_error_and_no_hang,
        machine_readable_output_is_the_same_in_every_language, it_starts_in_every_language,
        damaged_settings_are_survived, settings_of_a_newer_version_are_survived_and_kept,
        a_hundred_megabytes_of_settings_are_survived, settings_that_cannot_be_written_are_survived,
        a_home_that_cannot_be_written_is_survived, a_damaged_journal_is_survived,
        few_descriptors_do_not_end_it_in_a_crash,
        few_descriptors_are_enough_for_the_command_or_it_says_so,
        the_end_of_the_session_ends_it_in_order, calls_of_the_wrong_kind_are_refused_by_name,
        the_bus_changes_no_machine, a_machine_that_is_not_there_does_not_hurt,
        a_hundred_megabytes_on_the_bus_do_not_hurt,
        a_flood_of_calls_is_answered_and_over, nothing_of_it_listens_on_the_network,
        *([] if 'XENO_TEST_SANITIZER' in os.environ else NOT_SANITIZED)])
