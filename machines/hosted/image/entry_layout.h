/* What assembly knows of C++ structures and constants. Each number is checked where the other is known (fast_entry.cpp, waiting.cpp). */
#pragma once

/* `errno_of_host::intr` */
#define HOST_EINTR 4

/* `page_size` */
#define PAGE_SIZE 4096
/* `stack_size` */
#define STACK_SIZE 0x20000
/* `arena_base`, where the stacks are, and `stack_count` */
#define STACKS_START 0x7ff900000000
#define STACK_COUNT 4096
/* of all of them together, as a power of two */
#define STACKS_SHIFT 29

/* machine_state, at the bottom of the stack */
#define STATE_IN_KERNEL 35
#define STATE_ATTENTION 48
#define STATE_USER_STACK 56
#define STATE_EXIT_ADDRESS 64
#define STATE_CALL_STACK 72
#define STATE_CLOSED_RIGHTS 84
#define FRAME_AT 312 /* `call` */

/* `open_words`, at the top of the stack */
#define OPEN_RAX (STACK_SIZE - 64)
#define OPEN_RCX (STACK_SIZE - 56)
#define OPEN_RDX (STACK_SIZE - 48)
#define OPEN_EXIT_ADDRESS (STACK_SIZE - 40)

/* registers */
#define REG_RAX 0
#define REG_RBX 8
#define REG_RCX 16
#define REG_RDX 24
#define REG_RSI 32
#define REG_RDI 40
#define REG_RBP 48
#define REG_RSP 56
#define REG_R8 64
#define REG_R9 72
#define REG_R10 80
#define REG_R11 88
#define REG_R12 96
#define REG_R13 104
#define REG_R14 112
#define REG_R15 120
#define REG_RIP 128
#define REG_RFLAGS 136
#define REG_CS 144
#define USER_CODE_32 0x23
#define REG_DS 148
#define REG_TRAP 156
#define REG_FAULT_ADDRESS 168
#define REG_FPU 176
#define REG_FPU_SIZE 184
#define REG_SAVE_FPU 192

/* a stub's record: the distance of what is behind the site, of 32-bit code its address, and the site's own instruction as a far address */
#define SITE_AFTER 0
#define SITE_CALL 16

/* how the user continues: `way_back` */
#define BY_CONTEXT 0
#define BY_JUMP 1
#define BY_FAR_JUMP 2
#define BY_CLOSING_JUMP 3
#define BY_CLOSING_FAR_JUMP 4

/* RFLAGS: what LAHF and SETO see; and of the rest what every ordinary program has (the reserved bit 1 and IF) */
#define ARITHMETIC_FLAGS 0x8d5
#define TRAP_FLAG 0x100
/* a user may have asked for faults at unaligned accesses: not the kernel */
#define ALIGNMENT_FLAG 0x40000
#define ORDINARY_FLAGS 0x202
