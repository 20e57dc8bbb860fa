/** The way of an action out of the page: to the document's board, or to the native app around it. */
import { surroundings, type UserAction } from "./contract.ts";

/**
 * `settled`: it has arrived. `sent`: the app will say what became of it.
 * @throws when nobody takes it, or whoever takes it refuses.
 */
export async function deliver(action: UserAction): Promise<"settled" | "sent"> {
  const { openclaw: board, openclawA2UIBoot: boot, openclawCanvasA2UIAction: android, webkit } = surroundings;
  if (board?.state?.emit) {
    if (boot?.actionTier === "prompt" && board.prompt?.send) await board.prompt.send(textOf(action));
    else await board.state.emit({ eventType: "a2ui.action", action });
    return "settled";
  }
  // Called on the object that has it: Android's views insist.
  const apple = webkit?.messageHandlers?.openclawCanvasA2UIAction;
  if (apple) apple.postMessage({ userAction: action });
  else if (android) android.postMessage(JSON.stringify({ userAction: action }));
  else throw new Error("nobody here takes actions");
  return "sent";
}

function textOf({ context, name }: UserAction): string {
  return context === undefined ? `A2UI action ${name}` : `A2UI action ${name}: ${JSON.stringify(context)}`;
}
