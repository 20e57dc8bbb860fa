/** What the command lines of long runs have in common. */

/** @throws RangeError that names the option. */
export function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`--${name} must be a whole number of at least ${least}, not "${text}".`);
  }
  return value;
}

/** The seed that is asked for, or a new one. @throws RangeError. */
export function seedOf(text: string | undefined): number {
  return text === undefined ? Math.floor(Math.random() * 1_000_000) : whole("seed", text, 0);
}

/** @throws RangeError that lists the names, when none of them holds the text. `what` is one of them, e.g. "attack". */
export function partOfName(
  option: string,
  what: string,
  text: string,
  named: readonly { readonly name: string }[],
): string {
  if (named.some(({ name }) => name.includes(text))) return text;
  throw new RangeError(
    `No ${what} holds "${text}" (--${option}). There are: ${named.map(({ name }) => name).join(", ")}.`,
  );
}
