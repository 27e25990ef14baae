#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stands between a program and its libvirt daemon: virt-proxy.py SOCKET DAEMON-SOCKET CONTROL LOG

CONTROL is read again for each piece that passes. It says what becomes of the daemon's words:
"good", "slow MILLISECONDS", "stall", "cut" (half an answer and the end), "corrupt" (an answer to
nothing that was asked), "huge" (an answer that claims two gibibytes) or "newer" (life cycle events of
kinds that nobody knows). LOG gets a line for each program that comes."""

import os
import select
import socket
import struct
import sys
import threading

HEADER = struct.Struct('>IIIIiII')  # length, program, version, procedure, type, serial, status
REMOTE_PROGRAM = 0x20008086
LIFECYCLE_EVENT = 318
MESSAGE = 2
NEVER_HEARD_OF = struct.pack('>ii', 77, 99)  # an event and its detail


def be_late(seconds):
    """Lateness is what is asked for here, so there is no condition to wait for."""
    select.select([], [], [], seconds)


def mode_of(control):
    try:
        with open(control, encoding='ascii') as file:
            return file.read().split()
    except OSError:
        return ['good']


def renew(piece):
    """Make the events of a piece such as only a later libvirt could have."""
    start = 0
    piece = bytearray(piece)
    while start + HEADER.size <= len(piece):
        length, program, _, procedure, kind, _, _ = HEADER.unpack_from(piece, start)
        if (program, procedure, kind) == (REMOTE_PROGRAM, LIFECYCLE_EVENT, MESSAGE):
            piece[start + length - 8:start + length] = NEVER_HEARD_OF
        start += max(length, HEADER.size)
    return bytes(piece)


def spoil(piece, mode):
    """What arrives instead of a piece, and whether anything comes after it."""
    if mode[0] == 'slow':
        be_late(int(mode[1]) / 1000)
    if mode[0] == 'cut':
        return piece[:len(piece) // 2], False
    if mode[0] == 'corrupt':
        return piece[:4] + bytes(byte ^ 0xff for byte in piece[4:12]) + piece[12:], True
    if mode[0] == 'huge':
        return struct.pack('>I', 0x7fffffff) + piece[4:], True
    if mode[0] == 'newer':
        return renew(piece), True
    return piece, True


def pass_on(source, target, control, is_answer):
    goes_on = True
    try:
        while goes_on:
            piece = source.recv(65536)
            if not piece:
                break
            while mode_of(control)[0] == 'stall':
                be_late(0.05)
            if is_answer:
                piece, goes_on = spoil(piece, mode_of(control))
            target.sendall(piece)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main():
    path, daemon_path, control, log_path = sys.argv[1:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.new')
    listener.listen(64)
    os.rename(path + '.new', path)  # whoever sees it may come
    with open(log_path, 'a', encoding='ascii', buffering=1) as log:
        while True:
            program, _ = listener.accept()
            log.write('came\n')
            daemon = socket.socket(socket.AF_UNIX)
            try:
                daemon.connect(daemon_path)
            except OSError:
                program.close()
                continue
            for source, target in ((program, daemon), (daemon, program)):
                threading.Thread(target=pass_on, args=(source, target, control, source is daemon),
                                 daemon=True).start()


if __name__ == '__main__':
    main()
