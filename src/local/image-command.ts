/** What is started on this machine in the place of an image. */
export interface ImageCommand {
  readonly command: readonly string[]
  /** May name variables as `$(NAME)`. */
  readonly env?: Readonly<Record<string, string>>
  readonly workingDir?: string
}
