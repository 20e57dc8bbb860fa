import { nodeGatewayClient } from "@switchboard/client/node";
import { type StepsPlatform, startStepsPlatform } from "@switchboard/testkit/steps";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { complaintsOfAxe } from "../test-support/accessible.ts";
import { inChromium, launch, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";

const PASSWORD = "a long enough password";

inChromium("TEN-4 the page of channels", () => {
  let browser: Browser;
  let gateway: GatewayProcess;
  let phone: StepsPlatform;

  beforeAll(async () => {
    await buildIfStale();
    phone = await startStepsPlatform();
    const config = (publicUrl: string) => ({
      gateway: { publicUrl },
      identity: { enabled: true },
      thirdPartyChannels: ["@switchboard/testkit"],
    });
    const env = { STEPS_BASE_URL: phone.url };
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess({ config, env })]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await phone?.[Symbol.asyncDispose]();
  });

  const steps = (page: Page) => page.getByRole("region", { name: "Steps" });

  async function connect(page: Page, code?: string): Promise<void> {
    await steps(page).getByText("Connect an account").click();
    await steps(page).getByRole("button", { name: "Connect Steps" }).click();
    const picture = steps(page).getByRole("img", { name: "QR code that connects Steps" });
    await picture.waitFor();
    await expect.poll(() => picture.evaluate((each) => (each as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    phone.scan(code === undefined ? {} : { code });
  }

  /** Whoever accepts an invitation, at the page. */
  async function joins(link: string): Promise<Page> {
    const { page } = await visit(browser);
    await page.goto(link.replace("localhost", "127.0.0.1"));
    await page.getByLabel("Your name").fill("Somebody");
    await page.getByLabel("A password, at least 10 characters").fill(PASSWORD);
    await page.getByRole("button", { name: /^Join/ }).click();
    await page.getByText("Signed in as").waitFor();
    await page.goto(`${gateway.address}/channels`);
    return page;
  }

  it("TEN-4 the operator gives the token, scans, sees the account connect and go, and disconnects it", async () => {
    const { complaints, page } = await visit(browser);
    await page.goto(`${gateway.address}/channels`);
    await page.getByLabel("The gateway's token").fill("not the token");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("status").filter({ hasText: "not the gateway's token" }).waitFor();
    await page.getByLabel("The gateway's token").fill(gateway.token);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("You run this gateway.").waitFor();
    await connect(page);
    await steps(page).getByText("The account is connected.").waitFor();
    await steps(page).getByText("Connected", { exact: true }).waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await steps(page)
      .getByRole("button", { name: /^Disconnect/ })
      .click();
    await steps(page).getByText("Off", { exact: true }).waitFor();
    expect([...phone.tokens]).toEqual([]);

    const slack = page.getByRole("region", { name: "Slack" });
    await slack.getByText("Connect an account").click();
    await slack.getByLabel("Client id").first().fill("1.2");
    await slack.getByLabel("Client secret").first().fill("the app's secret");
    await slack.getByRole("button", { name: "Continue to Slack" }).click();
    const link = slack.getByRole("link", { name: "Open Slack" });
    await link.waitFor();
    const address = new URL((await link.getAttribute("href")) ?? "");
    expect(address.pathname).toBe("/oauth/v2/authorize");
    expect(address.searchParams.get("redirect_uri")).toBe(`${gateway.address}/install/slack`);
    // Whoever comes back has to be this browser, and no script can read what says so.
    const bound = (await page.context().cookies()).find(({ name }) => name.startsWith("switchboard_login_"));
    expect(bound).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/install" });
    await slack.getByRole("button", { name: "Cancel" }).click();
    await slack.getByText("The login was cancelled.").waitFor();
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });

  it("TEN-4 an admin of a tenant types a code and sees only the tenant's account; a viewer looks on", async () => {
    const client = nodeGatewayClient({
      url: gateway.address,
      token: gateway.token,
      client: { id: "cli", mode: "cli", version: "test", platform: "test" },
      scopes: ["operator.admin"],
      reconnect: false,
    });
    await client.connect();
    const { id, link } = await client.request("tenants.create", { name: "Acme", owner: "ada@example.com" });
    client.close();
    const page = await joins(link ?? "");
    await page.getByText(`Tenant ${id}, as owner.`).waitFor();
    await connect(page, "4711-22");
    await steps(page).getByLabel("Code").fill("wrong");
    await steps(page).getByRole("button", { name: "Send the code" }).click();
    await steps(page).getByText("That was wrong.").waitFor();
    await steps(page).getByLabel("Code").fill("4711-22");
    await steps(page).getByRole("button", { name: "Send the code" }).click();
    await steps(page).getByText("Connected", { exact: true }).waitFor();
    expect(await steps(page).getByRole("listitem").count()).toBe(1);

    const invited = await page.evaluate(async () => {
      const body = JSON.stringify({ email: "vic@example.com", role: "viewer" });
      const headers = { "content-type": "application/json" };
      return (await fetch("/api/v1/members", { method: "POST", headers, body })).json();
    });
    const viewer = await joins(String(invited.link));
    await steps(viewer).getByText("Connected", { exact: true }).waitFor();
    expect(await viewer.getByRole("button").count()).toBe(0);
    expect(await viewer.getByText("Connect an account").count()).toBe(0);
  });
});
