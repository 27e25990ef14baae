#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A service for smart cards whose readers and cards are a test's: what pcscd says to its library.

As a program: pcscd.py SOCKET CONTROL, where a line to CONTROL (a FIFO) is "insert READER", "remove READER" and so
on, the methods of Service with their words."""

import os
import socket
import struct
import sys
import threading

ESTABLISH, RELEASE, CONNECT, RECONNECT, DISCONNECT = 1, 2, 4, 5, 6
TRANSMIT, STATUS, VERSION, STATES, WAIT, STOP_WAITING = 9, 0xb, 0x11, 0x12, 0x13, 0x14
OK = 0
INVALID, SHARING, NO_CARD, MUTE, REMOVED, NOT_ALLOWED = (
    0x80100004, 0x8010000b, 0x8010000c, 0x80100066, 0x80100069, 0x8010006a)
ABSENT, PRESENT, SWALLOWED, POWERED, NEGOTIABLE = 2, 4, 8, 0x10, 0x20
EXCLUSIVE = 1
RESET_CARD = 1
MAX_READERS = 16
ATR = bytes.fromhex('3b84800158454e4f19')
SIZES = {VERSION: 12, ESTABLISH: 12, RELEASE: 8, CONNECT: 152, RECONNECT: 24, DISCONNECT: 12, TRANSMIT: 32,
         STATUS: 8, STATES: 0, WAIT: 0, STOP_WAITING: 0}


class Reader:
    """One, and the card that is in it."""

    def __init__(self, name):
        self.name = name
        self.atr = None
        self.count = 0
        self.user = None      # the connection that has the card for itself
        self.is_busy = False  # another program has it
        self.connecting = OK  # what connecting fails with
        self.is_mute = False
        self.answer = None    # what the card says whatever it is asked; else the command and 9000

    def pack(self):
        state = ABSENT if self.atr is None else PRESENT | (SWALLOWED if self.is_mute else POWERED | NEGOTIABLE)
        sharing = -1 if self.user is not None else 1 if self.is_busy else 0
        atr = b'' if self.atr is None or self.is_mute else self.atr
        return struct.pack('=128sIIi33s3xII', self.name.encode(), self.count, state, sharing, atr, len(atr), 1)


class Service:
    """The service, at a socket."""

    def __init__(self, path, is_refusing=False):
        self.lock = threading.RLock()
        self.readers = []
        self.waiting = []
        self.connections = []
        self.log = []
        self.is_refusing = is_refusing
        self.n_contexts = 0
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        os.chmod(path, 0o777)
        self.socket.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            if self.is_refusing:
                connection.close()
                continue
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def stop(self):
        """As if it had died."""
        for end in [self.socket] + self.connections:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.socket.close()

    # What a person or the world does.

    def find(self, name):
        return next((reader for reader in self.readers if reader.name == name), None)

    def changed(self):
        with self.lock:
            for connection in self.waiting:
                try:
                    connection.sendall(struct.pack('=II', 0, OK))
                except OSError:
                    pass
            self.waiting.clear()

    def plug(self, name):
        with self.lock:
            self.readers.append(Reader(name))
        self.changed()

    def unplug(self, name):
        with self.lock:
            self.readers.remove(self.find(name))
        self.changed()

    def insert(self, name, atr=ATR, mute=False):
        with self.lock:
            reader = self.find(name)
            reader.atr, reader.is_mute = atr, mute
            reader.count += 1
        self.changed()

    def remove(self, name):
        with self.lock:
            reader = self.find(name)
            reader.atr, reader.user = None, None
            reader.count += 1
        self.changed()

    def swap(self, name):
        """Faster than anybody looks."""
        with self.lock:
            reader = self.find(name)
            reader.user = None
            reader.count += 2
        self.changed()

    # What the library asks.

    def serve(self, connection):
        stream = connection.makefile('rb')
        while True:
            try:
                head = stream.read(8)
            except OSError:
                break
            if len(head) < 8:
                break
            size, command = struct.unpack('=II', head)
            assert SIZES.get(command) == size, f'command {command} with {size} bytes'
            data = stream.read(size)
            if command == TRANSMIT:
                data += stream.read(struct.unpack_from('=I', data, 12)[0])
            with self.lock:
                answer = self.answer(connection, command, data)
            try:
                connection.sendall(answer)
            except OSError:
                break
        with self.lock:
            for reader in self.readers:
                if reader.user is connection:
                    reader.user = None
        stream.close()
        connection.close()

    def pack_readers(self):
        return b''.join(reader.pack() for reader in self.readers).ljust(184 * MAX_READERS, b'\0')

    def answer(self, connection, command, data):
        if command == VERSION:
            return struct.pack('=iiI', 4, 4, OK)
        if command == ESTABLISH:
            self.n_contexts += 1
            return struct.pack('=III', 0, 1000 + self.n_contexts, OK)
        if command == RELEASE:
            return data[:4] + struct.pack('=I', OK)
        if command == STATES:
            return self.pack_readers()
        if command == WAIT:
            self.waiting.append(connection)
            return self.pack_readers()
        if command == STOP_WAITING:
            if connection in self.waiting:
                self.waiting.remove(connection)
            return struct.pack('=II', 0, OK)
        if command == CONNECT:
            return self.connect(connection, data)
        return self.use(connection, command, data)

    def connect(self, connection, data):
        context, name, mode, protocols, _, _, _ = struct.unpack('=I128sIIiII', data)
        name = name.split(b'\0')[0].decode()
        reader = self.find(name)
        result = (NO_CARD if reader is None or reader.atr is None else
                  SHARING if reader.is_busy or reader.user is not None else
                  MUTE if reader.is_mute else reader.connecting)
        self.log.append(f'connect {name} {"alone" if mode == EXCLUSIVE else "shared"} {result:x}')
        if result == OK:
            reader.user = connection
        handle = self.readers.index(reader) + 1 if reader in self.readers else 0
        return struct.pack('=I128sIIiII', context, name.encode(), mode, protocols, handle, 1, result)

    def use(self, connection, command, data):
        handle, = struct.unpack_from('=i', data)
        reader = self.readers[handle - 1] if 0 < handle <= len(self.readers) else None
        is_theirs = reader is not None and reader.user is connection
        result = OK if is_theirs else REMOVED
        if command == RECONNECT:
            _, mode, protocols, initialization, _, _ = struct.unpack('=iIIIII', data)
            self.log.append(f'reset {initialization == RESET_CARD}')
            return struct.pack('=iIIIII', handle, mode, protocols, initialization, 1, result)
        if command == DISCONNECT:
            disposition, = struct.unpack_from('=I', data, 4)
            self.log.append(f'disconnect {"reset" if disposition == RESET_CARD else disposition}')
            if is_theirs:
                reader.user = None
            return struct.pack('=iII', handle, disposition, result)
        if command == STATUS:
            return struct.pack('=iI', handle, result)
        return self.transmit(reader, data, result)

    def transmit(self, reader, data, result):
        fields = list(struct.unpack_from('=iIIIIIII', data))
        command = data[32:]
        self.log.append(f'command {command[:32].hex()}')
        answer = b'' if result != OK else command + b'\x90\x00' if reader.answer is None else reader.answer
        fields[6], fields[7] = len(answer), result
        return struct.pack('=iIIIIIII', *fields) + answer


if __name__ == '__main__':
    SERVICE = Service(sys.argv[1])
    os.mkfifo(sys.argv[2])
    while True:
        with open(sys.argv[2], encoding='utf-8') as control:
            for line in control:
                METHOD, NAME = line.rstrip('\n').split(' ', 1)
                getattr(SERVICE, METHOD)(NAME)
