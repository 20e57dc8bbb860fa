/** People press, choose, fill in forms and give slash commands. */
import { SwitchboardError } from "@switchboard/domain";
import { type Fields, openInteraction, tellCommand, tellEvent, tellInteraction } from "../events/tell.ts";
import { nodes } from "../text/plain.ts";
import type { Channel } from "../world/channels.ts";
import type { Message } from "../world/message.ts";
import { wireOf } from "../world/post.ts";
import { nextStamp, type Person, type World } from "../world/world.ts";
import { takeUp } from "./threads.ts";

type Node = Readonly<Record<string, unknown>>;

/** How often an interaction may be answered through its address. */
const ANSWERS = 5;

export interface Pressed {
  /** Where the button leads, when it only opens an address. */
  readonly url?: string;
}

/** A button's label, one of a select's options, or what is suggested. @throws REQ_002 when there is none with that label. */
export function press(world: World, person: Person, message: Message, label: string): Pressed {
  if (takeUp(world, person, message, label)) return {};
  for (const block of message.blocks ?? []) {
    if (block.type !== "actions") continue;
    for (const element of nodes(block.elements)) {
      const base = { action_id: element.action_id, block_id: block.block_id ?? "b1", type: element.type };
      if (element.type === "button" && labelOf(element.text) === label) {
        const url = typeof element.url === "string" ? element.url : undefined;
        tellPress(world, person, message, {
          ...base,
          text: element.text,
          ...(url === undefined ? { value: element.value } : {}),
        });
        return url === undefined ? {} : { url };
      }
      const option = nodes(element.options).find((each) => labelOf(each.text) === label);
      if (option) {
        tellPress(world, person, message, { ...base, selected_option: option, placeholder: element.placeholder });
        return {};
      }
    }
  }
  throw new SwitchboardError("REQ_002", `There is no button "${label}"`);
}

export function labelOf(text: unknown): string {
  return String(((text ?? {}) as Node).text ?? "");
}

function tellPress(world: World, person: Person, message: Message, action: Fields): void {
  const { channel: id, onlyFor, thread, ts } = message;
  const channel = world.channels.get(id);
  const { responseUrl, triggerId } = openInteraction(
    world,
    { person: person.id, channel: id, ts, answers: ANSWERS },
    world.base.url,
  );
  tellInteraction(world, id, {
    type: "block_actions",
    ...whoAndWhere(world, person),
    container: {
      type: "message",
      message_ts: ts,
      channel_id: id,
      is_ephemeral: onlyFor !== undefined,
      ...(thread !== undefined && { thread_ts: thread }),
    },
    trigger_id: triggerId,
    channel: { id, name: channel?.kind === "im" ? "directmessage" : (channel?.name ?? "") },
    ...(onlyFor === undefined && { message: { ...wireOf(world, message), ...rootOf(world, message) } }),
    response_url: responseUrl,
    actions: [{ ...action, action_ts: nextStamp(world) }],
  });
}

/** A message that was answered in a thread is told as that thread's. */
function rootOf(world: World, { channel, ts }: Message): Fields {
  const isRoot = [...(world.messages.get(channel)?.values() ?? [])].some(({ thread }) => thread === ts);
  return isRoot ? { thread_ts: ts } : {};
}

function whoAndWhere({ app }: World, { handle, id }: Person): Fields {
  return {
    user: { id, username: handle, name: handle, team_id: app.team },
    api_app_id: app.id,
    token: "simulator",
    team: { id: app.team, domain: "simulated" },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** `/name rest`. Slack takes it away from the conversation: nobody else sees it. */
export function command(world: World, person: Person, channel: Channel, line: string): void {
  const [, name = "", text = ""] = /^(\/\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  const { responseUrl, triggerId } = openInteraction(
    world,
    { person: person.id, channel: channel.id, answers: ANSWERS },
    world.base.url,
  );
  tellCommand(world, channel.id, {
    token: "simulator",
    team_id: world.app.team,
    team_domain: "simulated",
    channel_id: channel.id,
    channel_name: channel.kind === "im" ? "directmessage" : channel.name,
    user_id: person.id,
    user_name: person.handle,
    command: name,
    text,
    api_app_id: world.app.id,
    is_enterprise_install: "false",
    response_url: responseUrl,
    trigger_id: triggerId,
  });
}

/** The form that is open before somebody. `values` by `<block>/<action>`. @throws REQ_002 when it is gone. */
export function submit(world: World, person: Person, form: string, values: Readonly<Record<string, string>>): void {
  const open = world.views.take(form);
  if (!open || open.person !== person.id) throw new SwitchboardError("REQ_002", "That form is gone");
  world.openForms = world.openForms.filter(({ id }) => id !== form);
  const state: Record<string, Record<string, unknown>> = {};
  for (const block of nodes(open.view.blocks)) {
    if (block.type !== "input") continue;
    const element = (block.element ?? {}) as Node;
    const [id, action] = [String(block.block_id), String(element.action_id)];
    const value = values[`${id}/${action}`] ?? "";
    const option = nodes(element.options).find((each) => each.value === value);
    state[id] = {
      [action]:
        element.type === "static_select"
          ? { type: element.type, selected_option: option ?? null }
          : { type: element.type, value: value === "" ? null : value },
    };
  }
  const { triggerId } = openInteraction(world, { person: person.id, channel: "", answers: 0 }, world.base.url);
  tellInteraction(world, person.id, {
    type: "view_submission",
    ...whoAndWhere(world, person),
    trigger_id: triggerId,
    view: { ...open.view, id: open.id, team_id: world.app.team, state: { values: state }, hash: nextStamp(world) },
    response_urls: [],
  });
}

/** Somebody looks at the app's Home tab, or at its messages. */
export function openHome(world: World, person: Person, tab: "home" | "messages" = "home"): void {
  const channel = world.channels.direct(person.id);
  tellEvent(world, channel.id, {
    type: "app_home_opened",
    user: person.id,
    channel: channel.id,
    tab,
    event_ts: nextStamp(world),
  });
}
