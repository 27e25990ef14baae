# SPDX-License-Identifier: LGPL-2.1-or-later
# The painter: a guest that paints a picture 30 times a second and sleeps in between, so that what a
# console costs is not lost in what the guest costs.
#
# Assembled with WIDTH, HEIGHT and WORK. In the middle of the screen stands a block of BLOCK_WIDTH x
# BLOCK_HEIGHT in one colour, another for each frame, by which one sees from outside that a frame is
# shown. One byte on the first serial port for each frame tells how many were painted.
.set FULL, 0                      # new noise everywhere
.set SCROLL, 1                    # 16 lines up, and new ones of sparse noise, like text
.set SMALL, 2                     # the block alone
.set KEY, 3                       # the block, and only when the space bar goes down

.set FRAMES, 30
.set BLOCK_WIDTH, 256
.set BLOCK_HEIGHT, 64
.set PITCH, WIDTH * 4
.set SIZE, PITCH * HEIGHT
.set LINES, 16
.set MIDDLE, (HEIGHT - BLOCK_HEIGHT) / 2 * PITCH + (WIDTH - BLOCK_WIDTH) / 2 * 4
.set NOISE, 0x2000000
.set NOISE_SPARE, 0x100000        # frames begin at different places of the noise
.set INTERRUPTS, 0xa000
.set TIMER, 0x20
.set KEYBOARD, 0x21
.set SPACE, 0x39

.macro display index, value
  movw $0x1ce, %dx
  movw $\index, %ax
  outw %ax, %dx
  incw %dx
  movw $\value, %ax
  outw %ax, %dx
.endm

.macro put port, value
  movb $\value, %al
  outb %al, $\port
.endm

.macro interrupt number, handler
  movl $\handler, %eax
  movw %ax, INTERRUPTS + \number * 8
  movw $8, INTERRUPTS + \number * 8 + 2
  movw $0x8e00, INTERRUPTS + \number * 8 + 4
  movw $0, INTERRUPTS + \number * 8 + 6
.endm

# From %esi to %edi, %ecx times 64 bytes: an emulator is far slower at string instructions.
.macro copy
1:
  movups (%esi), %xmm0
  movups 16(%esi), %xmm1
  movups 32(%esi), %xmm2
  movups 48(%esi), %xmm3
  movups %xmm0, (%edi)
  movups %xmm1, 16(%edi)
  movups %xmm2, 32(%edi)
  movups %xmm3, 48(%edi)
  addl $64, %esi
  addl $64, %edi
  decl %ecx
  jnz 1b
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
  andb $0xfb, %al
  orb $3, %al
  movl %eax, %cr0
  movl %cr4, %eax
  orl $0x600, %eax
  movl %eax, %cr4
  ljmp $8, $protected

.code32
protected:
  movw $16, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  movl $0x90000, %esp

  interrupt TIMER, timer
  interrupt KEYBOARD, keyboard
  lidt interrupts
  put 0x20, 0x11
  put 0x21, TIMER
  put 0x21, 4
  put 0x21, 1
  put 0x21, 0xfc
  put 0x43, 0x34
  put 0x40, ((1193182 / FRAMES) & 0xff)
  put 0x40, ((1193182 / FRAMES) >> 8)
  inb $0x60, %al

  movl $NOISE, %edi
  movl $((SIZE + NOISE_SPARE) / 4), %ecx
  movl $12345, %eax
noise:
  imull $1664525, %eax
  addl $1013904223, %eax
  movl %eax, %ebx
  shrl $8, %ebx
  movl %ebx, (%edi)
  addl $4, %edi
  decl %ecx
  jnz noise

  call paint_noise
  call paint_block
  sti
sleep:
  hlt
.if WORK == KEY
  cmpl $0, pressed
  je sleep
  decl pressed
.else
  cmpl $0, ticks
  je sleep
  movl $0, ticks
.endif
  incl count
.if WORK == FULL
  call paint_noise
.endif
.if WORK == SCROLL
  call paint_lines
.endif
  call paint_block
  movw $0x3f8, %dx
  movb $'.', %al
  outb %al, %dx
  jmp sleep

# Where this frame's noise begins: %esi.
find_noise:
  imull $4176, count, %esi
  andl $(NOISE_SPARE - 16), %esi
  addl $NOISE, %esi
  ret

paint_noise:
  call find_noise
  movl %ebp, %edi
  movl $(SIZE / 64), %ecx
  copy
  ret

paint_lines:
  movl %ebp, %edi
  leal LINES * PITCH(%ebp), %esi
  movl $((SIZE - LINES * PITCH) / 64), %ecx
  copy
  call find_noise
  movl $(LINES * WIDTH), %ecx
dot:
  movl (%esi), %eax
  addl $4, %esi
  testl $0x300, %eax
  movl $0, %eax
  jnz paint_dot
  movl $0xc0c0c0, %eax
paint_dot:
  movl %eax, (%edi)
  addl $4, %edi
  decl %ecx
  jnz dot
  ret

paint_block:
  leal MIDDLE(%ebp), %edi
  imull $0x3b1d5b, count, %eax
  andl $0xffffff, %eax
  movl $BLOCK_HEIGHT, %edx
block_row:
  movl $BLOCK_WIDTH, %ecx
  rep stosl
  addl $(PITCH - BLOCK_WIDTH * 4), %edi
  decl %edx
  jnz block_row
  ret

timer:
  pushl %eax
  incl ticks
  put 0x20, 0x20
  popl %eax
  iret

keyboard:
  pushl %eax
  inb $0x60, %al
  cmpb $SPACE, %al
  jne told
  incl pressed
told:
  put 0x20, 0x20
  popl %eax
  iret

.balign 8
entries: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
table: .word 23
  .long entries
interrupts: .word (KEYBOARD + 1) * 8 - 1
  .long INTERRUPTS
count: .long 0
ticks: .long 0
pressed: .long 0
.org 2048
