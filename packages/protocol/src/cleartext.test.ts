import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLoopback, mayUseCleartext, setupUrl } from "./cleartext.ts";
import { readIpAddress } from "./ip-address.ts";
import { kindOfHost } from "./private-host.ts";

/** As a URL's parser writes a host; `undefined` when it is none. */
const parsedHost = (host: string) => (URL.canParse(`ws://${host}/`) ? new URL(`ws://${host}/`).hostname : undefined);
const allowed = (host: string) => {
  const parsed = parsedHost(host);
  return parsed !== undefined && mayUseCleartext(parsed);
};

describe("hosts that a setup code may name without encryption", () => {
  it.each([
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.0.0.1",
    "127.255.255.255",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "127。0。0。1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "10.0.2.2",
    "10.0.0.0",
    "10.255.255.255",
    "012.0.0.1",
    "167772161",
    "172.16.0.0",
    "172.31.255.255",
    "192.168.0.0",
    "192.168.255.255",
    "192.168.1",
    "169.254.0.0",
    "169.254.255.255",
    "192.168.1.5.",
    "[fe80::1]",
    "[FE80::ABCD]",
    "[febf:ffff::1]",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a00:1]",
    "[::FFFF:A00:1]",
    "[0:0:0:0:0:ffff:192.168.1.5]",
    "[::ffff:172.16.0.1]",
    "nas.local",
    "NAS.Local",
    "nas.local.",
    "living-room.nas.local",
  ])("DEV-7 %s may", (host) => {
    expect(allowed(host)).toBe(true);
  });

  it.each([
    "9.255.255.255",
    "11.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "100.63.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "0.0.0.0",
    "0",
    "255.255.255.255",
    "8.8.8.8",
    "010.0.0.1",
    "[::]",
    "[::2]",
    "[fe7f::1]",
    "[fec0::1]",
    "[fbff::1]",
    "[fe00::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2002:a00:1::]",
    "[2002:c0a8:105::1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b:1::10.0.0.1]",
    "[::10.0.0.1]",
    "[::a00:1]",
    "[::ffff:0:10.0.0.1]",
    "[::fffe:10.0.0.1]",
    "[1::ffff:10.0.0.1]",
    "[::ffff:100.64.0.1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:172.32.0.1]",
    "[2001:0:a00:1::]",
    "[fd::1]",
    "[fe8::1]",
    "local",
    ".local",
    "local.",
    "nas..local",
    "nas.local..",
    "nas.notlocal",
    "naslocal",
    "foo.local.evil.com",
    "local.evil.com",
    "10.0.0.1.evil.com",
    "10.0.0.1.example",
    "127.0.0.1.nip.io",
    "localhost.evil.com",
    "localhost.localdomain",
    "app.localhost",
    "lоcalhost",
    "nas.lоcal",
    "nas.xn--lcal-55d",
    "xn--lcalhost-66g",
    "gateway",
    "gateway.internal",
    "gateway.home.arpa",
    "box.tail1234.ts.net",
    "ts.net",
    "gateway.example.com",
  ])("DEV-7 %s may not", (host) => {
    expect(parsedHost(host)).not.toBe("");
    expect(allowed(host)).toBe(false);
  });

  it.each(["", "[fe80::1%25eth0]", "10.0.0.256", "1.2.3.4.5.local.1", "[::ffff:10.0.0.1", "na s.local", "10.0.0.1:x"])(
    "DEV-7 %s is no host at all",
    (host) => {
      expect(parsedHost(host)).toBeUndefined();
    },
  );

  it.each([
    ["0177.0.0.1", false],
    ["127.1", false],
    ["2130706433", false],
    ["0x7f000001", false],
    ["010.0.0.1", false],
    ["10.0.0.1 ", false],
    ["10.0.0.1\n", false],
    ["fe80::1%eth0", true],
    ["fe80::1%", false],
    ["8.8.8.8%eth0", false],
    ["::ffff:10.0.0.1%eth0", true],
    ["2001:db8::1%10.0.0.1", false],
    ["lоcalhost", false],
    ["nаs.local", false],
    ["::1::", false],
    ["1:2:3:4:5:6:7:8:9", false],
    ["10.0.0.1::", false],
    ["::10.0.0.1:1", false],
    ["", false],
    [".", false],
    ["*.local", false],
    ["user@nas.local", false],
    ["nas.local:80", false],
    ["nas.local/x.local", false],
  ])("DEV-7 %j, which no URL's parser wrote: %s", (host, may) => {
    expect(mayUseCleartext(host)).toBe(may);
  });

  it("DEV-7 holds for every IPv4 address, by arithmetic, in each of its spellings", () => {
    const within = (value: number, base: string, bits: number) => {
      const [a = 0, b = 0, c = 0, d = 0] = base.split(".").map(Number);
      const start = ((a * 256 + b) * 256 + c) * 256 + d;
      return Math.floor(value / 2 ** (32 - bits)) === Math.floor(start / 2 ** (32 - bits));
    };
    const ranges = [
      ["127.0.0.0", 8],
      ["10.0.0.0", 8],
      ["172.16.0.0", 12],
      ["192.168.0.0", 16],
      ["169.254.0.0", 16],
    ] as const;
    const edges = ranges.flatMap(([base, bits]) => {
      const [a = 0, b = 0] = base.split(".").map(Number);
      const start = (a * 256 + b) * 65_536;
      return [start - 1, start, start + 2 ** (32 - bits) - 1, start + 2 ** (32 - bits)];
    });
    const addresses = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(addresses, (value) => {
        const octets = [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256);
        const hex = value.toString(16).padStart(8, "0");
        const expected = ranges.some(([base, bits]) => within(value, base, bits));
        const spellings = [
          octets.join("."),
          `${octets.join(".")}.`,
          String(value),
          `0x${hex}`,
          octets.map((octet) => `0${octet.toString(8)}`).join("."),
          `${octets[0]}.${value % 2 ** 24}`,
          `[::ffff:${octets.join(".")}]`,
          `[::FFFF:${hex.slice(0, 4)}:${hex.slice(4)}]`,
          `[0000:0000:0000:0000:0000:ffff:${octets.join(".")}]`,
        ];
        for (const spelling of spellings) expect([spelling, allowed(spelling)]).toEqual([spelling, expected]);
        // Carried inside another address it is nothing but that other address.
        for (const prefix of ["2002:", "64:ff9b::", "::", "::ffff:0:", "2001:db8::"]) {
          const host = `[${prefix}${hex.slice(0, 4)}:${hex.slice(4)}${prefix === "2002:" ? "::" : ""}]`;
          const isItsOwn = prefix === "::" && value === 1;
          expect([host, allowed(host)]).toEqual([host, isItsOwn]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("DEV-7 holds for every IPv6 address, by its first bits", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const [first = 0] = groups;
        const expected = (first >= 0xfc00 && first <= 0xfdff) || (first >= 0xfe80 && first <= 0xfebf);
        const long = groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
        const unusual = groups.slice(0, 5).every((group) => group === 0);
        for (const spelling of [`[${long}]`, `[${long.toUpperCase()}]`]) {
          if (!unusual) expect([spelling, allowed(spelling)]).toEqual([spelling, expected]);
        }
      }),
      { numRuns: 500 },
    );
    for (const first of [0xfbff, 0xfc00, 0xfdff, 0xfe00, 0xfe7f, 0xfe80, 0xfebf, 0xfec0]) {
      const expected = (first >= 0xfc00 && first <= 0xfdff) || (first >= 0xfe80 && first <= 0xfebf);
      expect(allowed(`[${first.toString(16)}::1]`)).toBe(expected);
    }
  });

  it("DEV-7 holds for every name: only a whole last label `local` counts", () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/).filter((text) => !text.startsWith("xn--"));
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const name = labels.join(".");
        expect(allowed(`${name}.local`)).toBe(true);
        const isLocal = labels.length > 1 && labels.at(-1) === "local";
        expect(allowed(name)).toBe(isLocal || name === "localhost");
        expect(allowed(`${name}.local.example`)).toBe(false);
        expect(allowed(`${name}.ts.net`)).toBe(false);
      }),
    );
  });

  it("CVE-2026-32034 is never laxer than what a client speaks to in the clear", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["http"] }), fc.ipV4(), fc.ipV6(), (url, v4, v6) => {
        for (const host of [new URL(url).hostname, v4, parsedHost(`[${v6}]`) ?? ""]) {
          if (mayUseCleartext(host)) expect(kindOfHost(host)).not.toBe("public");
          if (isLoopback(host)) expect(kindOfHost(host)).toBe("loopback");
        }
      }),
    );
  });

  it("reads no address out of what is none, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const address = readIpAddress(text);
        if (address) expect(text).toMatch(/^[0-9a-f:.]+(%.+)?$/i);
      }),
    );
  });
});

