/** Requests of somebody who is connected, noted so that their answers can be judged. */
import type { Insider } from "./arena.ts";
import type { Heard } from "./line.ts";

/** Without waiting for the answer. */
export function ask({ asked, line }: Insider, id: string, method: string, params: unknown): void {
  asked.set(id, { method, params });
  line.say({ type: "req", id, method, params });
}

/** The answer; `undefined` when the line closes or `ms` pass before. */
export function question(
  insider: Insider,
  id: string,
  method: string,
  params: unknown,
  ms: number,
): Promise<Heard | undefined> {
  const answer = insider.line.answer(id, ms);
  ask(insider, id, method, params);
  return answer;
}
