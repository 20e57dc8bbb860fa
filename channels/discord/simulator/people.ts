/** What people do: say, edit, press, choose, use a command, send a form. */
import { type AttachmentKind, SwitchboardError } from "@switchboard/domain";
import type { APIMessage } from "discord-api-types/v10";
import { callEndpoint } from "./endpoint.ts";
import { guildOf } from "./gateway.ts";
import { addFile } from "./world/files.ts";
import { changeMessage, postMessage } from "./world/post.ts";
import type { Channel, Interaction, Message, Person } from "./world/types.ts";
import type { World } from "./world/world.ts";

export interface Said {
  readonly text?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly replyTo?: string | undefined;
  readonly mention?: boolean | undefined;
  readonly attach?: {
    readonly kind: AttachmentKind;
    readonly bytes: Uint8Array;
    readonly fileName?: string | undefined;
    readonly mimeType?: string | undefined;
  };
}

const VOICE = 1 << 13;

export function say(world: World, person: Person, said: Said): Message {
  const channel = said.channel ?? world.direct(person);
  if (!world.readers(channel).includes(person.user.id)) join(world, channel, person);
  const text = said.mention ? `<@${world.bot.id}> ${said.text ?? ""}` : (said.text ?? "");
  const mentioned = [...text.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => {
    const user = id === world.bot.id ? world.bot : world.people.byId(id ?? "")?.user;
    return user ? [user] : [];
  });
  const original = said.replyTo === undefined ? undefined : world.message(said.replyTo);
  return postMessage(world, {
    channel,
    author: person.user,
    wire: {
      content: text,
      mentions: original?.fromBot && !mentioned.includes(world.bot) ? [...mentioned, world.bot] : mentioned,
      mention_everyone: /@(everyone|here)\b/.test(text),
      ...(original && {
        type: 19,
        message_reference: { type: 0, channel_id: channel.id, message_id: original.wire.id },
        referenced_message: original.wire,
      }),
      ...attached(world, channel, said.attach),
    } as Partial<APIMessage>,
  });
}

function attached(world: World, channel: Channel, attach: Said["attach"]): Partial<APIMessage> {
  if (!attach) return {};
  const { bytes, fileName, kind, mimeType = "application/octet-stream" } = attach;
  if (kind === "sticker") {
    const { id } = addFile(world, channel, fileName ?? "sticker.png", mimeType, bytes, kind);
    return { sticker_items: [{ id, name: (fileName ?? "sticker").replace(/\.\w+$/, ""), format_type: 1 }] };
  }
  const file = addFile(world, channel, fileName ?? `${kind}.${mimeType.split("/")[1] ?? "bin"}`, mimeType, bytes, kind);
  const voice = kind === "voice" ? { duration_secs: 1, waveform: "AA==" } : {};
  return { attachments: [{ ...file, ...voice }], ...(kind === "voice" && { flags: VOICE }) } as Partial<APIMessage>;
}

function join(world: World, channel: Channel, person: Person): void {
  if (channel.type === 1) throw new SwitchboardError("REQ_001", "A direct message belongs to two.");
  const home = channel.parent === undefined ? channel : world.channel(channel.parent);
  home.members.push(person.user.id);
  world.keep(home);
}

/** A server with one channel, and threads in it. */
export function createGroup(
  world: World,
  input: {
    readonly title: string;
    readonly people: readonly Person[];
    readonly channel: boolean;
    readonly threads: readonly string[];
  },
): { readonly channel: Channel; readonly threads: readonly Channel[] } {
  const guild = world.nextId();
  const members = input.people.map(({ user }) => user.id);
  const channel = world.keep({ id: world.nextId(), type: input.channel ? 5 : 0, name: input.title, guild, members });
  world.dispatch("GUILD_CREATE", guildOf(world, guild));
  return { channel, threads: input.threads.map((name) => createThread(world, channel, name)) };
}

export function createThread(world: World, parent: Channel, name: string): Channel {
  const thread = quietThread(world, parent, name);
  const { id } = thread;
  world.dispatch("THREAD_CREATE", { id, type: 11, name, parent_id: parent.id, newly_created: true }, parent);
  return thread;
}

/** Nobody is told, as of threads that the bot could not see when they were made. */
export function quietThread(world: World, { guild = "", id }: Channel, name: string): Channel {
  return world.keep({ id: world.nextId(), type: 11, name, guild, parent: id, members: [] });
}

export function edit(world: World, message: Message, text: string): void {
  changeMessage(world, message, { content: text });
}

interface Pressable {
  readonly type: number;
  readonly label?: string;
  readonly custom_id?: string;
  readonly placeholder?: string;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
}

