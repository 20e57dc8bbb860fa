/** The way of a dispatch into the inbox. */
import type { AccountContext, SelfIdentity } from "@switchboard/domain";
import { INTERACTION } from "./interaction-events.ts";
import type { Interactions } from "./interactions.ts";
import type { OwnMessages } from "./own-messages.ts";
import type { Places } from "./places.ts";
import type { Dispatch } from "./shard-connection.ts";
import { type Update, unbundle } from "./updates.ts";

export interface IntakeOptions {
  readonly context: Pick<AccountContext, "receive">;
  readonly interactions: Interactions;
  readonly own: OwnMessages;
  readonly places: Places;
  readonly self: () => SelfIdentity | undefined;
}

const OWN: ReadonlySet<string> = new Set([
  "MESSAGE_CREATE",
  "MESSAGE_UPDATE",
  "MESSAGE_REACTION_ADD",
  "MESSAGE_REACTION_REMOVE",
]);

export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Stores a dispatch, and only then confirms what Discord waits for. `at`: its place in its session; `guilds`: the servers
   * that the bot is in already. Rejects when it could not be stored.
   */
  async store({ d, t }: Dispatch, at: string, guilds: ReadonlySet<string>): Promise<void> {
    const { context, interactions, own, places } = this.#options;
    const self = this.#options.self();
    places.learn(t, d);
    const data = (typeof d === "object" && d !== null && !Array.isArray(d) ? d : { value: d }) as Update["d"];
    // Discord lists the servers again with every new session and after its own outages; the bot joined those long ago.
    if (t === "GUILD_CREATE" && guilds.has(String(data.id))) return;
    // Discord repeats to the bot what the bot did. There is nothing to do about it but to know that it arrived.
    if (OWN.has(t) && isBy(data, self)) return own.note(data);
    const isInteraction = t === "INTERACTION_CREATE";
    if (isInteraction && data.type === INTERACTION.autocomplete) return void interactions.suggest(data);
    if (isInteraction && interactions.wantsForm(data)) return void interactions.openForm(data);
    const place = await places.of(data);
    const stored = isInteraction ? await interactions.admit(data) : data;
    const update: Update = { t, d: stored, at, ...(place && { place }) };
    await context.receive(unbundle(update, self ? { self } : {}));
    if (isInteraction) void interactions.defer(data);
  }
}

function isBy({ author, user_id }: Update["d"], self: SelfIdentity | undefined): boolean {
  if (!self) return false;
  return user_id === self.id || (author as { readonly id?: unknown } | null | undefined)?.id === self.id;
}
