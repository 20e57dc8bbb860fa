import {
  type AccountId,
  type Channel,
  type ChannelId,
  type ConversationId,
  type MessageId,
  type OutboundPart,
  textContent,
} from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { composeDeliveries } from "./compose.ts";

const part = (preview: string, editable: boolean): OutboundPart => ({ payload: preview, preview, editable });

/** Which parts the draft becomes. */
function edited(...parts: readonly OutboundPart[]): (string | undefined)[] {
  const channel = {
    id: "some" as ChannelId,
    capabilities: { controls: { buttons: 1, selects: true, valueBytes: 64 } },
    render: () => parts,
  } as unknown as Channel;
  const deliveries = composeDeliveries({
    channel,
    account: "default" as AccountId,
    target: { conversation: "c" as ConversationId, kind: "direct" },
    content: textContent("x"),
    kind: "answer",
    priority: "normal",
    expiresAt: 1,
    edits: "m1" as MessageId,
  });
  return deliveries.map(({ edits }) => edits);
}

describe("AGT-4 a streamed draft", () => {
  it("becomes the first part that it can be edited into, also behind files", () => {
    expect(edited(part("text", true), part("more", true))).toEqual(["m1", undefined]);
    expect(edited(part("file", false), part("text", true))).toEqual([undefined, "m1"]);
    expect(edited(part("file", false))).toEqual([undefined]);
  });
});