/** Presses the button, or chooses the option, of that label. */
export function press(world: World, person: Person, message: Message, label: string): string {
  for (const row of message.wire.components ?? []) {
    for (const control of (row as { readonly components: readonly Pressable[] }).components) {
      const option = control.options?.find((each) => each.label === label);
      if (option) return component(world, person, message, control, [option.value]);
      if (control.label === label && control.custom_id !== undefined) return component(world, person, message, control);
    }
  }
  throw new SwitchboardError("REQ_001", `There is no control "${label}" at this message`);
}

/** Chooses options of the select with that placeholder. */
export function choose(
  world: World,
  person: Person,
  message: Message,
  label: string,
  values: readonly string[],
): string {
  for (const row of message.wire.components ?? []) {
    for (const control of (row as { readonly components: readonly Pressable[] }).components) {
      if (control.options && (control.placeholder ?? "") === label)
        return component(world, person, message, control, values);
    }
  }
  throw new SwitchboardError("REQ_001", `There is no select "${label}" at this message`);
}

function component(
  world: World,
  person: Person,
  message: Message,
  control: Pressable,
  values?: readonly string[],
): string {
  const data = { component_type: control.type, custom_id: control.custom_id, ...(values && { values }) };
  const channel = world.channel(message.wire.channel_id);
  return interact(world, { type: 3, person, channel, message }, data).id;
}

/** Uses a slash command. */
export function command(world: World, person: Person, channel: Channel, name: string, text: string): string {
  const known = world.commands.find((each) => each.name === name);
  const [option] = known?.options ?? [];
  const options = option && text !== "" ? [{ name: option.name, type: 3, value: text }] : [];
  return interact(world, { type: 2, person, channel }, { id: world.nextId(), name, type: 1, options }).id;
}

/** What is suggested while somebody types a command's argument. */
export async function suggestions(
  world: World,
  person: Person,
  channel: Channel,
  name: string,
  typed: string,
): Promise<readonly string[]> {
  const [option] = world.commands.find((each) => each.name === name)?.options ?? [];
  const options = [{ name: option?.name ?? "value", type: 3, value: typed, focused: true }];
  const answered = Promise.withResolvers<void>();
  let asked: Interaction | undefined;
  const stop = world.changes.listen((change) => {
    if (change.kind === "answer" && change.query === asked?.id) answered.resolve();
  });
  asked = interact(world, { type: 4, person, channel }, { id: world.nextId(), name, type: 1, options });
  await answered.promise;
  stop();
  return asked.choices ?? [];
}

/** Sends a form that the bot has opened. */
export function submitForm(
  world: World,
  person: Person,
  form: {
    readonly token: string;
    readonly customId: string;
    readonly values: Readonly<Record<string, string>>;
  },
): Interaction {
  const opened = world.interactions.find(form.token);
  if (!opened) throw new SwitchboardError("REQ_002", "The form is no longer open");
  const components = Object.entries(form.values).map(([custom_id, value], id) => ({
    type: 18,
    id,
    component: { type: 4, id: id + 100, custom_id, value },
  }));
  return interact(world, { type: 5, person, channel: opened.channel }, { custom_id: form.customId, components });
}

export function interact(
  world: World,
  input: Pick<Interaction, "type" | "person" | "channel" | "message">,
  data: object,
): Interaction {
  const { channel, message, person, type } = input;
  const interaction: Interaction = {
    ...input,
    id: world.nextId(),
    token: Buffer.from(`interaction:${world.nextId()}:${crypto.randomUUID()}`).toString("base64url"),
    at: Date.now(),
    ephemeral: false,
    responded: false,
  };
  world.interactions.open(interaction.token, interaction);
  world.unconfirmed.add(interaction.id);
  const { user } = person;
  const told = {
    id: interaction.id,
    application_id: world.bot.id,
    type,
    token: interaction.token,
    version: 1,
    channel_id: channel.id,
    channel: {
      id: channel.id,
      type: channel.type,
      name: channel.name,
      ...(channel.parent && { parent_id: channel.parent }),
    },
    data,
    ...(message && { message: message.wire }),
    ...(channel.guild === undefined ? { user } : { member: { user, roles: [], permissions: "0" } }),
    locale: "en-US",
    entitlements: [],
  };
  if (world.endpoint === undefined) world.dispatch("INTERACTION_CREATE", told, channel);
  else
    void callOut(world, world.endpoint, { ...told, ...(channel.guild !== undefined && { guild_id: channel.guild }) });
  return interaction;
}

/** Discord tries once, and the person sees that it failed. */
async function callOut(world: World, endpoint: string, told: object): Promise<void> {
  await callEndpoint(world, endpoint, JSON.stringify(told)).catch(() => {});
}
