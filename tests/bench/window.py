# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tells when a program's first window is mapped, through Xlib: polling would be coarser than the answer."""

import ctypes
import select
import time

SUBSTRUCTURE_NOTIFY = 1 << 19
MAP_NOTIFY = 19
SMALLEST = (150, 100)


class MapEvent(ctypes.Structure):
    _fields_ = [('type', ctypes.c_int), ('serial', ctypes.c_ulong), ('send_event', ctypes.c_int),
                ('display', ctypes.c_void_p), ('event', ctypes.c_ulong), ('window', ctypes.c_ulong),
                ('override_redirect', ctypes.c_int)]


class Event(ctypes.Union):
    _fields_ = [('type', ctypes.c_int), ('map', MapEvent), ('room', ctypes.c_long * 24)]


class WindowWatch:
    """Listens for windows on the default display from the moment it is made."""

    def __init__(self):
        self.xlib = ctypes.CDLL('libX11.so.6')
        self.xlib.XOpenDisplay.restype = ctypes.c_void_p
        self.xlib.XDefaultRootWindow.restype = ctypes.c_ulong
        self.error_handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 0)
        self.xlib.XSetErrorHandler(self.error_handler)
        opened = self.xlib.XOpenDisplay(None)
        if not opened:
            raise SystemExit('there is no display')
        self.display = ctypes.c_void_p(opened)
        root = self.xlib.XDefaultRootWindow(self.display)
        self.xlib.XSelectInput(self.display, ctypes.c_ulong(root), ctypes.c_long(SUBSTRUCTURE_NOTIFY))
        self.xlib.XSync(self.display, 0)

    def is_a_window(self, window):
        root = ctypes.c_ulong()
        x, y = ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        known = self.xlib.XGetGeometry(self.display, ctypes.c_ulong(window), ctypes.byref(root),
                                       ctypes.byref(x), ctypes.byref(y), ctypes.byref(width),
                                       ctypes.byref(height), ctypes.byref(border), ctypes.byref(depth))
        return known and width.value >= SMALLEST[0] and height.value >= SMALLEST[1]

    def wait(self, patience):
        """The monotonic time of the first window's appearance, or None."""
        event = Event()
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            while self.xlib.XPending(self.display):
                self.xlib.XNextEvent(self.display, ctypes.byref(event))
                now = time.monotonic()
                if event.type == MAP_NOTIFY and not event.map.override_redirect and \
                        self.is_a_window(event.map.window):
                    return now
            select.select([self.xlib.XConnectionNumber(self.display)], [], [], 0.1)
        return None

    def close(self):
        self.xlib.XCloseDisplay(self.display)
