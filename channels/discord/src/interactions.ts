/**
 * Interactions: Discord waits three seconds for a first word and then takes answers for fifteen minutes, all by a token.
 * The token is kept apart from the stored event, sealed, and goes when its time is over.
 */
import { type AccountContext, type CommandHint, SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { ComponentType, InteractionResponseType, MessageFlags, TextInputStyle } from "discord-api-types/v10";
import type { DiscordApi } from "./api.ts";
import { customValue } from "./components.ts";
import { isSnowflake } from "./ids.ts";
import { INTERACTION } from "./interaction-events.ts";

/** https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages */
const VALID_MS = 15 * 60_000;
const CHOICES = 25;
/** Longest texts of a form: …/receiving-and-responding#interaction-response-object-modal, …/components/reference#label */
const FORM_TITLE = 45;
const FORM_LABEL = 45;
const FORM_HINT = 100;
/** "Interaction has already been acknowledged": https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const ACKNOWLEDGED = 40060;

export interface Pending {
  readonly token: string;
  /** A command has an answer of its own to be filled in; a control only has what is said afterwards. */
  readonly kind: "command" | "control";
  readonly private: boolean;
  readonly answered: boolean;
}

type Context = Pick<AccountContext, "secrets" | "log" | "signal" | "commands">;
type Data = Readonly<Record<string, unknown>>;

export class Interactions {
  readonly #api: DiscordApi;
  readonly #context: Context;
  /** What Discord is being told at this moment: nothing can be answered before it knows. */
  readonly #deferring = new Map<string, Promise<void>>();

  constructor(api: DiscordApi, context: Context) {
    this.#api = api;
    this.#context = context;
  }

  /** Remembers how to answer, and gives the event without its token. Said again, it changes nothing. */
  async admit(data: Data): Promise<Data> {
    const { id, token, type, ...others } = data;
    if (isSnowflake(id) && typeof token === "string" && (await this.#known(id)) === undefined) {
      const isControl = type === INTERACTION.component;
      await this.#keep(id, {
        token,
        kind: isControl ? "control" : "command",
        private: !isControl && this.#isPrivate(data),
        answered: false,
      });
    }
    return { ...others, ...(id !== undefined && { id }), ...(type !== undefined && { type }) };
  }

  /** Tells Discord that an answer will come. Called when the event is stored. Never rejects. */
  async defer(data: Data): Promise<void> {
    if (!isSnowflake(data.id)) return;
    const id = data.id;
    const deferring = this.#defer(id, data).finally(() => this.#deferring.delete(id));
    this.#deferring.set(id, deferring);
    await deferring;
  }

  async #defer(id: string, data: Data): Promise<void> {
    const isControl = data.type === INTERACTION.component;
    const type = isControl
      ? InteractionResponseType.DeferredMessageUpdate
      : InteractionResponseType.DeferredChannelMessageWithSource;
    const isPrivate = !isControl && this.#isPrivate(data);
    const refused = await this.#respond(data, { type, ...(isPrivate && { data: { flags: MessageFlags.Ephemeral } }) });
    // Too late for this way: what is answered is written as usual. That it was told before is fine.
    if (refused !== undefined && refused !== ACKNOWLEDGED) await this.forget(id);
  }

  /** Suggests what a command's argument may be, while somebody types. Nothing of it is stored. Never rejects. */
  async suggest(data: Data): Promise<void> {
    const { options } = (data.data ?? {}) as { readonly options?: readonly { readonly value?: unknown }[] };
    const typed = String(options?.[0]?.value ?? "").toLowerCase();
    const choices = (this.#hint(data)?.argument?.choices ?? [])
      .filter((choice) => choice.toLowerCase().includes(typed) && choice.length <= 100)
      .slice(0, CHOICES)
      .map((choice) => ({ name: choice, value: choice }));
    await this.#respond(data, {
      type: InteractionResponseType.ApplicationCommandAutocompleteResult,
      data: { choices },
    });
  }

  /** Whether somebody used a command without the free text that belongs to it: then a form asks for that. */
  wantsForm(data: Data): boolean {
    const { options } = (data.data ?? {}) as { readonly options?: readonly unknown[] };
    const argument = this.#hint(data)?.argument;
    return data.type === INTERACTION.command && argument !== undefined && !argument.choices && !options?.length;
  }

  /** Asks for it. Nothing of it is stored: what comes back is the command. Never rejects. */
  async openForm(data: Data): Promise<void> {
    const { argument, description = "", name = "" } = this.#hint(data) ?? {};
    const label = argument?.label ?? name;
    await this.#respond(data, {
      type: InteractionResponseType.Modal,
      data: {
        custom_id: `0:${name}`,
        title: `/${name}`.slice(0, FORM_TITLE),
        components: [
          {
            type: ComponentType.Label,
            label: label.slice(0, FORM_LABEL),
            ...(description !== "" && { description: description.slice(0, FORM_HINT) }),
            component: {
              type: ComponentType.TextInput,
              custom_id: "argument",
              style: TextInputStyle.Short,
              // Left empty, the command does what it does alone.
              required: false,
            },
          },
        ],
      },
    });
  }

  /** How to answer, while the time for it is not over. */
  async pending(callback: string | undefined): Promise<Pending | undefined> {
    if (callback === undefined) return undefined;
    await this.#deferring.get(callback);
    return this.#known(callback);
  }

  async answered(callback: string, pending: Pending): Promise<void> {
    if (!pending.answered) await this.#keep(callback, { ...pending, answered: true });
  }

  /** It can no longer be answered. */
  forget(callback: string): Promise<void> {
    return this.#context.secrets.remove(`interaction/${callback}`);
  }

  async #known(id: string): Promise<Pending | undefined> {
    const text = await this.#context.secrets.get(`interaction/${id}`);
    return text === undefined ? undefined : (JSON.parse(text) as Pending);
  }

  #keep(id: string, pending: Pending): Promise<void> {
    return this.#context.secrets.set(`interaction/${id}`, JSON.stringify(pending), { ttlMs: VALID_MS });
  }

  /** With the bot alone there is nobody to hide an answer from, and hidden answers are gone after a restart of the app. */
  #isPrivate(data: Data): boolean {
    return isSnowflake(data.guild_id) && this.#hint(data)?.private === true;
  }

  /** Of the command that was used, or whose form was sent. */
  #hint(data: Data): CommandHint | undefined {
    const { custom_id, name } = (data.data ?? {}) as { readonly custom_id?: unknown; readonly name?: unknown };
    const used = typeof custom_id === "string" ? customValue(custom_id) : name;
    return this.#context.commands.find((command) => command.name === used);
  }

  /** Resolves with Discord's number for its refusal, 0 without one; `undefined`: it is fine. Never rejects. */
  async #respond({ id, token }: Data, json: object): Promise<number | undefined> {
    const { log, signal } = this.#context;
    if (!isSnowflake(id) || typeof token !== "string") return 0;
    const path = `/interactions/${id}/${encodeURIComponent(token)}/callback`;
    try {
      await this.#api.call({ method: "POST", path, what: "an interaction", json, signal });
      return undefined;
    } catch (thrown) {
      const code = thrown instanceof SwitchboardError ? thrown.details?.code : undefined;
      if (!signal.aborted && code !== ACKNOWLEDGED) {
        log.warn({ error: toErrorRecord(thrown) }, "an interaction could not be confirmed");
      }
      return typeof code === "number" ? code : 0;
    }
  }
}
