/** `parseTarget`: addresses that people type. */
import { SwitchboardError, type Target, textContent } from "@switchboard/domain";
import fc from "fast-check";
import { expect } from "vitest";
import type { Suite } from "./suite.ts";

export function readsAddresses({ channel, scene, test }: Suite): void {
  test("CH-0 reads the ids of its own conversations, and a message sent there arrives", async () => {
    await using it = await scene();
    const direct = await it.greeted();
    const group = await it.simulator.createGroup({ title: "Lunch", people: ["Ann"] });
    for (const conversation of [direct.conversation, group.conversation]) {
      const target = channel.parseTarget(` ${conversation} `);
      expect(target.conversation).toBe(conversation);
      await it.send(target, textContent("by hand"));
      expect(it.simulator.sent({ conversation }).at(-1)?.text).toBe("by hand");
    }
  });

  test("REQ_001 reads any text or refuses it, and nothing else", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom("", " ", "@", ":", "a:b:c", "../..", "1e9"),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const target: Target = channel.parseTarget(text);
          expect(target.conversation).not.toBe("");
          expect(["direct", "group", "channel"]).toContain(target.kind);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SwitchboardError);
          expect((thrown as SwitchboardError).code).toBe("REQ_001");
        }
      }),
      { numRuns: 500, seed: 3 },
    );
    for (const text of ["", "   ", "\u0000"]) expect(() => channel.parseTarget(text)).toThrow(SwitchboardError);
  });
}
