/** What one does in the pane, and what the account sees of it. */
import { markdownContent, textContent } from "@switchboard/domain";
import { onStage, PATIENT } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { type Scene, scene, targetOf } from "../../src/scene.test.helper.ts";

/** The account is the real channel. */
async function connected() {
  const it = await scene();
  await it.simulator.say({ from: "Ada", text: "hello" });
  await it.event("message");
  return {
    it,
    simulator: {
      pane: it.simulator.pane,
      close: async () => {
        await it[Symbol.asyncDispose]();
      },
    },
  };
}

const direct = async (it: Scene) => targetOf(await it.event("message"));

onStage("CH-2 the chat pane", connected, (stage) => {
  it("a conversation goes both ways, with formatting", async () => {
    const { it } = stage.bot;
    await stage.open();
    await stage.row("switchboard").click();
    await stage.input().fill("Hello *there*");
    await stage.input().press("Enter");
    const event = await it.event("message", ({ content }) => content.text?.includes("there") ?? false);
    expect(event.content.markdown).toBe("Hello **there**");
    await it.send(await direct(it), markdownContent("# Title\n\nA **bold** word\n\n| a | b |\n|--|--|\n| 1 | 2 |"));
    await stage.bubble("bold").waitFor();
    expect(await stage.bubble("bold").locator("strong").textContent()).toBe("bold");
    expect(await stage.bubble("bold").locator("td").count()).toBeGreaterThan(0);
  });

  it("buttons are pressed, and what is for one person says so", async () => {
    const { it } = stage.bot;
    const { conversation } = await it.simulator.createGroup({ title: "Team", people: ["Ada"] });
    await it.simulator.say({ from: "Ada", conversation, text: "which?", mention: true });
    const event = await it.event("message", ({ content }) => content.text === "which?");
    const controls = [[{ kind: "button", label: "This one", value: "this" } as const]];
    await it.send({ ...targetOf(event), private: true }, textContent("Choose", { controls }));
    await stage.open();
    await stage.row("# team").click();
    await stage.page.getByText("which?").first().click();
    await it.until(() => it.simulator.shownTo("Ada").length === 1, "an ephemeral message");
  });

  it("typing is seen", async () => {
    const { it } = stage.bot;
    await stage.open();
    await stage.row("switchboard").click();
    await it.connection.typing?.(await direct(it), AbortSignal.timeout(5_000));
    await expect.poll(() => stage.page.getByText("is thinking").count(), PATIENT).toBeGreaterThan(0);
  });
});
