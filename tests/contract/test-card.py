#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The process that gives a guest a card, between a guest and a card service that may be hostile. Writes TAP."""

import fcntl
import os
import pathlib
import random
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ['G_TEST_SRCDIR'], 'support'))
import pcscd  # noqa: E402
from helper_test import IS_SANITIZED, SECCOMP, Skipped, case, main, take_away  # noqa: E402

PATIENCE = 60
HELLO, CODE, READER_ADDED, READER_REMOVED, INSERTED, REMOVED, DATA, FLUSH, FLUSHED = range(1, 10)
AWAITED, READY, MISSING, REFUSES = range(4)
EMPTY, PRESENT, BUSY, REFUSED, MUTE, GIVEN = range(6)
MAGIC = b'VSCD' + struct.pack('>II', 2, 0)
DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
PORT = 0x8c7b
SELECT = bytes.fromhex('00a4040005a000000001')
READER_BYTES = 129


class Card:
    """The process, with a service beside it, or without one."""

    def __init__(self, wanted=None, readers=('Front',), service=True, lacking=None, path=None):
        self.top = tempfile.TemporaryDirectory(prefix='xk-')
        self.path = path or os.path.join(self.top.name, 'pcscd')
        self.service = pcscd.Service(self.path) if service else None
        for name in readers if service else ():
            self.service.plug(name)
        self.guest, theirs = socket.socketpair()
        self.reports, theirs_too = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.reports.settimeout(PATIENCE)
        self.guest.settimeout(PATIENCE)
        self.stream = self.guest.makefile('rb')

        def give():
            first, second = (fcntl.fcntl(end, fcntl.F_DUPFD, 200) for end in (theirs_too, theirs))
            os.dup2(first, 3)
            os.dup2(second, 4)
            if lacking is not None:
                take_away(lacking)

        self.process = subprocess.Popen([os.environ['XENOLITH_CARD_PATH']] + ([] if wanted is None else [wanted]),
                                        preexec_fn=give, stdin=subprocess.DEVNULL, pass_fds=(3, 4),
                                        env=os.environ | {'PCSCLITE_CSOCK_NAME': self.path})
        theirs.close()
        theirs_too.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.guest.close()
        self.stream.close()
        if kind is not None:
            self.process.kill()
        status = self.process.wait(PATIENCE)
        if self.service is not None:
            self.service.stop()
        self.top.cleanup()
        assert kind is not None or status == 0, f'it ended with {status}'

    def say(self, kind, data=b'', reader=0):
        self.guest.sendall(struct.pack('>III', kind, reader, len(data)) + data)

    def hear(self):
        """The next message, or None at the end."""
        head = self.stream.read(12)
        if len(head) < 12:
            assert head == b'', head
            return None
        kind, _, size = struct.unpack('>III', head)
        return kind, self.stream.read(size)

    def expect(self, *messages):
        for message in messages:
            heard = self.hear()
            assert heard == message, f'{heard} instead of {message}'

    def expect_greeting(self):
        self.expect((HELLO, MAGIC), (READER_ADDED, b'Xenolith\0'), (REMOVED, b''))

    def expect_card(self, atr=pcscd.ATR):
        self.expect((INSERTED, atr))

    def await_report(self, service, *readers):
        """Until it says that; what it says before may be older."""
        limit = time.monotonic() + PATIENCE
        told = None
        while told != (service, readers):
            assert time.monotonic() < limit, f'{told} instead of {(service, readers)}'
            report = self.reports.recv(1 << 16)
            assert len(report) == 2 + 16 * READER_BYTES, len(report)
            told = report[0], tuple(
                (report[start + 1:start + READER_BYTES].split(b'\0')[0].decode(), report[start])
                for start in range(2, 2 + report[1] * READER_BYTES, READER_BYTES))

    def expect_end(self, status=0):
        while self.hear() is not None:
            pass
        assert self.process.wait(PATIENCE) == status, self.process.returncode

    def await_log(self, entry):
        limit = time.monotonic() + PATIENCE
        while entry not in self.service.log:
            assert time.monotonic() < limit, f'no {entry!r} in {self.service.log}'
            select.select([], [], [], 0.01)


@case
def a_card_answers_the_guest():
    with Card() as card:
        card.expect_greeting()
        card.await_report(READY, ('Front', EMPTY))
        card.say(HELLO, MAGIC, 0xffffffff)
        card.service.insert('Front')
        card.expect_card()
        card.await_report(READY, ('Front', GIVEN))
        card.say(CODE, struct.pack('>I', 0))
        card.say(DATA, SELECT)
        card.expect((DATA, SELECT + b'\x90\x00'))
        card.say(DATA, SELECT[:4])
        card.say(FLUSH)
        card.expect((DATA, SELECT[:4] + b'\x90\x00'), (FLUSHED, b''))
        card.service.remove('Front')
        card.expect((REMOVED, b''))
        card.await_report(READY, ('Front', EMPTY))
        card.say(DATA, SELECT)
        card.expect((CODE, struct.pack('>I', 1)))


