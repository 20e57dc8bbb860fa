/** A request that is slow: its headers first, its body when something has happened meanwhile. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";

/** Resolves with the answer's status. */
export async function bodyLater(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  meanwhile: () => Promise<void>,
): Promise<number> {
  const text = JSON.stringify(body);
  const sent = request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers },
  });
  const answered = once(sent, "response");
  sent.flushHeaders();
  await meanwhile();
  sent.end(text);
  const [answer] = (await answered) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}
