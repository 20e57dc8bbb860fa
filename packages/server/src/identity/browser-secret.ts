/** A cookie that ties what was begun in a browser to that browser: who only saw the address or the answer has it not. */
import type { IncomingMessage } from "node:http";
import type { FastifyReply } from "fastify";

/** What can be under way in a browser; one of each at a time. */
export type Undertaking = "passkey" | "provider" | "wallet";

const AGE_SECONDS = 15 * 60;

/** Lax: who comes back from a provider is a visitor from another site. */
export function giveBrowser(reply: FastifyReply, root: string, what: Undertaking, secret: string): void {
  reply.header("set-cookie", `${nameOf(root, what)}=${secret}; Max-Age=${AGE_SECONDS}; ${attributesAt(root)}`);
}

/** What the browser was given at `root`; it keeps it no longer. */
export function takeOfBrowser(
  { headers }: IncomingMessage,
  reply: FastifyReply,
  root: string,
  what: Undertaking,
): string | undefined {
  const name = nameOf(root, what);
  reply.header("set-cookie", `${name}=; Max-Age=0; ${attributesAt(root)}`);
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** With TLS no other host of the domain can plant one of that name. */
function nameOf(root: string, what: Undertaking): string {
  return `${root.startsWith("https:") ? "__Host-" : ""}switchboard.${what}`;
}

function attributesAt(root: string): string {
  return `Path=/; HttpOnly; SameSite=Lax${root.startsWith("https:") ? "; Secure" : ""}`;
}
