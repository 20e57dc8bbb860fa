import { type Control, textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { toControls } from "./controls.ts";
import { render } from "./outbound.ts";

const button = (label: string, value = label): Control => ({ kind: "button", label, value });
const many = (count: number) => Array.from({ length: count }, (_, index) => [button(`Choice ${index}`)]);

describe("MSG-4 CH-5 controls", () => {
  it("are buttons up to three short ones, else a list", () => {
    expect(toControls(many(3)).interactives).toMatchObject([{ kind: "buttons" }]);
    expect(toControls(many(4)).interactives).toMatchObject([{ kind: "list", button: "Choose" }]);
    expect(toControls([[button("A label of twenty-one")]]).interactives).toMatchObject([{ kind: "list" }]);
  });

  it("are several lists from eleven on", () => {
    const { interactives } = toControls(many(25));
    expect(interactives.map((each) => each.kind === "list" && each.rows.length)).toEqual([10, 10, 5]);
  });

  it("show a long label whole in the row's description", () => {
    const label = "Deliver it to my neighbour please";
    expect(toControls([[button(label)]]).interactives).toMatchObject([
      { rows: [{ title: "Deliver it to my neighb…", description: label }] },
    ]);
  });

  it("never have two with one title, and are cut at whole characters", () => {
    const [list] = toControls([
      [button("Yes", "1"), button("Yes", "2"), button("👩‍👩‍👧‍👦".repeat(5), "3")],
    ]).interactives;
    expect(list).toMatchObject({
      kind: "list",
      rows: [{ title: "Yes" }, { title: "Yes 2" }, { title: "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…" }],
    });
  });

  it("have one link as a button, and links beside buttons in the text", () => {
    const link: Control = { kind: "link", label: "More", url: "https://example.org/" };
    expect(toControls([[link]])).toEqual({
      interactives: [{ kind: "link", label: "More", url: "https://example.org/" }],
      lines: [],
    });
    expect(toControls([[button("Yes"), link]]).lines).toEqual(["More: https://example.org/"]);
  });

  it("say the name of a select once: on the list's button, or in the text", () => {
    const options = ["Spring", "Summer", "Autumn", "Winter"].map((label) => ({ label, value: label }));
    const named = (label: string, count = 4): Control => ({ kind: "select", label, options: options.slice(0, count) });
    expect(toControls([[named("Season")]])).toMatchObject({ interactives: [{ button: "Season" }], lines: [] });
    expect(toControls([[named("Season", 2)]])).toMatchObject({
      interactives: [{ kind: "buttons" }],
      lines: ["Season"],
    });
    const long = "Which season do you like best";
    expect(toControls([[named(long)]]).lines).toEqual([long]);
    expect(toControls([[named("One")], [named("Two")]]).lines).toEqual(["One", "Two"]);
  });

  it("MSG_008 are refused with values that no row can hold", () => {
    for (const value of ["", "v".repeat(201)]) {
      expect(() => toControls([[button("Yes", value)]])).toThrow(expect.objectContaining({ code: "MSG_008" }));
    }
  });

  it("follow a text that is too long for them", () => {
    const parts = render(textContent("word ".repeat(400), { controls: many(2) }));
    expect(parts.map(({ payload }) => (payload as { type: string }).type)).toEqual(["text", "interactive"]);
  });
});