@case
def nobody_else_has_the_card_and_it_is_locked_before_and_after():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        assert card.service.log == ['connect Front alone 0', 'reset True'], card.service.log
        card.process.send_signal(signal.SIGTERM)
        card.expect((REMOVED, b''), (READER_REMOVED, b''))
        card.expect_end()
        assert card.service.log[-1] == 'disconnect reset', card.service.log


@case
def a_card_is_taken_out_when_the_guest_goes():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        card.guest.shutdown(socket.SHUT_WR)
        card.expect((REMOVED, b''), (READER_REMOVED, b''))
        card.expect_end()


@case
def a_swapped_card_is_another_one():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        card.service.swap('Front')
        card.expect((REMOVED, b''))
        card.expect_card()


@case
def a_reader_comes_and_goes():
    with Card(readers=()) as card:
        card.expect_greeting()
        card.await_report(READY)
        card.service.plug('Late')
        card.await_report(READY, ('Late', EMPTY))
        card.service.insert('Late')
        card.expect_card()
        card.service.unplug('Late')
        card.expect((REMOVED, b''))
        card.await_report(READY)


@case
def only_the_reader_that_was_chosen_is_used():
    with Card('Back', ('Front', 'Back')) as card:
        card.expect_greeting()
        card.service.insert('Front')
        card.await_report(READY, ('Front', PRESENT), ('Back', EMPTY))
        card.service.insert('Back', bytes.fromhex('3b0141'))
        card.expect_card(bytes.fromhex('3b0141'))
        card.await_report(READY, ('Front', PRESENT), ('Back', GIVEN))
        assert not any('Front' in entry for entry in card.service.log), card.service.log


@case
def the_first_card_is_kept():
    with Card(readers=('Front', 'Back')) as card:
        card.expect_greeting()
        card.service.insert('Back')
        card.expect_card()
        card.service.insert('Front', bytes.fromhex('3b0141'))
        card.await_report(READY, ('Front', PRESENT), ('Back', GIVEN))
        card.service.remove('Back')
        card.expect((REMOVED, b''))
        card.expect_card(bytes.fromhex('3b0141'))


@case
def a_card_that_another_program_has_is_waited_for():
    with Card() as card:
        card.expect_greeting()
        card.service.find('Front').is_busy = True
        card.service.insert('Front')
        card.await_report(READY, ('Front', BUSY))
        card.service.find('Front').is_busy = False
        card.expect_card()
        card.await_report(READY, ('Front', GIVEN))


@case
def a_card_that_does_not_answer_is_named():
    with Card(readers=('Front', 'Back')) as card:
        card.expect_greeting()
        card.service.insert('Front', mute=True)
        card.service.find('Back').connecting = pcscd.NOT_ALLOWED
        card.service.insert('Back')
        card.await_report(READY, ('Front', MUTE), ('Back', REFUSED))
        card.service.remove('Front')
        card.service.insert('Front')
        card.expect_card()


