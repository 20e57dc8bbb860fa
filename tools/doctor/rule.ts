/** A structure rule: what it asks, why, and how to mend a breach. */
export interface Rule {
  readonly id: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** One line a breach, each beginning with a path. */
  check(checkout: Checkout): Promise<readonly string[]> | readonly string[];
}

/** The files git tracks or would track, and the workspace packages among them. */
export interface Checkout {
  readonly root: string;
  readonly files: readonly string[];
  readonly packages: readonly WorkspacePackage[];
  /** A file's text. */
  read(path: string): string;
}

export interface WorkspacePackage {
  /** Relative to the root. */
  readonly directory: string;
  readonly manifest: {
    readonly name: string;
    readonly version?: string;
    readonly license?: string;
    readonly type?: string;
    readonly description?: string;
    readonly files?: readonly string[];
    readonly exports?: Record<string, Record<string, string>>;
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
    readonly optionalDependencies?: Record<string, string>;
    readonly peerDependencies?: Record<string, string>;
    readonly switchboard?: {
      readonly channel?: string;
      readonly env?: readonly string[];
      /** Sources that are files of their own after the build, besides the exports: workers. */
      readonly entries?: readonly string[];
    };
  };
}

/** TypeScript that ships: no tests, no generated files. */
export function sources({ files }: Checkout): string[] {
  return files.filter((file) => /\.tsx?$/.test(file) && !isTest(file) && !file.endsWith(".d.ts"));
}

export function isTest(file: string): boolean {
  return /\.(test|bench|specs)\.tsx?$/.test(file) || file.includes("/test-support/");
}
