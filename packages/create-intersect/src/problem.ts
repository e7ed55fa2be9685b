/** Something that the person who runs the program can mend: it is said as it stands, without a stack. */
export class Problem extends Error {}
