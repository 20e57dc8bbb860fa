/** Finds out whether an account's settings work, and says exactly what is missing when they do not. */

import { type Fields, fields, items, text } from "@switchboard/channel-kit/json";
import { type AccountContext, type SelfIdentity, SwitchboardError } from "@switchboard/domain";
import type { GraphApi } from "./api.ts";
import type { WhatsAppConfig } from "./config.ts";
import { metaCode } from "./errors.ts";
import { peerId } from "./ids.ts";

export interface Login {
  readonly self: SelfIdentity;
  /** What an operator should know of how the account was set up. */
  readonly hints: readonly string[];
}

const SCOPES = ["whatsapp_business_messaging", "whatsapp_business_management"];
/** Of an override: https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override */
const LONGEST_ADDRESS = 200;
const NUMBER_FIELDS = "id,display_phone_number,verified_name,quality_rating,code_verification_status";

type Context = Pick<AccountContext<WhatsAppConfig>, "config" | "webhook" | "signal">;

/**
 * Asks Meta about the number and the token, and has the webhook of every number point here.
 * @throws CONN_002 for a token or secret that is refused, CFG_001 for what was not set up, CONN_001 when Meta does not answer.
 */
export async function login(api: GraphApi, context: Context): Promise<Login> {
  const { config, signal, webhook } = context;
  if (!webhook) {
    throw new SwitchboardError("CFG_001", "WhatsApp delivers by webhook only, and the gateway has no public address.", {
      action: "Set gateway.publicUrl to the gateway's public https address.",
      scope: "account",
    });
  }
  if (config.subscribe && webhook.url.length > LONGEST_ADDRESS) {
    throw new SwitchboardError("CFG_001", `WhatsApp takes webhooks of up to ${LONGEST_ADDRESS} characters only.`, {
      action: "Give the gateway a shorter gateway.publicUrl, or the account a shorter name.",
      scope: "account",
    });
  }
  const number = await phoneNumber(api, config.phoneNumberId, "phoneNumberId", signal);
  for (const id of config.furtherPhoneNumberIds) await phoneNumber(api, id, "furtherPhoneNumberIds", signal);
  const token = await tokenFacts(api, config, signal);
  const hints = [...token.hints, ...qualityHints(number), ...(await fieldHints(api, token.app, signal))];
  const subscribed = await subscription(api, config, token.app, signal);
  if (config.subscribe) {
    if (!subscribed) await post(api, `${config.businessAccountId}/subscribed_apps`, {}, signal);
    for (const id of [config.phoneNumberId, ...config.furtherPhoneNumberIds]) {
      await pointHere(api, id, { url: webhook.url, token: config.verifyToken ?? webhook.secret }, signal);
    }
  } else if (!subscribed) {
    hints.push("The app is not subscribed to the business account: nothing comes in. Set subscribe to true.");
  }
  const name = text(number.verified_name);
  const shown = text(number.display_phone_number);
  return {
    self: {
      id: peerId(config.phoneNumberId),
      ...(shown !== undefined && { username: shown }),
      ...(name !== undefined && { displayName: name }),
    },
    hints,
  };
}

async function phoneNumber(api: GraphApi, id: string, setting: string, signal: AbortSignal): Promise<Fields> {
  try {
    return await api.call({ method: "GET", path: id, query: { fields: NUMBER_FIELDS }, signal });
  } catch (thrown) {
    if (metaCode(thrown) !== 100 && metaCode(thrown) !== 33) throw thrown;
    const { message } = thrown as SwitchboardError;
    const [code, what, action] = /appsecret_proof/i.test(message)
      ? ([
          "CONN_002",
          "The app secret is not that of the token's app.",
          "Copy the app secret of the app that the token was made for.",
        ] as const)
      : ([
          "CFG_001",
          `The token cannot see the number with the id ${id}.`,
          `Compare ${setting} with WhatsApp Manager, and give the token's system user the business account.`,
        ] as const);
    throw new SwitchboardError(code, `${what} ${message}`, { action, retryable: false, scope: "account" });
  }
}

interface TokenFacts {
  /** The id of the app that the token was made for. */
  readonly app?: string;
  readonly hints: readonly string[];
}

