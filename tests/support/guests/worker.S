# SPDX-License-Identifier: LGPL-2.1-or-later
# The worker guest: one boot sector that fills its first disk, where it has one, and obeys the power
# button. It knows the ports where SeaBIOS puts the power management of the machine "pc".
.set EVENT_STATUS, 0x600
.set EVENT_ENABLE, 0x602
.set CONTROL, 0x604
.set POWER_BUTTON, 0x100
.set SLEEP_FOR_GOOD, 0x2000

.code16
.globl _start
_start:
  xorw %ax, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  movw $0x7c00, %sp
  sti
  movw $EVENT_ENABLE, %dx
  movw $POWER_BUTTON, %ax
  outw %ax, %dx

again:
  movw $EVENT_STATUS, %dx
  inw %dx, %ax
  testw $POWER_BUTTON, %ax
  jnz power_off

  movb $0x43, %ah
  movb $0, %al
  movb $0x80, %dl
  movw $packet, %si
  int $0x13
  jc rest
  addl $64, packet + 8
  jmp again

rest:
  hlt
  jmp again

power_off:
  movw $CONTROL, %dx
  movw $SLEEP_FOR_GOOD, %ax
  outw %ax, %dx
  hlt
  jmp power_off

# 64 sectors from 0x8000 on, to a place that moves on.
packet:
  .byte 16, 0
  .word 64
  .word 0x8000, 0
  .long 0, 0

.org 510
.word 0xaa55
