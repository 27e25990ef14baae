#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""In place of xenolith-card, taken over by a guest: fake-card.py WAY, where a way is what it reports."""

import socket
import struct
import sys

READER_BYTES = 129
MAX_READERS = 16


def report(service, readers, n_readers=None):
    packed = b''.join(bytes([state]) + name.ljust(READER_BYTES - 1, b'\0') for name, state in readers)
    return bytes([service, len(readers) if n_readers is None else n_readers]) + \
        packed.ljust(READER_BYTES * MAX_READERS, b'\0')


def flood(_):
    number = 0
    while True:
        number += 1
        yield report(1, [(struct.pack('>I', number).hex().encode(), 5)])


WAYS = {
    'sane': lambda sane: [sane],
    'flood': flood,
    'empty': lambda sane: [sane, b'x'],
    'short': lambda sane: [sane, sane[:-1]],
    'long': lambda sane: [sane, sane + b'x'],
    'service': lambda sane: [sane, report(4, [])],
    'readers': lambda sane: [sane, report(1, [], 17)],
    'state': lambda sane: [sane, report(1, [(b'Front', 6)])],
    'name': lambda sane: [sane, report(1, [(b'x' * (READER_BYTES - 1), 0)])],
}

REPORTS = socket.socket(fileno=3)
GUEST = socket.socket(fileno=4)
for MESSAGE in WAYS[sys.argv[1]](report(1, [(b'Front', 5)])):
    REPORTS.send(MESSAGE)
GUEST.recv(1)
