/** What connecting asks Meta for, and what it says of the answers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { completed, type JsonObject } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { GraphApi } from "./api.ts";
import { configSpec, type WhatsAppConfig } from "./config.ts";
import { login } from "./login.ts";

const APP = "670843887433847";
const OWN = "https://gateway.example/webhooks/whatsapp-cloud/default/default";

interface Meta {
  readonly apps?: readonly string[];
  readonly fields?: readonly string[];
  readonly scopes?: readonly string[];
  readonly expires?: number;
  readonly quality?: string;
  readonly url?: string;
}

/** Meta as far as `login` asks; `posts` are the calls that change something. */
async function meta(state: Meta) {
  const posts: { readonly path: string; readonly body: JsonObject }[] = [];
  const scopes = state.scopes ?? ["whatsapp_business_messaging", "whatsapp_business_management"];
  const answers: Readonly<Record<string, () => unknown>> = {
    "11111": () => ({
      id: "11111",
      display_phone_number: "+1 555 078 3881",
      verified_name: "Bakery",
      quality_rating: state.quality ?? "GREEN",
      webhook_configuration: { application: "https://other.example/", phone_number: state.url },
    }),
    debug_token: () => ({ data: { app_id: APP, is_valid: true, scopes, expires_at: state.expires ?? 0 } }),
    "22222/subscribed_apps": () => ({
      data: (state.apps ?? [APP]).map((id) => ({ whatsapp_business_api_data: { id } })),
    }),
    [`${APP}/subscriptions`]: () => ({
      data: [{ object: "whatsapp_business_account", fields: (state.fields ?? ["messages"]).map((name) => ({ name })) }],
    }),
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const [, , ...rest] = new URL(request.url ?? "", "http://meta").pathname.split("/");
    const path = rest.join("/");
    if (request.method === "POST") {
      posts.push({ path, body: JSON.parse(body) as JsonObject });
      response.end('{"success":true}');
    } else response.end(JSON.stringify(answers[path]?.() ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    posts,
    async login(url = OWN, settings: JsonObject = {}) {
      const given = { accessToken: "t", appSecret: "s", phoneNumberId: "11111", businessAccountId: "22222", baseUrl };
      const config = completed(configSpec.schema, { ...given, ...settings }, "config") as WhatsAppConfig;
      const { signal } = new AbortController();
      return login(new GraphApi(config), { config, signal, webhook: { url, secret: "word" } });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("CH-5 CONN-4 what connecting finds", () => {
  it("all is well: nothing is changed but the number's webhook, and that once", async () => {
    await using it = await meta({});
    expect(await it.login()).toEqual({
      self: { id: "11111", username: "+1 555 078 3881", displayName: "Bakery" },
      hints: [],
    });
    const configuration = { override_callback_uri: OWN, verify_token: "word" };
    expect(it.posts).toEqual([{ path: "11111", body: { webhook_configuration: configuration } }]);
    await using again = await meta({ url: OWN });
    await again.login();
    expect(again.posts).toEqual([]);
  });

  it("another app of the business is subscribed, this one is not: it is", async () => {
    await using it = await meta({ apps: ["1234567890"], url: OWN });
    await it.login();
    expect(it.posts).toEqual([{ path: "22222/subscribed_apps", body: {} }]);
  });

  it("what an operator has to mend is said", async () => {
    await using it = await meta({ fields: ["account_update"], expires: 1_900_000_000, quality: "RED", url: OWN });
    const { hints } = await it.login();
    expect(hints).toEqual([
      expect.stringContaining("2030-03-17"),
      expect.stringContaining("quality low"),
      expect.stringContaining("field messages"),
    ]);
    await using unsubscribed = await meta({ apps: [] });
    const left = await unsubscribed.login(OWN, { subscribe: false });
    expect(left.hints).toEqual([expect.stringContaining("not subscribed")]);
    expect(unsubscribed.posts).toEqual([]);
  });

  it("CFG_001 an address is too long for Meta, CONN_002 a permission is missing", async () => {
    await using it = await meta({});
    await expect(it.login(`https://gateway.example/${"x".repeat(200)}`)).rejects.toMatchObject({ code: "CFG_001" });
    await using poor = await meta({ scopes: ["whatsapp_business_messaging"] });
    await expect(poor.login()).rejects.toMatchObject({
      code: "CONN_002",
      message: expect.stringContaining("whatsapp_business_management"),
    });
  });
});
