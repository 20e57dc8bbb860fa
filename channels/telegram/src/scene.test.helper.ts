/** A connected account at a scripted Bot API. */
import {
  type Connection,
  type ConversationId,
  type OutboundContent,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import { type TestAccount, testAccount } from "./account.test.helper.ts";
import channel from "./index.ts";
import { type Answer, type ScriptedServer, scriptedServer, TOKEN } from "./scripted-server.test.helper.ts";

export const target: Target = { conversation: "-4001" as ConversationId, kind: "group" };

/** Every error that `failure` met in this file, for the test that looks for the token in them. */
export const seen: unknown[] = [];

/** What `work` rejects with. */
export async function failure(work: Promise<unknown>): Promise<SwitchboardError> {
  const thrown = await work.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
  seen.push(thrown);
  if (!(thrown instanceof SwitchboardError)) throw thrown;
  return thrown;
}

export function attemptNow(): SendAttempt {
  return { deliveryId: "dlv_1", number: 1, kind: "answer", signal: new AbortController().signal };
}

export interface Scene extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly account: TestAccount;
  readonly connection: Connection;
  send(content: OutboundContent, to?: Target, signal?: AbortSignal): Promise<SendReceipt>;
}

export async function scene(
  answers: Record<string, Answer> = {},
  config: Record<string, unknown> = {},
): Promise<Scene> {
  const server = await scriptedServer(answers);
  const account = testAccount({ config: { token: TOKEN, baseUrl: server.url, transport: "polling", ...config } });
  const connection = await account.open();
  await connection.connect();
  return {
    server,
    account,
    connection,
    async send(content, to = target, signal = new AbortController().signal) {
      const [part] = channel.render(content, to);
      if (!part) throw new Error("nothing rendered");
      return connection.send(to, part, { deliveryId: "dlv_1", number: 1, kind: "answer", signal });
    },
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
