/** Places, people, polls and dice. */
import { randomInt } from "node:crypto";
import type { Location, Poll } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import { revise } from "../../world/post.ts";
import { type Call, editing, type Methods, sending } from "../call.ts";
import { formatted } from "../formatting.ts";
import { isObject, Params } from "../params.ts";
import { messageOf, writableChat } from "../target.ts";
import { deliver } from "./deliver.ts";

const POLL_QUESTION = 300;
const POLL_OPTION = 100;
const MOST_OPTIONS = 12;

/** Highest value by emoji. */
const dice: Readonly<Record<string, number>> = { "🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64 };

export const otherContentMethods = {
  sendLocation: sending((call) => deliver(call, { location: readLocation(call) })),

  sendVenue: sending((call) => {
    const location = readLocation(call);
    const venue = { location, title: required(call, "title"), address: required(call, "address") };
    return deliver(call, { location, venue });
  }),

  sendContact: sending((call) => {
    const last = call.params.text("last_name");
    const vcard = call.params.text("vcard");
    return deliver(call, {
      contact: {
        phone_number: required(call, "phone_number"),
        first_name: required(call, "first_name"),
        ...(last && { last_name: last }),
        ...(vcard && { vcard }),
      },
    });
  }),

  sendDice: sending((call) => {
    const emoji = call.params.text("emoji") ?? "🎲";
    const highest = dice[emoji];
    if (!highest) throw badRequest("unsupported dice emoji");
    return deliver(call, { dice: { emoji, value: randomInt(1, highest + 1) } });
  }),

  sendPoll: sending((call) => deliver(call, { poll: readPoll(call) })),

  stopPoll: editing((call) => {
    const message = messageOf(call, writableChat(call), "message with poll to stop");
    const { poll } = message.wire;
    if (!poll || !message.fromBot) throw badRequest("poll can't be stopped");
    if (poll.is_closed) throw badRequest("poll has already been closed");
    const closed: Poll = { ...poll, is_closed: true };
    revise(call.world, message, { ...message.wire, poll: closed });
    return closed;
  }),
} satisfies Methods;

function required({ params }: Call, name: string): string {
  const text = params.text(name);
  if (text === undefined || text === "") throw badRequest(`parameter "${name}" is required`);
  return text;
}

function readLocation({ params }: Call): Location {
  const latitude = params.float("latitude");
  const longitude = params.float("longitude");
  if (latitude === undefined || longitude === undefined) throw badRequest("latitude and longitude must be specified");
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest("wrong location specified");
  return { latitude, longitude };
}

function readPoll(call: Call): Poll {
  const { world, params } = call;
  const question = formatted(world, params, params.text("question") ?? "", "question_entities", "question_parse_mode");
  if (question.text === "") throw badRequest("poll question must be non-empty");
  if (question.text.length > POLL_QUESTION) throw badRequest(`poll question length must not exceed ${POLL_QUESTION}`);
  const options = (params.list("options") ?? []).map(readOption);
  if (options.length < 1) throw badRequest("poll must have at least 1 option");
  if (options.length > MOST_OPTIONS) throw badRequest(`poll can't have more than ${MOST_OPTIONS} options`);
  const type = params.text("type") || "regular";
  if (type !== "regular" && type !== "quiz") throw badRequest("unsupported poll type specified");
  return {
    id: String(randomInt(1, 2 ** 47)),
    question: question.text,
    options: options.map((text, index) => ({ persistent_id: String(index + 1), text, voter_count: 0 })),
    total_voter_count: 0,
    is_closed: params.boolean("is_closed"),
    is_anonymous: params.has("is_anonymous") ? params.boolean("is_anonymous") : true,
    type,
    allows_multiple_answers: params.boolean("allows_multiple_answers"),
    allows_revoting: params.has("allows_revoting") ? params.boolean("allows_revoting") : type === "regular",
    members_only: params.boolean("members_only"),
  };
}

function readOption(value: unknown): string {
  const text = typeof value === "string" ? value : isObject(value) ? new Params(value).text("text") : undefined;
  if (text === undefined) throw badRequest("expected an option to be of type Object");
  if (text.trim() === "") throw badRequest("poll options must be non-empty");
  if (text.length > POLL_OPTION) throw badRequest(`poll options length must not exceed ${POLL_OPTION}`);
  return text.trim();
}
