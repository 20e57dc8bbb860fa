/** A model that does what the newest paragraph says. */
import type { Behaviour, ModelRequest } from "@switchboard/testkit/model-server";

/**
 * `wait 300 …`: answers after so many milliseconds. `stream 300 …`: one word after the other, so many milliseconds
 * apart. `fail 503 …`: that HTTP status. Anything else is answered at once. Answers repeat the message.
 */
export function byText({ lastUserText }: ModelRequest): Behaviour {
  // What was said and never answered stands before it, in the same message of the model's protocol.
  const [word, number] = (lastUserText.split("\n\n").at(-1) ?? "").split(/\s+/);
  const ms = Number(number);
  if (word === "wait") return { type: "echo", firstDelayMs: ms };
  if (word === "stream") return { type: "echo", delayMs: ms, pieceLength: 6 };
  if (word === "fail") return { type: "error", status: ms, message: "It was asked to fail." };
  return { type: "echo" };
}
