/** Content of a file: text, bytes in base64, or where a symbolic link leads. */
export type FileContent = string | { readonly base64: string } | { readonly link: string };

/** What a command printed, as byte strings, and the files that it wrote. `WORK` stands for the scene's folder. */
export interface CommandRecording {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Text by path of what is new or otherwise; null for what is gone. */
  readonly written?: Readonly<Record<string, string | null>>;
}

/** One call of Helm. */
export interface HelmCommand {
  readonly name: string;
  /** Words after `helm`; `WORK` stands for the scene's folder. */
  readonly words: readonly string[];
  /** Files beside those of the scene. */
  readonly files?: Readonly<Record<string, FileContent>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Flags that only ours has. */
  readonly ownFlags?: readonly string[];
  /** Why ours refuses what Helm does; its one line on stderr is then all there is. */
  readonly refused?: string;
  /** By Helm version, versions that print the same together: `4.2.4 4.3.1`. */
  readonly recorded?: Readonly<Record<string, CommandRecording>>;
}

/** Files that several calls start from, each in a folder of its own. */
export interface Scene {
  readonly files: Readonly<Record<string, FileContent>>;
  readonly commands: readonly HelmCommand[];
}
