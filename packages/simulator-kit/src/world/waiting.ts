/** Waiting until the account has said something: `waitFor` of every simulator. */
import { type ConversationId, type SimulatedMessage, SwitchboardError } from "@switchboard/domain";

const USUAL_MS = 10_000;

export interface Sent {
  /** What the account sent, oldest first. */
  sent(conversation?: ConversationId): readonly SimulatedMessage[];
  /** Calls back when the account sent or changed a message, until the returned function is called. */
  listen(listener: (message: SimulatedMessage) => void): () => void;
}

export interface WaitOptions {
  readonly conversation?: ConversationId;
  /** Milliseconds; default ten seconds. */
  readonly timeoutMs?: number;
}

/** The first message that satisfies `found`, now or when it is there. Rejects with MSG_007 when the time is up. */
export function waitForMessage(
  from: Sent,
  found: (message: SimulatedMessage) => boolean,
  { conversation, timeoutMs = USUAL_MS }: WaitOptions = {},
): Promise<SimulatedMessage> {
  const there = from.sent(conversation).find(found);
  if (there) return Promise.resolve(there);
  return new Promise((resolve, reject) => {
    const stop = from.listen((message) => {
      if (conversation !== undefined && message.conversation !== conversation) return;
      if (!matches(message)) return;
      settle();
      resolve(message);
    });
    const timer = setTimeout(() => {
      settle();
      const words = `No such message after ${timeoutMs} ms; ${summary(from.sent(conversation))}`;
      reject(new SwitchboardError("MSG_007", words));
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      stop();
    };
    const matches = (message: SimulatedMessage): boolean => {
      try {
        return found(message);
      } catch (error) {
        settle();
        reject(error);
        return false;
      }
    };
  });
}

/** The newest messages, for whoever waited in vain. */
function summary(sent: readonly SimulatedMessage[]): string {
  const newest = sent.slice(-5).map(({ text }) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text));
  return sent.length === 0 ? "nothing was sent there" : `of ${sent.length} the newest are ${newest.join(", ")}`;
}
