/** Where a command says something. Texts bring their line ends along. */
export interface Output {
  /** Results: stdout. */
  readonly write: (text: string) => void
  /** Progress and warnings: stderr. */
  readonly note: (text: string) => void
  /** Said with `--verbose` only: stderr. One line without its end. */
  readonly debug: (line: string) => void
}
