/** Whether an id that is tried does anything for whom it belongs to: else that it does nothing for others proves nothing. */
import type { Operation } from "./attack.ts";
import { essenceOf, ghostOf } from "./compare.ts";
import { propertyOf, requestWith, slotsOf, type Usual } from "./slots.ts";

/** By kind of id: where its owner is answered otherwise than with an id that nobody has. What ends something is last. */
const CONTROLS: Readonly<Record<string, readonly [operation: string, property: string]>> = {
  document: ["a document", "id"],
  tenant: ["choosing a tenant", "id"],
  passkey: ["renaming a passkey", "id"],
  label: ["conversations_list", "search"],
  session: ["messages_list", "key"],
  ownSession: ["messages_list", "key"],
  agentSession: ["messages_list", "key"],
  account: ["messages.send", "accountId"],
  secondAccount: ["messages.send", "accountId"],
  delivery: ["messages.get", "id"],
  scheduled: ["messages.get", "id"],
  failed: ["messages.get", "id"],
  deadLetter: ["deadLetters.get", "id"],
  login: ["logins.events", "id"],
  setup: ["device.pair.setupStatus", "setupId"],
  sessionId: ["sessions.resolve", "sessionId"],
  blob: ["sessions.create", "blob"],
  entry: ["chat.message.get", "messageId"],
  turn: ["trace.get", "id"],
  agentTurn: ["agent.wait", "runId"],
  device: ["device.pair.rename", "deviceId"],
  node: ["device.pair.rename", "deviceId"],
  pairingRequest: ["approval_answer", "requestId"],
  deviceRequest: ["devices.approve", "id"],
  // By then it does not wait any more.
  waitingDevice: ["device.pair.rename", "deviceId"],
  nodeRequest: ["node.pair.approve", "requestId"],
  replyToken: ["an agent's answer", "token"],
  person: ["members.change", "id"],
  wallet: ["removing a way to sign in", "id"],
  invitation: ["members.withdraw", "id"],
  key: ["keys.revoke", "id"],
  connection: ["connections.delete", "id"],
};

/** What was tried by ids that show nothing to their owner either. `usual`: as the owner's requests say. */
export async function withoutControl(
  operations: readonly Operation[],
  ids: Readonly<Record<string, string>>,
  usual: Usual,
): Promise<string[]> {
  const missing = Object.keys(ids).filter((kind) => CONTROLS[kind] === undefined);
  const known = Object.values(ids).flatMap((id) => [id, ghostOf(id)]);
  for (const [kind, [named, property]] of Object.entries(CONTROLS)) {
    const id = ids[kind];
    // A route's method and path follow its name.
    const operation = operations.find(({ name }) => name === named || name.startsWith(`${named} `));
    const slot = operation && slotsOf(operation.schema).find((each) => propertyOf(each) === property);
    if (id === undefined || !operation || !slot) {
      missing.push(`${kind} by ${named}`);
      continue;
    }
    const others: Usual = (name) => operation.usual?.[name] ?? usual(name);
    const answer = async (value: string) =>
      essenceOf(await operation.ask(requestWith(operation.schema, others, slot, value)), known);
    const nobodys = await answer(ghostOf(id));
    // A second ghost shows that it is not the moment that makes the difference.
    const isTold = (await answer(id)) !== nobodys && (await answer(ghostOf(id))) === nobodys;
    if (!isTold) missing.push(`${kind} by ${named}: ${nobodys.slice(0, 200)}`);
  }
  return missing;
}
