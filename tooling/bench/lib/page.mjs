export async function writePage(..._args) {}
