#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run a command beside an installed Xenolith: staged.py BUILD PREFIX COMMAND [ARG...]

Installs BUILD, whose prefix is PREFIX, into a folder of its own that is removed afterwards. The command
finds it as a desktop finds what is installed: XENO_TEST_STAGE names the prefix there, PATH and the data
folders lead to it.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

APP_ID = 'org.unaos.Xenolith'


def install(build, prefix, folder):
    """Install, and do what a package's triggers do; the prefix inside the folder."""
    subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', folder],
                   check=True, stdout=subprocess.DEVNULL)
    stage = pathlib.Path(folder, 'prefix')  # by a name that has no blanks, whatever the prefix has
    stage.symlink_to(folder + prefix)
    share = stage / 'share'
    # Two things are found by their whole path, which is somewhere else here.
    (stage / 'bin/xeno-create').symlink_to(stage / 'libexec/xeno-create')
    service = share / f'dbus-1/services/{APP_ID}.service'
    service.write_text(service.read_text(encoding='utf-8').replace(f'Exec={prefix}/', f'Exec={stage}/'),
                       encoding='utf-8')
    subprocess.run(['glib-compile-schemas', share / 'glib-2.0/schemas'], check=True)
    subprocess.run(['update-desktop-database', share / 'applications'], check=True)
    return stage


def main():
    build, prefix, *command = sys.argv[1:]
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # and remove the folder
    with tempfile.TemporaryDirectory(prefix='xn-stage-', dir='/tmp') as folder:
        os.chmod(folder, 0o755)
        stage = install(build, prefix, folder)
        environment = dict(os.environ, XENO_TEST_STAGE=str(stage), XENO_TEST_DATADIR=str(stage / 'share'),
                           PATH=f'{stage}/bin:{os.environ["PATH"]}',
                           XENOLITH_DISPLAY_PATH=str(stage / 'libexec/xenolith-display'))
        status = subprocess.run(command, env=environment, check=False).returncode
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == '__main__':
    main()
