/**
 * One connection's stream of bytes, whatever carries it (TCP now; TLS or bare handles can stand behind it).
 * Nothing here allocates for a read or a write that the kernel takes at once.
 */
export interface Transport {
  /** Who is told what happens. May change at any time: a connection that turns out to be another is handed over. */
  owner: TransportOwner
  readonly remoteAddress: string
  readonly remotePort: number
  /** False while the connection is being made; what is written until then waits. */
  readonly connected: boolean
  /** Bytes written that the system has not yet taken. */
  readonly unsent: number

  /** False: enough is waiting, go on after `onDrain`. The bytes may be those that an `onData` is just lending. */
  write(bytes: Buffer): boolean
  /** The same for text, each character one byte (Latin-1). */
  writeText(text: string): boolean
  /** Both, in one write; for bytes that are few enough to be copied. */
  writeBoth(text: string, bytes: Buffer): boolean
  /** No `onData` until `resume`. */
  pause(): void
  resume(): void
  /** Nothing more will be written; what was written still goes out. Reading goes on. */
  end(): void
  /** Closes at once. */
  destroy(): void
  /** Closes at once so that the other side sees an error, never a proper end. */
  reset(): void
}

export interface TransportOwner {
  /** Told once, for connections that were made by us. */
  onConnect(): void
  /** `bytes` are lent until this returns: copy what must stay. */
  onData(bytes: Buffer): void
  onDrain(): void
  /** The other side will write nothing more. */
  onEnd(): void
  /** The last thing told, once, also after `destroy`. `failure` is the system's error code, empty where none. */
  onClose(failure: string): void
}
