# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads what a window shows, and types into it, through Xlib: what a person would see and do."""

import ctypes

Z_PIXMAP = 2
VIEWABLE = 2
REVERT_TO_PARENT = 2
KEYCODE_SPACE = 65
SMALLEST = (150, 100)


class Attributes(ctypes.Structure):
    _fields_ = [('x', ctypes.c_int), ('y', ctypes.c_int), ('width', ctypes.c_int), ('height', ctypes.c_int),
                ('border_width', ctypes.c_int), ('depth', ctypes.c_int), ('visual', ctypes.c_void_p),
                ('root', ctypes.c_ulong), ('kind', ctypes.c_int), ('bit_gravity', ctypes.c_int),
                ('win_gravity', ctypes.c_int), ('backing_store', ctypes.c_int), ('backing_planes', ctypes.c_ulong),
                ('backing_pixel', ctypes.c_ulong), ('save_under', ctypes.c_int), ('colormap', ctypes.c_ulong),
                ('map_installed', ctypes.c_int), ('map_state', ctypes.c_int), ('all_events', ctypes.c_long),
                ('your_events', ctypes.c_long), ('do_not_propagate', ctypes.c_long),
                ('override_redirect', ctypes.c_int), ('screen', ctypes.c_void_p)]


class Image(ctypes.Structure):
    _fields_ = [('width', ctypes.c_int), ('height', ctypes.c_int), ('xoffset', ctypes.c_int), ('format', ctypes.c_int),
                ('data', ctypes.c_void_p), ('byte_order', ctypes.c_int), ('bitmap_unit', ctypes.c_int),
                ('bitmap_bit_order', ctypes.c_int), ('bitmap_pad', ctypes.c_int), ('depth', ctypes.c_int),
                ('bytes_per_line', ctypes.c_int)]


class Picture:
    """The largest window on the default display."""

    def __init__(self):
        pointer, number = ctypes.c_void_p, ctypes.c_ulong
        self.xlib = ctypes.CDLL('libX11.so.6')
        self.xtest = ctypes.CDLL('libXtst.so.6')
        self.xlib.XOpenDisplay.restype = pointer
        self.xlib.XDefaultRootWindow.restype = number
        self.xlib.XGetImage.restype = ctypes.POINTER(Image)
        self.xlib.XGetImage.argtypes = [pointer, number, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
                                        number, ctypes.c_int]
        self.xlib.XGetWindowAttributes.argtypes = [pointer, number, ctypes.POINTER(Attributes)]
        self.xlib.XSetInputFocus.argtypes = [pointer, number, ctypes.c_int, number]
        self.xlib.XResizeWindow.argtypes = [pointer, number, ctypes.c_uint, ctypes.c_uint]
        self.xlib.XUnmapWindow.argtypes = [pointer, number]
        self.xlib.XMapWindow.argtypes = [pointer, number]
        self.xtest.XTestFakeKeyEvent.argtypes = [pointer, ctypes.c_uint, ctypes.c_int, number]
        self.xtest.XTestFakeMotionEvent.argtypes = [pointer, ctypes.c_int, ctypes.c_int, ctypes.c_int, number]
        self.error_handler = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer)(lambda *_: 0)
        self.xlib.XSetErrorHandler(self.error_handler)
        opened = self.xlib.XOpenDisplay(None)
        if not opened:
            raise SystemExit('there is no display')
        self.display = pointer(opened)
        self.root = self.xlib.XDefaultRootWindow(self.display)
        self.window = None
        self.attributes = Attributes()

    def find_window(self):
        """Choose the largest visible window; whether there is one."""
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        windows = ctypes.POINTER(ctypes.c_ulong)()
        self.xlib.XQueryTree(self.display, ctypes.c_ulong(self.root), ctypes.byref(root), ctypes.byref(parent),
                             ctypes.byref(windows), ctypes.byref(count))
        largest = 0
        self.window = None
        for window in windows[:count.value]:
            found = Attributes()
            if self.xlib.XGetWindowAttributes(self.display, window, ctypes.byref(found)) and \
                    found.map_state == VIEWABLE and not found.override_redirect and \
                    found.width >= SMALLEST[0] and found.height >= SMALLEST[1] and found.width * found.height > largest:
                largest = found.width * found.height
                self.window, self.attributes = window, found
        if count.value:
            self.xlib.XFree(windows)
        return self.window is not None

    def pixels(self, x, y, width=1, height=1):
        """Colours of a part of the window, row by row; none where it is not on the screen."""
        image = self.xlib.XGetImage(self.display, self.window, x, y, width, height, 0xffffffff, Z_PIXMAP)
        if not image:
            return []
        data = ctypes.string_at(image.contents.data, image.contents.bytes_per_line * height)
        self.xlib.XDestroyImage(image)
        return [colour & 0xffffff for colour in memoryview(data).cast('I')]

    def type_space(self):
        for pressed in (1, 0):
            self.xtest.XTestFakeKeyEvent(self.display, KEYCODE_SPACE, pressed, 0)
        self.xlib.XFlush(self.display)

    def take_focus(self, x, y):
        """Put the pointer on this point of the window, and the keyboard's focus on the window."""
        self.xtest.XTestFakeMotionEvent(self.display, -1, self.attributes.x + x, self.attributes.y + y, 0)
        self.xlib.XSetInputFocus(self.display, self.window, REVERT_TO_PARENT, 0)
        self.xlib.XSync(self.display, 0)

    def resize(self, width, height):
        self.xlib.XResizeWindow(self.display, self.window, width, height)
        self.xlib.XSync(self.display, 0)

    def set_visible(self, visible):
        (self.xlib.XMapWindow if visible else self.xlib.XUnmapWindow)(self.display, self.window)
        self.xlib.XSync(self.display, 0)

    def close(self):
        self.xlib.XCloseDisplay(self.display)
