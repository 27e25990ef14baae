# SPDX-License-Identifier: LGPL-2.1-or-later
# The bridge guest: one boot sector that carries every byte between its two serial ports, so that a test
# can speak as the guest behind a channel of QEMU's. It says "!" on the second when it listens. Its speaker
# beeps at 1000 Hz. The ports are left as the firmware leaves them: opening them anew would lose a byte.
.set FIRST, 0x3f8
.set SECOND, 0x2f8

# One byte, if there is one and the other side has room.
.macro carry from, to
  movw $\from + 5, %dx
  inb %dx, %al
  testb $1, %al
  jz 1f
  movw $\to + 5, %dx
  inb %dx, %al
  testb $0x20, %al
  jz 1f
  movw $\from, %dx
  inb %dx, %al
  movw $\to, %dx
  outb %al, %dx
1:
.endm

.code16
.globl _start
_start:
  cli
  movb $0xb6, %al
  outb %al, $0x43
  movw $1193, %ax
  outb %al, $0x42
  movb %ah, %al
  outb %al, $0x42
  inb $0x61, %al
  orb $3, %al
  outb %al, $0x61
  movw $SECOND, %dx
  movb $'!', %al
  outb %al, %dx
again:
  carry FIRST, SECOND
  carry SECOND, FIRST
  jmp again

.org 510
.word 0xaa55
