/** Who and where, from the parts of a call. */
import { type Conversation, type SelfIdentity, type Sender, sanitiseName } from "@switchboard/domain";
import { type Body, bodyOf, noteOf, wordOf } from "./body.ts";
import { conversationId, kindOf, peerId } from "./ids.ts";

/** Slack's own bot, which it describes as a person. */
const SLACKBOT = "USLACKBOT";

export function conversationOf(channel: string, body: Body, type?: unknown): Conversation {
  const { title } = noteOf(body);
  const kind = kindOf(channel, type);
  return {
    id: conversationId(channel),
    kind,
    ...(title && kind !== "direct" && { title: sanitiseName(title) }),
  };
}

/** Somebody by their id, with what was found out about them. */
export function userSender(id: string, body: Body, self: SelfIdentity | undefined, said: Body = {}): Sender {
  const known = noteOf(body).sender ?? {};
  const username = known.username ?? wordOf(said.username) ?? wordOf(said.name);
  const displayName = known.displayName ?? username;
  const peer = peerId(id);
  return {
    id: peer,
    ...(username && { username: sanitiseName(username) }),
    ...(displayName && { displayName: sanitiseName(displayName) }),
    ...((known.isBot || id === SLACKBOT) && { isBot: true }),
    ...(self?.id === peer && { isSelf: true }),
  };
}

/**
 * Who said a message. Bots carry `bot_id`, and the app behind them is named: this app's own messages are known by that,
 * also where they carry no user.
 */
export function messageSender(message: Body, body: Body, self: SelfIdentity | undefined): Sender | undefined {
  const profile = bodyOf(message.bot_profile);
  const bot = wordOf(message.bot_id);
  const app = wordOf(message.app_id) ?? wordOf(profile.app_id);
  const isOwn = app !== undefined && app === wordOf(body.api_app_id);
  const user = wordOf(message.user);
  if (user === undefined && bot === undefined) return undefined;
  const said = { username: message.username ?? profile.name };
  const sender = userSender(user ?? bot ?? "", user === undefined ? {} : body, self, said);
  return {
    ...sender,
    ...(bot !== undefined && { isBot: true }),
    ...(isOwn && (bot !== undefined || sender.isSelf) && { isSelf: true }),
  };
}
