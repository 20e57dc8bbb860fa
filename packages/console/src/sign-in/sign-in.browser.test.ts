import { nodeGatewayClient } from "@switchboard/client/node";
import { type OpenIdProvider, startOpenIdProvider } from "@switchboard/testkit/openid-provider";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { complaintsOfAxe } from "../test-support/accessible.ts";
import { inChromium, launch, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";

const PASSWORD = "a long enough password";

inChromium("TEN-1 the page where people sign in", () => {
  let browser: Browser;
  let gateway: GatewayProcess;
  let provider: OpenIdProvider;

  beforeAll(async () => {
    await buildIfStale();
    provider = await startOpenIdProvider({ clientId: "switchboard", clientSecret: "secret of the client" });
    const corp = { id: "corp", name: "Corp", issuer: provider.issuer, clientId: "switchboard" };
    const providers = [{ ...corp, clientSecret: "secret of the client", tenant: "default" }];
    const config = { identity: { enabled: true, providers, ethereum: { enabled: true } } };
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess({ config })]);
    provider.redirects = [`${gateway.address}/auth/provider/corp/callback`];
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await provider?.[Symbol.asyncDispose]();
  });

  async function tenantFor(owner: string): Promise<string> {
    const client = nodeGatewayClient({
      url: gateway.address,
      token: gateway.token,
      client: { id: "cli", mode: "cli", version: "test", platform: "test" },
      scopes: ["operator.admin"],
      reconnect: false,
    });
    await client.connect();
    const { link } = await client.request("tenants.create", { name: "Acme", owner });
    client.close();
    return link ?? "";
  }

  it("TEN-1 takes an invitation, signs out and in again, and leaves no secret in the address", async () => {
    const link = await tenantFor("ada@example.com");
    const { complaints, page } = await visit(browser);
    await page.goto(link.replace("localhost", "127.0.0.1"));
    await page.getByText("You are invited to Acme as owner").waitFor();
    expect(page.url()).toBe(`${gateway.address}/sign-in`);
    await page.getByLabel("Your name").fill("Ada <b>");
    await page.getByLabel("A password, at least 10 characters").fill(PASSWORD);
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.getByRole("button", { name: "Join Acme" }).click();
    await page.getByText("Signed in as Ada <b> (ada@example.com).").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();

    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByLabel("Password").fill("not the right one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("status").filter({ hasText: "Check the address and the password" }).waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Acme — owner").waitFor();
    // The browser itself tells of the refusal above.
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });

  it("TEN-1 adds a passkey of the device, signs in with it, renames and removes it", async () => {
    const link = await tenantFor("grace@example.com");
    const { complaints, page } = await visit(browser);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(link);
    await page.getByLabel("Your name").fill("Grace");
    await page.getByLabel("A password, at least 10 characters").fill(PASSWORD);
    await page.getByRole("button", { name: "Join Acme" }).click();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "rename" }).click();
    await page.getByLabel("Name of the passkey").fill("Laptop");
    await page.getByRole("button", { name: "Rename", exact: true }).click();
    await page.getByText("Passkey: Laptop").waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();

    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("Signed in as Grace (grace@example.com).").waitFor();
    await page.getByRole("button", { name: "Remove Passkey Laptop" }).click();
    await page.getByText("Passkey: Laptop").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("status").filter({ hasText: "This passkey was not accepted." }).waitFor();
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });

  it("TEN-1 goes to a provider and comes back signed in, or is told why not; no other words come by an address", async () => {
    const { complaints, page } = await visit(browser);
    provider.next = { sub: "u1", email: "mary@corp.example", email_verified: false, name: "Mary" };
    await page.goto(`${gateway.address}/sign-in`);
    await page.getByRole("button", { name: "Continue with Corp" }).click();
    await page.getByRole("status").filter({ hasText: "Verify it there, then try again." }).waitFor();
    expect(page.url()).toBe(`${gateway.address}/sign-in`);
    provider.next = { ...provider.next, email_verified: true };
    await page.getByRole("button", { name: "Continue with Corp" }).click();
    await page.getByText("Signed in as Mary (mary@corp.example).").waitFor();
    await page.getByText("Corp: u1").waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.goto(`${gateway.address}/sign-in?#refused=Call+this+number`);
    await page.getByText("Signed in as Mary").waitFor();
    expect(await page.getByRole("status").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("TEN-1 offers Ethereum where the browser has a wallet, and shows the wallet what the gateway wrote", async () => {
    const link = await tenantFor("joan@example.com");
    const { page } = await visit(browser);
    await page.goto(link.replace("localhost", "127.0.0.1"));
    await page.getByLabel("Your name").fill("Joan");
    await page.getByLabel("A password, at least 10 characters").fill(PASSWORD);
    await page.getByRole("button", { name: "Join Acme" }).click();
    await page.getByText("Signed in as Joan").waitFor();
    expect(await page.getByRole("button", { name: "Add this browser's wallet" }).count()).toBe(0);

    const signed: string[] = [];
    await page.exposeFunction("askWallet", (method: string, params: readonly string[]) => {
      if (method === "eth_requestAccounts") return ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"];
      if (method === "eth_chainId") return "0x1";
      signed.push(Buffer.from(String(params[0]).slice(2), "hex").toString());
      return `0x${"11".repeat(65)}`;
    });
    await page.addInitScript(() => {
      const { askWallet } = globalThis as unknown as {
        askWallet: (method: string, params: unknown) => Promise<unknown>;
      };
      const request = ({ method, params = [] }: { method: string; params?: unknown }) => askWallet(method, params);
      Object.assign(globalThis, { ethereum: { request } });
    });
    await page.reload();
    await page.getByRole("button", { name: "Add this browser's wallet" }).click();
    await page.getByRole("status").filter({ hasText: "This signature was not accepted." }).waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with Ethereum" }).click();
    await page.getByRole("status").filter({ hasText: "This signature was not accepted." }).waitFor();
    const at = `${new URL(gateway.address).host} wants you to sign in with your Ethereum account:`;
    expect(signed.map((message) => message.split("\n")[0])).toEqual([at, at]);
    expect(signed[0]).toContain("Add this account to joan@example.com at Switchboard.");
  });
});
