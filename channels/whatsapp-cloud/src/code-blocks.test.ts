import { type ConversationId, markdownContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import channel from "./index.ts";
import { fromPart } from "./payload.ts";
import { scene } from "./scene.test.helper.ts";

const target = { conversation: "16505550001" as ConversationId, kind: "direct" } as const;
const block = (language: string, value: unknown) =>
  markdownContent(`\`\`\`whatsapp-${language}\n${typeof value === "string" ? value : JSON.stringify(value)}\n\`\`\``);
const shop = { latitude: 52.52, longitude: 13.405, name: "Bakery", address: "Torstraße 1" };

describe("CH-5 what has no Markdown", () => {
  it("places and contacts are sent by a code block", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "where are you?" });
    await it.heard(({ kind }) => kind === "message");
    await it.send(conversation, block("location", shop));
    const lee = { name: "Ann Lee", phones: ["+1 650 555 1234"], emails: ["ann@example.org"], company: "Bakery" };
    await it.send(conversation, block("contacts", [lee, { name: "Ben" }]));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["Bakery\nTorstraße 1", "Ann Lee\nBen"]);
  });

  it("a repeat is told from the first by its preview, since nothing in it takes a note", () => {
    const [part] = channel.render(block("location", shop), target);
    if (!part) throw new Error("nothing rendered");
    const again = channel.markDuplicate(part);
    expect([part.preview, again.preview]).toEqual(["[location: Bakery]", "[location: Bakery] (perhaps a repeat)"]);
    expect(fromPart(again)).toMatchObject({ type: "location", card: { latitude: "52.52", longitude: "13.405" } });
    expect(channel.markDuplicate(again)).toEqual(again);
  });

  it("MSG_008 is refused when it is not written as it should be", () => {
    for (const [language, value] of [
      ["location", {}],
      ["location", { latitude: 91, longitude: 0 }],
      ["location", "52.52, 13.405"],
      ["contacts", []],
      ["contacts", [{ phones: ["1"] }]],
      ["contacts", Array(6).fill({ name: "Ann" })],
      ["template", "{"],
    ] as const) {
      expect(() => channel.render(block(language, value), target), `${language} ${JSON.stringify(value)}`).toThrow(
        expect.objectContaining({ code: "MSG_008" }),
      );
    }
  });

  it("with other words around it a code block is a code block", () => {
    const content = markdownContent(`Look:\n\n\`\`\`whatsapp-location\n${JSON.stringify(shop)}\n\`\`\``);
    expect(channel.render(content, target)).toMatchObject([{ payload: { type: "text" } }]);
  });
});
