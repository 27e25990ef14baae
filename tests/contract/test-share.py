#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The process that serves a shared folder, asked by a guest that may be hostile. Writes TAP."""

import ctypes
import os
import pathlib
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ['G_TEST_SRCDIR'], 'support'))
from helper_test import LANDLOCK_CREATE_RULESET, SECCOMP, Skipped, case, main, take_away  # noqa: E402
from webdav import Guest  # noqa: E402

PATIENCE = 60
CLONE_NEWNS = 0x20000
CLONE_NEWUSER = 0x10000000


def mount_small_drive(folder, mebibytes):
    """Where only this process sees it, a drive in the folder's place."""
    libc = ctypes.CDLL(None)
    uid, gid = os.getuid(), os.getgid()
    assert libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0
    for name, text in (('uid_map', f'{uid} {uid} 1'), ('setgroups', 'deny'), ('gid_map', f'{gid} {gid} 1')):
        pathlib.Path('/proc/self', name).write_text(text, encoding='utf-8')
    assert libc.mount(b'small', os.fsencode(folder), b'tmpfs', 0, b'size=%dm' % mebibytes) == 0
    return os.open(folder, os.O_PATH | os.O_DIRECTORY)


class Share:
    """A folder with a few files in it beside what nobody may see, served."""

    def __init__(self, mode='read', lacking=None, small=None):
        self.top = tempfile.TemporaryDirectory(prefix='xw-')
        top = pathlib.Path(self.top.name)
        self.outside = top / 'outside'
        self.folder = top / 'shared'
        self.outside.mkdir()
        (self.outside / 'secret').write_text('secret', encoding='utf-8')
        (self.folder / 'sub').mkdir(parents=True)
        (self.folder / 'hello.txt').write_text('hello world', encoding='utf-8')
        (self.folder / 'sub' / 'ä <&> 100%.txt').write_text('x', encoding='utf-8')
        os.symlink('../outside', self.folder / 'out')
        os.symlink(self.outside / 'secret', self.folder / 'secret')
        os.symlink('hello.txt', self.folder / 'also')
        os.symlink('nothing', self.folder / 'broken')
        os.symlink('.', self.folder / 'sub' / 'loop')
        os.mkfifo(self.folder / 'pipe')
        self.serve(mode, lacking, small)

    def serve(self, mode, lacking=None, small=None):
        """Anew, when it was served before."""
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        fd = os.open(self.folder, os.O_PATH | os.O_DIRECTORY)

        def give():
            # Neither must be in the way of the other.
            folder = fd if small is None else mount_small_drive(self.folder, small)
            first, second = os.dup2(folder, 20), os.dup2(theirs.fileno(), 21)
            os.dup2(first, 3)
            os.dup2(second, 4)
            if lacking is not None:
                take_away(lacking)

        self.process = subprocess.Popen([os.environ['XENOLITH_SHARE_PATH'], mode], preexec_fn=give,
                                        stdin=subprocess.DEVNULL, pass_fds=(3, 4))
        os.close(fd)
        theirs.close()
        self.connection = ours
        self.guest = Guest(ours)
        self.ask = self.guest.ask

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        status = self.process.wait(PATIENCE)
        self.top.cleanup()
        assert status == 0, f'it ended with {status}'


def expect_small(share, kilobytes):
    """What it had in memory at most; a sanitizer keeps for a while what is freed."""
    status = pathlib.Path(f'/proc/{share.process.pid}/status').read_text(encoding='utf-8')
    assert 'XENO_TEST_SANITIZED' in os.environ or int(re.search(r'VmHWM:\s*(\d+)', status)[1]) < kilobytes, status


def list_of(answer):
    return set(re.findall('<D:href>([^<]*)</D:href>', answer.body.decode()))


def expect(answer, status):
    assert answer.status == status, f'{answer.status}, not {status}: {answer.body[:300]}'
    return answer


