/** A session for somebody who proved who they are, whatever the browser held before: that one ends. */
import type { FastifyReply } from "fastify";
import { passCookies, type Visit } from "./visit.ts";

/** @throws REQ_005 when the account is gone. */
export async function startSession(visit: Visit, person: string, reply: FastifyReply): Promise<void> {
  const answer = await visit.library.beginSession(person, visit.headers());
  await visit.library.handle("/sign-out", { method: "POST", headers: visit.headers(), body: {} });
  passCookies(answer, reply);
}
