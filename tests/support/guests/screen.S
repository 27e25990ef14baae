# SPDX-License-Identifier: LGPL-2.1-or-later
# The screen guest: one boot sector that fills 800x600 with a known pattern and reports every key.
#
# Pixel (x, y) is red = x, green = y, blue = x ^ y (each its low byte). It says "ready" on the first
# serial port when the picture stands, then every scancode as two hex digits and a line feed, and
# paints a 64x64 block at the top left in a colour of its own: red = blue = scancode, green = ff.
.set WIDTH, 800
.set HEIGHT, 600
.set BLOCK, 64

.macro display index, value
  movw $0x1ce, %dx
  movw $\index, %ax
  outw %ax, %dx
  incw %dx
  movw $\value, %ax
  outw %ax, %dx
.endm

.code16
.globl _start
_start:
  cli
  xorw %ax, %ax
  movw %ax, %ds
  movw %ax, %ss
  movw $0x7c00, %sp
  inb $0x92, %al
  orb $2, %al
  outb %al, $0x92
  display 4, 0
  display 1, WIDTH
  display 2, HEIGHT
  display 3, 32
  display 4, 0x41

  # The first display controller on PCI bus 0: its first address range is the picture.
  xorl %ebx, %ebx
next_device:
  movl $0x80000008, %eax
  orl %ebx, %eax
  movw $0xcf8, %dx
  outl %eax, %dx
  movw $0xcfc, %dx
  inl %dx, %eax
  shrl $24, %eax
  cmpb $3, %al
  je found
  addl $0x800, %ebx
  cmpl $0x10000, %ebx
  jb next_device
found:
  movl $0x80000010, %eax
  orl %ebx, %eax
  movw $0xcf8, %dx
  outl %eax, %dx
  movw $0xcfc, %dx
  inl %dx, %eax
  andl $0xfffffff0, %eax
  movl %eax, %ebp

  lgdt table
  movl %cr0, %eax
  orb $1, %al
  movl %eax, %cr0
  ljmp $8, $protected

.code32
protected:
  movw $16, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss

  movl %ebp, %edi
  xorl %edx, %edx
row:
  xorl %ecx, %ecx
pixel:
  movb %cl, %al
  shll $16, %eax
  movb %dl, %ah
  movb %cl, %al
  xorb %dl, %al
  stosl
  incl %ecx
  cmpl $WIDTH, %ecx
  jb pixel
  incl %edx
  cmpl $HEIGHT, %edx
  jb row

  movl $ready, %esi
say_ready:
  lodsb
  testb %al, %al
  jz key
  call say
  jmp say_ready

key:
  inb $0x64, %al
  testb $1, %al
  jz key
  movb %al, %ah
  inb $0x60, %al
  testb $0x20, %ah
  jnz key
  movb %al, %bl
  shrb $4, %al
  call digit
  movb %bl, %al
  andb $15, %al
  call digit
  movb $10, %al
  call say

  movb %bl, %al
  shll $16, %eax
  movb $0xff, %ah
  movb %bl, %al
  movl %ebp, %edi
  movl $BLOCK, %edx
block_row:
  movl $BLOCK, %ecx
  rep stosl
  addl $((WIDTH - BLOCK) * 4), %edi
  decl %edx
  jnz block_row
  jmp key

digit:
  addb $'0', %al
  cmpb $'9', %al
  jbe say
  addb $('a' - '0' - 10), %al
say:
  movw $0x3f8, %dx
  outb %al, %dx
  ret

ready: .asciz "ready\n"
entries: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
table: .word 23
  .long entries
.org 510
.word 0xaa55
