export const profiles = [];
export async function profile(..._args) {}
