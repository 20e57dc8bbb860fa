/** What carriers and phones do: messages on their way to a phone, and what people send. */
import { SwitchboardError } from "@switchboard/domain";
import { pushInbound, pushStatus } from "../api/calls.ts";
import { isOutbound, type Status, type StoredMedia, type StoredMessage } from "../world/message.ts";
import { countSegments } from "../world/segments.ts";
import { sid } from "../world/sids.ts";
import type { Phone, World } from "../world/world.ts";

/** Between two states of a message, in milliseconds. */
const STEP_MS = 15;
const STOP = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const START = new Set(["START", "YES", "UNSTOP"]);
const HELP = new Set(["HELP", "INFO"]);

export interface NewFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly name?: string;
}

/** Somebody writes to the account's number. `url`: the simulator's own. */
export function sayTo(world: World, phone: Phone, text: string, files: readonly NewFile[], url: string): StoredMessage {
  if (text === "" && files.length === 0) throw new SwitchboardError("REQ_001", "There is nothing to send");
  const message = addMessage(world, { direction: "inbound", phone, body: text, files, status: "received" });
  answerKeyword(world, phone, text);
  pushInbound(world, message, url);
  return message;
}

export interface Outgoing {
  readonly phone: Phone;
  readonly body: string;
  readonly files: readonly NewFile[];
  readonly direction?: "outbound-api" | "outbound-reply";
  readonly viaService?: boolean;
  readonly statusCallback?: string;
}

/** The account's message is taken; what becomes of it is told step by step. */
export function sendTo(world: World, outgoing: Outgoing): StoredMessage {
  const { direction = "outbound-api", viaService = false } = outgoing;
  const message = addMessage(world, { ...outgoing, direction, status: viaService ? "accepted" : "queued" });
  travel(world, message);
  return message;
}

/** Messages that were on their way when an earlier run ended. */
export function resume(world: World): void {
  for (const message of world.history.all()) if (isOutbound(message)) travel(world, message);
}

export function changePhone(world: World, phone: Phone, change: Partial<Pick<Phone, "off" | "optedOut">>): void {
  Object.assign(phone, change);
  world.phones.keep(phone);
  world.changes.tell({ kind: "phone", phone });
}

function travel(world: World, message: StoredMessage): void {
  const next = nextStatus(world, message);
  if (!next) return;
  const timer = setTimeout(() => {
    world.timers.delete(timer);
    message.status = next.status;
    message.updatedAt = Date.now();
    if (next.errorCode !== undefined) message.errorCode = next.errorCode;
    world.history.keep(message);
    pushStatus(world, message);
    world.journal.flush();
    world.changes.tell({ kind: "message", message });
    travel(world, message);
  }, STEP_MS);
  world.timers.add(timer);
}

function nextStatus(world: World, message: StoredMessage): { status: Status; errorCode?: number } | undefined {
  const phone = world.phones.byId(message.phone);
  switch (message.status) {
    case "accepted":
      // With a service, Twilio finds out about an opt-out only after it took the message.
      return phone?.optedOut ? { status: "failed", errorCode: 21610 } : { status: "queued" };
    case "queued":
      return { status: "sent" };
    case "sent":
      return phone?.off ? { status: "undelivered", errorCode: 30003 } : { status: "delivered" };
    default:
      return undefined;
  }
}

/** Twilio's own answers to what carriers require. They are nobody's message. */
function answerKeyword(world: World, phone: Phone, text: string): void {
  const word = text.trim().toUpperCase();
  if (STOP.has(word) && !phone.optedOut) {
    byItself(
      world,
      phone,
      "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
    );
    changePhone(world, phone, { optedOut: true });
  } else if (START.has(word) && phone.optedOut) {
    changePhone(world, phone, { optedOut: false });
    byItself(
      world,
      phone,
      "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    );
  } else if (HELP.has(word)) {
    byItself(world, phone, "Reply STOP to unsubscribe. Msg&Data Rates May Apply.");
  }
}

function byItself(world: World, phone: Phone, body: string): void {
  addMessage(world, { direction: "outbound-reply", phone, body, files: [], status: "delivered" });
}

interface NewMessage extends Omit<Outgoing, "direction"> {
  readonly direction: StoredMessage["direction"];
  readonly status: Status;
}

function addMessage(world: World, input: NewMessage): StoredMessage {
  const { body, direction, files, phone, status, statusCallback, viaService = false } = input;
  const order = world.orders.next();
  const name = sid(files.length > 0 ? "MM" : "SM", world.name, order);
  const media = files.map(({ bytes, contentType, name: fileName }, index): StoredMedia => {
    const mediaSid = sid("ME", name, index);
    world.bytes.put(mediaSid, bytes);
    return { sid: mediaSid, contentType, size: bytes.byteLength, ...(fileName !== undefined && { name: fileName }) };
  });
  const { encoding, segments } = countSegments(body);
  const at = Date.now();
  const message: StoredMessage = {
    sid: name,
    order,
    direction,
    phone: phone.number,
    body,
    media,
    segments,
    encoding,
    at,
    updatedAt: at,
    viaService,
    status,
    ...(statusCallback !== undefined && { statusCallback }),
  };
  world.history.add(message);
  world.journal.flush();
  world.changes.tell({ kind: "message", message });
  return message;
}
