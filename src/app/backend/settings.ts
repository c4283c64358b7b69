import type { Micros } from '../../model/micros.ts'
import type { BasePath } from '../../query/base-path.ts'
import type { ListenAddress } from '../../runtime/http-server.ts'
import type { LogLevel } from '../../runtime/logger.ts'

/** What the tracing backend is told. `flags.ts` says how. */
export interface Settings {
  readonly zipkin: ListenAddress | 'off'
  /** False: both of OTLP's are off. */
  readonly otlp: boolean
  readonly otlpGrpc: ListenAddress | 'off'
  readonly otlpHttp: ListenAddress | 'off'
  readonly otlpCorsOrigins: readonly string[]
  readonly otlpCorsHeaders: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly corsHeaders: readonly string[]
  readonly query: ListenAddress
  readonly basePath: BasePath
  /** 0: nothing is moved. */
  readonly maxClockSkew: Micros
  readonly admin: ListenAddress
  readonly storage: 'memory'
  /** 0: no bound. */
  readonly maxTraces: number
  readonly maxBytes: number
  readonly logLevel: LogLevel
}