class RealService:
    """pcscd itself, with a reader and a card of the test's, where nobody else sees them."""

    def __init__(self):
        missing = [name for name in ('pcscd', 'unshare', 'mount', 'ip') if shutil.which(name) is None]
        if missing or not os.path.exists(DRIVER):
            raise Skipped(f'there is no {(missing + [DRIVER])[0]} here')
        self.top = tempfile.TemporaryDirectory(prefix='xk-')
        pathlib.Path(self.top.name, 'reader').write_text(
            f'FRIENDLYNAME "Virtual"\nDEVICENAME /dev/null:{PORT:#x}\nLIBPATH {DRIVER}\nCHANNELID {PORT:#x}\n',
            encoding='utf-8')
        card = os.path.join(os.environ['G_TEST_SRCDIR'], 'support', 'vpcd-card.py')
        self.process = subprocess.Popen(
            ['unshare', '-rmn', 'sh', '-c', 'mount -t tmpfs none /run && mkdir /run/pcscd && ip link set lo up && '
             f'{{ {card} {PORT} >/dev/null & echo $!; }} && exec pcscd -f -c "$0" >/dev/null', self.top.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.card = self.process.stdout.readline().strip()
        self.path = f'/proc/{self.process.pid}/root/run/pcscd/pcscd.comm'
        if not self.card:
            self.end()
            raise Skipped('there are no namespaces of one\'s own here')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def pull(self):
        if self.card:
            os.kill(int(self.card), signal.SIGKILL)
        self.card = None

    def end(self):
        self.pull()
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.top.cleanup()


@case
def the_real_service_gives_its_card():
    with RealService() as real, Card(service=False, path=real.path) as card:
        card.expect_greeting()
        card.expect_card()
        card.await_report(READY, ('Virtual 00 00', GIVEN), ('Virtual 00 01', EMPTY))
        card.say(DATA, SELECT)
        card.expect((DATA, SELECT[::-1] + b'\x90\x00'))
        real.pull()
        card.expect((REMOVED, b''))


@case
def a_missing_service_is_waited_for():
    with Card(service=False) as card:
        card.await_report(MISSING)
        card.service = pcscd.Service(card.path)
        card.service.plug('Front')
        card.expect_greeting()
        card.await_report(READY, ('Front', EMPTY))


@case
def a_guest_that_goes_before_there_is_a_service_ends_it():
    with Card(service=False) as card:
        card.await_report(MISSING)


@case
def a_service_that_refuses_is_told_of():
    with Card(service=False) as card:
        card.await_report(MISSING)
        card.service = pcscd.Service(card.path, is_refusing=True)
        card.await_report(REFUSES)


@case
def a_service_that_dies_takes_the_card_along():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        card.service.stop()
        card.await_report(MISSING)
        card.expect((REMOVED, b''), (READER_REMOVED, b''))
        card.expect_end()


@case
def a_card_that_fails_is_put_in_anew():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        card.service.find('Front').user = None
        card.say(DATA, SELECT)
        card.expect((REMOVED, b''), (CODE, struct.pack('>I', 1)))
        card.expect_card()


@case
def an_answer_the_reader_has_no_room_for_is_none():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        card.service.find('Front').answer = bytes(65000)
        card.say(DATA, SELECT)
        card.expect((DATA, bytes(65000)))
        card.service.find('Front').answer = bytes(65001)
        card.say(DATA, SELECT)
        card.expect((CODE, struct.pack('>I', 1)))


@case
def a_command_that_is_none_reaches_no_card():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        for size in range(4):
            card.say(DATA, SELECT[:size])
            card.expect((CODE, struct.pack('>I', 1)))
        longest = bytes(65548)
        card.service.find('Front').answer = b'\x90\x00'
        card.say(DATA, longest)
        card.expect((DATA, b'\x90\x00'))
        assert sum(entry.startswith('command') for entry in card.service.log) == 1, card.service.log


@case
def whoever_makes_no_sense_is_left():
    wrong = [(0, 0, b''), (HELLO, 0, b'VSCD'), (HELLO, 0, b'VSCE' + bytes(8)), (HELLO, 0, MAGIC + bytes(60)),
             (CODE, 0, b''), (CODE, 0, bytes(8)), (READER_ADDED, 0, b'x'), (READER_REMOVED, 0, b''),
             (INSERTED, 0, pcscd.ATR), (REMOVED, 0, b''), (DATA, 1, SELECT), (DATA, 0xffffffff, SELECT),
             (FLUSH, 0, b'x'), (FLUSHED, 0, b''), (10, 0, b''), (0xffffffff, 0, b'')]
    for kind, reader, data in wrong:
        with Card() as card:
            card.expect_greeting()
            card.say(kind, data, reader)
            card.expect_end()
    for size in (65549, 0x7fffffff, 0x80000000, 0xfffffff4, 0xffffffff):
        with Card() as card:
            card.expect_greeting()
            card.guest.sendall(struct.pack('>III', DATA, 0, size))
            card.expect_end()


@case
def nonsense_is_borne():
    dice = random.Random(7)
    for _ in range(40):
        with Card() as card:
            card.service.insert('Front')
            card.expect_greeting()
            card.expect_card()
            for _ in range(dice.randrange(1, 12)):
                kind = dice.choice((HELLO, CODE, DATA, DATA, FLUSH, dice.randrange(1 << 32)))
                data = dice.choice((MAGIC, bytes(4), SELECT, b'', dice.randbytes(dice.randrange(70000))))
                try:
                    card.say(kind, data, dice.choice((0, 0, 0, 0xffffffff)))
                except OSError:
                    break
            try:
                card.guest.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            try:
                card.expect_end()
            except ConnectionResetError:
                pass


@case
def a_guest_that_does_not_read_costs_no_memory():
    with Card() as card:
        card.service.insert('Front')
        card.expect_greeting()
        card.expect_card()
        card.service.find('Front').answer = bytes(60000)
        card.guest.setblocking(False)
        message = struct.pack('>III', DATA, 0, len(SELECT)) + SELECT
        while select.select([], [card.guest], [], 1)[1]:
            card.guest.send(message * 100)
        status = pathlib.Path(f'/proc/{card.process.pid}/status').read_text(encoding='utf-8')
        peak = int(status.split('VmHWM:')[1].split()[0])
        assert IS_SANITIZED or peak < 20000, f'{peak} KiB'


@case
def it_gives_up_what_it_does_not_need():
    with Card() as card:
        card.expect_greeting()
        status = pathlib.Path(f'/proc/{card.process.pid}/status').read_text(encoding='utf-8')
        assert 'NoNewPrivs:\t1' in status, status
        if not IS_SANITIZED:
            assert 'Seccomp:\t2' in status, status


@case
def a_kernel_that_cannot_hold_it_gets_no_card():
    if IS_SANITIZED:
        return
    card = Card(lacking=SECCOMP)
    card.service.insert('Front')
    card.expect_end(1)
    assert card.service.log == [], card.service.log
    card.service.stop()
    card.top.cleanup()


main('card')