describe("an address in a setup code", () => {
  it.each([
    ["ws://localhost:18789", "ws://localhost:18789"],
    ["WS://LocalHost:18789/", "ws://localhost:18789"],
    ["ws://192.168.1.5:18789/ws", "ws://192.168.1.5:18789/ws"],
    ["ws://0xc0a80105:80", "ws://192.168.1.5"],
    ["wss://gateway.example.com", "wss://gateway.example.com"],
    ["wss://gateway.example.com:443/base/", "wss://gateway.example.com/base/"],
    ["wss://100.64.0.1:18789", "wss://100.64.0.1:18789"],
    ["wss://box.tail1234.ts.net", "wss://box.tail1234.ts.net"],
    ["ws://[fd00::0001]:1", "ws://[fd00::1]:1"],
  ])("DEV-6 %s is written %s", (text, url) => {
    expect(setupUrl(text)).toBe(url);
    expect(setupUrl(url)).toBe(url);
  });

  it.each([
    ["nothing", ""],
    ["no URL", "gateway:1:2"],
    ["the web's scheme", "http://localhost:18789"],
    ["another scheme", "ftp://localhost"],
    ["a script", "javascript:alert(1)"],
    ["a file", "file:///etc/passwd"],
    ["a user", "ws://hunter2@localhost"],
    ["a password", "wss://user:hunter2@gateway.example.com"],
    ["a host that is the user's part", "ws://nas.local@evil.example"],
    ["a query", "wss://gateway.example.com/?token=hunter2"],
    ["an empty query", "wss://gateway.example.com/?"],
    ["a fragment", "wss://gateway.example.com/#hunter2"],
    ["an empty fragment", "wss://gateway.example.com/#"],
    ["a port that is none", "ws://localhost:65536"],
    ["no host", "ws://"],
    ["CVE-2026-32034 no encryption to the Internet", "ws://gateway.example.com"],
    ["CVE-2026-32034 no encryption to Tailscale", "ws://box.tail1234.ts.net"],
  ])("DEV-6 DEV-7 with %s is refused, without repeating it", (_what, text) => {
    expect(() => setupUrl(text)).toThrow(expect.objectContaining({ code: "REQ_001" }));
    expect(() => setupUrl(text)).not.toThrow(/hunter2|example/);
  });
});
