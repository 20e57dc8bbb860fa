/** What is asked and set of the business account and its numbers. */
import { randomUUID } from "node:crypto";
import { DISPLAY_NUMBER, keepAccount, type World } from "../world.ts";
import type { Call } from "./call.ts";
import { invalid, refusal } from "./refusal.ts";

/** Every business here uses the same app. */
export const APP = "670843887433847";
/** Of an override: https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override */
const LONGEST_ADDRESS = 200;

export function debugToken({ account, name }: World, token: string | null) {
  const known = token === account.token;
  return {
    data: {
      app_id: APP,
      application: name,
      type: "SYSTEM_USER",
      expires_at: 0,
      is_valid: known,
      scopes: known ? ["whatsapp_business_management", "whatsapp_business_messaging"] : [],
    },
  };
}

export function subscribedApps(world: World, method = "GET") {
  const { account } = world;
  if (method === "POST") {
    account.subscribed = true;
    keepAccount(world);
    return { success: true };
  }
  const app = { whatsapp_business_api_data: { id: APP, name: world.name } };
  return { data: account.subscribed ? [app] : [] };
}

export function phoneNumber({ account, name }: World, id: string, wanted: string) {
  const url = account.callbacks[id];
  const all: Readonly<Record<string, unknown>> = {
    display_phone_number: `+${DISPLAY_NUMBER}`,
    verified_name: name,
    quality_rating: "GREEN",
    code_verification_status: "VERIFIED",
    webhook_configuration: { ...(url !== undefined && { phone_number: url }), application: "https://example.com/" },
  };
  const chosen = Object.entries(all).filter(([field]) => wanted.split(",").includes(field));
  return { ...Object.fromEntries(chosen), id };
}

/** Meta asks the address for its challenge before it takes it. */
export async function setWebhook(world: World, phone: string, json: Call["json"]) {
  const { override_callback_uri: uri, verify_token: token } = (json.webhook_configuration ?? {}) as {
    override_callback_uri?: string;
    verify_token?: string;
  };
  if (typeof uri !== "string" || !URL.canParse(uri) || uri.length > LONGEST_ADDRESS) {
    throw invalid("webhook_configuration[override_callback_uri]");
  }
  if (!world.account.subscribed) {
    throw refusal(
      400,
      100,
      "Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account.",
    );
  }
  const challenge = String(randomUUID()).replace(/\D/g, "").slice(0, 10);
  const asked = new URL(uri);
  asked.searchParams.set("hub.mode", "subscribe");
  asked.searchParams.set("hub.challenge", challenge);
  asked.searchParams.set("hub.verify_token", String(token ?? ""));
  const heard = await fetch(asked, { signal: AbortSignal.timeout(10_000) }).then(
    async (answered) => (answered.ok ? await answered.text() : `HTTP ${answered.status}`),
    () => "no answer",
  );
  if (heard !== challenge) {
    throw refusal(
      400,
      2200,
      "Callback verification failed",
      `The callback did not answer with the challenge: ${heard}`,
    );
  }
  world.account.callbacks = { ...world.account.callbacks, [phone]: uri };
  keepAccount(world);
  world.webhook.start();
  return { success: true };
}
