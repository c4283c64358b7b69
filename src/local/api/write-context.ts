/** Who asks, and how a write is to be done. */
export interface WriteContext {
  /** Owns the fields that are written. */
  readonly manager: string
  readonly user: UserInfo
  /** Everything is checked and completed, nothing is written. */
  readonly dryRun: boolean
  /** It comes from this process: its types were the compiler's business. */
  readonly trusted: boolean
  /** What becomes of fields that the kind does not have: refused, named in a warning, or dropped in silence. */
  readonly validation: 'Strict' | 'Warn' | 'Ignore'
  /** Sentences for the person who asked. */
  readonly warn: (sentence: string) => void
}

/** authentication.k8s.io/v1 `UserInfo`. */
export interface UserInfo {
  readonly username: string
  readonly uid?: string
  readonly groups: readonly string[]
}

/** Part of an object that is written apart from the rest. */
export type WrittenPart = 'status'
