#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A VNC server for tests: rfb-server.py SOCKET MODE [INPUT-LOG]

Mode "good" shows 64x48 pixels, (x, y) = red x, green y, blue 7, and writes what it is sent to the
log; "plain-keys" does the same for clients that tell keys by their meaning alone, and "knows-sound" says
that it could play. The "speed-" ones are for benchmarks. Every other mode does one thing that no server should."""

import itertools
import os
import pathlib
import socket
import ssl
import struct
import sys
import zlib

WIDTH, HEIGHT = 64, 48
NONE, VNC, VENCRYPT, SASL = 1, 2, 19, 20
# What is offered within VeNCrypt, and the certificate that is shown.
ENCRYPTED = {'tls-none': (260, 'server.pem'), 'tls-password': (261, 'server.pem'), 'tls-plain': (262, 'server.pem'),
             'tls-sasl': (263, 'server.pem'), 'tls-other': (260, 'other.pem')}
# What a client makes of the password “geheim1” and sixteen zeros.
RESPONSE = bytes.fromhex('430cf6793f7270f6' * 2)
ZRLE, TIGHT, DESKTOP_NAME = 16, 7, -307
COPY, RRE, HEXTILE = 1, 2, 5
RAW, DESKTOP_SIZE, CURSOR, POINTER_TYPE, LED, EXT_KEY, SOUND = 0, -223, -239, -257, -261, -258, -259


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
        self.size = {'huge': (65535, 65535), 'large': (16384, 16384), 'empty': (0, 0),
                     'speed-raw': (2048, 1024)}.get(mode, (WIDTH, HEIGHT))
        self.updates = 0
        self.left = next(CUTS) if mode == 'cut-anywhere' else None

    def send(self, *data):
        data = b''.join(data)
        if self.left is not None:
            data, self.left = data[:self.left], self.left - len(data)
        self.connection.sendall(data)
        if self.left is not None and self.left <= 0:
            raise EOFError

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
        if self.mode == 'other-protocol':
            self.send(b'SSH-2.0-OpenSSH_9.2\x1b[31m\r\n')
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
        if self.mode in ENCRYPTED:
            self.encrypt(*ENCRYPTED[self.mode])
            return self.introduce()
        kinds = {'password': b'\2', 'sasl': bytes((SASL,)), 'unknown-kinds': b'\5\x10\xc8', 'no-sense-kinds': bytes(range(3, 256))}
        offered = kinds.get(self.mode, b'\1')
        self.send(bytes([len(offered)]), offered)
        self.take('B')
        if self.mode == 'password':
            self.challenge()
        elif self.mode == 'sasl':
            self.ask_plainly()
        else:
            self.send(struct.pack('>I', 0))
        return self.introduce()

    def challenge(self):
        self.send(bytes(16))
        self.judge(self.take('16s')[0] == RESPONSE)

    def ask_plainly(self):
        """By SASL, with nothing to choose from."""
        self.send(struct.pack('>I5s', 5, b'PLAIN'))
        mechanism = self.reader.read(*self.take('>I'))
        words = self.reader.read(*self.take('>I')).strip(b'\0').split(b'\0')
        self.note(mechanism.decode(), *(word.decode() for word in words))
        self.send(struct.pack('>IB', 0, 1))
        self.judge(words == [b'somebody', b'geheim1'])

    def judge(self, is_right):
        self.note('right' if is_right else 'wrong')
        if is_right:
            self.send(struct.pack('>I', 0))
        else:
            self.send(struct.pack('>II', 1, 9), b'not you!\n')
            raise EOFError

    def encrypt(self, kind, certificate):
        self.send(bytes((1, VENCRYPT)))
        self.take('B')
        self.send(b'\0\2')
        self.take('2s')
        self.send(b'\0', struct.pack('>BII', 2, 256, kind))
        self.take('>I')
        self.send(b'\1')
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pathlib.Path(__file__).parent / 'tls' / certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.reader = self.connection.makefile('rb')
        if kind == 261:
            self.challenge()
        elif kind == 262:
            n, m = self.take('>II')
            words = self.take(f'{n}s{m}s')
            self.note('plain', *(word.decode() for word in words))
            self.judge(words == (b'somebody', b'geheim1'))
        elif kind == 263:
            self.ask_plainly()
        else:
            self.send(struct.pack('>I', 0))

    def introduce(self):
        self.take('B')
        name = b'\xff\xfe\x00bad name'
        self.send(struct.pack('>HH', *self.size), struct.pack('>BBBBHHHBBBxxx', 32, 24, 0, 1, 255, 255, 255, 16, 8, 0),
                  struct.pack('>I', 0x7fffffff if self.mode == 'long-name' else len(name)), name)
        return True

    def flood(self):
        """Before the picture, what nobody asked for."""
        if self.mode == 'cut-text-flood':
            for _ in range(100):
                self.send(struct.pack('>BxxxI', 3, 1 << 20), b'x' * (1 << 20))
        elif self.mode == 'cut-text-huge':
            self.send(struct.pack('>BxxxI', 3, 0x7fffffff), b'x' * 100)
        elif self.mode == 'bell-flood':
            self.send(b'\2' * 200000)
        elif self.mode in ('name-flood', 'name-huge'):
            for number in range(200 if self.mode == 'name-flood' else 1):
                name = b'%d' % number * (20 if self.mode == 'name-flood' else 1 << 24)
                self.update(self.rectangle(0, 0, 0, 0, DESKTOP_NAME, struct.pack('>I', len(name)) + name))
        elif self.mode == 'update-storm':
            self.send((struct.pack('>BxH', 0, 1) + self.rectangle(1, 1, 1, 1, RAW, b'\1\2\3\4')) * 100000)
        elif self.mode == 'color-map':
            self.send(struct.pack('>BxHH', 1, 0, 65535), bytes(6 * 65535))
        elif self.mode == 'zlib-bomb':
            data = zlib.compress(bytes(1 << 28), 9)
            self.update(self.rectangle(0, 0, 16, 16, ZRLE, struct.pack('>I', len(data)) + data))
        elif self.mode == 'zlib-garbage':
            self.update(self.rectangle(0, 0, 64, 48, ZRLE, struct.pack('>I', 1000) + b'\xa5' * 1000))
        elif self.mode == 'zlib-endless':
            self.update(self.rectangle(0, 0, 64, 48, ZRLE, struct.pack('>I', 0xffffffff) + b'\xa5' * 1000))
            return False
        elif self.mode == 'tight-garbage':
            self.update(self.rectangle(0, 0, 64, 48, TIGHT, b'\xa5' * 100000))
        return True

    def hurry(self):
        """As much as goes, and one last pixel."""
        last = struct.pack('>BxH', 0, 1) + self.rectangle(0, 0, 1, 1, RAW, b'\1\2\3\4')
        if self.mode == 'speed-rectangles':
            self.send((struct.pack('>BxH', 0, 1) + self.rectangle(1, 1, 1, 1, RAW, b'\1\2\3\4')) * 100000)
        elif self.mode == 'speed-raw':
            width, height = self.size
            screen = struct.pack('>BxH', 0, 1) + self.rectangle(0, 0, width, height, RAW, bytes(width * height * 4))
            for _ in range(64):
                self.send(screen)
        self.send(last)

    def paint(self, incremental):
        self.updates += 1
        mode = self.mode
        if mode == 'stops':
            return True
        if self.updates == 1 and not self.flood():
            return False
        if mode.startswith('speed-'):
            if self.updates == 1:
                self.hurry()
        elif mode in ('good', 'plain-keys', 'knows-sound') and self.updates == 1:
            shape = bytes((1, 2, 3, 0)) * 64
            facts = [self.rectangle(1, 2, 8, 8, CURSOR, shape + b'\xff' * 8),
                     self.rectangle(0, 0, 0, 0, POINTER_TYPE), self.rectangle(0, 0, 1, 1, LED, b'\4')]
            if mode != 'plain-keys':
                facts.append(self.rectangle(0, 0, 0, 0, EXT_KEY))
            if mode == 'knows-sound':
                facts.append(self.rectangle(0, 0, 0, 0, SOUND))
            self.update(*facts)
        elif mode in SHOWN and self.updates <= 3:
            data = picture(WIDTH, HEIGHT)
            rows = [self.rectangle(0, y, WIDTH, 1, RAW, data[y * WIDTH * 4:(y + 1) * WIDTH * 4])
                    for y in range(HEIGHT)]
            self.update(*(rows * (20 if mode == 'many-rectangles' else 1)))
        elif mode == 'resize-storm' and self.updates <= 200:
            width, height = (WIDTH, HEIGHT) if self.updates == 200 else (1 + self.updates * 7, 1 + self.updates * 3)
            self.update(self.rectangle(0, 0, width, height, DESKTOP_SIZE))
        elif mode == 'resize-storm' and self.updates <= 202:
            self.update(self.rectangle(0, 0, WIDTH, HEIGHT, RAW, picture(WIDTH, HEIGHT)))
        elif mode == 'resize-forever':
            width, height = 8 + self.updates % 120, 8 + self.updates % 50
            self.update(self.rectangle(0, 0, width, height, DESKTOP_SIZE), self.rectangle(0, 0, 1, 1, RAW, b'\1\2\3\4'))
        elif mode == 'outside':
            self.update(self.rectangle(60, 40, 600, 400, RAW, bytes(600 * 400 * 4)))
        elif mode == 'outside-copy':
            self.update(self.rectangle(0, 0, WIDTH, HEIGHT, COPY, struct.pack('>HH', 60000, 60000)),
                        self.rectangle(60000, 60000, WIDTH, HEIGHT, COPY, struct.pack('>HH', 0, 0)))
        elif mode == 'outside-rre':
            boxes = struct.pack('>IHHHH', 0xff0000, 60000, 60000, 65535, 65535) * 100
            self.update(self.rectangle(0, 0, WIDTH, HEIGHT, RRE, struct.pack('>II', 100, 0) + boxes))
        elif mode == 'endless-rre':
            self.update(self.rectangle(0, 0, WIDTH, HEIGHT, RRE, struct.pack('>II', 0xffffffff, 0) + bytes(1000)))
        elif mode == 'outside-hextile':
            tile = struct.pack('>BIIB', 2 | 4 | 8, 0, 0xff0000, 255) + b'\xff\xff' * 255
            self.update(self.rectangle(0, 0, WIDTH, HEIGHT, HEXTILE, tile * 12))
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
            about_sound, what = self.take('>BH')
            if about_sound:
                self.note('sound', what, *(self.take('>BBI') if what == 2 else ()))
            else:
                keysym, keycode = self.take('>II')
                self.note('key', f'{keysym:x}', f'{keycode:x}', 'down' if what else 'up')
        return True

    def serve(self):
        try:
            while self.greet_once() and self.read_message():
                pass
        except (EOFError, OSError, struct.error):  # a TLS error is an OSError
            pass
        self.reader.close()
        self.connection.close()
        self.note('gone')

    def greet_once(self):
        if not hasattr(self, 'greeted'):
            self.greeted = True
            return self.greet()
        return True


# How many bytes each connection gets, the next one more: through the greeting in small steps.
CUTS = itertools.chain(range(0, 200, 7), (int(200 * 1.5 ** n) for n in itertools.count()))
SHOWN = {'good', 'knows-sound', 'plain-keys', 'many-rectangles', 'password', 'cut-anywhere', 'cut-text-flood', 'bell-flood', 'name-flood',
         'update-storm', 'zlib-bomb', *ENCRYPTED}


def main():
    path, mode, *rest = sys.argv[1:]
    log = open(rest[0], 'a', encoding='utf-8') if rest else None
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.new')
    listener.listen()
    os.rename(path + '.new', path)
    while True:
        connection, _ = listener.accept()
        with connection:
            Guest(connection, mode, log).serve()


main()
