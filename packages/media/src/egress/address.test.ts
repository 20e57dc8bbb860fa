import { describe, expect, it } from "vitest";
import { reachOf, readAddress } from "./address.ts";
import { allowList } from "./allow-list.ts";

const reach = (text: string) => {
  const address = readAddress(text);
  if (!address) throw new Error(`${text} is no address`);
  return reachOf(address);
};

describe("MSG-6 CVE-2026-28467 which addresses are public", () => {
  it.each([
    ["8.8.8.8", "public"],
    ["172.32.0.1", "public"],
    ["100.128.0.1", "public"],
    ["2606:4700::1111", "public"],
    ["::ffff:8.8.8.8", "public"],
    ["64:ff9b::808:808", "public"],
    ["10.0.0.1", "local"],
    ["172.16.0.1", "local"],
    ["172.31.255.255", "local"],
    ["192.168.1.1", "local"],
    ["127.0.0.1", "local"],
    ["127.255.255.254", "local"],
    ["100.64.0.1", "local"],
    ["100.127.255.255", "local"],
    ["::1", "local"],
    ["fd12::1", "local"],
    ["fc00::1", "local"],
    ["::ffff:127.0.0.1", "local"],
    ["::ffff:7f00:1", "local"],
    ["64:ff9b::7f00:1", "local"],
    ["64:ff9b::10.0.0.1", "local"],
    ["[::1]", "local"],
    ["169.254.169.254", "never"],
    ["169.254.0.1", "never"],
    ["::ffff:169.254.169.254", "never"],
    ["64:ff9b::a9fe:a9fe", "never"],
    ["fd00:ec2::254", "never"],
    ["fd20:ce::254", "never"],
    ["168.63.129.16", "never"],
    ["100.100.100.200", "never"],
    ["192.0.0.192", "never"],
    ["fe80::1", "never"],
    ["fe80::1%eth0", "never"],
    ["fec0::1", "never"],
    ["0.0.0.0", "never"],
    ["0.1.2.3", "never"],
    ["::", "never"],
    ["224.0.0.1", "never"],
    ["239.255.255.255", "never"],
    ["ff02::1", "never"],
    ["255.255.255.255", "never"],
    ["240.0.0.1", "never"],
    ["192.0.2.1", "never"],
    ["198.18.0.1", "never"],
    ["198.51.100.1", "never"],
    ["203.0.113.1", "never"],
    ["2001:db8::1", "never"],
    ["::7f00:1", "never"],
    // The library reads this one as mapped. Sockets and URLs write it as above.
    ["::127.0.0.1", "local"],
    ["::ffff:0:127.0.0.1", "never"],
    ["64:ff9b:1::7f00:1", "never"],
    ["2002:7f00:1::", "never"],
    ["2002:808:808::", "never"],
    ["2001:0:7f00:1::", "never"],
    ["100::1", "never"],
    ["5f00::1", "never"],
    ["4000::1", "never"],
  ])("%s is %s", (text, expected) => {
    expect(reach(text)).toBe(expected);
  });

  it.each(["", "example.org", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "1.2.3.4.5", "1::2::3", "[", "::g"])(
    "reads nothing into %j",
    (text) => {
      expect(readAddress(text)).toBeUndefined();
    },
  );
});

describe("MSG-6 OPS-1 egress.allow", () => {
  const permits = (entries: readonly string[], address: string, host = "x.org") => {
    const read = readAddress(address);
    if (!read) throw new Error(`${address} is no address`);
    return allowList(entries).permits(read, host);
  };

  it.each([
    [["10.0.0.0/8"], "10.1.2.3", "x.org", true],
    [["10.0.0.0/8"], "11.1.2.3", "x.org", true],
    [["10.0.0.0/8"], "192.168.1.1", "x.org", false],
    [["192.168.1.7"], "192.168.1.7", "x.org", true],
    [["192.168.1.7"], "192.168.1.8", "x.org", false],
    [["192.168.1.7"], "::ffff:192.168.1.7", "x.org", true],
    [["fd12::/16"], "fd12:3::1", "x.org", true],
    [["fd12::/16"], "fd13::1", "x.org", false],
    [["files.lan"], "10.0.0.1", "FILES.lan.", true],
    [["Files.LAN."], "10.0.0.1", "files.lan", true],
    [["files.lan"], "10.0.0.1", "evil-files.lan", false],
    [["files.lan"], "10.0.0.1", "files.lan.evil.org", false],
    [["*.lan"], "10.0.0.1", "files.lan", true],
    [["*.lan"], "10.0.0.1", "lan", false],
    [["files.lan"], "169.254.169.254", "files.lan", false],
    [["files.lan"], "0.0.0.0", "files.lan", false],
    [["169.254.169.254"], "169.254.169.254", "x.org", true],
  ])("%j lets a request to %s of %s through: %s", (entries, address, host, expected) => {
    expect(permits(entries, address, host)).toBe(expected);
  });

  it.each(["", "10.0.0.0/33", "10.0.0/8", "fd12::/129", "x.org/8", "http://x.org", "x.org:80", "a b", "10.1", "*"])(
    "CFG_001 refuses %j and names it",
    (entry) => {
      expect(() => allowList([entry])).toThrow(
        expect.objectContaining({ code: "CFG_001", message: expect.stringContaining("egress.allow") }),
      );
    },
  );
});
