# SPDX-License-Identifier: LGPL-2.1-or-later
# The cloud guest: the boot sector of a disk image that looks for its seed as cloud images do, with the eyes of
# the firmware. It says on its serial port how many sectors its own disk has, then what is in the files of the
# first disc, then END.
.set PORT, 0x3f8
.set PACKET, 0x600
.set BUFFER, 0x8000
.set FIRST_BLOCK, 16
.set LAST_BLOCK, 250
.set BLOCK_BYTES, 2048

.code16
.globl _start
_start:
  cli
  xorw %ax, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  movw $0x7c00, %sp
  sti
  cld

  # Its own disk.
  movw $30, PACKET
  movw $PACKET, %si
  movb $0x48, %ah
  movb $0x80, %dl
  int $0x13
  movw $8, %cx
  movl PACKET + 16, %ebx
digit:
  roll $4, %ebx
  movb %bl, %al
  andb $15, %al
  addb $'0', %al
  cmpb $'9', %al
  jbe 1f
  addb $'a' - '9' - 1, %al
1:
  call say
  loop digit
  movb $'\n', %al
  call say

  # The disc, block by block: files begin with one.
  movl $FIRST_BLOCK, %edi
next:
  movw $16, PACKET
  movw $1, PACKET + 2
  movl $BUFFER, PACKET + 4
  movl %edi, PACKET + 8
  movl $0, PACKET + 12
  movw $PACKET, %si
  movb $0x42, %ah
  movb $0xe0, %dl
  int $0x13
  jc end
  cmpl $0x6f6c6323, BUFFER # "#clo"
  je show
  cmpl $0x74736e69, BUFFER # "inst"
  jne skip
show:
  movw $BUFFER, %si
  movw $BLOCK_BYTES, %cx
2:
  lodsb
  testb %al, %al
  jz skip
  call say
  loop 2b
skip:
  incl %edi
  cmpl $LAST_BLOCK, %edi
  jne next

end:
  movw $last, %si
  movw $4, %cx
3:
  lodsb
  call say
  loop 3b
rest:
  hlt
  jmp rest

say:
  pushw %ax
  movw $PORT + 5, %dx
4:
  inb %dx, %al
  testb $0x20, %al
  jz 4b
  popw %ax
  movw $PORT, %dx
  outb %al, %dx
  ret

last:
  .ascii "END\n"

.org 510
.word 0xaa55
