/** Bounds of the streams of pods. */
export interface StreamLimits {
  /** Port-forwards, execs and attaches at a time, over all pods. */
  readonly connections: number
  /** Of one connection at a time: each forwarded TCP connection needs two. */
  readonly streams: number
  /** Of one WebSocket message that a client sends. */
  readonly messageBytes: number
  /** Without anything sent or received, a connection is cut. That of kubelet is four hours (streamingConnectionIdleTimeout). */
  readonly idleMillis: number
  /** Between pings, without which a client that vanished is not noticed while nothing is read from it. */
  readonly pingMillis: number
  /** For a client to open all the streams that belong together, as with kubelet. */
  readonly creationMillis: number
  /** For a client to close the connection when all was said. */
  readonly lingerMillis: number
  /** Without output, after a process ended whose outputs others still hold open. */
  readonly quietMillis: number
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  connections: 256,
  streams: 1024,
  messageBytes: 16 * 1024 * 1024,
  idleMillis: 4 * 3600 * 1000,
  pingMillis: 30_000,
  creationMillis: 30_000,
  lingerMillis: 5_000,
  quietMillis: 2_000,
}
