/** Rules about packages and their manifests. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "./rule.ts";

const EXACT = /^(npm:[^@]*@?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

export const exactPins: Rule = {
  id: "exact-pins",
  what: "Every dependency has one exact version.",
  why: "npm resolves ranges by its own Node, silently to older releases, and builds stop being repeatable.",
  fix: "Write the version without ^ or ~.",
  check: ({ packages, read }) =>
    [{ directory: ".", manifest: JSON.parse(read("package.json")) }, ...packages].flatMap(({ directory, manifest }) =>
      (["dependencies", "devDependencies", "optionalDependencies"] as const).flatMap((field) =>
        Object.entries((manifest[field] ?? {}) as Record<string, string>)
          .filter(([, version]) => !EXACT.test(version))
          .map(([name, version]) => `${directory}/package.json: ${name} is "${version}"`),
      ),
    ),
};

export const oneVersionEach: Rule = {
  id: "one-version-each",
  what: "All packages use the same version of a dependency.",
  why: "Two copies double the memory and make `instanceof` lie.",
  fix: "Align the versions.",
  check({ packages }) {
    const seen = new Map<string, Map<string, string>>();
    for (const { directory, manifest } of packages) {
      for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
        const versions = seen.get(name) ?? new Map<string, string>();
        versions.set(version, directory);
        seen.set(name, versions);
      }
    }
    return [...seen]
      .filter(([, versions]) => versions.size > 1)
      .map(
        ([name, versions]) => `${[...versions.values()].join(", ")}: ${name} as ${[...versions.keys()].join(" and ")}`,
      );
  },
};

export const wholeManifest: Rule = {
  id: "whole-manifest",
  what: "Every package says its name, purpose, licence, and exports source, types and built file of each entry.",
  why: "Development runs from source, users from the built files; both must be found.",
  fix: "Copy the form of packages/core/package.json.",
  check: ({ packages, files }) =>
    packages.flatMap(({ directory, manifest }) => {
      const problems: string[] = [];
      const folder = directory.split("/")[1];
      const name = directory.startsWith("channels/") ? `@switchboard/channel-${folder}` : `@switchboard/${folder}`;
      if (manifest.name !== name) problems.push(`its name is ${manifest.name}, not ${name}`);
      if (manifest.license !== "MIT") problems.push("the licence is missing");
      if (manifest.type !== "module") problems.push("the type is not module");
      if (!manifest.description) problems.push("the description is missing");
      for (const [entry, targets] of Object.entries(manifest.exports ?? {})) {
        const source = targets["@switchboard/source"];
        if (!targets.default) problems.push(`export ${entry} has no built file`);
        if (source && !files.includes(join(directory, source)))
          problems.push(`export ${entry}: ${source} does not exist`);
      }
      return problems.map((problem) => `${directory}/package.json: ${problem}`);
    }),
};

export const references: Rule = {
  id: "project-references",
  what: "A package's tsconfig references exactly the workspace packages that its manifest depends on.",
  why: "Otherwise the build runs in the wrong order or checks against stale types.",
  fix: "Align `references` in tsconfig.json with `dependencies` in package.json.",
  check: ({ packages, read, root }) =>
    packages.flatMap(({ directory, manifest }) => {
      const file = join(directory, "tsconfig.json");
      if (!existsSync(join(root, file))) return [`${file} does not exist`];
      const byName = new Map(packages.map((each) => [each.manifest.name, each.directory]));
      const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
        .map((name) => byName.get(name))
        .filter((each) => each !== undefined);
      const config = JSON.parse(read(file)) as { references?: { path: string }[] };
      const has = (config.references ?? [])
        .map(({ path }) => join(directory, path))
        .filter((each) => !each.startsWith(`${directory}/`));
      return [
        ...wanted.filter((each) => !has.includes(each)).map((each) => `${file}: no reference to ${each}`),
        ...has
          .filter((each) => !wanted.includes(each))
          .map((each) => `${file}: ${each} is referenced but no dependency`),
      ];
    }),
};

export const channelFolders: Rule = {
  id: "channel-folders",
  what: "A channel package carries its folder's name and has index, config, inbound, outbound, a simulator and a README.",
  why: "Whoever knows one channel finds everything in the next one.",
  fix: "Name the files as in the other channels, and set `switchboard.channel` in package.json.",
  check: ({ packages, files }) =>
    packages
      .filter(({ directory }) => directory.startsWith("channels/"))
      .flatMap(({ directory, manifest }) => {
        const wanted = [
          "src/index.ts",
          "src/config.ts",
          "src/inbound.ts",
          "src/outbound.ts",
          "src/channel.test.ts",
          "simulator/index.ts",
          "README.md",
        ];
        const missing = wanted
          .filter((file) => !files.includes(`${directory}/${file}`))
          .map((file) => `${directory}: ${file} is missing`);
        const id = manifest.switchboard?.channel;
        return id === directory.split("/")[1]
          ? missing
          : [...missing, `${directory}/package.json: switchboard.channel is ${id}`];
      }),
};
