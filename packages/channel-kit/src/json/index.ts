/** Reading payloads that may hold anything in any place. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value's fields; none when it is no object. */
export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `undefined` for what is no text or an empty one. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
