/** One app in two workspaces, through the real gateway: over one pool of sockets, and over one request URL. */
import { describe, expect, it } from "vitest";
import { gatewayAndSlack } from "./gateway-and-slack.test.helper.ts";
import { letIn } from "./let-in.test.helper.ts";

describe("CH-2 one app in two workspaces", { timeout: 90_000 }, () => {
  it.each(["websocket", "webhook"] as const)("by %s each is answered in its own", async (transport) => {
    await using it = await gatewayAndSlack(transport);
    const { account, workspace } = await it.install("Acme");
    // Nobody was let in there yet.
    await it.meet(workspace, account, "Ann");
    await workspace.say({ from: "Ann", text: "hello again from Acme" });
    // Over sockets every conversation takes the next one, whoever holds it.
    for (const from of ["Ann", "Ben", "Cleo", "Dan", "Eve"]) {
      await it.simulator.say({ from, text: `hello from home, ${from}` });
    }
    await workspace.waitFor(({ text }) => text.includes("hello again from Acme"), { timeoutMs: 20_000 });
    for (const from of ["Ann", "Ben", "Cleo", "Dan", "Eve"]) {
      await it.simulator.waitFor(({ text }) => text.includes(`hello from home, ${from}`), { timeoutMs: 20_000 });
    }
    const texts = (of: typeof workspace) =>
      of
        .sent()
        .map(({ text }) => text)
        .join("\n");
    expect(texts(it.simulator)).not.toContain("Acme");
    expect(texts(workspace)).not.toContain("home");
    // Commands and presses name the workspace otherwise than events do.
    const shown = (of: typeof workspace) => of.sent().length + of.shownTo("Ann").length;
    const [there, here] = [shown(workspace), shown(it.simulator)];
    await workspace.command({ from: "Ann", line: "/switchboard status" });
    await expect.poll(() => shown(workspace), { timeout: 20_000 }).toBeGreaterThan(there);
    expect(shown(it.simulator)).toBe(here);
    // A workspace that takes the app out ends its own account alone.
    it.simulator.uninstall();
    await expect.poll(async () => (await it.states()).default, { timeout: 20_000 }).toBe("PERMANENTLY_FAILED");
    await workspace.say({ from: "Ann", text: "still there?" });
    await workspace.waitFor(({ text }) => text.includes("still there?"), { timeoutMs: 20_000 });
    expect((await it.states())[account]).toBe("CONNECTED");
    workspace.uninstall();
    await expect.poll(async () => (await it.states())[account], { timeout: 20_000 }).toBe("PERMANENTLY_FAILED");
  });

  it.each(["websocket", "webhook"] as const)(
    "by %s presses and commands get to their own account, or to none",
    async (transport) => {
      await using it = await gatewayAndSlack(transport);
      const { account, workspace } = await it.install("Acme");
      await it.meet(workspace, account, "Ann");
      const patience = { timeoutMs: 20_000 };
      const offer = async () => {
        await workspace.say({ from: "Ann", text: "demo buttons" });
        return workspace.waitFor(({ controls }) => controls.length > 0, patience);
      };
      const { conversation, id: messageId } = await offer();
      const yes = { from: "Ann", conversation, messageId, label: "Yes" } as const;
      await workspace.press(yes);
      await workspace.waitFor(({ text }) => text.includes("I pressed yes"), patience);
      expect(it.simulator.sent()).toEqual([]);
      // The app is in the workspace still, but nobody here has its token any more.
      await it.client.request("channels.remove", { channel: "slack", accountId: account });
      const before = [workspace.sent().length, workspace.shownTo("Ann").length];
      await workspace.press(yes);
      await workspace.command({ from: "Ann", line: "/switchboard status" });
      await workspace.command({ from: "Ann", line: "/switchboard" });
      await workspace.say({ from: "Ann", text: "anybody?" });
      await expect.poll(() => it.simulator.unacknowledged(), { timeout: 20_000 }).toBe(0);
      // What came later at home was answered; so all of that was looked at.
      await it.simulator.command({ from: "Ben", line: "/switchboard" });
      await expect.poll(() => it.simulator.openForms("Ben").length, { timeout: 20_000 }).toBe(1);
      await it.simulator.say({ from: "Ben", text: "hello from home" });
      await it.simulator.waitFor(({ text }) => text.includes("hello from home"), patience);
      expect([workspace.sent().length, workspace.shownTo("Ann").length]).toEqual(before);
      expect(workspace.openForms("Ann")).toEqual([]);
      expect(
        it.simulator
          .sent()
          .map(({ text }) => text)
          .join(),
      ).not.toMatch(/pressed|anybody/);
    },
  );

  it("SEC_002 the page people come back to is kept nowhere, runs nothing, and is good once", async () => {
    await using it = await gatewayAndSlack("webhook");
    const { back, page } = await it.install("Acme");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none';/);
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    const again = await fetch(back);
    expect([again.status, again.headers.get("cache-control")]).toEqual([401, "no-store"]);
    expect(await again.text()).toContain("SEC_002");
    const { url } = await it.client.request("channels.install", { channel: "slack" });
    const fresh = await letIn(url, "<img src=x>");
    // Asking whether there is a page uses nothing up.
    expect((await fetch(fresh, { method: "HEAD" })).status).toBe(404);
    const odd = await fetch(fresh);
    expect([odd.status, (await odd.text()).includes("<img")]).toEqual([200, false]);
    const cancelled = await letIn(
      (await it.client.request("channels.install", { channel: "slack" })).url,
      "B",
      "cancel",
    );
    const said = await fetch(cancelled);
    expect([said.status, await said.text()]).toEqual([400, expect.stringContaining("access_denied")]);
  });
});
