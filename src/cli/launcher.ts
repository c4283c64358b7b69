import { readFileSync, readlinkSync } from 'node:fs'
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
  else if (env['npm_lifecycle_event'] !== undefined) watchParent(env, gone)
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

function watchParent(env: Environment, gone: () => void): void {
  const before = ancestors(process.ppid, env)
  const timer = setInterval(() => {
    if (ancestors(process.ppid, env) === before) return
    clearInterval(timer)
    gone()
  }, PARENT_CHECK_MILLIS)
  timer.unref()
}

/** What the system tells of processes; empty where it tells nothing. */
export interface ProcessTable {
  parentOf(pid: number): string
  programOf(pid: number): string
}

/**
 * Who must stay: the parent, and its parent too, where between npm and its script stands a shell, which outlives npm.
 * Some shells give their own process to the script. Then npm is the parent, and whose child npm is says nothing.
 */
export function ancestors(parent: number, env: Environment, table: ProcessTable = PROC): string {
  const isNpm = table.programOf(parent) === env['npm_node_execpath']
  return isNpm ? String(parent) : `${parent} ${table.parentOf(parent)}`
}

const PROC: ProcessTable = {
  parentOf: pid =>
    orEmpty(() => /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''),
  programOf: pid => orEmpty(() => readlinkSync(`/proc/${pid}/exe`)),
}

function orEmpty(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
