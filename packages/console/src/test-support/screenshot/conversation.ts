/** What is said in the picture, and what the model server answers. */
import type { Behaviour, ModelRequest } from "@switchboard/testkit/model-server";

export const QUESTION = "What happens to my message if the gateway dies while you are answering?";
export const ON_THE_PHONE = "Remind me: what is a dead letter?";

const ANSWERS: Readonly<Record<string, string>> = {
  [QUESTION]: `It waits, and you get **one** answer. Each message is stored *before* anybody is told that it arrived:

1. The event goes into the inbox, in one durable insert.
2. The turn runs under a lease; a dead process loses it.
3. After the restart the turn begins again, and its answer and its delivery are stored together.

| What breaks | What you notice |
|---|---|
| The gateway | A pause |
| The platform | A retry |
| The model | A clear error |

Try it with the red button above, or from a terminal:

\`\`\`sh
kill -9 $(pgrep -f "switchboard.mjs start")
\`\`\``,
  [ON_THE_PHONE]:
    "A message that could not be delivered after *all* its attempts. It keeps its **payload**, its error and its history, and one command brings it back:\n\n`switchboard dead-letters replay`",
};

export function answer({ lastUserText }: ModelRequest): Behaviour {
  const known = Object.entries(ANSWERS).find(([question]) => lastUserText.includes(question))?.[1];
  return { type: "answer", text: known ?? "I only know what is in the picture.", delayMs: 25, pieceLength: 12 };
}
