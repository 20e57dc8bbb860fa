/** A bot that talks to the simulator in plain HTTP, so that tests see exactly what is on the wire. */
import type { Message, Update } from "@grammyjs/types";
import type { ConversationId } from "@switchboard/domain";
import { startSimulator, type TelegramSimulator, type TelegramSimulatorOptions } from "../index.ts";

export interface WireAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, number>>;
}

export interface TestBot extends AsyncDisposable {
  readonly simulator: TelegramSimulator;
  readonly token: string;
  readonly url: string;
  /** Calls a method with a JSON body; refusals are answers too. */
  call(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<WireAnswer>;
  /** The result of a call that must succeed. */
  result<T = Message>(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<T>;
  /** What waits for the bot, without waiting for more, and confirms it. */
  updates(): Promise<Update[]>;
  /** A private chat that somebody has opened, with nothing pending. */
  chat(person?: string): Promise<{ readonly conversation: ConversationId; readonly chat_id: number }>;
}

export async function testBot(options: TelegramSimulatorOptions = {}): Promise<TestBot> {
  const simulator = await startSimulator(options);
  const { token, baseUrl: url } = simulator.accountConfig() as { token: string; baseUrl: string };

  const call: TestBot["call"] = async (method, parameters = {}) => {
    const response = await fetch(`${url}/bot${token}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(parameters),
    });
    return { status: response.status, ...((await response.json()) as Omit<WireAnswer, "status">) };
  };

  const result = async <T>(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<T> => {
    const answer = await call(method, parameters);
    if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
    return answer.result as T;
  };

  const updates = async (): Promise<Update[]> => {
    const pending = await result<Update[]>("getUpdates");
    const last = pending.at(-1);
    if (last) await result("getUpdates", { offset: last.update_id + 1 });
    return pending;
  };

  return {
    simulator,
    token,
    url,
    call,
    result,
    updates,
    chat: async (person = "Ada") => {
      const { conversation } = await simulator.say({ from: person, text: "/start" });
      await updates();
      return { conversation, chat_id: Number(conversation) };
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}
