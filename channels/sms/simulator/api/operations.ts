/** The operations of Twilio's API that are simulated, by method and path. */
import type { JsonObject } from "@switchboard/domain";
import type { CallKind } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";
import { createMessage } from "./create-message.ts";
import { listMessages } from "./list-messages.ts";
import { notFound, refusal } from "./refusals.ts";
import { accountResource, mediaResource, messageResource, numberResource, page, serviceResource } from "./resources.ts";

export interface OperationCall {
  readonly world: World;
  readonly path: string;
  /** What the path's pattern caught. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

export interface Operation {
  readonly method: "GET" | "POST";
  /** Below `/2010-04-01/Accounts/<sid>`. */
  readonly path: RegExp;
  readonly kind: CallKind;
  readonly status: number;
  readonly run: (call: OperationCall) => JsonObject | Promise<JsonObject>;
  /** The phone that it is about, for faults of one conversation. */
  readonly about?: (call: OperationCall) => string | undefined;
}

const SM = "([SM]M[0-9a-f]{32})";

export const operations: readonly Operation[] = [
  { method: "GET", path: /^\.json$/, kind: "other", status: 200, run: ({ world }) => accountResource(world) },
  {
    method: "GET",
    path: /^\/Messages\.json$/,
    kind: "receive",
    status: 200,
    run: ({ query, world }) => listMessages(world, query),
  },
  {
    method: "POST",
    path: /^\/Messages\.json$/,
    kind: "send",
    status: 201,
    about: ({ form }) => form.get("To") ?? undefined,
    run: async ({ form, world }) => messageResource(world, await createMessage(world, form)),
  },
  {
    method: "GET",
    path: new RegExp(`^/Messages/${SM}\\.json$`),
    kind: "other",
    status: 200,
    run: (call) => messageResource(call.world, messageOf(call)),
  },
  {
    method: "GET",
    path: new RegExp(`^/Messages/${SM}/Media\\.json$`),
    kind: "other",
    status: 200,
    run: (call) => {
      const message = messageOf(call);
      const rows = message.media.map((media) => mediaResource(call.world, message, media));
      return page("media_list", rows, { path: call.path, index: 0, size: 50 });
    },
  },
  {
    method: "GET",
    path: /^\/IncomingPhoneNumbers\.json$/,
    kind: "other",
    status: 200,
    run: ({ path, query, world }) => {
      const wanted = query.get("PhoneNumber");
      const rows = wanted === null || wanted === world.number ? [numberResource(world)] : [];
      return page("incoming_phone_numbers", rows, { path, index: 0, size: 50 });
    },
  },
  {
    method: "POST",
    path: /^\/IncomingPhoneNumbers\/(PN[0-9a-f]{32})\.json$/,
    kind: "other",
    status: 200,
    run: ({ form, names: [sid], path, world }) => {
      if (sid !== world.numberSid) throw notFound(path);
      world.state.smsUrl = urlOf(form.get("SmsUrl") ?? world.state.smsUrl, 21502, "SmsUrl");
      world.state.smsMethod = form.get("SmsMethod") ?? world.state.smsMethod;
      world.keepState();
      return numberResource(world);
    },
  },
];

/** Messaging Services are another API, below `/v1/Services/<sid>`. */
export function serviceOperation(
  world: World,
  sid: string,
  form: URLSearchParams | undefined,
  path: string,
): JsonObject {
  if (sid !== world.serviceSid) throw notFound(path);
  if (form) {
    const { state } = world;
    state.inboundUrl = urlOf(form.get("InboundRequestUrl") ?? state.inboundUrl, 21702, "InboundRequestUrl");
    const own = form.get("UseInboundWebhookOnNumber");
    if (own !== null) state.useNumberWebhook = own === "true";
    world.keepState();
  }
  return serviceResource(world);
}

function messageOf({ names: [sid = ""], path, world }: OperationCall) {
  const message = world.messages.get(sid);
  if (!message) throw notFound(path);
  return message;
}

function urlOf(url: string, code: number, name: string): string {
  if (url === "" || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url;
  throw refusal(400, code, `${name} is not valid: ${url.slice(0, 80)}`);
}
