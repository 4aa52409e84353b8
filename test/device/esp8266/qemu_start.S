// Starts the QEMU test: a stack, the interrupt vectors, and a level 1 interrupt that saves what C may use and calls `on_exception`.

        .section .reset, "ax"
        .global reset
reset:
        j       start
        .literal_position
start:
        movi    a0, vectors
        wsr.vecbase a0
        movi    a1, stack_top
        movi    a0, 0x20                // PS: user mode, all levels open
        wsr.ps  a0
        rsync
        movi    a0, main
        callx0  a0
        mov     a3, a2                  // simcall 1: exit with the status of main
        movi    a2, 1
        simcall

        .section .vectors, "ax"
        .balign 0x100
vectors:
        .org    vectors + 0x50          // user exception: the core's other vectors are not expected to be taken
        wsr.excsave1 a0
        j       serve
        .org    vectors + 0x80
        .literal_position
serve:
        addi    a1, a1, -80
        s32i    a2, a1, 0
        s32i    a3, a1, 4
        s32i    a4, a1, 8
        s32i    a5, a1, 12
        s32i    a6, a1, 16
        s32i    a7, a1, 20
        s32i    a8, a1, 24
        s32i    a9, a1, 28
        s32i    a10, a1, 32
        s32i    a11, a1, 36
        rsr.sar a2
        s32i    a2, a1, 40
        rsr.excsave1 a2
        s32i    a2, a1, 44
        rsr.epc1 a2
        s32i    a2, a1, 48
        rsr.exccause a2
        movi    a0, on_exception
        callx0  a0
        l32i    a2, a1, 48
        wsr.epc1 a2
        l32i    a0, a1, 44
        l32i    a2, a1, 40
        wsr.sar a2
        l32i    a2, a1, 0
        l32i    a3, a1, 4
        l32i    a4, a1, 8
        l32i    a5, a1, 12
        l32i    a6, a1, 16
        l32i    a7, a1, 20
        l32i    a8, a1, 24
        l32i    a9, a1, 28
        l32i    a10, a1, 32
        l32i    a11, a1, 36
        addi    a1, a1, 80
        rfe

// int simcall(int number, int a, const void *b, int c): QEMU's semihosting.
        .text
        .global simulator_call
        .balign 4
simulator_call:
        simcall
        ret
