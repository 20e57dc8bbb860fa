import { describe, expect, it } from "vitest";
import { estimateTokens } from "./tokens.ts";

/** Counted with the vocabularies cl100k_base and o200k_base (the larger count of the two). */
const COUNTED: readonly (readonly [string, string, number])[] = [
  [
    "English",
    "The message is stored before the platform is told that all is well, so nothing is ever lost on the way.",
    23,
  ],
  ["code", "export function add(first: number, second: number): number {\n  return first + second; // the sum\n}", 24],
  ["JSON", '{"model":"gpt-x","messages":[{"role":"user","content":"hi"}],"stream":true,"temperature":0.7}', 29],
  ["German", "Übermäßig große Änderungen an der Straßenführung wären für Fußgänger möglicherweise gefährlich.", 29],
  ["Polish", "Zażółć gęślą jaźń, a potem wyślij wiadomość do wszystkich użytkowników czatu.", 32],
  ["Russian", "Сообщение сохраняется прежде, чем платформа получит подтверждение.", 26],
  ["Greek", "Το μήνυμα αποθηκεύεται πριν η πλατφόρμα λάβει επιβεβαίωση.", 53],
  ["Chinese", "消息在平台收到确认之前已被持久保存。什么都不会丢失，而且可以看到原因。", 36],
  ["Japanese", "メッセージはプラットフォームに確認応答する前に保存されます。", 28],
  ["Korean", "메시지는 플랫폼이 확인을 받기 전에 저장됩니다.", 23],
  ["Arabic", "يتم حفظ الرسالة قبل أن تتلقى المنصة التأكيد.", 31],
  ["Hindi", "संदेश प्लेटफ़ॉर्म को पुष्टि मिलने से पहले सहेजा जाता है।", 55],
  ["emoji", "😀🎉👍🏽🇩🇪👩‍👩‍👧‍👦🚀", 38],
  ["an address", "https://example.org/a/b/c?x=1&y=2&session=9f8e7d6c5b4a39281706f5e4d3c2b1a0#top", 47],
  ["base64", "TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNlY3RldHVyIGFkaXBpc2NpbmcgZWxpdCwgc2Vk", 56],
  ["digits", "3141592653 5897932384 6264338327 9502884197 1693993751", 24],
  ["a table", "| Fruit | Price |\n| --- | ---: |\n| Apple | 1.20 |\n| Pear | 0.90 |", 27],
];

describe("estimating tokens", () => {
  it.each(COUNTED)("is never far too low, and never wildly too high: %s", (_, text, tokens) => {
    const estimate = estimateTokens(text);
    expect(estimate).toBeGreaterThanOrEqual(tokens);
    expect(estimate).toBeLessThanOrEqual(tokens * 3);
  });

  it("costs nothing for nothing, and is quick for a megabyte", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("word ".repeat(200_000))).toBeGreaterThan(200_000);
  });
});
