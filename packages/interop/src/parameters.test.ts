/** Every parameter that the published schemas know is taken here, or refused or ignored for a reason that is written down. */
import { isMethod, METHODS, NOT_HERE } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { parametersOf } from "./test-support/their-schemas.ts";

const names = Object.keys(METHODS).filter(isMethod);

/** What a method takes here. */
function takenBy(name: keyof typeof METHODS): string[] {
  const { params } = METHODS[name] as { readonly params: { readonly properties?: object } };
  return Object.keys(params.properties ?? {});
}

describe("the parameters of the published package", () => {
  it("DEV-1 none is dropped unseen", () => {
    const compared = names.filter((name) => parametersOf(name) !== undefined);
    expect(compared.length).toBeGreaterThan(40);
    const dropped = compared.flatMap((name) => {
      const { ignored = {}, refused = {} } = NOT_HERE[name] ?? {};
      const known = new Set([...takenBy(name), ...Object.keys(ignored), ...Object.keys(refused)]);
      return (parametersOf(name) ?? []).filter((each) => !known.has(each)).map((each) => `${name} ${each}`);
    });
    expect(dropped, "take them, or say in packages/protocol/src/methods/not-here.ts why not").toEqual([]);
  });

  it("DEV-1 what is taken here is not said to be refused or ignored", () => {
    const twice = names.flatMap((name) => {
      const { ignored = {}, refused = {} } = NOT_HERE[name] ?? {};
      const taken = takenBy(name);
      return [...Object.keys(ignored), ...Object.keys(refused)]
        .filter((each) => taken.includes(each) || (Object.hasOwn(ignored, each) && Object.hasOwn(refused, each)))
        .map((each) => `${name} ${each}`);
    });
    expect(twice).toEqual([]);
  });
});
