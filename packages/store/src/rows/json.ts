/** JSON columns. */

/** `null` for what is absent. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

export function fromJson<T>(text: string): T {
  return JSON.parse(text);
}

/** Rows of an object that is being put together from columns. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
