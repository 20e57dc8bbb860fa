/** What a long run must not find, as its report holds and tells it. */

/** By what must be zero; `examples` are the first few. */
export type MustBeZero = Readonly<Record<string, { readonly count: number; readonly examples: readonly string[] }>>;

const EXAMPLES = 8;

export function mustBeZero(found: readonly (readonly [what: string, breaches: readonly string[]])[]): MustBeZero {
  return Object.fromEntries(
    found.map(([what, all]) => [what, { count: all.length, examples: [...new Set(all)].slice(0, EXAMPLES) }]),
  );
}

export function isZero(found: MustBeZero): boolean {
  return Object.values(found).every(({ count }) => count === 0);
}

/** The examples of what was found, each under its heading. */
export function exampleLines(found: MustBeZero): string[] {
  return Object.entries(found).flatMap(([what, { count, examples }]) =>
    count === 0
      ? []
      : [`\n${what}:`, ...examples.map((each) => `  ${each}`), ...(count > examples.length ? ["  …"] : [])],
  );
}

/** How often each was found. */
export function countLines(found: MustBeZero): string[] {
  return Object.entries(found).map(([what, { count }]) => countLine(what, count));
}

export function countLine(what: string, count: number): string {
  return `${what.padEnd(46)}${String(count).padStart(8)}`;
}
