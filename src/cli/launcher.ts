import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

const PARENT_CHECK_MILLIS = 500

/**
 * Calls `gone` when whoever started this program is gone without a word:
 * - the launcher, which runs on an older Node and holds the other end of a pipe, named in `KISEKI_LAUNCHER_FD`;
 * - npm: then its shell, our parent, gets another parent. Only under npm: a shell that put us into the background may go, and we stay.
 */
export function onLauncherGone(env: Environment, gone: () => void): void {
  const fd = Number(env['KISEKI_LAUNCHER_FD'] ?? Number.NaN)
  if (Number.isInteger(fd)) watchPipe(fd, gone)
  else if (env['npm_lifecycle_event'] !== undefined) watchParent(gone)
}

function watchPipe(fd: number, gone: () => void): void {
  try {
    const pipe = new Socket({ fd, readable: true, writable: false })
    pipe.on('error', () => undefined)
    pipe.on('end', gone)
    pipe.unref()
    pipe.resume()
  } catch {
    // The variable was inherited, the pipe was not: then somebody else was launched.
  }
}

function watchParent(gone: () => void): void {
  const before = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(timer)
    gone()
  }, PARENT_CHECK_MILLIS)
  timer.unref()
}

/** The parent and its parent: between npm and its script stands a shell, which outlives npm. */
function ancestors(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`
}

/** Empty where the system does not tell; then the parent has to do. */
function parentOf(pid: number): string {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}
