#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The private world that every test lives in: that it is private, and that it leaves nothing. TAP."""

import os
import pathlib
import signal
import subprocess
import sys
import time

SESSION = pathlib.Path(os.environ['XENO_TEST_SOURCE'], 'tests/support/session.py')
PATIENCE = 60


def wait_for(condition, what):
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = condition()
        if found:
            return found
        time.monotonic()
        os.sched_yield()
    raise AssertionError(f'not in {PATIENCE} s: {what}')


def start(*words):
    return subprocess.Popen([SESSION, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def is_alive(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as stat:
            return stat.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def a_command_has_a_home_of_its_own():
    world = start('--', 'sh', '-c', 'echo $HOME; cd && pwd; test -w $XDG_RUNTIME_DIR')
    lines = world.communicate()[0].split()
    assert lines[0] == lines[1] != os.environ['HOME'], lines
    assert world.returncode == 0
    assert not os.path.exists(lines[0])


def the_status_of_the_command_is_kept():
    assert start('--', 'sh', '-c', 'exit 7').wait() == 7


def a_command_that_is_not_there_is_said():
    assert start('--', '/nonexistent/program').wait() == 127


def a_time_limit_ends_everything():
    world = start('--timeout', '0.5', '--', 'sh', '-c', 'setsid sleep 600 & echo $! $HOME; wait')
    pid, home = world.communicate()[0].split()
    assert world.returncode == 124
    assert not is_alive(pid) and not os.path.exists(home)


def a_killed_test_leaves_nothing_behind():
    world = start('--display', '--', 'sh', '-c', 'setsid sleep 600 & echo $! $HOME; wait')
    pid, home = world.stdout.readline().split()
    assert is_alive(pid)
    world.send_signal(signal.SIGKILL)
    world.wait()
    wait_for(lambda: not is_alive(pid), 'the orphan is ended')
    wait_for(lambda: not os.path.exists(home), 'the home is removed')
    world.stdout.close()


def a_libvirt_session_is_private():
    world = start('--', 'virsh', '-q', 'list', '--all', '--name')
    assert world.communicate()[0].strip() == ''
    assert world.returncode == 0


CASES = [a_command_has_a_home_of_its_own, the_status_of_the_command_is_kept,
         a_command_that_is_not_there_is_said, a_time_limit_ends_everything,
         a_killed_test_leaves_nothing_behind, a_libvirt_session_is_private]


def main():
    print(f'1..{len(CASES)}')
    failed = 0
    for number, function in enumerate(CASES, 1):
        name = '/xeno/session/' + function.__name__.replace('_', '-')
        try:
            function()
            print(f'ok {number} {name}', flush=True)
        except (AssertionError, OSError) as fault:
            failed += 1
            print(f'not ok {number} {name}\n# {fault!r}', flush=True)
    sys.exit(failed != 0)


if __name__ == '__main__':
    main()
