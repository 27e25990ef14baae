#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""setup.sh on systems that are not this one: its package managers are stand-ins that write down what they
are asked. Writes TAP."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['XENO_TEST_SOURCE'] + '/tests/support')
from xeno_test import is_one_line, main  # noqa: E402

SETUP = pathlib.Path(os.environ['XENO_TEST_SOURCE'], 'setup.sh')
TOOLS = ('sh', 'env', 'awk', 'cat', 'dirname', 'grep', 'sed', 'tr')
# The package manager, what tells whether a package is there, and one package that is asked for.
SYSTEMS = {
    'apt-get': ('dpkg-query', 'libgtk-4-dev', 'install -q -y'),
    'dnf': ('rpm', 'pkgconfig(gtk4)', 'install -y'),
    'pacman': ('pacman', 'gtk4', '-S --needed --noconfirm'),
    'zypper': ('rpm', 'pkgconfig(gtk4)', '--non-interactive install'),
}


class System:
    """A folder of programs, the only ones there are."""

    def __init__(self, manager, is_root=True, has_sudo=False, lacks=True, installs=True):
        self.folder = tempfile.TemporaryDirectory()
        self.log = pathlib.Path(self.folder.name, 'log')
        self.log.touch()
        for name in TOOLS:
            os.symlink(shutil.which(name), f'{self.folder.name}/{name}')
        self.add('id', f'echo {0 if is_root else 1000}')
        if manager:
            asked = SYSTEMS[manager][0]
            note = f'echo "{manager} $*" >>"{self.log}"; exit {0 if installs else 100}'
            known = 'exit 1' if lacks else 'shift 2; [ $# = 0 ] || printf "installed:%s " "$@"'
            if asked == manager:
                self.add(manager, f'[ "$1" = -T ] && {{ {known}; exit; }}\n{note}')
            else:
                self.add(asked, known)
                self.add(manager, note)
            self.add('apt-cache', 'shift; printf "Package: %s\\n" "$@"')
        if has_sudo:
            self.add('sudo', f'echo "sudo $*" >>"{self.log}"; exec "$@"')

    def add(self, name, text):
        path = pathlib.Path(self.folder.name, name)
        path.write_text(f'#!/bin/sh\n{text}\n', encoding='utf-8')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(self, *words, **more):
        return subprocess.run(['/bin/sh', str(SETUP), *words], env={'PATH': self.folder.name, 'LANG': 'C'},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False, timeout=60, **more)

    def asked(self):
        return self.log.read_text(encoding='utf-8')


def every_system_is_asked_in_its_own_words():
    for manager, (_, package, words) in SYSTEMS.items():
        system = System(manager)
        done = system.run('deps')
        assert done.returncode == 0 and not done.stderr, (manager, done)
        assert package in done.stdout and f'Installing with {manager.removesuffix("-get")}: ' in done.stdout, done
        line = [line for line in system.asked().splitlines() if package in line]
        assert len(line) == 1 and words in line[0], (manager, system.asked())
        assert '?' not in line[0] and ' - ' not in line[0], line


def what_is_there_is_not_asked_for():
    for manager in SYSTEMS:
        system = System(manager, lacks=False)
        done = system.run('deps')
        assert (done.returncode, done.stdout, done.stderr, system.asked()) == (0, '', '', ''), (manager, done)


def a_user_installs_through_sudo():
    for manager in SYSTEMS:
        system = System(manager, is_root=False, has_sudo=True)
        done = system.run('deps')
        assert done.returncode == 0, (manager, done)
        assert f'sudo {manager}' in system.asked() or f'sudo env DEBIAN_FRONTEND=noninteractive {manager}' in \
            system.asked(), (manager, system.asked())


def a_user_without_sudo_is_told_what_is_missing():
    for manager, (_, package, _) in SYSTEMS.items():
        system = System(manager, is_root=False)
        done = system.run('run')
        assert done.returncode == 1 and is_one_line(done.stderr) and package in done.stderr, (manager, done)
        assert system.asked() == ''


def a_failed_installation_ends_it():
    for manager in SYSTEMS:
        done = System(manager, installs=False).run('run')
        assert done.returncode == 1 and 'could not be installed' in done.stderr, (manager, done)


def an_unknown_system_is_told_where_the_names_are():
    done = System(None).run('deps')
    assert done.returncode == 1 and is_one_line(done.stderr) and 'setup.sh' in done.stderr, done


def a_file_is_meant_from_where_the_person_stands():
    with tempfile.TemporaryDirectory() as folder:
        done = System('apt-get', lacks=False).run('run', 'no disc.iso', cwd=folder)
        assert done.returncode == 1, done
        assert done.stderr == f'setup.sh: there is no file {folder}/no disc.iso\n', done


def a_wrong_line_shows_how_it_is_used():
    for words in ([], ['no-such-command'], ['test', '--no-such-option']):
        done = System('apt-get', lacks=False).run(*words)
        assert done.returncode == 2 and 'Usage:' in done.stderr, (words, done)
    done = System('apt-get').run('--help')
    assert done.returncode == 0 and 'Usage:' in done.stdout, done


if __name__ == '__main__':
    main('setup', [
        every_system_is_asked_in_its_own_words, what_is_there_is_not_asked_for, a_user_installs_through_sudo,
        a_user_without_sudo_is_told_what_is_missing, a_failed_installation_ends_it,
        an_unknown_system_is_told_where_the_names_are, a_file_is_meant_from_where_the_person_stands,
        a_wrong_line_shows_how_it_is_used])
