#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An installed Xenolith in a desktop: the bus starts it, files lead to it, the shell completes its command.
Runs beside an installation (tests/support/staged.py). Writes TAP."""

import configparser
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import gi
gi.require_version('GdkPixbuf', '2.0')
from gi.repository import GdkPixbuf  # noqa: E402

sys.path.insert(0, os.environ['XENO_TEST_SOURCE'] + '/tests/support')
from xeno_test import (APP_ID, APP_PATH, App, Gio, GLib, bus_call, call, find_accessible,  # noqa: E402
                       main, run, wait_for)

STAGE = pathlib.Path(os.environ['XENO_TEST_STAGE'])
SHARE = STAGE / 'share'
DISC = os.environ['XENO_TEST_SCREEN_ISO']
REVIEWED = 'Create and Run'
COMPLETION = '/usr/share/bash-completion/bash_completion'
FILES = {
    'disc.iso': (32769, b'CD001\x01'),
    'disk.qcow2': (0, b'QFI\xfb\0\0\0\3' + b'\0' * 16 + b'\0\0\0\0\x40\0\0\0'),
    'disk.img': (510, b'\x55\xaa'),
}


class Activated:
    """The program as the bus starts it; ended when the block is left."""

    def __enter__(self):
        assert not bus_call('NameHasOwner', APP_ID), 'it runs before it is called'
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        known = {name: os.environ[name] for name in ('DISPLAY', 'GDK_BACKEND', 'XENOLITH_DISPLAY_PATH')}
        bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                      'UpdateActivationEnvironment', GLib.Variant('(a{ss})', (known,)), None,
                      Gio.DBusCallFlags.NONE, -1, None)
        return self

    def __exit__(self, *_):
        if bus_call('NameHasOwner', APP_ID):
            os.kill(self.pid(), signal.SIGTERM)
            wait_for(lambda: not bus_call('NameHasOwner', APP_ID), 'it ends')

    def pid(self):
        return bus_call('GetConnectionUnixProcessID', APP_ID)

    def is_the_installed_program(self):
        return os.readlink(f'/proc/{self.pid()}/exe') == str((STAGE / 'bin/xenolith').resolve())


def entry():
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str
    parsed.read(SHARE / f'applications/{APP_ID}.desktop', encoding='utf-8')
    return parsed


def wait_for_text(name):
    return wait_for(lambda: find_accessible(name), f'“{name}” is shown')


def the_launcher_starts_it_through_the_bus():
    with Activated() as app:
        done = run('gapplication', 'launch', APP_ID)
        assert done.returncode == 0, done
        wait_for_text('Xenolith')
        assert app.is_the_installed_program()


def the_launcher_opens_a_file_through_the_bus():
    with Activated() as app:
        done = run('gapplication', 'launch', APP_ID, DISC)
        assert done.returncode == 0, done
        wait_for_text(REVIEWED)
        assert app.is_the_installed_program()


def a_call_on_the_bus_opens_a_file():
    with Activated() as app:
        done = run('gdbus', 'call', '--session', '--dest', APP_ID, '--object-path', APP_PATH,
                   '--method', 'org.freedesktop.Application.Open', f"['file://{DISC}']", '{}')
        assert done.returncode == 0, done
        wait_for_text(REVIEWED)
        assert app.is_the_installed_program()


def a_running_one_reviews_the_file_of_a_second_start():
    with App(program=STAGE / 'bin/xenolith') as first:
        first.wait_for_window()
        assert find_accessible(REVIEWED) is None
        second = run(STAGE / 'bin/xenolith', DISC)
        assert second.returncode == 0 and not second.stderr, second
        wait_for_text(REVIEWED)
        assert first.process.poll() is None
        assert bus_call('GetConnectionUnixProcessID', APP_ID) == first.process.pid


def every_action_of_the_launcher_is_one_of_the_program():
    """A desktop does not run the Exec line where the bus starts the program: it calls the action."""
    offered = [name for name in entry()['Desktop Entry']['Actions'].split(';') if name]
    with Activated():
        for name in offered:
            call_activating('ActivateAction', GLib.Variant('(sava{sv})', (name, [], {})))
        there = call('org.gtk.Actions', 'List').unpack()[0]
        assert offered and set(offered) <= set(there), (offered, there)
        wait_for_text('Choose a Disc Image or Disk')


def call_activating(method, arguments):
    Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        APP_ID, APP_PATH, 'org.freedesktop.Application', method, arguments, None, Gio.DBusCallFlags.NONE, -1, None)


def every_kind_of_file_it_names_leads_to_it():
    for kind in entry()['Desktop Entry']['MimeType'].strip(';').split(';'):
        handlers = [app.get_id() for app in Gio.AppInfo.get_all_for_type(kind)]
        assert f'{APP_ID}.desktop' in handlers, (kind, handlers)


def discs_and_disks_lead_to_it():
    with tempfile.TemporaryDirectory() as folder:
        for name, (offset, magic) in FILES.items():
            path = pathlib.Path(folder, name)
            with path.open('wb') as file:
                file.truncate(1 << 20)
                file.seek(offset)
                file.write(magic)
            info = Gio.File.new_for_path(str(path)).query_info('standard::content-type', 0, None)
            kind = info.get_content_type()
            handlers = [app.get_id() for app in Gio.AppInfo.get_all_for_type(kind)]
            assert f'{APP_ID}.desktop' in handlers, (name, kind, handlers)
            done = run('gio', 'mime', kind)
            assert f'{APP_ID}.desktop' in done.stdout, done


def what_it_installs_is_where_desktops_look():
    for name in (f'applications/{APP_ID}.desktop', f'metainfo/{APP_ID}.metainfo.xml',
                 f'dbus-1/services/{APP_ID}.service', f'glib-2.0/schemas/{APP_ID}.gschema.xml',
                 f'mime/packages/{APP_ID}.xml', 'bash-completion/completions/xeno', 'locale/de/LC_MESSAGES/xenolith.mo'):
        assert (SHARE / name).is_file(), name
    assert os.access(STAGE / 'bin/xenolith', os.X_OK) and os.access(STAGE / 'bin/xeno', os.X_OK)
    assert os.access(os.environ['XENOLITH_DISPLAY_PATH'], os.X_OK)


def its_entries_are_valid_as_installed():
    for tool in (['desktop-file-validate', SHARE / f'applications/{APP_ID}.desktop'],
                 ['appstreamcli', 'validate', '--no-net', SHARE / f'metainfo/{APP_ID}.metainfo.xml']):
        done = run(*tool)
        assert done.returncode == 0, done


def its_icon_draws_at_every_size():
    for name, folder, natural in ((APP_ID, 'scalable', 128), (f'{APP_ID}-symbolic', 'symbolic', 16)):
        path = SHARE / f'icons/hicolor/{folder}/apps/{name}.svg'
        drawing = ElementTree.parse(path).getroot()
        assert drawing.get('viewBox') == f'0 0 {natural} {natural}', (name, drawing.get('viewBox'))
        for size in (16, 24, 32, 48, 64, 128, 256, 512):
            pixels = GdkPixbuf.Pixbuf.new_from_file_at_size(str(path), size, size)
            assert (pixels.get_width(), pixels.get_height()) == (size, size), (name, size)
            assert len(set(pixels.get_pixels())) > 2, (name, size)


def its_manual_pages_read_without_complaint():
    for name in ('xeno', 'xenolith'):
        page = SHARE / f'man/man1/{name}.1'
        assert page.is_file(), page
        done = run('groff', '-man', '-ww', '-Tutf8', page)
        assert done.returncode == 0 and not done.stderr, done
        assert name in done.stdout


def complete(*words):
    """What bash offers for the last of the words, which are split as bash splits them."""
    script = f'''
      . {COMPLETION}
      . {SHARE}/bash-completion/completions/xeno
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$LINE" COMP_POINT=${{#LINE}}
      complete -p xeno >/dev/null || exit 1
      _xeno
      printf '%s\\n' "${{COMPREPLY[@]}}"
    '''
    line = ' '.join(words).replace(' : ', ':')
    done = run('bash', '--norc', '-c', script, 'bash', *words, LINE=line)
    assert not done.stderr, done
    return done.stdout.split()


def expect(line, *offers):
    """Bash offers exactly these."""
    offered = complete(*line)
    assert offered == list(offers), (line, offered)


def expect_among(line, *offers):
    """Bash offers these, and perhaps more."""
    offered = complete(*line)
    assert set(offers) <= set(offered), (line, offered)


def the_shell_completes_commands():
    expect(['xeno', 'st'], 'start', 'stop')
    expect(['xeno', 'help', 'rena'], 'rename')
    expect_among(['xeno', ''], 'list', 'create', 'events', 'show')


def the_shell_completes_options():
    expect(['xeno', '--ver'], '--verbose', '--version')
    expect(['xeno', 'stop', '--fo'], '--force')
    expect(['xeno', 'create', '--firmware', 'b'], 'bios')
    expect_among(['xeno', 'create', '--'], '--iso', '--memory', '--cpus', '--no-start')


def the_shell_completes_machines():
    line = ['xeno', '--connect', 'test', ':', '///default']  # bash splits at a colon
    expect([*line, 'start', 'te'], 'test')
    expect([*line, 'start', 'no'])
    expect([*line, 'st'], 'start', 'stop')
    expect([*line, 'autostart', 'test', 'o'], 'on', 'off')
    expect(['xeno', '--connect', 'test', ':', '///d'], '///default')


def the_shell_completes_files():
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(DISC, f'{folder}/new.iso')
        expect(['xeno', 'create', '--iso', f'{folder}/ne'], f'{folder}/new.iso')


if __name__ == '__main__':
    main('desktop', [
        the_launcher_starts_it_through_the_bus, the_launcher_opens_a_file_through_the_bus,
        a_call_on_the_bus_opens_a_file, a_running_one_reviews_the_file_of_a_second_start,
        every_action_of_the_launcher_is_one_of_the_program, every_kind_of_file_it_names_leads_to_it,
        discs_and_disks_lead_to_it, what_it_installs_is_where_desktops_look, its_entries_are_valid_as_installed,
        its_icon_draws_at_every_size, its_manual_pages_read_without_complaint, the_shell_completes_commands,
        the_shell_completes_options, the_shell_completes_machines, the_shell_completes_files])
