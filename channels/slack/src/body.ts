/** What Slack sends, as far as it is read here. It comes from outside: nothing of it is certain. */
import type { Json } from "@switchboard/domain";

export type Body = Readonly<Record<string, unknown>>;

/** What the connection knows of an event and Slack did not say; kept beside it under `NOTE`. */
export interface Note {
  /** In a thread in which the bot wrote. */
  readonly ours?: boolean;
  readonly sender?: { readonly username?: string; readonly displayName?: string; readonly isBot?: boolean };
  readonly title?: string;
  /** The channel is a direct message between several people. */
  readonly isGroupDirect?: boolean;
  /** A command that was given as the argument of the app's own, e.g. `/switchboard status`. */
  readonly command?: { readonly name: string; readonly text: string };
  /** The app's command, under whatever name, with nothing behind it: a form is opened. */
  readonly form?: boolean;
}

export const NOTE = "switchboard_note";

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function bodyOf(value: unknown): Body {
  return isBody(value) ? value : {};
}

export function listOf(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.filter(isBody) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The same, with nothing for an empty one. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The event inside a call of the Events API; for all else the call itself. */
export function eventOf(body: Body): Body {
  return isBody(body.event) ? body.event : {};
}

export function noteOf(body: Body): Note {
  return bodyOf(body[NOTE]) as Note;
}

export function withNote(body: Body, note: Note): Json {
  return { ...body, [NOTE]: note } as unknown as Json;
}

/** As Slack sent it. */
export function withoutNote(body: Body): Body {
  const { [NOTE]: _note, ...sent } = body;
  return sent;
}
