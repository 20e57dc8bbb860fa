/** Lets the person in the chat choose how the model misbehaves: words in the newest message decide. */
import type { Behaviour, ModelRequest, Pace } from "./behaviour.ts";

/** Said by the model when asked for `help`, and shown by the script. */
export const WORDS = [
  "`slow`: one word after the other",
  "`think`: reasons first",
  "`long`: 10,000 characters",
  "`cut`: ends at the model's limit",
  "`filter`: stopped by the content filter",
  "`stall`: says nothing more after a few words",
  "`break`: the connection breaks after a few words",
  "`busy`: 429 with a wait of two seconds",
  "`down`: 503",
  "`overloaded`: 529",
  "`key`: 401",
].join("\n- ");

/** The behaviour for a message such as `model slow`; anything else is echoed. */
export function behaveByWords(pace: Pace = {}): (request: ModelRequest) => Behaviour {
  return (request) => {
    const [first, word] = request.lastUserText.trim().toLowerCase().split(/\s+/).slice(-2);
    if (first !== "model") return { type: "echo", prefix: "You said: ", ...pace };
    const text = "This is the test model. It has no mind, but it answers in the protocol of a real one, word by word.";
    switch (word) {
      case "slow":
        return { type: "answer", text: `${text} ${text}`, delayMs: 300, pieceLength: 8 };
      case "think":
        return { type: "answer", text, thinking: "The person wants to see reasoning. This is some.", ...pace };
      case "long":
        return { type: "answer", text: `${text}\n\n`.repeat(100), ...pace };
      case "cut":
        return { type: "answer", text: `${text.slice(0, 60)}`, finish: "length", ...pace };
      case "filter":
        return { type: "answer", text: "", finish: "filtered", ...pace };
      case "stall":
        return { type: "answer", text, interruption: { afterPieces: 3, how: "stall" }, ...pace };
      case "break":
        return { type: "answer", text, interruption: { afterPieces: 3, how: "cut" }, ...pace };
      case "busy":
        return { type: "error", status: 429, message: "Too many requests", headers: { "retry-after": "2" } };
      case "down":
        return { type: "error", status: 503, message: "Service unavailable" };
      case "overloaded":
        return { type: "error", status: 529, message: "Overloaded", code: "overloaded_error" };
      case "key":
        return { type: "error", status: 401, message: "Incorrect API key provided", code: "invalid_api_key" };
      default:
        return { type: "answer", text: `Write \`model\` and one of these words:\n\n- ${WORDS}`, ...pace };
    }
  };
}
