/** `render`: whatever an agent says arrives whole, in order, within the platform's limits (MSG-4). */
import {
  markdownContent,
  type OutboundContent,
  type OutboundPart,
  parseMarkdown,
  SwitchboardError,
  type Target,
  textContent,
} from "@switchboard/domain";
import fc from "fast-check";
import { expect } from "vitest";
import { attachmentOf, bytesOf, cellsIn, controlsFor, texts, wordsIn } from "./contents.ts";
import { frozen } from "./fixtures.ts";
import type { Scene } from "./scene.ts";
import type { Suite } from "./suite.ts";

/** Longest preview of a part. */
const PREVIEW = 500;

export function renders(suite: Suite): void {
  const { channel, scene, test } = suite;
  const { capabilities } = channel;

  test("MSG-4 everything an agent may say is accepted, whole and in order", async () => {
    await using it = await scene();
    const target = await it.greeted();
    await fc.assert(
      fc.asyncProperty(texts, async ({ cells, content, words }) => {
        const shown = await shownFor(it, target, content);
        expect(wordsIn(shown)).toEqual(words);
        expect(cellsIn(shown)).toEqual(new Set(cells));
        for (const text of shown)
          expect(lengthOf(text, capabilities.text.unit)).toBeLessThanOrEqual(capabilities.text.maxLength);
      }),
      { numRuns: 80, seed: 20_261_121 },
    );
  }, 60_000);

  test("CH-0 rendering is pure: the same parts again, the content unchanged, parts that survive the store", async () => {
    const target = anyTarget();
    fc.assert(
      fc.property(texts, ({ content }) => {
        const given = frozen(structuredClone(content));
        const parts = channel.render(given, target);
        expect(channel.render(structuredClone(content), target)).toEqual(parts);
        for (const part of parts) checkPart(part);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  const long = "Some **bold** and _italic_ words, `code`, [a link](https://example.org/), and so on.\n\n";
  const cases: readonly (readonly [name: string, markdown: string])[] = [
    ["100,000 characters of paragraphs", long.repeat(1_200)],
    ["100,000 characters of code", `\`\`\`js\n${"let x = '😀';\n".repeat(7_000)}\`\`\``],
    ["100,000 characters without a space", "x".repeat(100_000)],
    ["a list of 2,000 lines", "- an item with some **words**\n".repeat(2_000)],
    ["emoji of families", "👩‍👩‍👧‍👦".repeat(2_000)],
    ["combining marks", `a${"\u0301".repeat(3_000)}`],
    ["control characters", "a\u0000b\u0007c\u001bd\u009be\u202ef"],
    ["lone surrogates", "a\ud83d b\udc00"],
    [
      "what looks like markup",
      "*not_ [bold](https://example.org/) <b> & \\* `` ||no|| __u__ <script>alert(1)</script> {{x}} %s",
    ],
    ["right to left", "שלום **עולם** مرحبا"],
    ["thirty levels of quotes", `${">".repeat(30)} deep`],
  ];
  for (const [name, markdown] of cases) {
    test(`MSG-4 oc#24353 ${name}`, async () => {
      await using it = await scene();
      const target = await it.greeted();
      const shown = await shownFor(it, target, markdownContent(markdown));
      expect(shown.join("").length).toBeGreaterThan(0);
      expect(lettersOf(shown.join(" "))).toBe(lettersOf(plain(markdown)));
      for (const text of shown) expect(text.isWellFormed()).toBe(true);
    }, 60_000);
  }

  test("MSG-4 oc#24353 a table of 500 rows shows every cell", async () => {
    await using it = await scene();
    const target = await it.greeted();
    for (const filler of ["", " and so many words that no phone shows them on one line of a table"]) {
      const rows = Array.from({ length: 500 }, (_, index) => `| row${index}x | value${index}x${filler} |`);
      const shown = (await shownFor(it, target, markdownContent(`| a | b |\n|---|---|\n${rows.join("\n")}`))).join(
        "\n",
      );
      for (const cell of ["row0x", "value0x", "row499x", "value499x"]) expect(shown).toContain(cell);
      expect(new Set(shown.match(/(row|value)\d+x/g)).size).toBe(1_000);
    }
  }, 60_000);

  test("MSG-4 a document nested thousands deep is refused or flattened, and harms nobody", () => {
    let markdown = "deep";
    for (const mark of ["> ", "- "]) {
      markdown = mark.repeat(3_000) + markdown;
      const parts = partsOrRefusal(channel.render.bind(channel), markdownContent(markdown));
      expect(parts === "MSG_008" || parts === "MSG_003" || Array.isArray(parts)).toBe(true);
    }
  });

  test("MSG-4 MSG_008 nothing to show is refused, not sent as nothing", () => {
    for (const text of ["", "   ", "\n\n", "\u200b"]) {
      const parts = partsOrRefusal(channel.render.bind(channel), textContent(text));
      if (Array.isArray(parts)) expect(parts.length, JSON.stringify(text)).toBeGreaterThan(0);
      else expect(parts, JSON.stringify(text)).toBe("MSG_008");
    }
  });

  test("MSG-4 the model's reasoning is shown beside the answer", async () => {
    await using it = await scene();
    const target = await it.greeted();
    const shown = await shownFor(it, target, markdownContent("The **answer**.", { thinking: "I *thought* hard." }));
    expect(shown.join(" ")).toMatch(/thought[\s\S]*answer/);
  });

  test("MSG-4 buttons and links are below the text, and a pressed button comes back with its value", async (needs) => {
    needs(capabilities.controls.buttons > 0, "has no buttons");
    const controls = controlsFor(capabilities);
    await using it = await scene();
    const target = await it.greeted();
    await it.send(target, markdownContent("Choose.", { controls }));
    const shown = it.simulator
      .sent({ conversation: target.conversation })
      .filter((message) => message.controls.length > 0);
    expect(shown).toHaveLength(1);
    const labels = shown[0]?.controls.flat().map(({ label }) => label) ?? [];
    // Where buttons and links do not go together, the links stand in the text.
    const written = controls
      .flat()
      .filter(
        (control) => control.kind === "link" && shown[0]?.text.includes(control.url) && !labels.includes(control.label),
      );
    expect([...labels, ...written.map(({ label }) => label)]).toEqual(controls.flat().map(({ label }) => label));
    for (const control of controls.flat()) {
      if (control.kind !== "button" || !shown[0]) continue;
      const { conversation } = target;
      await it.simulator.press({ from: "Ann", conversation, messageId: shown[0].id, label: control.label });
      const press = await it.event("control", ({ value }) => value === control.value);
      expect(press).toMatchObject({ conversation: { id: conversation }, messageId: shown[0].id });
      if (press.callback !== undefined) await it.connection.acknowledge?.(press.callback, "Noted");
    }
  });

  test("MSG-4 a select offers all its options, and the chosen one comes back", async (needs) => {
    const { buttons, selects } = capabilities.controls;
    needs(selects || buttons >= 3, "has neither selects nor three buttons");
    await using it = await scene();
    const target = await it.greeted();
    const options = ["red", "green", "blue"].map((value) => ({ label: value.toUpperCase(), value }));
    await it.send(target, textContent("Which?", { controls: [[{ kind: "select", label: "Colour", options }]] }));
    const message = it.simulator.sent().find(({ controls }) => controls.flat().some(({ label }) => label === "GREEN"));
    expect(message?.controls.flat().map(({ label }) => label)).toEqual(
      expect.arrayContaining(["RED", "GREEN", "BLUE"]),
    );
    if (!message) return;
    await it.simulator.press({ from: "Ann", conversation: target.conversation, messageId: message.id, label: "GREEN" });
    expect(await it.event("control")).toMatchObject({ value: "green" });
  });

  test("MSG-4 more controls than the platform takes are not dropped in silence", async () => {
    const count = capabilities.controls.buttons + 1;
    await using it = await scene();
    const target = await it.greeted();
    const controls = Array.from({ length: count }, (_, index) => [
      { kind: "button", label: `B${index}`, value: `${index}` } as const,
    ]);
    const content = textContent("Many", { controls });
    if (partsOrRefusal(channel.render.bind(channel), content) === "MSG_008") return;
    await it.send(target, content);
    const everything = it.simulator.sent().map(
      ({ controls: rows, text }) =>
        `${text} ${rows
          .flat()
          .map(({ label }) => label)
          .join(" ")}`,
    );
    expect(everything.join(" ")).toContain(`B${count - 1}`);
  });

  for (const kind of ["image", "video", "audio", "voice", "document", "sticker"] as const) {
    test(`MSG-3 MSG-4 ${kind}: sent as a file with its text, or refused as what cannot be shown`, async () => {
      await using it = await scene();
      const target = await it.greeted();
      const bytes = bytesOf(kind);
      it.account.blobs.set("b1", { bytes, fileName: "a name.bin" });
      const content = textContent("See wordsz", { attachments: [attachmentOf(kind, "b1", "a name.bin")] });
      const parts = partsOrRefusal(channel.render.bind(channel), content);
      if (!capabilities.attachments[kind] && !Array.isArray(parts)) return expect(parts).toBe("MSG_008");
      await it.send(target, content);
      const sent = it.simulator.sent();
      const [file, ...others] = sent.flatMap(({ attachments }) => attachments);
      expect(others).toEqual([]);
      expect(Buffer.from(file?.bytes ?? []).equals(bytes)).toBe(true);
      expect(sent.map(({ text }) => text).join(" ")).toContain("wordsz");
      expect(it.account.openBlobs(), "streams that nobody let go of").toBe(0);
    });
  }
}

/** Sends everything and returns what the platform shows of it, message by message. */
async function shownFor(scene: Scene, target: Target, content: OutboundContent): Promise<string[]> {
  const shown: string[] = [];
  for (const part of scene.render(content, target)) {
    checkPart(part);
    const { messageIds } = await scene.sendPart(target, part);
    for (const id of messageIds) {
      const message = scene.simulator.sent({ conversation: target.conversation }).find((each) => each.id === id);
      if (!message) throw new Error(`the platform does not show message ${id}`);
      shown.push(message.text);
    }
  }
  return shown;
}

function checkPart(part: OutboundPart): void {
  expect(JSON.parse(JSON.stringify(part))).toEqual(part);
  expect(part.preview.length).toBeLessThanOrEqual(PREVIEW);
  expect(part.preview.isWellFormed()).toBe(true);
}

function partsOrRefusal(
  render: Suite["channel"]["render"],
  content: OutboundContent,
): readonly OutboundPart[] | string {
  try {
    return render(content, anyTarget());
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) return thrown.code;
    throw thrown;
  }
}

function anyTarget(): Target {
  return { conversation: "1" as Target["conversation"], kind: "direct" };
}

function lengthOf(text: string, unit: "utf16" | "codepoint" | "byte"): number {
  if (unit === "utf16") return text.length;
  return unit === "byte" ? Buffer.byteLength(text) : [...text].length;
}

/** Letters, digits and pictures only: what formatting may not take away. Addresses of links may be shown or not. */
function lettersOf(text: string): string {
  return text.replaceAll(/https:\/\/example\.org\/?/g, "").replaceAll(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, "");
}

/** What a person should read of a Markdown text. */
function plain(markdown: string): string {
  const read = (node: unknown): string => {
    const { children, value } = node as { value?: string; children?: unknown[] };
    return value ?? (children ?? []).map(read).join(" ");
  };
  return read(parseMarkdown(markdown));
}
