import { type FileHandle, open, rename } from 'node:fs/promises'
import type { OutputStream } from './container-process.ts'
import { createLineCutter } from './line-cutter.ts'
import { logLine, logTime } from './log-line.ts'

export interface ContainerLogOptions {
  readonly file: string
  /** A file that is longer becomes the old one, `<file>.1`; the old one before goes. */
  readonly maxBytes: number
  /** Microseconds since the epoch. */
  readonly now: () => number
}

/** What a container prints, in the log format of the CRI: `2026-01-31T12:00:00.000000Z stdout F text`. */
export interface ContainerLog {
  readonly file: string
  /** Names the file that is written now: it changes when the file becomes the old one. 0: none yet. */
  readonly inode: number
  readonly closed: boolean
  /** When the container was started, each time, in the form of the log. */
  readonly runStarts: readonly string[]
  /**
   * What comes from now on is printed by a new start of the container. To be called when that has ended, and its last
   * line is written.
   */
  beginRun(): () => void
  /** Whether what was started last may still print. */
  readonly running: boolean
  write(stream: OutputStream, piece: Buffer): Promise<void>
  /** Writes what is no whole line yet: the stream has ended. */
  endLines(): Promise<void>
  close(): Promise<void>
  /** Resolves at the next write, or when the log is closed, or the signal aborts. */
  changed(signal: AbortSignal): Promise<void>
}

/** The name of the file before. */
export function oldLogFile(file: string): string {
  return `${file}.1`
}

export async function openContainerLog(options: ContainerLogOptions): Promise<ContainerLog> {
  const log = new LogFile(options)
  await log.open()
  return log
}

class LogFile implements ContainerLog {
  readonly file: string
  inode = 0
  closed = false
  running = false
  readonly runStarts: string[] = []
  readonly #options: ContainerLogOptions
  readonly #cutters = { stdout: createLineCutter(), stderr: createLineCutter() }
  readonly #waiting = new Set<() => void>()
  #handle: FileHandle | undefined
  #bytes = 0
  /** Both streams write into one file, one after the other. */
  #last: Promise<void> = Promise.resolve()

  constructor(options: ContainerLogOptions) {
    this.#options = options
    this.file = options.file
  }

  async open(): Promise<void> {
    this.#handle = await open(this.file, 'a')
    const { size, ino } = await this.#handle.stat()
    this.#bytes = size
    this.inode = ino
  }

  beginRun(): () => void {
    const start = logTime(this.#options.now())
    this.runStarts.push(start)
    // Only the last two are ever asked for.
    if (this.runStarts.length > 2) this.runStarts.shift()
    this.running = true
    return () => {
      if (this.runStarts.at(-1) === start) this.running = false
      this.#wake()
    }
  }

  write(stream: OutputStream, piece: Buffer): Promise<void> {
    return this.#append(stream, this.#cutters[stream].push(piece))
  }

  async endLines(): Promise<void> {
    await this.#append('stdout', this.#cutters.stdout.end())
    await this.#append('stderr', this.#cutters.stderr.end())
  }

  async close(): Promise<void> {
    await this.endLines()
    this.closed = true
    await this.#last
    await this.#handle?.close()
    this.#handle = undefined
    this.#wake()
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (this.closed || signal.aborted) return resolve()
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  #append(
    stream: OutputStream,
    lines: ReturnType<ReturnType<typeof createLineCutter>['push']>,
  ): Promise<void> {
    if (lines.length === 0) return this.#last
    const time = logTime(this.#options.now())
    const text = Buffer.concat(lines.map(line => logLine({ time, stream, ...line })))
    const written = this.#last.then(() => this.#writeText(text))
    // One piece that cannot be written must not hold up those after it.
    this.#last = written.catch(() => undefined)
    return written
  }

  async #writeText(text: Buffer): Promise<void> {
    if (this.#handle === undefined) return
    if (this.#bytes > 0 && this.#bytes + text.length > this.#options.maxBytes)
      await this.#rotate(this.#handle)
    this.#bytes += text.length
    await this.#handle.appendFile(text)
    this.#wake()
  }

  async #rotate(handle: FileHandle): Promise<void> {
    // Somebody may have tidied the file away: then there is no old one, and a new one all the same.
    await rename(this.file, oldLogFile(this.file)).catch(unlessMissing)
    await this.open()
    await handle.close()
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
