import type { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { SIGNATURE_HEADER, signatureOf, TIMESTAMP_HEADER, verifySignature } from "./signature.ts";

/** The worked example of docs.slack.dev/authentication/verifying-requests-from-slack. */
const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const TIMESTAMP = "1531420618";
const BODY =
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const NOW = Number(TIMESTAMP) * 1000;

const call = (headers: Readonly<Record<string, string | undefined>>, body = BODY) => ({
  body: new TextEncoder().encode(body),
  headers,
});
const headers = { [SIGNATURE_HEADER]: SIGNATURE, [TIMESTAMP_HEADER]: TIMESTAMP };

function verdict(work: () => void): string {
  try {
    work();
    return "accepted";
  } catch (thrown) {
    return (thrown as SwitchboardError).code;
  }
}

describe("CH-2 GHSA-xh72 Slack's signature", () => {
  it("is Slack's own example", () => {
    expect(signatureOf(SECRET, TIMESTAMP, BODY)).toBe(SIGNATURE);
    expect(verdict(() => verifySignature(call(headers), SECRET, NOW))).toBe("accepted");
  });

  it("fits the bytes, the time and the secret, or the call is refused", () => {
    const changed = [
      call(headers, `${BODY} `),
      call(headers, BODY.replace("text=&", "text=1&")),
      call({ ...headers, [TIMESTAMP_HEADER]: "1531420619" }),
      call({ ...headers, [TIMESTAMP_HEADER]: `${TIMESTAMP}.0` }),
      call({ ...headers, [SIGNATURE_HEADER]: SIGNATURE.toUpperCase() }),
      call({ ...headers, [SIGNATURE_HEADER]: SIGNATURE.replace("v0", "v1") }),
      call({ ...headers, [SIGNATURE_HEADER]: "" }),
      call({ [SIGNATURE_HEADER]: SIGNATURE }),
      call({ [TIMESTAMP_HEADER]: TIMESTAMP }),
      call({}),
    ];
    for (const each of changed) expect(verdict(() => verifySignature(each, SECRET, NOW))).toBe("SEC_002");
    for (const secret of [`${SECRET}x`, "", undefined]) {
      expect(verdict(() => verifySignature(call(headers), secret, NOW))).toBe("SEC_002");
    }
  });

  it("is good for five minutes, both ways", () => {
    const minute = 60_000;
    for (const [shift, expected] of [
      [4.9, "accepted"],
      [-4.9, "accepted"],
      [5.1, "SEC_002"],
      [-5.1, "SEC_002"],
      [1e6, "SEC_002"],
    ] as const) {
      expect(
        verdict(() => verifySignature(call(headers), SECRET, NOW + shift * minute)),
        `${shift}`,
      ).toBe(expected);
    }
  });
});
