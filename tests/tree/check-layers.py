#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check that src/ keeps its layers: a folder includes only folders below it, a library's headers
stay in the folders that own it, and a -private.h never leaves its folder. Usage: check-layers.py SRC_DIR
Sizes far past what reads comfortably are listed as notes and never fail the check."""
import pathlib
import re
import sys

LAYER = {'base': 0, 'spec': 1, 'virt': 2,
         'stats': 3, 'agent': 3, 'passthrough': 3, 'container': 3, 'viewer': 3, 'create': 3.5,
         'card': 4, 'cli': 4, 'service': 4, 'display': 4, 'share': 4, 'sound': 4,
         'widgets': 5, 'console': 5, 'dialogs': 6, 'pages': 7, 'app': 8}
FOREIGN = [  # header -> the folders that may include it
    (r'^libvirt', {'virt'}),
    (r'^libxml/', {'share', 'spec'}),
    (r'^osinfo/', {'create'}),
    (r'^(spice|gvnc|vnc)', {'display'}),
    (r'^libsecret/', {'viewer'}),
    (r'^gst/', {'sound'}),
    (r'^libsoup/', {'create', 'share'}),
    (r'^(winscard|pcsclite|PCSC/)', {'card'}),
    (r'^libusb', {'display'}),
    (r'^vte/', {'console'}),
    (r'^(gtk/|gdk/|adwaita|gtksourceview)', {'widgets', 'console', 'dialogs', 'pages', 'app'})]
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def faults(root):
    for path in sorted(root.rglob('*.[ch]')):
        rel = path.relative_to(root)
        folder = rel.parts[0] if len(rel.parts) > 1 else 'app'
        if folder not in LAYER:
            yield f'{rel}: folder "{folder}" has no layer'
            continue
        for n, line in enumerate(path.read_text(encoding='utf-8').split('\n'), 1):
            m = INCLUDE.match(line)
            if not m:
                continue
            kind, name = m.groups()
            if kind == '<':
                for pattern, allowed in FOREIGN:
                    if re.match(pattern, name) and folder not in allowed:
                        yield f'{rel}:{n}: <{name}> belongs to {", ".join(sorted(allowed))}'
                continue
            other = name.split('/')[0] if '/' in name else folder
            if other == folder or other not in LAYER:
                continue
            if LAYER[other] >= LAYER[folder]:
                yield f'{rel}:{n}: {folder} may not include {other}/'
            if name.endswith('-private.h'):
                yield f'{rel}:{n}: private header of {other}/'


def notes(root):
    for path in sorted(root.rglob('*.c')):
        lines = path.read_text(encoding='utf-8').split('\n')
        if len(lines) > 800:
            yield f'note: {path.relative_to(root)} has {len(lines)} lines'
        start = None
        for n, line in enumerate(lines, 1):
            if line.rstrip() == '{':
                start = n
            elif start and line.rstrip() == '}':
                if n - start > 80 and '_class_init' not in ' '.join(lines[max(0, start - 6):start]):
                    yield f'note: {path.relative_to(root)}:{start} is a function of {n - start} lines'
                start = None


root = pathlib.Path(sys.argv[1])
found = list(faults(root))
print('\n'.join(found + list(notes(root))) or 'tree ok')
sys.exit(bool(found))
