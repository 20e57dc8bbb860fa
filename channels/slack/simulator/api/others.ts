/** What else the app calls: who it is, sockets, forms, the Home tab, the status. */
import type { PaneField, PaneForm } from "@switchboard/simulator-kit";
import { emojiOf } from "../../src/emoji.ts";
import { nodes } from "../text/plain.ts";
import type { Channel } from "../world/channels.ts";
import type { Message, Prompt } from "../world/message.ts";
import { react } from "../world/post.ts";
import { nextId, type World, workspaceName } from "../world/world.ts";
import { writable } from "./chat.ts";
import type { Call, Method } from "./method.ts";
import { access } from "./oauth.ts";
import { ApiRefusal, invalid } from "./refusal.ts";

type Node = Readonly<Record<string, unknown>>;

const PANEL = ["assistant:write"];
const REACT = ["reactions:write"];
const REACTED = ["channel", "timestamp", "name"];

export const otherMethods: Readonly<Record<string, Method>> = {
  "auth.test": { kind: "other", fields: [], run: whoAmI },
  "apps.connections.open": {
    kind: "receive",
    token: "app",
    fields: [],
    run: ({ world }) => {
      if (!world.app.socketMode) throw new ApiRefusal("socket_mode_disabled");
      const address = world.base.url.replace(/^http/, "ws");
      return { url: `${address}/link/?ticket=${world.sockets.ticket()}&app_id=${world.app.id}` };
    },
  },
  "assistant.threads.setStatus": {
    kind: "other",
    scopes: ["chat:write", "assistant:write"],
    fields: ["channel_id", "thread_ts", "status", "loading_messages", "icon_emoji", "icon_url", "username"],
    run: setStatus,
  },
  "assistant.threads.setSuggestedPrompts": {
    kind: "other",
    scopes: PANEL,
    fields: ["channel_id", "thread_ts", "title", "prompts"],
    run: suggest,
  },
  "assistant.threads.setTitle": {
    kind: "other",
    scopes: PANEL,
    fields: ["channel_id", "thread_ts", "title"],
    run: setTitle,
  },
  "reactions.add": { kind: "other", scopes: REACT, fields: REACTED, run: (call) => reaction(call, true) },
  "reactions.remove": { kind: "other", scopes: REACT, fields: REACTED, run: (call) => reaction(call, false) },
  "oauth.v2.access": {
    kind: "other",
    token: "none",
    fields: ["client_id", "client_secret", "code", "grant_type", "redirect_uri", "refresh_token"],
    run: access,
  },
  "views.open": { kind: "other", fields: ["trigger_id", "view", "interactivity_pointer"], run: openView },
  "views.publish": { kind: "other", fields: ["user_id", "view", "hash"], run: publishView },
};

function whoAmI({ world }: Call) {
  const { app, base, name } = world;
  return {
    url: `${base.url}/`,
    team: workspaceName(world),
    user: name,
    team_id: app.team,
    user_id: app.user,
    bot_id: app.bot,
    is_enterprise_install: false,
  };
}

function reaction({ params, world }: Call, add: boolean) {
  const channel = writable(world, params);
  const name = params.required("name", "invalid_name");
  // A workspace's own emoji are not simulated.
  if (emojiOf(name).startsWith(":")) throw new ApiRefusal("invalid_name");
  const message = world.messages.get(channel.id)?.get(params.required("timestamp", "bad_timestamp"));
  if (!message || message.deleted) throw new ApiRefusal("message_not_found");
  const has = message.reactions[name]?.includes(world.app.user) ?? false;
  if (has === add) throw new ApiRefusal(add ? "already_reacted" : "no_reaction");
  react(world, message, world.app.user, name);
  return {};
}

function setStatus({ params, world }: Call) {
  const channel = writable(world, params, "channel_id");
  const thread = params.required("thread_ts");
  if (!world.messages.get(channel.id)?.has(thread)) throw new ApiRefusal("thread_not_found");
  const status = params.text("status") ?? "";
  if (status === "") world.typing.stop(channel.id);
  else world.typing.start(channel.id, status, channel.kind === "im" ? undefined : thread);
  return {};
}

