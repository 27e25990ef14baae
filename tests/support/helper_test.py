# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of the helper processes share: kernels that lack something, cases by name, TAP."""

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
LANDLOCK_CREATE_RULESET = 444
SECCOMP = {'x86_64': 317}.get(platform.machine(), 277)
IS_SANITIZED = 'XENO_TEST_SANITIZED' in os.environ
CASES = []

# Nothing of the test's own is ever where a helper process finds what it is given.
for GIVEN_FD in (3, 4):
    os.dup2(sys.stderr.fileno(), GIVEN_FD)


class Skipped(Exception):
    """What a case needs is not to be had."""


def case(function):
    CASES.append(function)
    return function


def take_away(call):
    """As if the kernel did not know a system call: load its number, and if it is that one, say so."""
    program = b''.join(struct.pack('=HBBI', *step) for step in (
        (0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, 0x50000 | errno.ENOSYS), (0x06, 0, 0, 0x7fff0000)))
    steps = ctypes.create_string_buffer(program)
    filter_ = ctypes.create_string_buffer(struct.pack('@HP', len(program) // 8, ctypes.addressof(steps)))
    libc = ctypes.CDLL(None)
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(PR_SET_SECCOMP, 2, filter_, 0, 0) == 0


def main(subject):
    print(f'1..{len(CASES)}', flush=True)
    failed = 0
    for number, function in enumerate(CASES, 1):
        name = f'/xeno/{subject}/' + function.__name__.replace('_', '-')
        try:
            function()
            print(f'ok {number} {name}', flush=True)
        except Skipped as reason:
            print(f'ok {number} {name} # SKIP {reason}', flush=True)
        except Exception as problem:  # a test that breaks has failed, and the others go on
            failed += 1
            print(f'not ok {number} {name}\n# {type(problem).__name__}: {problem}'.replace('\n', '\n# ')
                  .replace('# # ', '# '), flush=True)
    sys.exit(failed > 0)
