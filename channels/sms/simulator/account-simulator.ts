/** One account's side of the simulator: what tests, the bench and the sandbox drive. */
import {
  type ConversationId,
  type JsonObject,
  type MessageId,
  type Simulator,
  SwitchboardError,
  type Transport,
} from "@switchboard/domain";
import { waitForMessage } from "@switchboard/simulator-kit";
import { changePhone, sayTo } from "./people/carrier.ts";
import { numberFor } from "./people/press.ts";
import { isSent, viewOf } from "./view.ts";
import type { Status } from "./world/message.ts";
import type { Phone, World } from "./world/world.ts";

/** A simulator as one account sees it. */
export interface AccountSimulator extends Simulator {
  readonly accountName: string;
  readonly number: string;
  /** A ready-made account of the Messaging Service instead of the number. */
  serviceConfig(options?: { readonly transport?: Transport }): JsonObject;
  /** The number of somebody's phone. */
  numberOf(person: string): ConversationId;
  switchOff(person: string): void;
  switchOn(person: string): void;
  /** How far a message came. */
  statusOf(id: MessageId): Status | undefined;
  /** A trial account writes to people whose name begins with "Verified". */
  setTrial(trial: boolean): void;
  /** What the number's webhook is set to. */
  webhookUrl(): string;
  /** Everything that a phone shows, also Twilio's own answers, oldest first. */
  shown(person: string): readonly string[];
}

const WITHOUT = (what: string) => new SwitchboardError("MSG_008", `Text messages have no ${what}`);

export function accountSimulator(
  world: World,
  url: string,
  pane: string,
  close: () => Promise<void>,
): AccountSimulator {
  const phoneOf = (number: string): Phone => {
    const phone = world.phones.byId(number);
    if (!phone) throw new SwitchboardError("REQ_002", `There is no phone with the number ${number}`);
    return phone;
  };
  const named = (person: string): Phone => {
    const phone = world.phones.named(person);
    world.journal.flush();
    return phone;
  };
  const config = (transport: Transport | undefined): JsonObject => ({
    accountSid: world.accountSid,
    authToken: world.authToken,
    baseUrl: url,
    configureWebhook: true,
    pollMs: 100,
    catchUpMs: 1_000,
    ...(transport && { transport }),
  });
  const sent = (conversation?: ConversationId) =>
    [...(conversation === undefined ? world.history.all() : world.history.of(conversation))]
      .filter(isSent)
      .map((message) => viewOf(world, message));

  return {
    url,
    pane,
    accountName: world.name,
    number: world.number,
    accountConfig: ({ transport } = {}) => ({ ...config(transport), from: world.number }),
    serviceConfig: ({ transport } = {}) => ({ ...config(transport), messagingServiceSid: world.serviceSid }),
    numberOf: (person) => named(person).number as ConversationId,
    switchOff: (person) => changePhone(world, named(person), { off: true }),
    switchOn: (person) => changePhone(world, named(person), { off: false }),
    statusOf: (id) => world.messages.get(id)?.status,
    setTrial(trial) {
      world.state.trial = trial;
      world.keepState();
    },
    webhookUrl: () => world.state.smsUrl,
    shown: (person) => [...world.history.of(named(person).number)].map(({ body }) => body),

    async createGroup({ people }) {
      for (const person of people) world.phones.named(person);
      world.journal.flush();
      throw WITHOUT("groups");
    },
    edit: () => Promise.reject(WITHOUT("edits")),

    async say({ attach, conversation, from, text = "" }) {
      const phone = conversation === undefined ? named(from) : phoneOf(conversation);
      const files = attach ? [attach] : [];
      const message = sayTo(
        world,
        phone,
        text,
        files.map(({ bytes, fileName, mimeType = "application/octet-stream" }) => ({
          bytes,
          contentType: mimeType,
          ...(fileName !== undefined && { name: fileName }),
        })),
        url,
      );
      world.journal.flush();
      return { conversation: phone.number as ConversationId, messageId: message.sid as MessageId };
    },

    async press({ conversation, label, messageId }) {
      const text = numberFor(world.messages.get(messageId)?.body ?? "", label);
      sayTo(world, phoneOf(conversation), text, [], url);
      world.journal.flush();
    },

    sent: ({ conversation } = {}) => sent(conversation),
    waitFor: (found, options) =>
      waitForMessage(
        {
          sent,
          listen: (listener) =>
            world.changes.listen((change) => {
              if (change.kind === "message" && isSent(change.message)) listener(viewOf(world, change.message));
            }),
        },
        found,
        options,
      ),
    typing: () => [],
    inject: (fault) => world.faults.add(fault),
    givenUp: () => [...world.givenUp] as MessageId[],
    async redeliver(count) {
      world.queue.redeliver(count);
      world.journal.flush();
    },
    close,
  };
}
