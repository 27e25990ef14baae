#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The session ends while Xenolith works: machines go on, and what was half made is finished or undone by the
next start. Writes TAP."""

import contextlib
import os
import pathlib
import random
import select
import signal
import subprocess
import sys

import libvirt

sys.path.insert(0, os.environ['XENO_TEST_SOURCE'] + '/tests/support')
from xeno_test import PATIENCE, App, find_button, is_one_line, main, press, run, wait_for  # noqa: E402

XENO = os.environ['XENO_TEST_XENO']
DISC = os.environ['XENO_TEST_SCREEN_ISO']
HOME = pathlib.Path(os.environ['HOME'])
BUTTON = 'Create and Run'
ROUNDS = 8
LONGEST = 1.5


@contextlib.contextmanager
def session():
    """A connection for a moment. libvirt 9.0 can crash when a client dies in the middle of a call; machines go
    on, and who connects next finds a new daemon."""
    connection = libvirt.open('qemu:///session')
    try:
        yield connection
    finally:
        with contextlib.suppress(libvirt.libvirtError):
            connection.close()


def unfinished():
    """What the journal has of operations that did not end."""
    return [entry.name for entry in (HOME / '.local/state/xenolith/journal').glob('*') if entry.is_file()]


def disks_of(machine):
    return {disk for disk in machine.XMLDesc().split("'") if disk.startswith(str(HOME)) and disk.endswith('.qcow2')}


def disks_there():
    return {str(path) for path in HOME.rglob('*.qcow2') if path.is_file()}


def check(connection):
    """Every machine has its disk, and every disk its machine."""
    used = set()
    for machine in connection.listAllDomains():
        used |= disks_of(machine)
    assert used == disks_there(), (used, disks_there())


def begin_a_machine(app):
    """Press the button of the review page, once what the last start left has been cleared away."""
    app.wait_for_window()
    button = wait_for(lambda: find_button(BUTTON), lambda: f'the review page; it said {app.said()}')
    wait_for(lambda: not unfinished(), lambda: f'{unfinished()} is finished or undone')
    assert press(button)


def whatever_it_was_doing_nothing_is_half_made():
    seed = random.randrange(1 << 32)
    print(f'# seed {seed}', flush=True)
    moments = random.Random(seed)
    before = set()
    for _ in range(ROUNDS):
        with App(DISC) as app:
            begin_a_machine(app)
            select.select([], [], [], moments.uniform(0, LONGEST))
            app.process.send_signal(signal.SIGTERM)
            status = app.process.wait(PATIENCE)
            assert status in (0, -signal.SIGTERM), (status, app.said())
        # What ran still runs.
        with session() as connection:
            running = {machine.UUIDString()
                       for machine in connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)}
        assert before <= running, (before, running)
        before = running
    with App() as app:
        app.wait_for_window()
        wait_for(lambda: not unfinished(), lambda: f'{unfinished()} is finished or undone')
    with session() as connection:
        check(connection)
        for machine in connection.listAllDomains():
            done = run(XENO, 'stop', '--force', machine.name()) if machine.isActive() else None
            assert done is None or done.returncode == 0, done
            done = run(XENO, 'delete', '--yes', '--delete-disks', machine.name())
            assert done.returncode == 0, done


def a_command_that_is_ended_leaves_nothing_half_made():
    seed = random.randrange(1 << 32)
    print(f'# seed {seed}', flush=True)
    moments = random.Random(seed)
    for number in range(ROUNDS):
        maker = subprocess.Popen([XENO, 'create', '--iso', DISC, '--name', f'ended-{number}', '--memory', '128M',
                                  '--disk-size', '1G', '--no-start'], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        select.select([], [], [], moments.uniform(0, LONGEST / 2))
        maker.terminate()
        _, errors = maker.communicate(timeout=PATIENCE)
        with session() as connection:
            names = [machine.name() for machine in connection.listAllDomains()]
        assert (maker.returncode == 0) == (f'ended-{number}' in names), (maker.returncode, names, errors)
        assert maker.returncode in (0, -signal.SIGTERM) or is_one_line(errors), errors
    with App() as app:
        app.wait_for_window()
        wait_for(lambda: not unfinished(), lambda: f'{unfinished()} is finished or undone')
    kept = {path for path in disks_there() if 'trash' not in path}
    with session() as connection:
        used = set().union(*[disks_of(machine) for machine in connection.listAllDomains()])
    assert kept == used, (kept, used)


if __name__ == '__main__':
    main('quit', [whatever_it_was_doing_nothing_is_half_made, a_command_that_is_ended_leaves_nothing_half_made])
