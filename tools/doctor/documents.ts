/** Rules that hold documents and code together. */
import { ERRORS } from "@switchboard/domain";
import type { Rule } from "./rule.ts";

export const errorTable: Rule = {
  id: "error-table",
  what: "docs/errors.md lists exactly the codes of the error table, with their titles.",
  why: "Whoever meets a code looks it up there.",
  fix: "npm run docs",
  check({ files, read }) {
    if (!files.includes("docs/errors.md")) return ["docs/errors.md: does not exist"];
    const documented = new Map(
      [...read("docs/errors.md").matchAll(/^\| `([A-Z]+_\d{3})` \| ([^|]+) \|/gm)].map(([, code, title]) => [
        code,
        title?.trim(),
      ]),
    );
    const codes = Object.entries(ERRORS);
    return [
      ...codes
        .filter(([code, { title }]) => documented.get(code) !== title)
        .map(([code]) => `docs/errors.md: ${code} is missing or differs`),
      ...[...documented.keys()]
        .filter((code) => !Object.hasOwn(ERRORS, code ?? ""))
        .map((code) => `docs/errors.md: ${code} does not exist`),
    ];
  },
};

/** What must never be committed: places of one machine, and credentials that look real. */
const PRIVATE = [/\/(root|home\/[a-z]+)\//, /\bsk-[A-Za-z0-9]{20,}/, /\bgh[pousr]_[A-Za-z0-9]{20,}/, /xox[bap]-\d{6,}/];

export const nothingPrivate: Rule = {
  id: "nothing-private",
  what: "No machine paths and no credentials in files.",
  why: "What is published stays published.",
  fix: "Take it out; revoke the credential.",
  check: (checkout) =>
    checkout.files
      .filter(
        (file) =>
          /\.(tsx?|mjs|json|md|ya?ml|sh|html|css|sql)$|(^|\/)run$/.test(file) &&
          file !== "package-lock.json" &&
          !file.startsWith("tools/doctor/"),
      )
      .flatMap((file) =>
        checkout
          .read(file)
          .split("\n")
          .map((line, index) => ({ line, number: index + 1 }))
          .filter(({ line }) => PRIVATE.some((pattern) => pattern.test(line)))
          .map(({ number }) => `${file}:${number}`),
      ),
};

export const decisions: Rule = {
  id: "decision-records",
  what: "Decision records are numbered without gaps and named in docs/adr/README.md.",
  why: "A record nobody finds decides nothing.",
  fix: "Number it, and add its line to docs/adr/README.md.",
  check({ files, read }) {
    const records = files.filter((file) => /^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/.test(file)).sort();
    const index = files.includes("docs/adr/README.md") ? read("docs/adr/README.md") : "";
    return records.flatMap((file, position) => {
      const number = file.slice("docs/adr/".length, "docs/adr/".length + 4);
      const problems = number === String(position + 1).padStart(4, "0") ? [] : [`${file}: number out of order`];
      return index.includes(file.slice("docs/adr/".length))
        ? problems
        : [...problems, `${file}: not in docs/adr/README.md`];
    });
  },
};
