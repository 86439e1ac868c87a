/* The mark by which these programs are known. */
        .ident  "UNIX System V.4 polyabi examples"
        .section .note.GNU-stack, "", @progbits
