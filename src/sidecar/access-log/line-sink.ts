import type { Writable } from 'node:stream'
import type { Metrics } from '../../runtime/metrics.ts'

/** Takes lines and never waits: whole lines are written together, and what finds no room is dropped and counted. */
export interface LineSink {
  /** `line`: with its end. */
  write(line: string): void
  /** Writes what waits; what is not taken within the grace is dropped. */
  close(graceMillis: number): Promise<void>
}

export interface LineSinkOptions {
  readonly output: Writable
  readonly metrics: Metrics
  readonly mostWaiting?: number
}

/** Characters that wait while the output is slow. At 500 a line these are about 2,000 lines. */
const MOST_WAITING = 1024 * 1024
const FLUSH_AT = 32 * 1024
/** The longest that a line waits for others. */
const FLUSH_AFTER_MILLIS = 100

/** At every moment: lines taken = written + waiting + the sum of dropped. */
export function createLineSink(options: LineSinkOptions): LineSink {
  const { output, metrics } = options
  const mostWaiting = options.mostWaiting ?? MOST_WAITING
  const written = metrics.counter('kiseki_sidecar_access_log_lines_total', 'Lines of the access log written.')
  const dropped = (reason: string) =>
    metrics.counter(
      'kiseki_sidecar_access_log_dropped_total',
      'Lines of the access log given up, by reason.',
      {
        reason,
      },
    )
  const tooSlow = dropped('output-slow')
  const gone = dropped('output-closed')
  let text = ''
  let lines = 0
  let writing = 0
  let flushing: NodeJS.Timeout | undefined
  let closed = false
  let emptied: () => void = () => undefined

  function flush(): void {
    clearTimeout(flushing)
    flushing = undefined
    if (lines === 0 || writing > 0) return
    const bytes = Buffer.from(text, 'utf8')
    writing = lines
    text = ''
    lines = 0
    output.write(bytes, settle)
  }

  function settle(error: Error | null | undefined): void {
    const count = writing
    writing = 0
    // Given up already, when the grace was over.
    if (count === 0) return
    if (error) gone.add(count)
    else written.add(count)
    if (lines > 0 && (closed || text.length >= FLUSH_AT)) flush()
    else if (lines > 0) flushing ??= setTimeout(flush, FLUSH_AFTER_MILLIS)
    if (lines === 0 && writing === 0) emptied()
  }

  // Each write is told of its failure; a stream that nobody listens to would end the process.
  output.on('error', ignore)

  return {
    write(line) {
      if (closed) return gone.add()
      if (text.length + line.length > mostWaiting) return tooSlow.add()
      text += line
      lines++
      if (writing > 0) return
      if (text.length >= FLUSH_AT) flush()
      else flushing ??= setTimeout(flush, FLUSH_AFTER_MILLIS)
    },
    async close(graceMillis) {
      closed = true
      flush()
      if (writing > 0) {
        const late = setTimeout(() => {
          tooSlow.add(writing + lines)
          writing = 0
          lines = 0
          emptied()
        }, graceMillis)
        await new Promise<void>(resolve => {
          emptied = resolve
        })
        clearTimeout(late)
      }
      output.off('error', ignore)
    },
  }
}

function ignore(): void {}
