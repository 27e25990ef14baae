/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a loader of Linux takes for a kernel: it says on its serial port what it was told and how long its
 * initrd is. Told "panic" it says what a kernel says that panics, and rings QEMU's bell for that; told
 * "off" it turns itself off; otherwise it stands there. */
	.code16
	.text
	.globl	_start

	.equ	COM1, 0x3f8
	.equ	PVPANIC, 0x505
	.equ	ACPI_OFF, 0x604

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
	.word	version - 0x200
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
cmdline_at:
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
	movw	$hello, %si
	call	say
	/* the command line, wherever below 1 MiB it is */
	movl	cmdline_at, %eax
	movl	%eax, %ebx
	shrl	$4, %eax
	andw	$15, %bx
	pushw	%ds
	movw	%ax, %ds
	movw	%bx, %si
	call	say
	movw	%ds, %dx
	popw	%ds
	pushw	%dx
	pushw	%bx
	movw	$initrd_word, %si
	call	say
	movl	initrd_size, %eax
	call	say_number
	movw	$line_end, %si
	call	say
	popw	%si
	popw	%es
	/* one of the words it knows, at the end of the line */
2:	movb	%es:(%si), %al
	testb	%al, %al
	jz	halt
	movw	%si, %bx
	movw	$panic_word, %di
	call	matches
	je	panic
	movw	%bx, %si
	movw	$off_word, %di
	call	matches
	je	off
	movw	%bx, %si
	incw	%si
	jmp	2b

panic:
	movw	$panic_line, %si
	call	say
	movw	$PVPANIC, %dx
	movb	$1, %al
	outb	%al, %dx
halt:
	hlt
	jmp	halt

off:
	movw	$ACPI_OFF, %dx
	movw	$0x2000, %ax
	outw	%ax, %dx
	jmp	halt

/* es:si against ds:di, which ends in 0 */
matches:
	movb	(%di), %al
	testb	%al, %al
	jz	3f
	cmpb	%es:(%si), %al
	jne	3f
	incw	%si
	incw	%di
	jmp	matches
3:	testb	%al, %al
	ret

say:
	lodsb
	testb	%al, %al
	jz	4f
	movb	%al, %ah
	movw	$COM1 + 5, %dx
5:	inb	%dx, %al
	testb	$0x20, %al
	jz	5b
	movw	$COM1, %dx
	movb	%ah, %al
	outb	%al, %dx
	jmp	say
4:	ret

say_number:
	movl	$10, %ecx
	movw	$digits_end, %di
6:	xorl	%edx, %edx
	divl	%ecx
	addb	$'0', %dl
	decw	%di
	movb	%dl, (%di)
	testl	%eax, %eax
	jnz	6b
	movw	%di, %si
	jmp	say

version:
	.asciz	"7.77.7-xenolith (tests) #1"
hello:
	.ascii	"[    0.000000] Linux version "
build:	.ascii	"7.77.7-xenolith (tests)\r\n"
	.asciz	"kernel told: "
initrd_word:
	.asciz	"\r\ninitrd: "
line_end:
	.asciz	" bytes\r\n"
panic_word:
	.asciz	" panic"
off_word:
	.asciz	" off"
panic_line:
	.asciz	"[    0.777000] Kernel panic - not syncing: No working init found.\r\n"
	.space	10
digits_end:
	.byte	0

	.org	0x800
payload:
	.space	64
payload_end:
