/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An installer that says on its serial port, over and over, what it was told: of the end of its initial RAM disk
 * where a loader of Linux started it, else of the first file on the floppy. Told "r" there it restarts, told "o"
 * it switches off. Two programs in one: this is the kernel; the label "boot" is what a BIOS starts from a disc. */
	.code16
	.text
	.globl	_start

	.equ	COM1, 0x3f8
	.equ	ACPI_OFF, 0x604
	.equ	RESET, 0xcf9
	.equ	TAIL, 512

#ifdef KERNEL
	.org	0
_start:
	.org	0x1f1
	.byte	3			/* sectors of this, behind the first */
	.word	0
	.long	(payload_end - payload) / 16
	.word	0, 0, 0
	.word	0xaa55

	.org	0x200
	.byte	0xeb, begin - 1f	/* the loader jumps here */
1:	.ascii	"HdrS"
	.word	0x20c			/* protocol */
	.long	0
	.word	0x1000
	.word	0
	.byte	0
	.byte	1			/* the rest goes above the first MiB */
	.word	0x8000
	.long	0x100000
initrd_at:
	.long	0
initrd_size:
	.long	0
	.long	0
	.word	0xfff0			/* end of the heap */
	.word	0
	.long	0
	.long	0x7fffffff		/* as high as an initrd may lie */
	.long	0
	.byte	0, 0
	.word	1
	.long	0x7ff			/* the longest command line */

	.org	0x26c
begin:
	cld
	movw	%cs, %ax
	subw	$0x20, %ax
	movw	%ax, %ds
	movw	%ax, %es
	/* the BIOS copies from above what real mode reaches */
	movl	initrd_at, %eax
	addl	initrd_size, %eax
	subl	$TAIL, %eax
	movw	$gdt + 0x10, %di
	call	put_base
	xorl	%eax, %eax
	movw	%ds, %ax
	shll	$4, %eax
	addl	$buffer, %eax
	movw	$gdt + 0x18, %di
	call	put_base
	movw	$gdt, %si
	movw	$TAIL / 2, %cx
	movb	$0x87, %ah
	int	$0x15
	jmp	tell

put_base:
	movw	%ax, 2(%di)
	shrl	$16, %eax
	movb	%al, 4(%di)
	movb	%ah, 7(%di)
	ret
#else
_start:
boot:
	ljmp	$0, $begin
begin:
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movw	$0x7000, %sp
	/* sector 33, where the first file lies: track 0, head 1 */
read:
	xorw	%ax, %ax
	xorw	%dx, %dx
	int	$0x13
	movw	$0x0201, %ax
	movw	$0x0010, %cx
	movw	$0x0100, %dx
	movw	$buffer, %bx
	int	$0x13
	jc	read
#endif

tell:
	movw	$buffer, %si
	movw	$TAIL, %cx
1:	lodsb
	cmpb	$' ', %al
	jb	2f
	cmpb	$'~', %al
	ja	2f
	call	put
2:	loop	1b
	movb	$'\n', %al
	call	put
	movw	$COM1 + 5, %dx
	inb	%dx, %al
	testb	$1, %al
	jz	tell
	movw	$COM1, %dx
	inb	%dx, %al
	cmpb	$'r', %al
	je	restart
	cmpb	$'o', %al
	jne	tell
	movw	$ACPI_OFF, %dx
	movw	$0x2000, %ax
	outw	%ax, %dx
halt:	hlt
	jmp	halt

restart:
	movw	$RESET, %dx
	movb	$6, %al
	outb	%al, %dx
	jmp	halt

put:
	movb	%al, %ah
	movw	$COM1 + 5, %dx
3:	inb	%dx, %al
	testb	$0x20, %al
	jz	3b
	movw	$COM1, %dx
	movb	%ah, %al
	outb	%al, %dx
	ret

	.balign	8
gdt:
	.space	0x10
	.word	0xffff, 0
	.byte	0, 0x93, 0, 0
	.word	0xffff, 0
	.byte	0, 0x93, 0, 0
	.space	0x10
#ifdef KERNEL
buffer:
	.space	TAIL
	.org	0x800
payload:
	.space	64
payload_end:
#else
	.equ	buffer, 0x9000
#endif
