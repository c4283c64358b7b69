/** What a command gets. */
export interface CommandContext {
  /** What follows its name. */
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Writes to standard output. */
  readonly print: (text: string) => void
}

/** Throws KisekiError for what a person must know. */
export type CommandRun = (context: CommandContext) => void | Promise<void>
