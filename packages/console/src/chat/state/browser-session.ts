/** Exchanges the gateway's token for a cookie that scripts cannot read. The token is kept nowhere. */
import type { Plight } from "../model/plight.ts";

const COPY = "Copy all of it, without spaces or line breaks.";

/** Resolves with what went wrong, or nothing. */
export async function presentToken(token: string): Promise<Plight | undefined> {
  try {
    const response = await fetch("session", {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      credentials: "same-origin",
      redirect: "error",
    });
    return response.ok ? undefined : plightOfAnswer(response.status, await response.json().catch(() => undefined));
  } catch {
    // A header takes no line breaks and no characters beyond Latin-1; a token has none.
    return /^[\x21-\x7e]+$/.test(token)
      ? { message: "The gateway does not answer.", action: "Check that it runs, then try again." }
      : { message: "This is not the gateway's token.", action: COPY };
  }
}

function plightOfAnswer(status: number, body: unknown): Plight {
  const { message, action } = ((body as { error?: unknown } | undefined)?.error ?? {}) as Record<string, unknown>;
  if (typeof message !== "string") return { message: `The gateway answered with status ${status}.` };
  if (status === 401) return { message, action: COPY };
  return { message, ...(typeof action === "string" && { action }) };
}