/** What the token may do. Where Meta does not tell, the calls themselves will. */
async function tokenFacts(api: GraphApi, config: WhatsAppConfig, signal: AbortSignal): Promise<TokenFacts> {
  const query = { input_token: config.accessToken };
  const answer = await api.call({ method: "GET", path: "debug_token", query, signal }).catch((thrown: unknown) => {
    const code = metaCode(thrown);
    if (code === 100 || code === 10 || (code !== undefined && code >= 200 && code < 300)) return undefined;
    throw thrown;
  });
  const data = fields(answer?.data);
  if (answer === undefined) return { hints: [] };
  if (data.is_valid === false) {
    const why = text(fields(data.error).message) ?? "Meta does not say why";
    throw new SwitchboardError("CONN_002", `The access token is not valid: ${why}`, { scope: "account" });
  }
  const granted = items(data.scopes);
  const missing = SCOPES.filter((scope) => !granted.includes(scope));
  if (missing.length > 0) {
    throw new SwitchboardError("CONN_002", `The access token lacks the permission ${missing.join(" and ")}.`, {
      action: "Make a token with it for the system user in Meta's Business Settings.",
      scope: "account",
    });
  }
  const expires = Number(data.expires_at);
  const end = expires > 0 ? new Date(expires * 1000).toISOString().slice(0, 10) : undefined;
  const app = text(data.app_id);
  return {
    ...(app !== undefined && { app }),
    hints: end === undefined ? [] : [`The access token ends on ${end}.`],
  };
}

/**
 * Which kinds of events the app gets is set in its dashboard only; without `messages` nothing comes in at all.
 * https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
 */
async function fieldHints(api: GraphApi, app: string | undefined, signal: AbortSignal): Promise<string[]> {
  if (app === undefined) return [];
  // Best effort: where Meta does not tell, nothing is said.
  const answer = await api
    .call({ method: "GET", path: `${app}/subscriptions`, app, signal })
    .catch((thrown: unknown) => {
      if (signal.aborted) throw thrown;
      return undefined;
    });
  if (!answer) return [];
  const own = items(answer.data)
    .map(fields)
    .find(({ object }) => object === "whatsapp_business_account");
  const names = items(own?.fields).map((each) => text(fields(each).name) ?? text(each));
  return names.includes("messages")
    ? []
    : ["The app's webhook does not have the field messages: subscribe to it under WhatsApp, Configuration."];
}

function qualityHints(number: Fields): string[] {
  return number.quality_rating === "RED" ? ["Meta rates the number's quality low: it may be restricted soon."] : [];
}

/** Whether the token's app gets the business account's events; any app, where it is not known which that is. */
async function subscription(
  api: GraphApi,
  config: WhatsAppConfig,
  app: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `${config.businessAccountId}/subscribed_apps`;
  try {
    const { data } = await api.call({ method: "GET", path, signal });
    const ids = items(data).map((each) => text(fields(fields(each).whatsapp_business_api_data).id));
    return app === undefined ? ids.length > 0 : ids.includes(app);
  } catch (thrown) {
    if (metaCode(thrown) !== 100) throw thrown;
    throw new SwitchboardError("CFG_001", `The token cannot see the business account ${config.businessAccountId}.`, {
      action: "Compare businessAccountId with WhatsApp Manager, and give the token's system user the account.",
      scope: "account",
    });
  }
}

/** Meta calls the address at once to see that it is ours. */
async function pointHere(
  api: GraphApi,
  phoneNumberId: string,
  { token, url }: { readonly url: string; readonly token: string },
  signal: AbortSignal,
): Promise<void> {
  const { webhook_configuration: present } = await api.call({
    method: "GET",
    path: phoneNumberId,
    query: { fields: "webhook_configuration" },
    signal,
  });
  if (fields(present).phone_number === url) return;
  const body = { webhook_configuration: { override_callback_uri: url, verify_token: token } };
  await post(api, phoneNumberId, body, signal);
}

async function post(api: GraphApi, path: string, body: object, signal: AbortSignal): Promise<void> {
  await api.call({ method: "POST", path, body: { ...body }, signal });
}
