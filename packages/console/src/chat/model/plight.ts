/** An error as a person should read it. */
import { SwitchboardError } from "@switchboard/protocol";

export interface Plight {
  readonly message: string;
  /** What to do next. */
  readonly action?: string;
  readonly code?: string;
}

export function plightOf(thrown: unknown): Plight {
  if (!(thrown instanceof SwitchboardError)) {
    return { message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  const { message, details } = thrown;
  const action = typeof details?.action === "string" ? details.action : thrown.action;
  return { message: sentence(message), action, code: thrown.code };
}

/** The protocol's finer code of a refused connection, e.g. `AUTH_TOKEN_MISSING`. */
export function refusalCode(thrown: unknown): string | undefined {
  const code = thrown instanceof SwitchboardError ? thrown.details?.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
