#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A SPICE server for tests: spice-server.py SOCKET MODE [LOG]

Mode "good" shows 64x48 pixels, (x, y) = red x, green y, blue 7; with a log its guest has the agent of
vdagent.py, which writes there. Every other mode does one thing that no server should, at the place its
name tells, and for the rest is the good one."""

import itertools
import os
import socket
import struct
import sys
import threading
import zlib

sys.dont_write_bytecode = True
import vdagent  # noqa: E402

WIDTH, HEIGHT = 64, 48
MAIN, DISPLAY, INPUTS, CURSOR, PLAYBACK, RECORD = 1, 2, 3, 4, 5, 6
CAPS = 0b1011  # choose how to authenticate, by ticket; short message headers
SASL_CAPS = 0b1101  # by SASL
MAIN_INIT, CHANNELS_LIST, CURSOR_INIT = 103, 104, 101
AGENT_CONNECTED, AGENT_DISCONNECTED, AGENT_DATA, AGENT_TOKEN = 107, 108, 109, 110
CLIENT_ATTACH, CLIENT_AGENT_DATA = 104, 107
TOKENS = 10
PLAYBACK_DATA, PLAYBACK_MODE, PLAYBACK_START, PLAYBACK_STOP, PLAYBACK_VOLUME = 101, 102, 103, 104, 105
RECORD_START, CLIENT_RECORD_DATA = 101, 101
RATE = 48000
MARK, DRAW_FILL, DRAW_COPY, SURFACE_CREATE, SURFACE_DESTROY, MONITORS = 102, 302, 304, 314, 315, 317
GL_SCANOUT, GL_DRAW, GL_DRAW_DONE = 320, 321, 104
XRGB = 32
QUIC, LZ_RGB, GLZ_RGB, JPEG, ZLIB_GLZ = 1, 101, 102, 105, 107
HUGE = 0x7fffffff

# After how many bytes, over all channels, a session ends that may end anywhere.
CUTS = itertools.chain(range(0, 1000, 37), (int(1000 * 1.3 ** n) for n in itertools.count()))

# An RSA key of 1024 bits as the client wants it; nobody will ever decrypt what it encrypts.
KEY = bytes.fromhex('30819f300d06092a864886f70d010101050003818d0030818902818100') + b'\xc5' * 127 + b'\x01' + \
    bytes.fromhex('0203010001')


def picture(blue=7):
    return b''.join(bytes((blue, y, x, 0)) for y in range(HEIGHT) for x in range(WIDTH))


class Guest(vdagent.Agent):
    """The agent, whose guest has a screen."""

    def __init__(self, main):
        caps = vdagent.CAPS | (1 << vdagent.CAP_CRLF if main.mode == 'agent-crlf' else 0)
        super().__init__(main.send_agent, main.server.log, caps)
        self.main = main

    def resize(self, width, height):
        display = self.main.server.display
        if display:
            display.tell(SURFACE_DESTROY, struct.pack('<I', 0))
            display.create(width, height)
            display.tell(MARK)

    def leave(self):
        self.main.tell(AGENT_DISCONNECTED, struct.pack('<I', 0))
        self.main.tell(AGENT_CONNECTED)
        self.announce()


class Server:
    """What its channels share."""

    def __init__(self, log):
        self.log = log
        self.display = None
        self.left = None

    def cut(self, data):
        if self.left is not None:
            data, self.left = data[:max(self.left, 0)], self.left - len(data)
        return data

    def is_over(self):
        return self.left is not None and self.left <= 0


class Channel:
    """One connection."""

    def __init__(self, connection, mode, server):
        self.connection = connection
        self.mode = mode
        self.server = server
        self.reader = connection.makefile('rb')
        self.kind = None

    def send(self, *data):
        data = self.server.cut(b''.join(data))
        self.connection.sendall(data)
        if self.server.is_over():
            raise EOFError

    def take(self, form):
        data = self.reader.read(struct.calcsize(form))
        if len(data) < struct.calcsize(form):
            raise EOFError
        return struct.unpack(form, data)

    def tell(self, kind, data=b'', size=None):
        """One message, whose header may claim another size."""
        self.send(struct.pack('<HI', kind, len(data) if size is None else size), data)

    # The link

    def link(self):
        _, _, _, size = self.take('<4sIII')
        self.kind, = struct.unpack_from('<B', self.reader.read(size), 4)
        if self.kind == MAIN and self.mode == 'cut-anywhere':
            self.server.left = next(CUTS)
        caps = SASL_CAPS if self.mode == 'link-sasl' else CAPS
        reply = struct.pack('<I', 0) + KEY + struct.pack('<IIIII', 1, 1, 178, caps, 0)
        header = struct.pack('<4sIII', b'REDQ', 2, 2, len(reply))
        lies = {
            'link-garbage': b'\xff' * 65536,
            'link-other-magic': struct.pack('<4sIII', b'HTTP', 2, 2, len(reply)) + reply,
            'link-other-version': struct.pack('<4sIII', b'REDQ', 9, 9, len(reply)) + reply,
            'link-no-reply': struct.pack('<4sIII', b'REDQ', 2, 2, 0),
            'link-huge-reply': struct.pack('<4sIII', b'REDQ', 2, 2, HUGE) + reply,
            'link-caps-outside': header + reply[:166] + struct.pack('<IIIII', 1, 1, 0xfffffff0, CAPS, 0),
            'link-too-many-caps': header + reply[:166] + struct.pack('<IIIII', HUGE, HUGE, 178, CAPS, 0),
            'link-refused': header + struct.pack('<I', 7) + reply[4:],
            'link-cut': header + reply[:50],
            'link-closed': b'',
            'link-no-auth': header + reply[:166] + struct.pack('<IIIII', 1, 1, 178, 0b0001, 0),
        }
        if self.mode == 'link-mute':
            self.reader.read()
        if self.mode in lies:
            self.send(lies[self.mode])
            return False
        if self.mode == 'link-dripping':
            self.drip(header + reply)
        self.send(header, reply)
        if self.mode == 'link-sasl':
            self.take('<I')
            self.send(struct.pack('<I5s', 5, b'PLAIN'))
            self.take('<I')
            self.server.log.write('PLAIN\n')
            self.server.log.flush()
            return False
        self.take('<I128s')
        self.send(struct.pack('<I', 0))
        return True

    def drip(self, data):
        """A byte a second, until the other side has had enough."""
        slow = threading.Event()
        for byte in data:
            self.send(bytes([byte]))
            slow.wait(1)

    # The main channel

    def has_agent(self):
        return self.server.log is not None or self.mode.startswith('agent-')

    def greet(self):
        if self.mode == 'main-short-init':
            self.tell(MAIN_INIT, bytes(4))
        self.tell(MAIN_INIT, struct.pack('<IIIIIIII', 7, 1, 3, 1, self.has_agent(), TOKENS, 0, 0))
        kind = None
        while kind != CLIENT_ATTACH:
            kind, size = self.take('<HI')
            self.reader.read(size)
        if self.mode == 'main-too-many-channels':
            self.tell(CHANNELS_LIST, struct.pack('<I', HUGE) + bytes(64))
        elif self.mode == 'main-no-channels':
            self.tell(CHANNELS_LIST, struct.pack('<I', 0))
        elif self.mode == 'main-unknown-message':
            self.tell(60000, b'what?')
        elif self.mode == 'main-huge-message':
            self.tell(CHANNELS_LIST, b'', 0xfffffff0)
        elif self.mode == 'main-cut-message':
            self.tell(CHANNELS_LIST, b'', 1000)
            self.connection.shutdown(socket.SHUT_RDWR)
        kinds = [DISPLAY, INPUTS] + ([CURSOR] if self.mode.startswith('cursor-') else [])
        kinds += [PLAYBACK, RECORD] if self.mode.startswith('sound') else []
        self.tell(CHANNELS_LIST, struct.pack('<I', len(kinds)) + b''.join(bytes((kind, 0)) for kind in kinds))

    # The agent's part of it

    def send_agent(self, data):
        for start in range(0, len(data), 2048):
            self.tell(AGENT_DATA, data[start:start + 2048])

    def talk(self):
        guest = Guest(self)
        guest.announce()
        getattr(self, 'do_' + self.mode.replace('-', '_'), lambda _: None)(guest)
        while True:
            kind, size = self.take('<HI')
            data = self.reader.read(size)
            if kind == CLIENT_AGENT_DATA:
                self.tell(AGENT_TOKEN, struct.pack('<I', 1))
                guest.feed(data)

    def do_agent_huge_message(self, guest):
        guest.tell(vdagent.CLIPBOARD, bytes(100), 0xfffffff0)
        guest.send(bytes(1 << 20))

    def do_agent_cut_message(self, guest):
        guest.tell(vdagent.CLIPBOARD, bytes(100), 10000)
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_agent_short_messages(self, guest):
        for kind in range(20):
            guest.tell(kind)
            guest.tell(kind, b'\x01')

    def do_agent_garbage(self, guest):
        guest.send(b'\xff' * 65536)

    def do_agent_odd_types(self, guest):
        guest.tell(vdagent.GRAB, struct.pack('<4I', 0, 0, 77, HUGE))
        guest.tell(vdagent.GRAB, struct.pack('<I', 9))
        guest.tell(vdagent.REQUEST, struct.pack('<II', 0, 77))
        guest.tell(vdagent.CLIPBOARD, struct.pack('<II', 0, 77) + b'unasked')
        guest.tell(vdagent.FILE_STATUS, struct.pack('<II', 99, vdagent.SUCCESS))

    def do_agent_grab_flood(self, guest):
        while True:
            guest.tell(vdagent.GRAB, struct.pack('<II', 0, vdagent.TEXT))

    def do_agent_request_flood(self, guest):
        while True:
            guest.tell(vdagent.REQUEST, struct.pack('<II', 0, vdagent.TEXT))

    def do_agent_content_flood(self, guest):
        while True:
            guest.tell(vdagent.CLIPBOARD, struct.pack('<II', 0, vdagent.TEXT) + bytes(1 << 20))

    def do_agent_flapping(self, guest):
        while True:
            guest.leave()

    # The display channel

    def create(self, width=WIDTH, height=HEIGHT, form=XRGB, number=0):
        self.tell(SURFACE_CREATE, struct.pack('<IIIII', number, width, height, form, 1))

    def base(self, box, number=0):
        top, left, bottom, right = box
        return struct.pack('<IiiiiB', number, top, left, bottom, right, 0)

    def fill(self, box=(0, 0, HEIGHT, WIDTH), number=0):
        self.tell(DRAW_FILL, self.base(box, number) + struct.pack('<BIHBiiI', 1, 0x112233, 8, 0, 0, 0, 0))

    def copy(self, *, box=(0, 0, HEIGHT, WIDTH), source=(0, 0, HEIGHT, WIDTH), size=(WIDTH, HEIGHT), stride=WIDTH * 4,
             offset=None, form=8, data=None):
        head = self.base(box)
        drawing = struct.pack('<iiiiHBBiiI', *source, 8, 0, 0, 0, 0, 0)
        place = len(head) + 4 + len(drawing) if offset is None else offset
        image = struct.pack('<QBBII', 1, 0, 0, *size) + struct.pack('<BBIII', form, 4, *size, stride) + struct.pack('<I', 0)
        self.tell(DRAW_COPY, head + struct.pack('<I', place) + drawing + image + (picture() if data is None else data))

    def show(self):
        self.server.display = self
        sizes = {'surface-empty': (0, 0), 'surface-no-height': (64, 0), 'surface-too-wide': (16385, 48),
                 'surface-too-high': (64, 16385), 'surface-enormous': (65535, 65535), 'surface-overflow': (0x40000001, 4),
                 'surface-negative': (0xffffffff, 0xffffffff)}
        if self.mode == 'surface-storm':
            for number in range(1, 200):
                self.create(number * 7, number * 3)
                self.tell(MARK)
                self.tell(SURFACE_DESTROY, struct.pack('<I', 0))
        if self.mode == 'draw-before-surface':
            self.copy()
        if self.mode == 'surface-unknown-format':
            self.create(form=77)
        else:
            self.create(*sizes.get(self.mode, (WIDTH, HEIGHT)))
        self.tell(MARK)
        if self.mode == 'display-stops':
            self.reader.read()
        if self.mode == 'surface-twice':
            self.create()
            self.create(128, 96)
        if not self.mode.startswith('agent-'):
            getattr(self, 'do_' + self.mode.replace('-', '_'), lambda: None)()
        self.copy()

    def do_draw_outside(self):
        self.fill((40, 60, 4000, 6000))

    def do_draw_negative(self):
        self.fill((-HUGE, -HUGE, HUGE, HUGE))

    def do_draw_inside_out(self):
        self.fill((40, 60, -40, -60))

    def do_draw_elsewhere(self):
        self.fill(number=99)

    def do_draw_after_surface(self):
        self.tell(SURFACE_DESTROY, struct.pack('<I', 0))
        self.copy()
        self.create()
        self.tell(MARK)

    def do_image_narrow_stride(self):
        self.copy(stride=4)

    def do_image_short(self):
        self.copy(data=bytes(16))

    def do_image_huge(self):
        self.copy(size=(0x10000, 0x10000), stride=0x40000)

    def do_image_outside(self):
        self.copy(offset=0x7ffffff0)

    def do_image_of_image(self):
        self.copy(source=(-100, -100, 10000, 10000))

    def do_image_unknown_format(self):
        self.copy(form=200)

    def pack(self, kind, data):
        """A picture that somebody has to unpack."""
        head = self.base((0, 0, HEIGHT, WIDTH))
        drawing = struct.pack('<iiiiHBBiiI', 0, 0, HEIGHT, WIDTH, 8, 0, 0, 0, 0, 0)
        image = struct.pack('<QBBII', 1, kind, 0, WIDTH, HEIGHT) + data
        self.tell(DRAW_COPY, head + struct.pack('<I', len(head) + 4 + len(drawing)) + drawing + image)

    def do_image_zlib_bomb(self):
        data = zlib.compress(bytes(1 << 28), 9)
        self.pack(ZLIB_GLZ, struct.pack('<II', 1 << 28, len(data)) + data)

    def do_image_zlib_lying(self):
        data = zlib.compress(bytes(100))
        self.pack(ZLIB_GLZ, struct.pack('<II', HUGE, len(data)) + data)

    def do_image_zlib_garbage(self):
        self.pack(ZLIB_GLZ, struct.pack('<II', 4096, 1000) + b'\xa5' * 1000)

    def do_image_lz_enormous(self):
        data = struct.pack('>4sIIIIII', b'  ZL', 0x10001, 8, HUGE, HUGE, HUGE, 1) + b'\xff' * 1000
        self.pack(LZ_RGB, struct.pack('<I', len(data)) + data)

    def do_image_glz_elsewhere(self):
        """It refers to pictures that were never sent."""
        data = struct.pack('>4sIBIIIQI', b'  ZL', 0x10001, 8, WIDTH, HEIGHT, WIDTH * 4, 1 << 40, HUGE) + b'\xff' * 1000
        self.pack(GLZ_RGB, struct.pack('<I', len(data)) + data)

    def do_image_quic_garbage(self):
        data = struct.pack('<IIIII', 0x43495551, 0, 4, HUGE, HUGE) + b'\xa5' * 1000
        self.pack(QUIC, struct.pack('<I', len(data)) + data)

    def do_image_jpeg_garbage(self):
        data = b'\xff\xd8\xff\xc0\x00\x11\x08' + struct.pack('>HH', 65535, 65535) + b'\xff' * 1000
        self.pack(JPEG, struct.pack('<I', len(data)) + data)

    def do_message_huge(self):
        self.tell(DRAW_COPY, bytes(100), 0xfffffff0)
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_message_cut(self):
        self.tell(DRAW_COPY, bytes(100), 10000)
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_message_dripping(self):
        self.drip(struct.pack('<HI', DRAW_COPY, 10000) + bytes(100))

    def do_message_empty(self):
        self.tell(DRAW_COPY)

    def do_message_garbage(self):
        self.send(b'\xff' * 65536)
        self.connection.shutdown(socket.SHUT_RDWR)  # or the other side waits for what the length promised

    def do_monitors_lie(self):
        self.tell(MONITORS, struct.pack('<HH', 64, 1) + struct.pack('<IIIIIII', 0, 0, 5000, 5000, 4000, 4000, 0))

    def do_monitors_outside(self):
        self.tell(MONITORS, struct.pack('<HH', 1, 1) + struct.pack('<IIIIIII', 0, 0, HUGE, HUGE, HUGE, HUGE, 0))

    def do_monitors_two(self):
        heads = struct.pack('<IIIIIII', 4, 0, 32, 48, 0, 0, 0) + struct.pack('<IIIIIII', 9, 0, 16, 40, 32, 5, 0)
        self.tell(MONITORS, struct.pack('<HH', 2, 16) + heads)

    def scan_out(self, width, height, stride):
        """Spice-glib loses its way where the descriptor does not follow at once, so it has something to do before."""
        fill = self.base((0, 0, HEIGHT, WIDTH)) + struct.pack('<BIHBiiI', 1, 0x112233, 8, 0, 0, 0, 0)
        busy = (struct.pack('<HI', DRAW_FILL, len(fill)) + fill) * 1500
        shape = struct.pack('<IIIII', width, height, stride, 0x34325258, 0)
        memory = os.memfd_create('texture')
        self.connection.sendall(busy + struct.pack('<HI', GL_SCANOUT, len(shape)) + shape)
        self.connection.sendmsg([b'\0'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack('i', memory))])
        os.close(memory)

    def do_gl_scanout(self):
        self.scan_out(WIDTH, HEIGHT, WIDTH * 4)

    def do_gl_enormous(self):
        self.scan_out(HUGE, HUGE, HUGE)

    def do_gl_draw(self):
        """The picture follows when each of these has been answered once."""
        for number in range(1, 4):
            self.tell(GL_DRAW, struct.pack('<IIII', 0, 0, WIDTH * number, HEIGHT))
        answers = 0
        while answers < 3:
            kind, size = self.take('<HI')
            self.reader.read(size)
            answers += kind == GL_DRAW_DONE

    def do_flood(self):
        while True:
            self.fill()

    # The pointer's channel

    def point(self):
        shapes = {'cursor-huge': (4000, 4000, 4000 * 4000 * 4), 'cursor-short': (64, 64, 16), 'cursor-empty': (0, 0, 0)}
        width, height, size = shapes[self.mode]
        shape = struct.pack('<HQBHHHH', 0, 1, 0, width, height, 0xffff, 0xffff) + bytes(size)
        self.tell(CURSOR_INIT, struct.pack('<HHHHB', 0, 0, 0, 0, 1) + shape)

    # Sound

    def play(self):
        """Ten times a second a tenth of a second in which each sample is 1000, until nobody listens."""
        channels, form, rate = {'sound-odd': (77, 9, HUGE), 'sound-too-fast': (2, 1, 0)}.get(self.mode, (2, 1, RATE))
        if self.mode == 'sound-quiet':
            self.tell(PLAYBACK_VOLUME, struct.pack('<BHH', 2, 0x7fff, 0x7fff))
        self.tell(PLAYBACK_MODE, struct.pack('<IH', 0, 1))
        self.tell(PLAYBACK_START, struct.pack('<IHII', channels, form, rate, 0))
        tenth = threading.Event()
        time = 0
        while True:
            size = 3 if self.mode == 'sound-odd' else RATE // 10 * 2
            self.tell(PLAYBACK_DATA, struct.pack('<I', time) + struct.pack('<h', 1000) * size)
            time += 100
            if self.mode != 'sound-flood':
                tenth.wait(0.1)

    def record(self):
        self.tell(RECORD_START, struct.pack('<IHI', 1, 1, 44100))
        while True:
            kind, size = self.take('<HI')
            data = self.reader.read(size)
            if kind == CLIENT_RECORD_DATA and self.server.log:
                self.server.log.write(f'recorded {data[4:8].hex()}\n')
                self.server.log.flush()

    def serve(self):
        try:
            if not self.link():
                return
            if self.mode == 'display-mute' and self.kind == DISPLAY:
                self.reader.read()
            if self.kind == MAIN:
                self.greet()
                if self.has_agent():
                    self.talk()
            elif self.kind == DISPLAY:
                self.show()
            elif self.kind == CURSOR:
                self.point()
            elif self.kind == PLAYBACK:
                self.play()
            elif self.kind == RECORD:
                self.record()
            self.reader.read()
        except (EOFError, OSError, struct.error):
            pass
        finally:
            self.reader.close()  # as long as somebody reads, the connection stays
            self.connection.close()


def main():
    path, mode = sys.argv[1:3]
    server = Server(open(sys.argv[3], 'w', encoding='utf-8') if len(sys.argv) > 3 else None)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.new')
    listener.listen()
    os.rename(path + '.new', path)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=Channel(connection, mode, server).serve, daemon=True).start()


main()