@case
def a_file_is_read():
    with Share() as share:
        answer = expect(share.ask('GET', '/hello.txt'), 200)
        assert answer.body == b'hello world'
        tag = answer.headers['etag']
        assert expect(share.ask('HEAD', '/hello.txt'), 200).headers['content-length'] == '11'
        assert expect(share.ask('GET', '/hello.txt', Range='bytes=6-'), 206).body == b'world'
        assert expect(share.ask('GET', '/hello.txt', Range='bytes=0-4'), 206).body == b'hello'
        assert expect(share.ask('GET', '/hello.txt', Range='bytes=-5'), 206).body == b'world'
        assert expect(share.ask('GET', '/hello.txt', Range='bytes=0-'), 206).body == b'hello world'
        past = expect(share.ask('GET', '/hello.txt', Range='bytes=6-99'), 206)
        assert past.body == b'world' and past.headers['content-range'] == 'bytes 6-10/11', past.headers
        beyond = expect(share.ask('GET', '/hello.txt', Range='bytes=11-'), 416)
        assert not beyond.body and beyond.headers['content-range'] == 'bytes */11', beyond.headers
        assert expect(share.ask('GET', '/hello.txt', Range='bytes=6-', If_Range=tag), 206).body == b'world'
        assert expect(share.ask('GET', '/hello.txt', Range='bytes=6-', If_Range='"x"'), 200).body == b'hello world'
        assert expect(share.ask('GET', '/also'), 200).body == b'hello world'
        expect(share.ask('GET', '/sub/%C3%A4%20%3C&%3E%20100%25.txt'), 200)
        expect(share.ask('GET', '/nothing'), 404)
        (share.folder / 'hello.txt').write_text('changed', encoding='utf-8')
        assert share.ask('GET', '/hello.txt').headers['etag'] != tag


@case
def a_large_file_arrives_whole():
    with Share() as share:
        content = random.Random(1).randbytes(5_000_000)
        (share.folder / 'large').write_bytes(content)
        assert expect(share.ask('GET', '/large'), 200).body == content


@case
def a_folder_is_listed():
    with Share() as share:
        top = expect(share.ask('PROPFIND', '/', Depth='1'), 207)
        assert list_of(top) == {'/', '/hello.txt', '/also', '/sub/'}, list_of(top)
        assert '<D:getcontentlength>11<' in top.body.decode()
        assert '<D:collection/>' in top.body.decode()
        below = expect(share.ask('PROPFIND', '/sub/', Depth='1'), 207)
        assert '/sub/%C3%A4%20%3C%26%3E%20100%25.txt' in list_of(below), list_of(below)
        assert list_of(share.ask('PROPFIND', '/hello.txt', Depth='0')) == {'/hello.txt'}
        expect(share.ask('PROPFIND', '/nothing', Depth='0'), 404)
        expect(share.ask('PROPFIND', '/', Depth='infinity'), 403)
        expect(share.ask('PROPFIND', '/'), 403)


