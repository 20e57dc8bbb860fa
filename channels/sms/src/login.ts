/** Finds out whether the credential works and the sender can be used, and says exactly what is missing. */
import { type ErrorCode, type PeerId, type SelfIdentity, SwitchboardError } from "@switchboard/domain";
import type { JsonAnswer, TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import type { InboundPlace } from "./inbound-place.ts";

export interface Login {
  readonly self: SelfIdentity;
  /** Where messages come in; absent for a sender that nobody can answer. */
  readonly place?: InboundPlace;
  /** What an operator should know. */
  readonly hints: readonly string[];
}

/** @throws CONN_002 for a credential that is refused, CFG_001 for a sender that cannot be used, CONN_001. */
export async function login(api: TwilioApi, config: SmsConfig, signal: AbortSignal): Promise<Login> {
  const { from, messagingServiceSid } = config;
  if (from === undefined && messagingServiceSid === undefined) {
    throw problem("CFG_001", "Nobody is named who writes: set `from` or `messagingServiceSid`.");
  }
  const hints = accountHints(await readAccount(api, config, signal));
  if (messagingServiceSid !== undefined) {
    const service = await readService(api, messagingServiceSid, signal);
    const name = String(service.friendly_name ?? messagingServiceSid);
    return {
      self: { id: (from ?? messagingServiceSid) as PeerId, displayName: name },
      place: { kind: "service", sid: messagingServiceSid, name, resource: service },
      hints,
    };
  }
  const number = String(from);
  const self = { id: number as PeerId, displayName: number };
  if (!/^\+\d+$/.test(number)) {
    const what = /^\d+$/.test(number)
      ? "A short code's messages are"
      : "A name as sender cannot be answered; messages are";
    return {
      self,
      hints: [...hints, `${what} not looked after here. Use a number or a Messaging Service to be answered.`],
    };
  }
  const resource = await readNumber(api, number, signal);
  const capabilities = resource.capabilities as { readonly sms?: boolean; readonly mms?: boolean } | null;
  if (capabilities?.sms === false) throw problem("CFG_001", `The number ${number} cannot send SMS. Buy one that can.`);
  const files = capabilities?.mms === false ? [`The number ${number} cannot send MMS: files will be refused.`] : [];
  return {
    self,
    place: { kind: "number", sid: String(resource.sid), name: number, resource },
    hints: [...hints, ...files],
  };
}

async function readAccount(api: TwilioApi, config: SmsConfig, signal: AbortSignal): Promise<JsonAnswer> {
  const { body } = await api.get("", [], signal).catch((thrown: unknown) => {
    if (codeOf(thrown) === "CONN_002") {
      throw problem(
        "CONN_002",
        "Twilio refuses the Account SID or the Auth Token: one of them is mistyped or was renewed.",
      );
    }
    if (statusOf(thrown) === 404) {
      throw problem(
        "CONN_002",
        "Twilio does not know this account at this baseUrl: check the Account SID and the region.",
      );
    }
    throw thrown;
  });
  if (body.sid !== config.accountSid) {
    throw problem("CONN_001", "What answers at baseUrl is not Twilio's API.");
  }
  if (body.status !== "active") {
    throw problem("CONN_002", `The Twilio account is ${String(body.status)}. See the Console for why.`);
  }
  return body;
}

function accountHints({ type }: JsonAnswer): string[] {
  if (type !== "Trial") return [];
  return ["This is a trial account: it writes to verified numbers only, and Twilio puts a line before every message."];
}

async function readNumber(api: TwilioApi, number: string, signal: AbortSignal): Promise<JsonAnswer> {
  const { body } = await api.get("/IncomingPhoneNumbers.json", [["PhoneNumber", number]], signal);
  const list = Array.isArray(body.incoming_phone_numbers) ? (body.incoming_phone_numbers as JsonAnswer[]) : [];
  const found = list.find(({ phone_number: own }) => own === number);
  if (found) return found;
  throw problem("CFG_001", `The number ${number} does not belong to this Twilio account: check it in the Console.`);
}

async function readService(api: TwilioApi, sid: string, signal: AbortSignal): Promise<JsonAnswer> {
  const { body } = await api.service(sid, undefined, signal).catch((thrown: unknown) => {
    if (statusOf(thrown) !== 404) throw thrown;
    throw problem("CFG_001", `There is no Messaging Service ${sid} in this Twilio account.`);
  });
  return body;
}

function problem(code: ErrorCode, message: string): SwitchboardError {
  return new SwitchboardError(code, message, { scope: "account" });
}

function codeOf(thrown: unknown): ErrorCode | undefined {
  return thrown instanceof SwitchboardError ? thrown.code : undefined;
}

function statusOf(thrown: unknown): unknown {
  return thrown instanceof SwitchboardError ? thrown.details?.status : undefined;
}
