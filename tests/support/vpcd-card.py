#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A card in the reader that vsmartcard's driver gives to a real pcscd: vpcd-card.py PORT

It says what it is asked, backwards, and that all is well."""

import select
import socket
import struct
import sys

ATR = bytes.fromhex('3b84800158454e4f19')
ASK_ATR = 4


def connect(port):
    while True:
        try:
            return socket.create_connection(('127.0.0.1', port))
        except ConnectionRefusedError:
            select.select([], [], [], 0.05)


STREAM = connect(int(sys.argv[1])).makefile('rwb')
while True:
    HEAD = STREAM.read(2)
    if len(HEAD) < 2:
        break
    ASKED = STREAM.read(struct.unpack('>H', HEAD)[0])
    if len(ASKED) == 1 and ASKED[0] != ASK_ATR:
        continue  # power, of which it needs none
    ANSWER = ATR if len(ASKED) == 1 else ASKED[::-1] + b'\x90\x00'
    STREAM.write(struct.pack('>H', len(ANSWER)) + ANSWER)
    STREAM.flush()
