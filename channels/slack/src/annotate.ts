/** Notes beside an event what the connection knows and Slack does not say: names, the bot's own threads, the app's command. */
import type { AccountContext, CommandHint, RawEvent } from "@switchboard/domain";
import { type Body, eventOf, isBody, type Note, textOf, withNote } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import type { Directory } from "./directory.ts";
import { laneOf } from "./ids.ts";
import { CHANNEL_COMMAND, readSlash } from "./interaction.ts";
import { actorOf, isSaid, placeOf } from "./place.ts";
import type { SentThreads } from "./sent-threads.ts";

export interface Notes {
  readonly context: Pick<AccountContext<SlackConfig>, "config" | "commands" | "signal">;
  readonly directory: Directory;
  readonly threads: SentThreads;
}

/** The event with its note. Never rejects: without a note an event is only a little poorer. */
export async function annotated(event: RawEvent, notes: Notes): Promise<RawEvent> {
  const body: unknown = event.payload;
  if (!isBody(body)) return event;
  try {
    const note = await noteFor(body, notes);
    const payload = withNote(body, note);
    const place = isBody(payload) ? placeOf(payload, notes.context.config) : undefined;
    return { ...event, payload, ...(place && { lane: laneOf(place.channel, place.thread) }) };
  } catch {
    return event;
  }
}

async function noteFor(body: Body, { context, directory, threads }: Notes): Promise<Note> {
  const { commands, config, signal } = context;
  const place = placeOf(body, config);
  const actor = actorOf(body);
  const event = eventOf(body);
  const thread = textOf(event.thread_ts);
  const [sender, room, ours] = await Promise.all([
    actor === undefined ? undefined : directory.person(actor, signal),
    place && directory.room(place.channel, signal),
    place && thread !== undefined && isSaid(event) ? threads.has(place.channel, thread) : false,
  ]);
  return {
    ...commandNote(body, commands),
    ...(sender && { sender }),
    ...room,
    ...(ours && { ours }),
  };
}

/** The app's command may have been given another name at Slack: then what stands behind it tells. */
function commandNote(body: Body, commands: readonly CommandHint[]): Pick<Note, "command" | "form"> {
  if (typeof body.command !== "string") return {};
  const isKnown = (name: string | undefined) => commands.some((command) => command.name === name);
  const text = textOf(body.text) ?? "";
  if (isKnown(readSlash(body.command, text)?.name)) return {};
  const inside = readSlash(`/${CHANNEL_COMMAND}`, text);
  if (!inside) return { form: true };
  return isKnown(inside.name) ? { command: inside } : {};
}
