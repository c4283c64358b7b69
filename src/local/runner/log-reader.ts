import { type FileHandle, open } from 'node:fs/promises'
import { type ContainerLog, oldLogFile } from './container-log.ts'
import type { OutputStream } from './container-process.ts'
import { logTime, parseLogLine } from './log-line.ts'

export interface ReadLogOptions {
  /** The last so many lines only. */
  readonly tail?: number
  /** Goes on with what is written, until the log is closed; of one start, until that has ended. */
  readonly follow?: boolean
  /** Only lines that are not older, in microseconds since the epoch. */
  readonly sinceMicros?: number
  /** Each line begins with its time and a space. */
  readonly timestamps?: boolean
  /** Which starts of the container; default: all of which there still are lines. */
  readonly run?: 'all' | 'current' | 'previous'
  readonly signal?: AbortSignal
}

const PIECE_BYTES = 65_536
const NEVER = new AbortController().signal

/** The lines of a log, the old file's first. */
export async function* readLog(log: ContainerLog, options: ReadLogOptions = {}): AsyncGenerator<string> {
  const { signal = NEVER, follow = false, tail, run = 'all' } = options
  const start = log.runStarts.at(-1)
  const files = new LogFiles(log)
  const texts = createLineJoiner(printerOf(log, options))
  try {
    if (tail !== undefined) yield* await lastLines(readOn(files, texts, signal), tail)
    for (;;) {
      // Asked for before reading, or what is written in between would not wake us.
      const changed = follow ? log.changed(signal) : undefined
      const closed = log.closed || (run !== 'all' && hasEnded(log, start))
      if (tail === undefined || follow) yield* readOn(files, texts, signal)
      if (changed === undefined || closed || signal.aborted) return
      await changed
    }
  } finally {
    await files.close()
  }
}

/** Whether the container that was started then prints no more. */
function hasEnded(log: ContainerLog, start: string | undefined): boolean {
  return !log.running || log.runStarts.at(-1) !== start
}

async function* readOn(files: LogFiles, texts: LineJoiner, signal: AbortSignal): AsyncGenerator<string> {
  for await (const piece of files.readToEnd()) {
    for (const line of texts.push(piece)) {
      if (signal.aborted) return
      yield line
    }
  }
}

async function lastLines(all: AsyncIterable<string>, count: number): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of all) {
    lines.push(line)
    // Now and then is enough, and costs less than each time.
    if (lines.length > 2 * count + 1024) lines.splice(0, lines.length - count)
  }
  return lines.slice(Math.max(0, lines.length - count))
}

/** Reads on over the file's change into the old one. */
class LogFiles {
  readonly #log: ContainerLog
  #current: { readonly handle: FileHandle; readonly inode: number; offset: number } | undefined
  #first = true

  constructor(log: ContainerLog) {
    this.#log = log
  }

  async *readToEnd(): AsyncGenerator<Buffer> {
    if (this.#first) {
      this.#first = false
      await this.#open(oldLogFile(this.#log.file))
    }
    for (;;) {
      yield* this.#readCurrent()
      if (this.#current?.inode === this.#log.inode) return
      // What was written before it became the old one.
      yield* this.#readCurrent()
      const before = this.#current?.inode
      await this.#open(this.#log.file)
      if (this.#current === undefined || this.#current.inode === before) return
    }
  }

  async close(): Promise<void> {
    await this.#current?.handle.close()
    this.#current = undefined
  }

  async #open(file: string): Promise<void> {
    await this.close()
    const handle = await open(file, 'r').catch(() => undefined)
    if (handle === undefined) return
    this.#current = { handle, inode: (await handle.stat()).ino, offset: 0 }
  }

  async *#readCurrent(): AsyncGenerator<Buffer> {
    const current = this.#current
    if (current === undefined) return
    for (;;) {
      const { buffer, bytesRead } = await current.handle.read({
        buffer: Buffer.alloc(PIECE_BYTES),
        position: current.offset,
      })
      if (bytesRead === 0) return
      current.offset += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }
}

/** Pieces of a log file to the lines that were printed. */
interface LineJoiner {
  push(piece: Buffer): readonly string[]
}

/** What a reader gets to see of a line; undefined: nothing. */
type PrintLine = (time: string, text: string) => string | undefined

function printerOf(
  log: ContainerLog,
  { sinceMicros, timestamps = false, run = 'all' }: ReadLogOptions,
): PrintLine {
  const starts = run === 'all' ? [] : log.runStarts.slice(run === 'current' ? -1 : -2)
  // Times of the log are of one length: they compare as texts.
  const since = sinceMicros === undefined ? '' : logTime(sinceMicros)
  const first = starts[0] !== undefined && starts[0] > since ? starts[0] : since
  const before = run === 'previous' ? starts[1] : undefined
  return (time, text) => {
    if (time < first || (before !== undefined && time >= before)) return undefined
    return timestamps ? `${time} ${text}` : text
  }
}

function createLineJoiner(print: PrintLine): LineJoiner {
  let rest: Buffer = Buffer.alloc(0)
  const parts: Record<OutputStream, Buffer[]> = { stdout: [], stderr: [] }

  function join(line: Buffer): readonly string[] {
    const parsed = parseLogLine(line)
    if (parsed === undefined) return []
    const { stream, whole, text, time } = parsed
    parts[stream].push(text)
    if (!whole) return []
    const joined = Buffer.concat(parts[stream]).toString('utf8')
    parts[stream] = []
    const printed = print(time, joined)
    return printed === undefined ? [] : [printed]
  }

  return {
    push(piece) {
      const all = Buffer.concat([rest, piece])
      const end = all.lastIndexOf('\n')
      rest = all.subarray(end + 1)
      return end < 0 ? [] : linesOf(all.subarray(0, end)).flatMap(join)
    },
  }
}

function linesOf(text: Buffer): readonly Buffer[] {
  const lines: Buffer[] = []
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    lines.push(text.subarray(start, end))
    start = end + 1
  }
  return [...lines, text.subarray(start)]
}
