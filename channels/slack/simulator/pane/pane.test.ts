/** What one does in the pane, and what the account sees of it. */
import { markdownContent, textContent } from "@switchboard/domain";
import { onStage, PATIENT, png } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { type Scene, scene, targetOf } from "../../src/scene.test.helper.ts";

/** The account is the real channel. */
async function connected() {
  const suggestedPrompts = [{ title: "What is new?", message: "Tell me what is new" }];
  const it = await scene({ config: { suggestedPrompts, suggestedPromptsTitle: "Try one" } });
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
    const asked = stage.bubble("Choose");
    await asked.getByText("Only visible to you").first().waitFor();
    await asked.getByRole("button", { name: "This one" }).click();
    expect(await it.event("control")).toMatchObject({ value: "this", sender: { displayName: "Ada" } });
  });

  it("a conversation is begun in the agents' panel, with what the app suggests", async () => {
    const { it } = stage.bot;
    await stage.open();
    await stage.row("switchboard").click();
    await stage.page.getByRole("button", { name: "Chat actions" }).click();
    await stage.page.getByRole("menuitem", { name: "New conversation" }).click();
    await stage.bubble("New Assistant Thread").getByText("Try one").waitFor();
    await stage.bubble("New Assistant Thread").getByRole("button", { name: "What is new?" }).click();
    const event = await it.event("message", ({ content }) => content.text === "Tell me what is new");
    expect(event.thread).toBeDefined();
    await stage.page.getByText("Tell me what is new").first().waitFor();
  });

  it("what is said in a channel is answered in a thread, which one opens", async () => {
    const { it } = stage.bot;
    const { conversation } = await it.simulator.createGroup({ title: "Answers", people: ["Ada"] });
    await stage.open();
    await stage.row("# answers").click();
    await stage.input().fill(`@${it.simulator.username} what is the answer?`);
    await stage.input().press("Enter");
    const event = await it.event("message", ({ content }) => content.text?.includes("the answer") ?? false);
    expect(event).toMatchObject({ mentions: { self: true }, conversation: { id: conversation } });
    await it.send(targetOf(event), textContent("Forty-two"));
    await stage.page.getByRole("tab", { name: /what is the answer/ }).click();
    await stage.bubble("Forty-two").waitFor();
  });

  it("pictures go both ways", async () => {
    const { it } = stage.bot;
    await stage.open();
    await stage.row("switchboard").click();
    const file = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(png()) };
    await stage.page.locator("input[type=file]").setInputFiles(file);
    await stage.input().fill("what is on it?");
    await stage.input().press("Enter");
    const event = await it.event("message", ({ content }) => content.attachments !== undefined);
    expect(event.content).toMatchObject({ text: "what is on it?", attachments: [{ kind: "image" }] });
    it.account.blobs.set("b1", { bytes: new Uint8Array(png()), fileName: "seen.png" });
    const attachments = [{ kind: "image", source: { blob: "b1" }, mimeType: "image/png", caption: "That" } as const];
    await it.send(await direct(it), { ...textContent(""), attachments });
    await stage.bubble("That").locator("img").waitFor();
  });

  it("the app's command opens a form, which comes back as the command", async () => {
    const { it } = stage.bot;
    await stage.open();
    await stage.row("switchboard").click();
    await stage.input().fill("/switchboard");
    await stage.input().press("Enter");
    const form = stage.page.getByRole("dialog");
    await form.getByRole("combobox").selectOption("status");
    await form.getByRole("button", { name: "Send" }).click();
    expect(await it.event("command")).toMatchObject({ name: "status", sender: { displayName: "Ada" } });
  });

  it("typing is seen", async () => {
    const { it } = stage.bot;
    await stage.open();
    await stage.row("switchboard").click();
    await it.connection.typing?.(await direct(it), AbortSignal.timeout(5_000));
    await expect.poll(() => stage.page.getByText("is thinking").count(), PATIENT).toBeGreaterThan(0);
  });
});
