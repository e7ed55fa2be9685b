/** Something that happens, and who waits for it. */
export function once(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen: () => void = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}
