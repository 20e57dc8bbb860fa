/** Somebody begins a conversation in the panel for agents, and takes up what the app suggests there. */
import { tellEvent } from "../events/tell.ts";
import type { Message } from "../world/message.ts";
import { post } from "../world/post.ts";
import { nextStamp, type Person, type World } from "../world/world.ts";
import { say } from "./say.ts";

/** What the first message of such a thread is, which Slack writes for the app. */
export const THREAD_ROOT = "assistant_app_thread";

export function beginThread(world: World, person: Person): Message {
  const channel = world.channels.direct(person.id);
  const root = post(world, {
    channel,
    user: world.app.user,
    text: "New Assistant Thread",
    subtype: THREAD_ROOT,
    announce: false,
  });
  tellEvent(world, channel.id, {
    type: "assistant_thread_started",
    assistant_thread: { user_id: person.id, context: {}, channel_id: channel.id, thread_ts: root.ts },
    event_ts: nextStamp(world),
  });
  return root;
}

/** What is suggested is said, in the thread. False when nothing of that name is. */
export function takeUp(world: World, person: Person, root: Message, title: string): boolean {
  const prompt = root.suggested?.prompts.find((each) => each.title === title);
  const channel = world.channels.get(root.channel);
  if (!prompt || !channel) return false;
  const thread = root.subtype === THREAD_ROOT ? { thread: root.ts } : {};
  say(world, { from: person, channel, text: prompt.message, ...thread });
  return true;
}
