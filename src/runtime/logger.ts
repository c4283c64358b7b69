import { KisekiError } from '../model/errors.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type LogFields = { readonly [key: string]: string | number | boolean | undefined }

/** One JSON object a line: `time`, `level`, `component`, `message`, then the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

export interface LoggerOptions {
  readonly component: string
  readonly level?: LogLevel
  readonly write?: (line: string) => void
  readonly wallMillis?: () => number
}

export function createLogger(options: LoggerOptions): Logger {
  const least = RANK[options.level ?? 'info']
  const write = options.write ?? (line => process.stderr.write(line))
  const wallMillis = options.wallMillis ?? Date.now

  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (RANK[level] < least) return
    const time = new Date(wallMillis()).toISOString()
    write(`${JSON.stringify({ time, level, component: options.component, message, ...fields })}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** The fields that an error deserves in a log line. */
export function errorFields(thrown: unknown): LogFields {
  if (thrown instanceof KisekiError)
    return { error: thrown.message, code: thrown.code, remedy: thrown.remedy }
  return { error: thrown instanceof Error ? thrown.message : String(thrown) }
}
