/** `markDuplicate`: a message that may be a second one says so, once, and still fits. */
import { markdownContent, type OutboundContent, textContent } from "@switchboard/domain";
import { expect } from "vitest";
import { attachmentOf, bytesOf, controlsFor, MIME } from "./contents.ts";
import type { Suite } from "./suite.ts";

export function marksRepeats({ channel, scene, test }: Suite): void {
  const { attachments } = channel.capabilities;
  const kinds = (Object.keys(MIME) as (keyof typeof MIME)[]).filter((kind) => attachments[kind] !== undefined);
  const contents: readonly (readonly [string, OutboundContent])[] = [
    ["a text", markdownContent("Hello **you**")],
    ["texts of the greatest length", markdownContent("**a** b ".repeat(3_000))],
    ["a text with buttons", textContent("Choose", { controls: controlsFor(channel.capabilities) })],
    ...kinds.map((kind) => [kind, textContent("", { attachments: [attachmentOf(kind, "b1")] })] as const),
    ...kinds.map(
      (kind) =>
        [
          `${kind} with a long text`,
          textContent("y".repeat(5_000), { attachments: [attachmentOf(kind, "b1")] }),
        ] as const,
    ),
  ];
  for (const [name, content] of contents) {
    test(`Q-6 oc#87178 ${name}: a repeat is marked visibly, once, and is accepted`, async () => {
      await using it = await scene();
      const target = await it.greeted();
      for (const kind of kinds) it.account.blobs.set("b1", { bytes: bytesOf(kind) });
      if (kinds.length > 0)
        it.account.blobs.set("b1", { bytes: bytesOf(kinds.find((kind) => name.startsWith(kind)) ?? "document") });
      for (const part of channel.render(content, target)) {
        const marked = channel.markDuplicate(part);
        expect(marked).not.toEqual(part);
        expect(channel.markDuplicate(marked), "a second mark").toEqual(marked);
        expect(channel.markDuplicate(JSON.parse(JSON.stringify(part))), "after a rest in the store").toEqual(marked);
        const [plain, repeat] = [await it.sendPart(target, part), await it.sendPart(target, marked)].map(
          ({ messageIds }) => it.simulator.sent().find(({ id }) => id === messageIds[0]),
        );
        if (!plain || !repeat) throw new Error("the platform does not show what was sent");
        expect(visible(repeat)).not.toBe(visible(plain));
        expect(repeat.text).toContain(plain.text);
        const labels = (message: typeof plain) => message.controls.flat().map(({ label }) => label);
        expect(labels(repeat)).toEqual(expect.arrayContaining(labels(plain)));
        expect(repeat.attachments.length).toBe(plain.attachments.length);
      }
    });
  }

  test("Q-6 the note is the same on every message, so that people come to know it, and previews say it as people see it", async () => {
    await using it = await scene();
    const target = await it.greeted();
    const notes = [];
    for (const text of ["first words", "other words"]) {
      const [part] = channel.render(textContent(text), target);
      if (!part) throw new Error("a text became no message");
      const marked = channel.markDuplicate(part);
      // A preview may say more than the message does, behind its text.
      const [before = "", after = ""] = marked.preview.split(text);
      const note = before.trim() || after.trim();
      const { messageIds } = await it.sendPart(target, marked);
      expect(it.simulator.sent().find(({ id }) => id === messageIds[0])?.text).toContain(note);
      notes.push(note);
    }
    expect(notes[0]).toBeTruthy();
    expect(notes[0]).toBe(notes[1]);
  });

  function visible({
    controls: rows,
    text,
  }: {
    text: string;
    controls: readonly (readonly { label: string }[])[];
  }): string {
    return `${text}\n${rows
      .flat()
      .map(({ label }) => label)
      .join("\n")}`;
  }
}
