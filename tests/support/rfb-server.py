#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A VNC server for tests: rfb-server.py SOCKET MODE [INPUT-LOG]

Mode "good" shows 64x48 pixels, (x, y) = red x, green y, blue 7, and writes what it is sent to the
log. Every other mode does one thing that no server should."""

import os
import socket
import struct
import sys

WIDTH, HEIGHT = 64, 48
RAW, DESKTOP_SIZE, CURSOR, POINTER_TYPE, LED, EXT_KEY = 0, -223, -239, -257, -261, -258


def picture(width, height, blue=7):
    """Rows of x8r8g8b8; the unused byte is noise on purpose."""
    return b''.join(bytes((blue, y & 0xff, x & 0xff, (x * y) & 0xff)) for y in range(height) for x in range(width))


class Guest:
    """One connection."""

    def __init__(self, connection, mode, log):
        self.connection = connection
        self.mode = mode
        self.log = log
        self.reader = connection.makefile('rb')
        self.size = {'huge': (65535, 65535), 'large': (16384, 16384), 'empty': (0, 0)}.get(mode, (WIDTH, HEIGHT))
        self.updates = 0

    def send(self, *data):
        self.connection.sendall(b''.join(data))

    def take(self, form):
        data = self.reader.read(struct.calcsize(form))
        if len(data) < struct.calcsize(form):
            raise EOFError
        return struct.unpack(form, data)

    def note(self, *words):
        if self.log:
            self.log.write(' '.join(str(word) for word in words) + '\n')
            self.log.flush()

    def rectangle(self, x, y, width, height, encoding, data=b''):
        return struct.pack('>HHHHi', x, y, width, height, encoding) + data

    def update(self, *rectangles):
        self.send(struct.pack('>BxH', 0, len(rectangles)), *rectangles)

    def greet(self):
        if self.mode == 'mute':
            self.reader.read()
        if self.mode == 'garbage':
            self.send(os.urandom(65536))
        if self.mode == 'hangs-up':
            return False
        self.send(b'RFB 003.003\n' if self.mode == 'old-password' else b'RFB 003.008\n')
        if self.mode == 'cut-greeting':
            return False
        self.take('12s')
        if self.mode == 'old-password':
            self.send(struct.pack('>I', 2), bytes(16))
            self.reader.read()
        if self.mode == 'refuses':
            self.send(struct.pack('>BI5s', 0, 5, b'\x1b[31m'))
            return False
        kinds = {'password': b'\2', 'unknown-kinds': b'\5\x10\xc8', 'no-sense-kinds': bytes(range(3, 256))}
        offered = kinds.get(self.mode, b'\1')
        self.send(bytes([len(offered)]), offered)
        self.take('B')
        self.send(struct.pack('>I', 0))
        self.take('B')
        name = b'\xff\xfe\x00bad name'
        self.send(struct.pack('>HH', *self.size), struct.pack('>BBBBHHHBBBxxx', 32, 24, 0, 1, 255, 255, 255, 16, 8, 0),
                  struct.pack('>I', 0x7fffffff if self.mode == 'long-name' else len(name)), name)
        return True

    def paint(self, incremental):
        self.updates += 1
        mode = self.mode
        if mode == 'good' and self.updates == 1:
            shape = bytes((1, 2, 3, 0)) * 64
            self.update(self.rectangle(1, 2, 8, 8, CURSOR, shape + b'\xff' * 8),
                        self.rectangle(0, 0, 0, 0, POINTER_TYPE), self.rectangle(0, 0, 0, 0, EXT_KEY),
                        self.rectangle(0, 0, 1, 1, LED, b'\4'))
        elif mode in ('good', 'many-rectangles') and self.updates <= 3:
            data = picture(WIDTH, HEIGHT)
            rows = [self.rectangle(0, y, WIDTH, 1, RAW, data[y * WIDTH * 4:(y + 1) * WIDTH * 4])
                    for y in range(HEIGHT)]
            self.update(*(rows * (20 if mode == 'many-rectangles' else 1)))
        elif mode == 'resize-storm' and self.updates <= 200:
            width, height = (WIDTH, HEIGHT) if self.updates == 200 else (1 + self.updates * 7, 1 + self.updates * 3)
            self.update(self.rectangle(0, 0, width, height, DESKTOP_SIZE))
        elif mode == 'resize-storm' and self.updates <= 202:
            self.update(self.rectangle(0, 0, WIDTH, HEIGHT, RAW, picture(WIDTH, HEIGHT)))
        elif mode == 'outside':
            self.update(self.rectangle(60, 40, 600, 400, RAW, bytes(600 * 400 * 4)))
        elif mode == 'huge-cursor':
            self.update(self.rectangle(0, 0, 4000, 4000, CURSOR, bytes(4000 * 4000 * 4 + 500 * 4000)))
        elif mode == 'endless-cursor':
            self.update(self.rectangle(0, 0, 65535, 65535, CURSOR))
        elif mode == 'unknown-encoding':
            self.update(self.rectangle(0, 0, 1, 1, 0x12345678, b'\0' * 64))
        elif mode == 'cut-frame':
            self.send(struct.pack('>BxH', 0, 1), self.rectangle(0, 0, WIDTH, HEIGHT, RAW, b'\0' * 100))
            return False
        elif mode == 'large' and self.updates == 1:
            self.update(self.rectangle(16383, 16383, 1, 1, RAW, b'\1\2\3\4'))
        return True

    def read_message(self):
        kind, = self.take('B')
        if kind == 0:
            self.take('19s')
        elif kind == 2:
            n, = self.take('>xH')
            self.take(f'>{n}i')
        elif kind == 3:
            incremental, *_ = self.take('>BHHHH')
            return self.paint(incremental)
        elif kind == 4:
            down, keysym = self.take('>BxxI')
            self.note('key', f'{keysym:x}', 'down' if down else 'up')
        elif kind == 5:
            self.note('pointer', *self.take('>BHH'))
        elif kind == 6:
            size, = self.take('>xxxI')
            text = self.reader.read(size)
            self.note('cut', text.hex())
            text = 'Zurück: '.encode('latin-1') + text
            self.send(struct.pack('>BxxxI', 3, len(text)), text)
        elif kind == 255:
            _, down, keysym, keycode = self.take('>BHII')
            self.note('key', f'{keysym:x}', f'{keycode:x}', 'down' if down else 'up')
        return True

    def serve(self):
        try:
            while self.greet_once() and self.read_message():
                pass
        except (EOFError, OSError, struct.error):
            pass
        self.note('gone')

    def greet_once(self):
        if not hasattr(self, 'greeted'):
            self.greeted = True
            return self.greet()
        return True


def main():
    path, mode, *rest = sys.argv[1:]
    log = open(rest[0], 'w', encoding='utf-8') if rest else None
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.new')
    listener.listen()
    os.rename(path + '.new', path)
    while True:
        connection, _ = listener.accept()
        with connection:
            Guest(connection, mode, log).serve()


main()
