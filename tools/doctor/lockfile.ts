/** A rule about package-lock.json: what `npm ci` would refuse. */
import type { Rule } from "./rule.ts";

type Names = Readonly<Record<string, string>>;

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Names;
  readonly devDependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly peerDependencies?: Names;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** By place: `""` is the root, `packages/x` a workspace, `node_modules/a/node_modules/b` an installed package. */
type Entries = Readonly<Record<string, Entry>>;

const OWN_FIELDS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

export const wholeLockfile: Rule = {
  id: "lockfile",
  what: "package-lock.json has an entry for everything that a package.json or one of its own entries asks for.",
  why: "A registry that lacks one platform's package leaves a hole without a word, and then `npm ci` refuses the lockfile.",
  fix: "npm install. If an entry is still missing, take a slightly older version of the package that asks for it.",
  check({ files, packages, read }) {
    if (!files.includes("package-lock.json")) return ["package-lock.json: does not exist"];
    const entries = (JSON.parse(read("package-lock.json")) as { packages?: Entries }).packages ?? {};
    const root = { directory: "", manifest: JSON.parse(read("package.json")) as Entry };
    return [
      ...[root, ...packages].flatMap(({ directory, manifest }) => notRecorded(entries, directory, manifest)),
      ...packages
        .filter(({ directory, manifest }) => entries[`node_modules/${manifest.name}`]?.resolved !== directory)
        .map(({ directory }) => `package-lock.json: ${directory} is not linked`),
      ...Object.entries(entries).flatMap(([place, entry]) => holes(entries, place, entry)),
    ];
  },
};

/** What a manifest of ours asks for, and the lockfile remembers otherwise. */
function notRecorded(entries: Entries, directory: string, manifest: Entry): string[] {
  const entry = entries[directory] ?? {};
  return OWN_FIELDS.flatMap((field) =>
    [...new Set([...Object.keys(manifest[field] ?? {}), ...Object.keys(entry[field] ?? {})])]
      .filter((name) => manifest[field]?.[name] !== entry[field]?.[name])
      .map((name) => `package-lock.json: ${name} of ${join(directory, "package.json")} differs`),
  );
}

/** What an entry asks for and none provides. Development dependencies count for our own packages only. */
function holes(entries: Entries, place: string, entry: Entry): string[] {
  if (entry.link) return [];
  const own = !place.includes("node_modules/");
  const wanted = {
    ...entry.dependencies,
    ...entry.optionalDependencies,
    ...(own ? entry.devDependencies : {}),
  };
  const peers = Object.keys(entry.peerDependencies ?? {});
  const wantedPeers = peers.filter((name) => entry.peerDependenciesMeta?.[name]?.optional !== true);
  return [...new Set([...Object.keys(wanted), ...wantedPeers])]
    .filter((name) => !provided(entries, place, name))
    .map((name) => `package-lock.json: ${name}, which ${place || "package.json"} asks for, has no entry`);
}

/** Looks where Node would: beside the package, then in every folder above. */
function provided(entries: Entries, place: string, name: string): boolean {
  for (let at = place; ; at = parent(at)) {
    if (join(at, `node_modules/${name}`) in entries) return true;
    if (at === "") return false;
  }
}

/** `node_modules/a/node_modules/b` → `node_modules/a` → the root; a workspace's parent is the root. */
function parent(place: string): string {
  const at = place.lastIndexOf("/node_modules/");
  return at < 0 ? "" : place.slice(0, at);
}

function join(directory: string, path: string): string {
  return directory === "" ? path : `${directory}/${path}`;
}
