#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A proxy that connects whatever it is asked for to one socket of this computer.

    http-proxy.py SOCKET LOG [USER:PASSWORD]

It tells its port in the first line it writes, and logs what it is asked for. The names of hosts that it
is given need not exist: only a proxy can know where they are.
"""

import base64
import contextlib
import socket
import sys
import threading


def carry(reader, writer):
    """Whoever hangs up with something unread ends both sides, too."""
    with contextlib.suppress(OSError):
        while data := reader.recv(65536):
            writer.sendall(data)
    with contextlib.suppress(OSError):
        writer.shutdown(socket.SHUT_WR)


def read_request(connection):
    request = b''
    while not request.endswith(b'\r\n\r\n'):
        byte = connection.recv(1)
        if not byte:
            raise ConnectionError('it ends in the middle of a request')
        request += byte
    return request.decode().split('\r\n')


def serve(connection, target, log, account):
    lines = read_request(connection)
    log.write(lines[0] + '\n')
    log.flush()
    wanted = 'basic ' + base64.b64encode(account.encode()).decode()
    given = [line.partition(':')[2].strip() for line in lines if line.lower().startswith('proxy-authorization:')]
    if account and (not given or given[0].lower() != wanted.lower()):
        connection.sendall(b'HTTP/1.0 407 Who are you?\r\nProxy-Authenticate: Basic realm="r"\r\n\r\n')
        connection.close()
        return
    if not lines[0].startswith('CONNECT '):
        connection.sendall(b'HTTP/1.0 405 No\r\n\r\n')
        connection.close()
        return
    other = socket.socket(socket.AF_UNIX)
    try:
        other.connect(target)
    except OSError:
        connection.sendall(b'HTTP/1.0 502 Nobody there\r\n\r\n')
        connection.close()
        return
    connection.sendall(b'HTTP/1.0 200 Connection established\r\n\r\n')
    threading.Thread(target=carry, args=(connection, other), daemon=True).start()
    carry(other, connection)


def main():
    target, path = sys.argv[1:3]
    account = sys.argv[3] if len(sys.argv) > 3 else ''
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], flush=True)
    with open(path, 'a', encoding='utf-8') as log:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, target, log, account), daemon=True).start()


if __name__ == '__main__':
    main()