/** Without a thread: below the newest message, where one begins in the newer panel. */
function suggest({ params, world }: Call) {
  const channel = writable(world, params, "channel_id");
  const ts = params.text("thread_ts") ?? [...(world.messages.get(channel.id)?.keys() ?? [])].at(-1);
  const message = ts === undefined ? undefined : world.messages.get(channel.id)?.get(ts);
  if (!message)
    throw new ApiRefusal(params.text("thread_ts") === undefined ? "message_not_found" : "invalid_thread_ts");
  const prompts = nodes(params.json("prompts")).map(({ message: said, title }) => ({ title, message: said }));
  if (prompts.length === 0 || prompts.length > 4 || !prompts.every(isPrompt)) {
    throw invalid("invalid_arguments", "prompts: one to four, each with title and message");
  }
  const title = params.text("title");
  message.suggested = { prompts, ...(title !== undefined && { title }) };
  keep(world, channel, message);
  return {};
}

function isPrompt(prompt: { readonly title: unknown; readonly message: unknown }): prompt is Prompt {
  return [prompt.title, prompt.message].every((text) => typeof text === "string" && text !== "");
}

function setTitle({ params, world }: Call) {
  const channel = writable(world, params, "channel_id");
  const message = world.messages.get(channel.id)?.get(params.required("thread_ts"));
  if (!message) throw new ApiRefusal("invalid_thread_ts");
  message.title = params.required("title");
  keep(world, channel, message);
  return {};
}

function keep(world: World, channel: Channel, message: Message): void {
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  world.changes.tell({ kind: "channel", channel });
}

function openView({ params, world }: Call) {
  const interaction = world.triggers.take(params.required("trigger_id"));
  if (!interaction) throw new ApiRefusal("expired_trigger_id");
  const view = readView(params.json("view"), "modal");
  const id = nextId(world, "V");
  const open = { id, person: interaction.person, view };
  world.views.open(id, open);
  world.openForms = [...world.openForms.slice(-99), open];
  world.changes.tell({ kind: "form", person: interaction.person, form: formOf(id, view) });
  return { view: { ...view, id, team_id: world.app.team, app_id: world.app.id, bot_id: world.app.bot } };
}

function publishView({ params, world }: Call) {
  const user = params.required("user_id");
  if (!world.people.byId(user)) throw new ApiRefusal("user_not_found");
  const view = readView(params.json("view"), "home");
  world.homes.set(user, view);
  world.changes.tell({ kind: "reload" });
  return { view: { ...view, id: nextId(world, "V"), team_id: world.app.team } };
}

function readView(value: unknown, type: string): Node {
  const view = (typeof value === "object" && value !== null ? value : {}) as Node;
  if (view.type !== type) throw invalid("invalid_arguments", `view.type must be ${type}`);
  const blocks = nodes(view.blocks);
  if (blocks.length === 0 || blocks.length > 100) throw invalid("invalid_arguments", "1 to 100 blocks allowed");
  if (type === "modal") {
    const title = (view.title ?? {}) as Node;
    if (typeof title.text !== "string" || title.text.length > 24) {
      throw invalid("invalid_arguments", "view.title must be at most 24 characters");
    }
    if (blocks.some(({ type: each }) => each === "input") && view.submit === undefined) {
      throw invalid("invalid_arguments", "missing required field: submit");
    }
  }
  return view;
}

function formOf(id: string, view: Node): PaneForm {
  const textOf = (value: unknown) => String(((value ?? {}) as Node).text ?? "");
  return {
    id,
    title: textOf(view.title),
    ok: textOf(view.submit) || "OK",
    fields: nodes(view.blocks)
      .filter(({ type }) => type === "input")
      .map((block): PaneField => {
        const element = (block.element ?? {}) as Node;
        const options = nodes(element.options).map((option) => ({
          value: String(option.value),
          label: textOf(option.text),
        }));
        return {
          name: `${String(block.block_id)}/${String(element.action_id)}`,
          label: textOf(block.label),
          ...(block.optional === true && { optional: true }),
          ...(element.multiline === true && { long: true }),
          ...(block.hint !== undefined && { placeholder: textOf(block.hint) }),
          ...(options.length > 0 && { options }),
        };
      }),
  };
}
