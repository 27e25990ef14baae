# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tells when a program's first window is mapped and when it stops changing, through Xlib: polling would be coarser than
the answer."""

import ctypes
import select
import time
import zlib

SUBSTRUCTURE_NOTIFY = 1 << 19
MAP_NOTIFY = 19
VIEWABLE = 2
Z_PIXMAP = 2
ALL_PLANES = 0xffffffff
RAW_RECTANGLES = 0
SMALLEST = (150, 100)
QUIET = 1.5
"""A window that has shown the same for so long has settled."""

Pointer, Window, Int, Uint = ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_uint


class MapEvent(ctypes.Structure):
    _fields_ = [('type', Int), ('serial', ctypes.c_ulong), ('send_event', Int), ('display', Pointer),
                ('event', Window), ('window', Window), ('override_redirect', Int)]


class Event(ctypes.Union):
    _fields_ = [('type', Int), ('map', MapEvent), ('room', ctypes.c_long * 24)]


class Attributes(ctypes.Structure):
    _fields_ = [('x', Int), ('y', Int), ('width', Int), ('height', Int), ('border_width', Int), ('depth', Int),
                ('visual', Pointer), ('root', Window), ('window_class', Int), ('bit_gravity', Int), ('win_gravity', Int),
                ('backing_store', Int), ('backing_planes', ctypes.c_ulong), ('backing_pixel', ctypes.c_ulong),
                ('save_under', Int), ('colormap', ctypes.c_ulong), ('map_installed', Int), ('map_state', Int),
                ('all_event_masks', ctypes.c_long), ('your_event_mask', ctypes.c_long),
                ('do_not_propagate_mask', ctypes.c_long), ('override_redirect', Int), ('screen', Pointer)]


class Image(ctypes.Structure):
    _fields_ = [('width', Int), ('height', Int), ('xoffset', Int), ('format', Int), ('data', Pointer),
                ('byte_order', Int), ('bitmap_unit', Int), ('bitmap_bit_order', Int), ('bitmap_pad', Int),
                ('depth', Int), ('bytes_per_line', Int)]


class WindowWatch:
    """Listens for windows on the default display from the moment it is made."""

    def __init__(self):
        self.xlib = ctypes.CDLL('libX11.so.6')
        self.xdamage = ctypes.CDLL('libXdamage.so.1')
        self.declare()
        self.error_handler = ctypes.CFUNCTYPE(Int, Pointer, Pointer)(lambda *_: 0)
        self.xlib.XSetErrorHandler(self.error_handler)
        self.display = self.xlib.XOpenDisplay(None)
        if not self.display:
            raise SystemExit('there is no display')
        first, ignored = Int(), Int()
        self.xdamage.XDamageQueryExtension(self.display, ctypes.byref(first), ctypes.byref(ignored))
        self.damage_notify = first.value
        root = self.xlib.XDefaultRootWindow(self.display)
        self.xlib.XSelectInput(self.display, root, SUBSTRUCTURE_NOTIFY)
        self.xlib.XSync(self.display, 0)

    def declare(self):
        calls = {'XOpenDisplay': (Pointer, ctypes.c_char_p), 'XDefaultRootWindow': (Window, Pointer),
                 'XSelectInput': (Int, Pointer, Window, ctypes.c_long), 'XSync': (Int, Pointer, Int),
                 'XPending': (Int, Pointer), 'XNextEvent': (Int, Pointer, Pointer), 'XCloseDisplay': (Int, Pointer),
                 'XConnectionNumber': (Int, Pointer), 'XGetWindowAttributes': (Int, Pointer, Window, Pointer),
                 'XGetImage': (Pointer, Pointer, Window, Int, Int, Uint, Uint, ctypes.c_ulong, Int),
                 'XDestroyImage': (Int, Pointer), 'XUnmapWindow': (Int, Pointer, Window)}
        for name, (result, *arguments) in calls.items():
            function = getattr(self.xlib, name)
            function.restype, function.argtypes = result, arguments
        self.xdamage.XDamageQueryExtension.argtypes = [Pointer, Pointer, Pointer]
        self.xdamage.XDamageCreate.restype = ctypes.c_ulong
        self.xdamage.XDamageCreate.argtypes = [Pointer, Window, Int]

    def attributes(self, window):
        attributes = Attributes()
        known = self.xlib.XGetWindowAttributes(self.display, window, ctypes.byref(attributes))
        return attributes if known else None

    def is_a_window(self, window):
        attributes = self.attributes(window)
        return attributes and attributes.width >= SMALLEST[0] and attributes.height >= SMALLEST[1]

    def events(self, seconds):
        """The events of the next SECONDS, as they come."""
        event = Event()
        limit = time.monotonic() + seconds
        while True:
            while self.xlib.XPending(self.display):
                self.xlib.XNextEvent(self.display, ctypes.byref(event))
                yield event
            left = limit - time.monotonic()
            if left <= 0:
                return
            select.select([self.xlib.XConnectionNumber(self.display)], [], [], left)

    def wait(self, patience):
        """(window, monotonic time) of the first window's appearance, or None."""
        for event in self.events(patience):
            if event.type == MAP_NOTIFY and not event.map.override_redirect and self.is_a_window(event.map.window):
                return event.map.window, time.monotonic()
        return None

    def checksum(self, window):
        """Of what the window shows now."""
        attributes = self.attributes(window)
        if not attributes or attributes.map_state != VIEWABLE:
            return None
        image = self.xlib.XGetImage(self.display, window, 0, 0, attributes.width, attributes.height, ALL_PLANES, Z_PIXMAP)
        if not image:
            return None
        content = Image.from_address(image)
        size = content.bytes_per_line * content.height
        checksum = zlib.adler32((ctypes.c_char * size).from_address(content.data))
        self.xlib.XDestroyImage(image)
        return checksum

    def wait_settled(self, window, patience, at_change):
        """The monotonic time of the last change of what the window shows; AT_CHANGE is called at each."""
        self.xdamage.XDamageCreate(self.display, window, RAW_RECTANGLES)
        self.xlib.XSync(self.display, 0)
        shown, changed = self.checksum(window), time.monotonic()
        at_change()
        limit = changed + patience
        while time.monotonic() < min(limit, changed + QUIET):
            damaged = None
            for event in self.events(0.02):
                if event.type == self.damage_notify:
                    damaged = time.monotonic()
            if damaged is not None:
                now_shown = self.checksum(window)
                if now_shown != shown:
                    shown, changed = now_shown, damaged
                    at_change()
        return changed

    def hide(self, window):
        """Unmaps it as a window manager does that minimises it."""
        self.xlib.XUnmapWindow(self.display, window)
        self.xlib.XSync(self.display, 0)

    def close(self):
        self.xlib.XCloseDisplay(self.display)
