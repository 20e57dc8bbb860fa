/** What the connection does about events once they are stored: forms and the Home tab, which Slack wants at once. */
import {
  type AccountContext,
  type RawEvent,
  type SelfIdentity,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import type { Assistant } from "./assistant.ts";
import { type Body, bodyOf, eventOf, isBody, noteOf, textOf, wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { isChannel, isStamp, isUser } from "./ids.ts";
import { isSaid, placeOf } from "./place.ts";
import type { Status } from "./status.ts";
import { commandForm, homeView } from "./views.ts";
import { isForAnother, isOf } from "./whose.ts";

export interface Follower {
  readonly api: SlackApi;
  readonly context: AccountContext<SlackConfig>;
  readonly status: Status;
  readonly assistant: Assistant;
  readonly name: string;
  /** Absent before the bot is known. */
  readonly self?: SelfIdentity | undefined;
}

/** Never rejects: what is shown on the side may fail. */
export async function follow(events: readonly RawEvent[], follower: Follower): Promise<void> {
  await Promise.all(
    events.map(async ({ payload }) => {
      if (!isBody(payload)) return;
      try {
        await followOne(payload, follower);
      } catch (thrown) {
        const { code, message } = toSwitchboardError(thrown);
        follower.context.log.warn({ code }, `something beside the messages failed: ${message}`);
      }
    }),
  );
}

async function followOne(body: Body, { api, assistant, context, name, self, status }: Follower): Promise<void> {
  // What happens in another workspace is for the account of that one.
  if (isForAnother(body, self)) return;
  const event = eventOf(body);
  if (isSaid(event) && isChannel(event.channel) && isStamp(event.ts)) {
    status.heard(event.channel, event.ts);
    if (isStamp(event.thread_ts) && isUser(event.user)) {
      await assistant.said(event.channel, event.thread_ts, textOf(event.text) ?? "", context.signal);
    }
  } else if (event.type === "assistant_thread_started") {
    const { channel_id: channel, thread_ts: thread } = bodyOf(event.assistant_thread);
    if (isChannel(channel) && isStamp(thread)) await assistant.begun(channel, thread, context.signal);
  } else if (event.type === "app_home_opened" && event.tab === "messages" && isChannel(event.channel)) {
    await assistant.opened(event.channel, context.signal);
  } else if (event.type === "app_home_opened" && event.tab === "home" && context.config.homeTab && isUser(event.user)) {
    const view = homeView(name, context.commands, Date.now());
    await api.call("views.publish", { user_id: event.user, view }, { signal: context.signal });
  } else if (event.type === "app_uninstalled" || (event.type === "tokens_revoked" && hasBot(event))) {
    // Only what is surely ours ends the account: a token that was revoked before the bot is known fails the login.
    if (!self || isOf(body, self) !== true) return;
    context.lost(
      new SwitchboardError("CONN_002", "The app was uninstalled or its token revoked. Install it again.", {
        scope: "account",
      }),
    );
  } else if (noteOf(body).form) {
    await openForm(body, api, context);
  }
}

/** People's tokens are none of ours. */
function hasBot(event: Body): boolean {
  const { bot } = bodyOf(event.tokens);
  return Array.isArray(bot) && bot.length > 0;
}

async function openForm(
  body: Body,
  api: SlackApi,
  { commands, config, signal }: AccountContext<SlackConfig>,
): Promise<void> {
  const place = placeOf(body, config);
  const trigger = wordOf(body.trigger_id);
  if (!place || trigger === undefined || commands.length === 0) return;
  const callback = wordOf(body.response_url);
  const view = commandForm(commands, { channel: place.channel, ...(callback !== undefined && { callback }) });
  await api.call("views.open", { trigger_id: trigger, view }, { signal });
}
