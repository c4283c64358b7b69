import { readFileSync } from 'node:fs'

/** Of `/proc/<pid>/stat`; the same on every Linux that matters. */
const TICKS_PER_SECOND = 100

export interface CpuTime {
  readonly userSeconds: number
  readonly systemSeconds: number
}

export interface Memory {
  /** What nothing but this process has a use for: heap, buffers, stacks. */
  readonly anonymousMegabytes: number
  /** With the pages of program files, which all processes of one program share. */
  readonly residentMegabytes: number
}

/** What the processes have used, all threads of theirs. */
export function cpuTimeOf(pids: readonly number[]): CpuTime {
  let user = 0
  let system = 0
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    user += Number(fields[11])
    system += Number(fields[12])
  }
  return { userSeconds: user / TICKS_PER_SECOND, systemSeconds: system / TICKS_PER_SECOND }
}

export function memoryOf(pids: readonly number[]): Memory {
  let anonymous = 0
  let resident = 0
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    anonymous += kilobytes(status, 'RssAnon')
    resident += kilobytes(status, 'VmRSS')
  }
  return { anonymousMegabytes: (anonymous * 1024) / 1e6, residentMegabytes: (resident * 1024) / 1e6 }
}

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN)
}

/** Looks at the memory again and again; knows the largest that was seen. */
export class MemoryPeak {
  static readonly #EVERY_MILLIS = 100
  readonly #pids: readonly number[]
  readonly #timer: NodeJS.Timeout
  #anonymous = 0
  #resident = 0

  constructor(pids: readonly number[]) {
    this.#pids = pids
    this.#timer = setInterval(() => this.#look(), MemoryPeak.#EVERY_MILLIS)
  }

  peak(): Memory {
    this.#look()
    return { anonymousMegabytes: this.#anonymous, residentMegabytes: this.#resident }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const { anonymousMegabytes, residentMegabytes } = memoryOf(this.#pids)
    this.#anonymous = Math.max(this.#anonymous, anonymousMegabytes)
    this.#resident = Math.max(this.#resident, residentMegabytes)
  }
}
