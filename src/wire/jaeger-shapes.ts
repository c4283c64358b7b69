/** The JSON of Jaeger's classic query API (`/api/*`), as its clients know it. */

export interface JaegerEnvelope<T> {
  readonly data: T
  readonly total: number
  readonly limit: number
  readonly offset: number
  readonly errors: readonly JaegerError[] | null
}

export interface JaegerError {
  /** Absent in the errors of single traces. */
  readonly code?: number
  readonly msg: string
  readonly traceID?: string
}

export interface JaegerTrace {
  /** 16 hex digits where the high half is zero, else 32. */
  readonly traceID: string
  readonly spans: readonly JaegerSpan[]
  /** `p1`, `p2`, … in order of first appearance. */
  readonly processes: Readonly<Record<string, JaegerProcess>>
  readonly warnings: readonly string[] | null
}

export interface JaegerSpan {
  readonly traceID: string
  readonly spanID: string
  readonly operationName: string
  readonly references: readonly JaegerReference[]
  readonly flags?: number
  /** Microseconds since the epoch. */
  readonly startTime: number
  /** Microseconds. */
  readonly duration: number
  readonly tags: readonly JaegerKeyValue[]
  readonly logs: readonly JaegerLog[]
  readonly processID: string
  readonly warnings: readonly string[] | null
}

export interface JaegerReference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM'
  readonly traceID: string
  readonly spanID: string
}

export interface JaegerKeyValue {
  readonly key: string
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary'
  /** An int64 beyond ±(2^53−1) is a decimal string; binary is base64. */
  readonly value: string | number | boolean
}

export interface JaegerLog {
  readonly timestamp: number
  readonly fields: readonly JaegerKeyValue[]
}

export interface JaegerProcess {
  readonly serviceName: string
  readonly tags: readonly JaegerKeyValue[]
}

export interface JaegerOperation {
  readonly name: string
  readonly spanKind: string
}

export interface JaegerDependency {
  readonly parent: string
  readonly child: string
  readonly callCount: number
}
