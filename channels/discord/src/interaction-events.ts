/** Slash commands, pressed buttons, chosen options and sent forms as events. Pure. */
import { type InboundEvent, type SelfIdentity, sanitiseText } from "@switchboard/domain";
import { customValue } from "./components.ts";
import { isSnowflake, messageId, requireSnowflake, timeOf } from "./ids.ts";
import { type Base, type MemberLike, senderOf, type UserLike, whereOf } from "./people.ts";
import type { Place } from "./places.ts";
import type { Update } from "./updates.ts";

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type */
export const INTERACTION = { ping: 1, command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** As far as it is needed; nothing of it is certain. */
interface Interaction {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly channel_id?: unknown;
  readonly guild_id?: unknown;
  readonly channel?: { readonly type?: unknown; readonly parent_id?: unknown; readonly name?: unknown };
  readonly member?: MemberLike;
  readonly user?: UserLike;
  readonly message?: { readonly id?: unknown };
  readonly data?: {
    readonly name?: unknown;
    readonly custom_id?: unknown;
    readonly values?: unknown;
    readonly options?: unknown;
    readonly components?: unknown;
  };
}

export function readInteraction(
  payload: Update["d"],
  place: Place | undefined,
  base: Base,
  self: SelfIdentity | undefined,
): InboundEvent {
  const { channel, channel_id, data, guild_id, id, member, message, type, user } = payload as Interaction;
  const callback = requireSnowflake(id, "id");
  const where = {
    ...base,
    ...whereOf({ channel_id, guild_id }, place ?? placeOf(channel)),
    sender: senderOf(member?.user ?? user ?? {}, member, self),
    at: timeOf(callback),
  };
  if (type === INTERACTION.command && typeof data?.name === "string") {
    return { ...where, kind: "command", name: data.name, text: sanitiseText(optionsText(data.options)), callback };
  }
  if (type === INTERACTION.component && typeof data?.custom_id === "string") {
    const [chosen]: unknown[] = Array.isArray(data.values) ? data.values : [];
    return {
      ...where,
      kind: "control",
      ...(isSnowflake(message?.id) && { messageId: messageId(message.id) }),
      value: sanitiseText(typeof chosen === "string" ? chosen : customValue(data.custom_id)),
      callback,
    };
  }
  if (type === INTERACTION.modal && typeof data?.custom_id === "string") {
    const text = sanitiseText(inputs(data.components).join("\n"));
    return { ...where, kind: "command", name: customValue(data.custom_id), text, callback };
  }
  return { ...where, kind: "unsupported", what: "interaction" };
}

function placeOf(channel: Interaction["channel"]): Place | undefined {
  if (typeof channel?.type !== "number") return undefined;
  return {
    type: channel.type,
    ...(isSnowflake(channel.parent_id) && { parent_id: channel.parent_id }),
    ...(typeof channel.name === "string" && { name: channel.name }),
  };
}

/** The values of a command's options, as one would have typed them behind it. */
function optionsText(options: unknown): string {
  if (!Array.isArray(options)) return "";
  return options.map((option: { readonly value?: unknown }) => String(option?.value ?? "")).join(" ");
}

/** The texts of a form's fields, however they are nested. */
function inputs(components: unknown): string[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap(
    (each: { readonly value?: unknown; readonly components?: unknown; readonly component?: unknown }) =>
      typeof each?.value === "string"
        ? [each.value]
        : [...inputs(each?.components), ...inputs([each?.component].filter(Boolean))],
  );
}
