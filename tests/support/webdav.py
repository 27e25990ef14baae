#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest's side of a shared folder: programs' connections side by side in one socket, as spice-webdavd has them.

As a program, webdav.py SOCKET LOG, it waits for the bridge guest, whose port it then has, and does what
comes in lines by its standard input: METHOD PATH [BODY]. Each answer is a line in the log."""

import os
import socket
import struct
import sys

PATIENCE = 60


class Answer:
    def __init__(self, text, method):
        head, _, body = text.partition(b'\r\n\r\n')
        first, *rest = head.decode('latin-1').split('\r\n')
        self.status = int(first.split()[1]) if first else 0
        self.headers = {name.strip().lower(): value.strip()
                        for name, _, value in (line.partition(':') for line in rest)}
        self.body = body
        length = self.headers.get('content-length')
        self.is_whole = bool(head) and (method == 'HEAD' or self.status in (204, 304) or
                                        (length is not None and len(body) >= int(length)))


class Guest:
    """What it is given must be a connected socket, blocking, with a time limit."""

    def __init__(self, connection):
        self.connection = connection
        self.buffer = b''
        self.number = 0

    def send(self, client, data):
        for start in range(0, len(data), 65535):
            piece = data[start:start + 65535]
            self.connection.sendall(struct.pack('<qH', client, len(piece)) + piece)

    def close(self, client):
        self.connection.sendall(struct.pack('<qH', client, 0))

    def take(self):
        """The next message: whose it is, and what; nothing: a connection ends. None: all have ended."""
        while True:
            if len(self.buffer) >= 10:
                client, size = struct.unpack_from('<qH', self.buffer)
                if len(self.buffer) >= 10 + size:
                    data, self.buffer = self.buffer[10:10 + size], self.buffer[10 + size:]
                    return client, data
            more = self.connection.recv(1 << 20)
            if not more:
                return None
            self.buffer += more

    def open(self):
        self.number += 1
        return self.number

    def ask(self, method, path, body=b'', client=None, **headers):
        """One request, and the answer to it. The path is sent as it is."""
        number = client or self.open()
        lines = [f'{method} {path} HTTP/1.1', 'Host: localhost', f'Content-Length: {len(body)}']
        lines += [f'{name.replace("_", "-")}: {value}' for name, value in headers.items()]
        self.send(number, '\r\n'.join([*lines, '', '']).encode() + body)
        answer = self.read(number, method)
        if client is None:
            self.close(number)
        return answer

    def read(self, number, method='GET'):
        text = b''
        while True:
            message = self.take()
            assert message is not None, 'nobody answers'
            client, data = message
            if client != number:
                continue
            text += data
            answer = Answer(text, method)
            if answer.is_whole or not data:
                return answer


def main():
    path, log = sys.argv[1:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.new')
    listener.listen()
    os.rename(path + '.new', path)
    connection, _ = listener.accept()
    connection.settimeout(PATIENCE)
    if connection.recv(1) != b'!':
        return
    guest = Guest(connection)
    with open(log, 'w', encoding='utf-8') as notes:
        for line in sys.stdin:
            method, where, body = (line.rstrip('\n') + '  ').split(' ', 2)
            answer = guest.ask(method, where, body.strip().encode(), Depth='1')
            text = ' '.join(answer.body.decode('utf-8', 'backslashreplace').split())
            notes.write(f'{method} {where} {answer.status} {text}\n')
            notes.flush()


if __name__ == '__main__':
    main()
