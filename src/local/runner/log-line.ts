import type { OutputStream } from './container-process.ts'

/**
 * A line of a container's log, as the CRI has it
 * (github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md).
 */
export interface LogLine {
  readonly time: string
  readonly stream: OutputStream
  /** False: the next line of the stream goes on with it. */
  readonly whole: boolean
  readonly text: Buffer
}

const SPACE = 0x20

/** RFC 3339 with microseconds. */
export function logTime(micros: number): string {
  const fraction = String(Math.floor(micros % 1000)).padStart(3, '0')
  return `${new Date(micros / 1000).toISOString().slice(0, -1)}${fraction}Z`
}

export function logLine({ time, stream, whole, text }: LogLine): Buffer {
  return Buffer.concat([Buffer.from(`${time} ${stream} ${whole ? 'F' : 'P'} `), text, Buffer.from('\n')])
}

/** Undefined where it is no such line. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const timeEnd = line.indexOf(SPACE)
  const streamEnd = line.indexOf(SPACE, timeEnd + 1)
  const tagEnd = line.indexOf(SPACE, streamEnd + 1)
  if (timeEnd < 0 || streamEnd < 0 || tagEnd < 0) return undefined
  const stream = line.toString('latin1', timeEnd + 1, streamEnd)
  if (stream !== 'stdout' && stream !== 'stderr') return undefined
  const whole = line.toString('latin1', streamEnd + 1, tagEnd) === 'F'
  return { time: line.toString('latin1', 0, timeEnd), stream, whole, text: line.subarray(tagEnd + 1) }
}
