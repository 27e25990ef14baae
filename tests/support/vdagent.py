#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The SPICE agent of a guest for tests: vdagent.py SOCKET LOG

It notes what it is told in its log, and does what the text it is given by the clipboard says:
"say TEXT" copies TEXT in the guest, "picture" copies a picture, "silent" copies text it then never
gives, "leave" goes away for a moment. As a program it waits for the bridge guest, whose port it then has."""

import hashlib
import os
import socket
import struct
import sys

MONITORS, REPLY, CLIPBOARD, CAPABILITIES, GRAB, REQUEST, RELEASE = 2, 3, 4, 6, 7, 8, 9
FILE_START, FILE_STATUS, FILE_DATA, MAX_CLIPBOARD = 10, 11, 12, 14
CAN_SEND, CANCELLED, ERROR, SUCCESS, NO_SPACE = 0, 1, 2, 3, 4
NONE, TEXT, PNG = 0, 1, 2
CAP_CRLF = 9
# Mouse, monitors, reply, clipboard by demand, selections, sparse monitors, largest clipboard.
CAPS = sum(1 << cap for cap in (0, 1, 2, 5, 6, 7, 10, 14))
PICTURE = b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 1000


class Agent:
    """Gets bytes by feed(), gives bytes to the function it was made with."""

    def __init__(self, send, log=None, caps=CAPS):
        self.send = send
        self.log = log
        self.caps = caps
        self.buffer = b''
        self.copied = None
        self.files = {}

    def note(self, *words):
        if self.log:
            self.log.write(' '.join(str(word) for word in words) + '\n')
            self.log.flush()

    def tell(self, kind, data=b'', size=None):
        """One message, whose header may claim another size."""
        self.send(struct.pack('<IIQI', 1, kind, 0, len(data) if size is None else size) + data)

    def announce(self):
        self.tell(CAPABILITIES, struct.pack('<II', 1, self.caps))

    def feed(self, data):
        self.buffer += data
        while len(self.buffer) >= 20:
            _, kind, _, size = struct.unpack_from('<IIQI', self.buffer)
            if len(self.buffer) < 20 + size:
                return
            message, self.buffer = self.buffer[20:20 + size], self.buffer[20 + size:]
            self.take(kind, message)

    def take(self, kind, data):
        if kind == CAPABILITIES:
            if struct.unpack_from('<I', data)[0]:
                self.tell(CAPABILITIES, struct.pack('<II', 0, self.caps))
        elif kind == MONITORS:
            monitors = self.read_monitors(data)
            self.note('monitors', *(f'{number}:{width}x{height}+{x}+{y}'
                                    for number, (height, width, _, x, y) in monitors))
            self.tell(REPLY, struct.pack('<II', kind, 1))
            height, width = monitors[0][1][:2]
            self.resize(width, height)
        elif kind == GRAB:
            types = struct.unpack(f'<{len(data) // 4 - 1}I', data[4:])
            self.note('grab', *types)
            self.tell(REQUEST, struct.pack('<II', 0, types[0]))
        elif kind == RELEASE:
            self.note('release')
        elif kind == REQUEST:
            self.give(struct.unpack_from('<I', data, 4)[0])
        elif kind == CLIPBOARD:
            self.paste(struct.unpack_from('<I', data, 4)[0], data[8:])
        elif kind == FILE_START:
            self.start_file(data)
        elif kind == FILE_DATA:
            self.take_file(data)
        elif kind == FILE_STATUS:
            number, result = struct.unpack_from('<II', data)
            self.note('file', 'cancelled' if result == CANCELLED else result)
            self.files.pop(number, None)

    @staticmethod
    def read_monitors(data):
        """Of a list with gaps, those that are on."""
        count = struct.unpack_from('<I', data)[0]
        monitors = [struct.unpack_from('<IIIii', data, 8 + 20 * i) for i in range(count)]
        return [(number, monitor) for number, monitor in enumerate(monitors) if monitor[0]]

    def resize(self, width, height):
        """For who has a screen."""

    def leave(self):
        """For who can."""

    # The clipboard

    def copy(self, kind, content):
        self.copied = kind, content
        self.tell(GRAB, struct.pack('<II', 0, kind))

    def give(self, kind):
        if self.copied and self.copied[1] is None:
            self.note('silent')
            return
        content = self.copied[1] if self.copied and self.copied[0] == kind else b''
        self.tell(CLIPBOARD, struct.pack('<II', 0, kind if content else NONE) + content)

    def paste(self, kind, content):
        if kind != TEXT:
            self.note('content', kind, len(content), hashlib.sha256(content).hexdigest()[:16])
            return
        text = content.decode('utf-8', 'backslashreplace')
        self.note('text', repr(text))
        if text.startswith('say '):
            self.copy(TEXT, text[4:].encode() + b'\0')
        elif text == 'garbage':
            self.copy(TEXT, b'a\x1b[31mb\xff\xfe\0c\r\nd\x9b')
        elif text == 'long':
            self.copy(TEXT, b'x' * (1 << 20) + b'y')
        elif text == 'picture':
            self.copy(PNG, PICTURE)
        elif text == 'silent':
            self.copy(TEXT, None)
        elif text == 'let go':
            self.tell(RELEASE, struct.pack('<I', 0))
        elif text == 'leave':
            self.leave()

    # Files

    def start_file(self, data):
        number, = struct.unpack_from('<I', data)
        words = dict(line.split('=', 1) for line in data[4:].decode().rstrip('\0').split('\n') if '=' in line)
        self.note('file', words['name'], words['size'])
        if words['name'] == 'refused':
            self.tell(FILE_STATUS, struct.pack('<II', number, ERROR))
        elif words['name'] == 'too-large':
            self.tell(FILE_STATUS, struct.pack('<IIQ', number, NO_SPACE, 1000))
        else:
            self.files[number] = [int(words['size']), hashlib.sha256()]
            self.tell(FILE_STATUS, struct.pack('<II', number, CAN_SEND))

    def take_file(self, data):
        number, size = struct.unpack_from('<IQ', data)
        if number not in self.files:
            return
        self.files[number][0] -= size
        self.files[number][1].update(data[12:12 + size])
        if self.files[number][0] <= 0:
            self.note('file', 'done', self.files.pop(number)[1].hexdigest()[:16])
            self.tell(FILE_STATUS, struct.pack('<II', number, SUCCESS))


def main():
    path, log = sys.argv[1:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.new')
    listener.listen()
    os.rename(path + '.new', path)
    connection, _ = listener.accept()
    with open(log, 'w', encoding='utf-8') as notes:
        agent = Agent(lambda data: send_chunks(connection, data), notes)
        reader = connection.makefile('rb')
        try:
            serve(agent, reader)
        except OSError:
            pass  # the machine was stopped


def serve(agent, reader):
    if reader.read(1) != b'!':
        return
    agent.announce()
    while len(header := reader.read(8)) == 8:
        agent.feed(reader.read(struct.unpack('<II', header)[1]))


def send_chunks(connection, data):
    """The port's messages come in pieces that name the other side."""
    for start in range(0, len(data), 2048):
        piece = data[start:start + 2048]
        connection.sendall(struct.pack('<II', 1, len(piece)) + piece)


if __name__ == '__main__':
    main()