@case
def only_what_is_asked_for_is_told():
    question = (b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/>'
                b'<x:color xmlns:x="urn:x"/></prop></propfind>')
    with Share() as share:
        text = expect(share.ask('PROPFIND', '/hello.txt', question, Depth='0'), 207).body.decode()
        assert 'getcontentlength' in text and 'getetag' not in text
        assert 'color' in text and '404 Not Found' in text
        for wrong in (b'<', b'<a><b></a>', b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'):
            expect(share.ask('PROPFIND', '/', wrong, Depth='0'), 400)


@case
def nothing_above_the_folder_is_reached():
    with Share('write') as share:
        for path in ('/../outside/secret', '/sub/../../outside/secret', '/%2e%2e/outside/secret',
                     '/sub/..%2f..%2foutside/secret', '/./../outside/secret', '//../outside/secret',
                     '/out/secret', '/secret', '/sub/loop/../../../outside/secret', '/..', '/%2e%2e/'):
            for method, body in (('GET', b''), ('PROPFIND', b''), ('PUT', b'x'), ('DELETE', b''), ('LOCK', b'')):
                if method in ('PUT', 'DELETE', 'LOCK') and path in ('/secret', '/..', '/%2e%2e/'):
                    continue  # the link itself, which is in the folder; the folder itself
                answer = share.ask(method, path, body, Depth='1')
                if answer.status == 207:  # what is above the folder is the folder
                    assert '/hello.txt' in list_of(answer), f'{path}: {list_of(answer)}'
                    continue
                assert answer.status in (400, 403, 404, 405, 409), f'{method} {path}: {answer.status}'
                assert b'secret' not in answer.body
        for target in ('/../outside/new', '/out/new', 'http://elsewhere/%2e%2e/outside/new'):
            assert share.ask('MOVE', '/hello.txt', Destination=target).status in (400, 403, 409), target
            assert share.ask('COPY', '/hello.txt', Destination=target).status in (400, 403, 409), target
        assert os.listdir(share.outside) == ['secret']
        assert (share.outside / 'secret').read_text(encoding='utf-8') == 'secret'
        # What is written where a link stood takes its place.
        expect(share.ask('PUT', '/secret', b'mine'), 201)
        assert (share.outside / 'secret').read_text(encoding='utf-8') == 'secret'
        assert not (share.folder / 'secret').is_symlink()


@case
def what_is_no_file_is_not_opened():
    with Share('write') as share:
        expect(share.ask('GET', '/pipe'), 403)
        expect(share.ask('PUT', '/pipe', b'x'), 405)
        expect(share.ask('GET', '/sub'), 405)
        assert share.ask('GET', '/hello.txt%00b').status in (400, 404)


@case
def what_may_only_be_read_is_not_changed():
    with Share() as share:
        for method, path in (('PUT', '/new'), ('PUT', '/hello.txt'), ('DELETE', '/hello.txt'), ('MKCOL', '/new'),
                             ('PROPPATCH', '/hello.txt'), ('LOCK', '/new'), ('UNLOCK', '/hello.txt')):
            expect(share.ask(method, path, b'x' if method == 'PUT' else b''), 403)
        for method in ('MOVE', 'COPY'):
            expect(share.ask(method, '/hello.txt', Destination='/new'), 403)
        assert (share.folder / 'hello.txt').read_text(encoding='utf-8') == 'hello world'
        assert not (share.folder / 'new').exists()
        assert '2' not in expect(share.ask('OPTIONS', '/'), 200).headers['dav']


@case
def files_are_written_moved_and_removed():
    with Share('write') as share:
        content = random.Random(2).randbytes(3_000_000)
        expect(share.ask('PUT', '/new', content), 201)
        assert (share.folder / 'new').read_bytes() == content
        os.chmod(share.folder / 'new', 0o640)
        expect(share.ask('PUT', '/new', b'less'), 204)
        assert (share.folder / 'new').read_bytes() == b'less'
        assert (share.folder / 'new').stat().st_mode & 0o777 == 0o640
        expect(share.ask('PUT', '/new', b'no', If_None_Match='*'), 412)
        expect(share.ask('PUT', '/nowhere/new', b'x'), 409)
        expect(share.ask('MKCOL', '/dir'), 201)
        expect(share.ask('MKCOL', '/dir'), 405)
        expect(share.ask('MOVE', '/new', Destination='http://localhost:9843/dir/b%20c'), 201)
        expect(share.ask('COPY', '/dir/b%20c', Destination='/copy'), 201)
        expect(share.ask('COPY', '/hello.txt', Destination='/copy', Overwrite='F'), 412)
        expect(share.ask('COPY', '/hello.txt', Destination='/copy'), 204)
        assert (share.folder / 'copy').read_bytes() == b'hello world'
        expect(share.ask('MOVE', '/dir', Destination='/dir/itself'), 403)
        expect(share.ask('MOVE', '/dir', Destination='/dir/in/itself'), 409)
        expect(share.ask('MOVE', '/dir', Destination='/sub'), 204)
        assert (share.folder / 'sub' / 'b c').read_bytes() == b'less'
        locked = expect(share.ask('LOCK', '/later', b''), 201)
        assert locked.headers['lock-token'].startswith('<opaquelocktoken:')
        expect(share.ask('PUT', '/later', b'now', If=f'({locked.headers["lock-token"]})'), 204)
        expect(share.ask('UNLOCK', '/later'), 204)
        os.symlink('../outside', share.folder / 'sub' / 'out')
        expect(share.ask('DELETE', '/sub'), 204)
        assert not (share.folder / 'sub').exists() and (share.outside / 'secret').exists()
        expect(share.ask('DELETE', '/'), 403)
        expect(share.ask('DELETE', '/sub'), 404)


def tree_of(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob('*'))


@case
def what_goes_nowhere_stays_where_it_is():
    with Share('write') as share:
        (share.folder / 'dir' / 'sub' / 'deep').mkdir(parents=True)
        (share.folder / 'other').mkdir()
        for name in ('dir/file', 'dir/sub/file', 'other/file'):
            (share.folder / name).write_text(name, encoding='utf-8')
        os.symlink('dir', share.folder / 'ln')
        os.link(share.folder / 'hello.txt', share.folder / 'twin')
        before = tree_of(share.folder)
        # Names of the same place, and of what it is in or what is in it.
        for source, target in (('/dir', '//dir'), ('/dir', '/./dir'), ('/dir', '/dir/'), ('/dir', '/dir/sub/new'),
                               ('/dir/sub', '/dir//'), ('/dir/sub', '/dir/.'), ('/dir/sub', '/ln'),
                               ('/dir/sub', '/ln/sub'), ('/ln/sub', '/dir/sub'), ('//', '/other'), ('/./', '/other'),
                               ('/other', '//'), ('/dir/file', '/ln/file'), ('/hello.txt', '/twin'), ('/ln', '/dir')):
            if 'XENO_TEST_SANITIZED' in os.environ and target == '/ln':
                continue  # a link that changes its folder is Landlock's to refuse, which a sanitizer does without
            for method in ('MOVE', 'COPY'):
                answer = share.ask(method, source, Destination=f'http://localhost{target}')
                assert answer.status in (403, 405), f'{method} {source} to {target}: {answer.status}'
                assert tree_of(share.folder) == before, f'{method} {source} to {target}: {tree_of(share.folder)}'


@case
def what_gives_way_goes_last():
    with Share('write') as share:
        (share.folder / 'dir' / 'in').mkdir(parents=True)
        (share.folder / 'dir' / 'file').write_text('x', encoding='utf-8')
        expect(share.ask('MOVE', '/nothing', Destination='/dir'), 404)
        expect(share.ask('MOVE', '/hello.txt', Destination='/dir', Overwrite='F'), 412)
        expect(share.ask('COPY', '/hello.txt', Destination='/dir'), 405)
        assert (share.folder / 'dir' / 'file').exists()
        expect(share.ask('MOVE', '/hello.txt', Destination='/dir'), 204)
        assert (share.folder / 'dir').read_text(encoding='utf-8') == 'hello world'
        expect(share.ask('MOVE', '/sub', Destination='/dir'), 204)
        assert sorted(os.listdir(share.folder / 'dir')) == ['loop', 'ä <&> 100%.txt']
        assert not (share.folder / 'hello.txt').exists() and not (share.folder / 'sub').exists()


@case
def a_lock_is_granted_as_it_was_asked_for():
    question = b'<lockinfo xmlns="DAV:"><lockscope><%b/></lockscope><locktype><write/></locktype></lockinfo>'
    with Share('write') as share:
        for scope in (b'shared', b'exclusive'):
            locked = expect(share.ask('LOCK', '/hello.txt', question % scope), 200)
            assert b'<D:lockscope><D:%b/></D:lockscope>' % scope in locked.body, locked.body
            assert b'<D:lockroot><D:href>/hello.txt</D:href></D:lockroot>' in locked.body, locked.body
        token = locked.headers['lock-token']
        again = expect(share.ask('LOCK', '/hello.txt', If=f'({token})'), 200)
        assert again.headers['lock-token'] == token and token[1:-1].encode() in again.body
        made_up = expect(share.ask('LOCK', '/hello.txt', If='(<opaquelocktoken:&quot;><x>)'), 200)
        assert 'quot' not in made_up.headers['lock-token'] and b'quot' not in made_up.body
        expect(share.ask('LOCK', '/new', b'<lockinfo'), 400)
        assert not (share.folder / 'new').exists()


@case
def dates_are_not_set_and_that_is_said():
    question = b'<propertyupdate xmlns="DAV:"><set><prop><getlastmodified>x</getlastmodified>%b</prop></set></propertyupdate>'
    with Share('write') as share:
        text = expect(share.ask('PROPPATCH', '/hello.txt', question % b'<x:y xmlns:x="urn:x"/>'), 207).body.decode()
        inside = re.search(r'<D:propstat><D:prop>(.*)</D:prop><D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat>', text)
        assert inside and '<D:getlastmodified/>' in inside[1] and 'y xmlns="urn:x"' in inside[1], text
        expect(share.ask('PROPPATCH', '/nothing', question % b''), 404)


@case
def a_link_that_leads_out_stays():
    with Share('write') as share:
        expect(share.ask('LOCK', '/secret'), 403)
        expect(share.ask('LOCK', '/broken'), 405)
        for method in ('COPY', 'MOVE'):
            for target in ('/secret', '/broken'):
                expect(share.ask(method, '/hello.txt', Destination=target, Overwrite='F'), 412)
        assert (share.folder / 'secret').is_symlink() and (share.folder / 'broken').is_symlink()
        assert (share.folder / 'hello.txt').exists()


@case
def a_file_that_changed_meanwhile_is_not_replaced():
    with Share('write') as share:
        tag = share.ask('GET', '/hello.txt').headers['etag']
        expect(share.ask('PUT', '/hello.txt', b'second', If_Match=tag), 204)
        expect(share.ask('PUT', '/hello.txt', b'third', If_Match=tag), 412)
        expect(share.ask('PUT', '/new', b'first', If_Match='*'), 412)
        assert (share.folder / 'hello.txt').read_text(encoding='utf-8') == 'second'
        assert not (share.folder / 'new').exists()


@case
def who_may_read_a_file_stays_as_it_was():
    with Share('write') as share:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(share.folder / 'hello.txt', 0o664)
        expect(share.ask('PUT', '/hello.txt', b'x'), 204)
        assert (share.folder / 'hello.txt').stat().st_mode & 0o777 == 0o664
        expect(share.ask('PUT', '/new', b'x'), 201)
        assert (share.folder / 'new').stat().st_mode & 0o777 == 0o666 & ~mask


@case
def others_go_on_while_a_file_is_copied():
    with Share('write') as share:
        content = random.Random(4).randbytes(30_000_001)
        (share.folder / 'large').write_bytes(content)
        copying = share.guest.open()
        share.guest.send(copying, b'COPY /large HTTP/1.1\r\nHost: a\r\nDestination: /copy\r\n\r\n')
        expect(share.ask('GET', '/hello.txt'), 200)
        assert not (share.folder / 'copy').exists()
        expect(share.guest.read(copying), 201)
        assert (share.folder / 'copy').read_bytes() == content


def room_in(share):
    text = expect(share.ask('PROPFIND', '/', Depth='0'), 207).body.decode()
    return [int(re.search(f'<D:quota-{name}-bytes>([0-9]+)<', text)[1]) >> 20 for name in ('available', 'used')]


@case
def some_of_a_disk_is_left_to_the_host():
    if subprocess.run(['unshare', '--user', '--mount', 'true'], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        raise Skipped('nobody may mount a drive of his own')
    with Share('write', small=64) as share:
        assert room_in(share) == [60, 0], room_in(share)
        client = share.guest.open()
        share.guest.send(client, b'PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n' + bytes(90_000_000))
        available, used = room_in(share)
        assert available <= 4 and 50 <= used <= 60, (available, used)
        share.guest.send(client, bytes(10_000_000))
        expect(share.guest.read(client), 507)
        share.guest.close(client)
        expect(share.ask('PUT', '/new', bytes(40_000_000)), 201)
        assert room_in(share)[1] == 38, room_in(share)


def uploads_in(folder):
    return [name for name in os.listdir(folder) if name.startswith('.xenolith-upload-')]


def begin_upload(share, path):
    client = share.guest.open()
    share.guest.send(client, b'PUT %b HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n' % path + bytes(70_000))
    expect(share.ask('GET', '/hello.txt'), 200)
    assert len(uploads_in(share.folder)) == 1


@case
def whoever_is_asked_to_end_leaves_nothing_half_done():
    with Share('write') as share:
        begin_upload(share, b'/hello.txt')
        share.process.terminate()
        assert share.process.wait(PATIENCE) == 0
        assert not uploads_in(share.folder)
        assert (share.folder / 'hello.txt').read_text(encoding='utf-8') == 'hello world'


@case
def what_a_killed_upload_left_is_removed():
    with Share('write') as share:
        begin_upload(share, b'/new')
        share.process.kill()
        share.process.wait(PATIENCE)
        share.connection.close()
        left, = uploads_in(share.folder)
        day_ago = (share.folder / left).stat().st_mtime - 25 * 60 * 60
        (share.folder / '.xenolith-upload-now').touch()
        os.utime(share.folder / left, (day_ago, day_ago))
        share.serve('read')
        assert b'upload' not in expect(share.ask('PROPFIND', '/', Depth='1'), 207).body
        assert len(uploads_in(share.folder)) == 2
        share.connection.close()
        share.process.wait(PATIENCE)
        share.serve('write')
        expect(share.ask('PROPFIND', '/', Depth='1'), 207)
        # Another's upload may still be on its way.
        assert uploads_in(share.folder) == ['.xenolith-upload-now']


@case
def a_file_that_did_not_arrive_leaves_the_old_one():
    with Share('write') as share:
        client = share.guest.open()
        share.guest.send(client, b'PUT /hello.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n' + b'x' * 70000)
        expect(share.ask('GET', '/hello.txt'), 200)
        expect(share.ask('PROPFIND', '/', Depth='1'), 207)
        share.guest.close(client)
        expect(share.ask('GET', '/sub/loop/loop/nothing'), 404)
        assert (share.folder / 'hello.txt').read_text(encoding='utf-8') == 'hello world'
        assert not [name for name in os.listdir(share.folder) if name.startswith('.')], os.listdir(share.folder)


@case
def connections_do_not_disturb_each_other():
    with Share('write') as share:
        (share.folder / 'large').write_bytes(b'y' * 3_000_000)
        clients = [share.guest.open() for _ in range(20)]
        for client in clients:
            share.guest.send(client, b'GET /hel')
        for client in clients:
            share.guest.send(client, b'lo.txt HTTP/1.1\r\nHost: a\r\n\r\n' if client % 2 else b'p HTTP/1.1\r\nHost: a\r\n\r\n')
        texts = {client: b'' for client in clients}
        ended = set()
        while len(ended) < len(clients):
            client, data = share.guest.take()
            texts[client] += data
            if b'hello world' in texts[client] or b'404' in texts[client]:
                ended.add(client)
        assert all((b'hello world' in text) == bool(client % 2) for client, text in texts.items())


@case
def a_guest_that_does_not_read_costs_no_memory():
    with Share() as share:
        with open(share.folder / 'huge', 'wb') as huge:
            huge.truncate(1 << 30)
        for _ in range(10):
            client = share.guest.open()
            share.guest.send(client, b'GET /huge HTTP/1.1\r\nHost: a\r\n\r\n')
        # Nothing was taken yet, and what was not sent is not in memory.
        share.guest.take()
        expect_small(share, 120_000)


@case
def long_answers_have_an_end():
    if 'XENO_TEST_SANITIZED' in os.environ:
        raise Skipped('a sanitizer would take minutes')
    question = (b'<propfind xmlns="DAV:"><prop>' +
                b''.join(b'<a%d%b/>' % (i, b'x' * 900) for i in range(60)) + b'</prop></propfind>')
    with Share() as share:
        for number in range(5000):
            (share.folder / f'{number}{"ä" * 100}').touch()
        # Properties that nobody knows are not told back when their names are so long.
        assert b'xxx' not in expect(share.ask('PROPFIND', '/', question, Depth='1'), 207).body
        listing = b'PROPFIND / HTTP/1.1\r\nHost: a\r\nDepth: 1\r\nContent-Length: 0\r\n\r\n'
        clients = [share.guest.open() for _ in range(30)]
        share.connection.sendall(b''.join(struct.pack('<qH', client, len(listing)) + listing for client in clients))
        texts = {client: b'' for client in clients}
        while not all(texts[client].endswith(b'</D:multistatus>\n') for client in clients):
            client, data = share.guest.take()
            texts[client] = texts.get(client, b'') + data
        expect_small(share, 300_000)
        for number in range(5000, 15_000):
            (share.folder / f'{number}{"ä" * 100}').touch()
        expect(share.ask('PROPFIND', '/', Depth='1'), 507)
        expect(share.ask('GET', '/hello.txt'), 200)


@case
def what_is_refused_costs_no_memory():
    with Share() as share:
        for head in (b'PUT /new', b'PROPFIND /', b'GET /hello.txt', b'BREW /', b'PUT /a%2f%2e%2e%2fx'):
            client = share.guest.open()
            share.guest.send(client, head + b' HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000000\r\n\r\n')
            for _ in range(1200):
                share.guest.send(client, bytes(60_000))
            expect(share.ask('GET', '/hello.txt'), 200)
            share.guest.close(client)
        expect_small(share, 40_000)


@case
def a_file_that_shrinks_ends_the_connection():
    with Share() as share:
        with open(share.folder / 'huge', 'wb') as huge:
            huge.truncate(1 << 30)
        client = share.guest.open()
        share.guest.send(client, b'GET /huge HTTP/1.1\r\nHost: a\r\n\r\n')
        share.guest.take()
        os.truncate(share.folder / 'huge', 0)
        while True:
            number, data = share.guest.take()
            if number == client and not data:
                break
        expect(share.ask('GET', '/hello.txt'), 200)


@case
def a_folder_that_vanishes_is_empty():
    with Share('write') as share:
        os.rename(share.folder, share.outside / 'moved')
        expect(share.ask('GET', '/hello.txt'), 200)
        subprocess.run(['rm', '-r', share.outside / 'moved'], check=True)
        expect(share.ask('GET', '/hello.txt'), 404)
        assert share.ask('PUT', '/new', b'x').status in (403, 404, 409)
        assert share.ask('PROPFIND', '/', Depth='1').status in (207, 404)
        share.folder.mkdir()
        expect(share.ask('GET', '/hello.txt'), 404)


@case
def nonsense_is_borne():
    generator = random.Random(3)
    with Share('write') as share:
        for junk in (b'', b'\0' * 100, b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'\r\n' * 1000, b'BREW / HTTP/1.1\r\n\r\n',
                     b'GET ' + b'/a' * 5000 + b' HTTP/1.1\r\n\r\n', b'GET /\xff\xfe HTTP/1.1\r\n\r\n',
                     b'PUT /n HTTP/1.1\r\nContent-Length: -5\r\n\r\nx', b'PUT /n HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
                     b'PROPFIND / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n', b'X' * 300000, generator.randbytes(50000)):
            client = share.guest.open()
            share.guest.send(client, junk)
            share.guest.close(client)
            share.guest.close(client)
            share.guest.close(-client)
        expect(share.ask('GET', '/hello.txt'), 200)
        # More connections than anybody has.
        for client in range(1000, 1200):
            share.guest.send(client, b'G')
        refused = 0
        while refused < 200 - 32:
            client, data = share.guest.take()
            refused += client >= 1000 and not data
        for client in range(1000, 1200):
            share.guest.close(client)
        expect(share.ask('GET', '/hello.txt'), 200)
        # And one that ends in the middle of a message.
        share.connection.sendall(struct.pack('<qH', 5, 60000) + b'GET')
    for seed in range(20):
        with Share() as share:
            share.connection.sendall(random.Random(seed).randbytes(20000))


@case
def it_can_do_no_more_than_it_needs():
    with Share('write') as share:
        expect(share.ask('GET', '/hello.txt'), 200)
        status = pathlib.Path(f'/proc/{share.process.pid}/status').read_text(encoding='utf-8')
        assert re.search(r'NoNewPrivs:\s*1', status), status
        if 'XENO_TEST_SANITIZED' not in os.environ:
            assert re.search(r'Seccomp:\s*2', status), status
    done = subprocess.run([os.environ['XENOLITH_SHARE_PATH']], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          check=False, timeout=PATIENCE)
    assert done.returncode == 1 and b'usage' in done.stderr


@case
def a_kernel_that_cannot_hold_it_lets_nothing_be_changed():
    with Share('write', LANDLOCK_CREATE_RULESET) as share:
        expect(share.ask('GET', '/hello.txt'), 200)
        expect(share.ask('PUT', '/new', b'x'), 403)
        assert '2' not in expect(share.ask('OPTIONS', '/'), 200).headers['dav']
    if 'XENO_TEST_SANITIZED' in os.environ:
        return
    for mode in ('read', 'write'):
        share = Share(mode, SECCOMP)
        assert share.process.wait(PATIENCE) == 1
        assert share.connection.recv(1) == b''
        share.connection.close()
        share.top.cleanup()


main('share')
