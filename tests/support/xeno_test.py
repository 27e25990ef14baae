# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests in Python share: waiting with a deadline, the programs, windows as a person meets them, TAP."""

import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

# The accessibility library complains about every program that is only just starting.
GLib.log_set_handler('dbind', GLib.LogLevelFlags.LEVEL_WARNING, lambda *_: None, None)

APP_ID = 'org.unaos.Xenolith'
APP_PATH = '/org/unaos/Xenolith'
PATIENCE = 60
LOOK_EVERY = 0.05


def wait_for(look, what, patience=PATIENCE):
    """Look again and again until there is an answer."""
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        found = look()
        if found:
            return found
        select.select([], [], [], LOOK_EVERY)
    raise AssertionError(f'not in {patience} s: {what() if callable(what) else what}')


def run(*words, limits=(), **environment):
    """Run a program to its end. A variable that is None is taken away."""
    return subprocess.run([str(word) for word in words], env=changed(environment), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          timeout=PATIENCE, preexec_fn=lambda: limit(limits))


def changed(environment):
    whole = dict(os.environ, **{name: value for name, value in environment.items() if value is not None})
    for name in [name for name, value in environment.items() if value is None]:
        whole.pop(name, None)
    return whole


def limit(limits):
    for kind, value in limits:
        resource.setrlimit(kind, (value, value))


def is_one_line(text):
    return len(text.strip().splitlines()) == 1


def has_crashed(status):
    """It ended by a signal of the kind that means a bug."""
    return status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGTRAP, -signal.SIGBUS, -signal.SIGILL)


def windows(pid):
    done = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(pid)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.split()


class App:
    """The program, started in some circumstances; ended when the block is left."""

    def __init__(self, *words, limits=(), program=None, **environment):
        self.log = tempfile.TemporaryFile('w+')
        self.process = subprocess.Popen(
            [program or os.environ['XENO_TEST_APP'], *words], env=changed(environment),
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=lambda: limit(limits))

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
        wait_for(look, lambda: f'{count} windows; it said: {self.said()}')

    def is_well(self):
        """It answers a call on the bus: its main loop turns."""
        call('org.gtk.Actions', 'List')
        return self.process.poll() is None


def call(interface, method, arguments=None):
    """Call the running program on the bus, and wait for its answer."""
    return Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        APP_ID, APP_PATH, interface, method, arguments, None, Gio.DBusCallFlags.NO_AUTO_START, PATIENCE * 1000, None)


def bus_call(method, *arguments):
    """Ask the bus itself; the answer, unpacked."""
    kinds = '(' + 's' * len(arguments) + ')'
    answer = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', method,
        GLib.Variant(kinds, arguments), None, Gio.DBusCallFlags.NONE, PATIENCE * 1000, None)
    return answer.unpack()[0]


def accessible_nodes():
    """Everything assistive technologies are told of the windows of Xenolith."""
    context = GLib.MainContext.default()
    while context.pending():
        context.iteration(False)
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(number)
        if program is not None and 'xenolith' in (program.get_name() or '').lower():
            yield from walk(program)


def walk(node):
    yield node
    for number in range(node.get_child_count()):
        child = node.get_child_at_index(number)
        if child is not None:
            yield from walk(child)


def find_accessible(name, role=None):
    """A part of a window with this name, and role; None while there is none."""
    try:
        for node in accessible_nodes():
            if node.get_name() == name and role in (None, node.get_role_name()):
                return node
    except GLib.Error:  # a window went away while it was being read
        pass
    return None


def find_button(name):
    """A button of this name that can be pressed, or the label on it; None while there is none."""
    try:
        for node in accessible_nodes():
            if node.get_name() == name and node.get_state_set().contains(Atspi.StateType.SENSITIVE):
                return node
    except GLib.Error:  # a window went away while it was being read
        pass
    return None


def press(node):
    """Click the button that the node is, or is the label of."""
    while node is not None:
        names = [Atspi.Action.get_action_name(node, number) for number in range(node.get_n_actions())]
        if 'click' in names:
            return node.do_action(names.index('click'))
        node = node.get_parent()
    return False


def main(group, cases):
    """Run the cases, functions whose names are sentences, and write TAP."""
    print(f'1..{len(cases)}')
    failed = 0
    for number, function in enumerate(cases, 1):
        name = f'/xeno/{group}/' + function.__name__.replace('_', '-')
        try:
            function()
            print(f'ok {number} {name}', flush=True)
        except (AssertionError, OSError, ValueError, subprocess.SubprocessError, GLib.Error) as fault:
            failed += 1
            print(f'not ok {number} {name}', flush=True)
            for line in repr(fault).splitlines():
                print(f'# {line}', flush=True)
    sys.exit(failed != 0)
