import { readdir, readFile } from 'node:fs/promises'

/** What can be asked of the system's processes. Where the system tells nothing (not Linux), nothing is found. */

export async function processIds(): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  return (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
}

/** The processes that have `variable=value` in the environment they were started with. */
export async function processesWith(variable: string, value: string): Promise<readonly number[]> {
  const entry = Buffer.from(`${variable}=${value}\0`)
  return filterProcesses(await processIds(), async pid => {
    const environ = await readFile(`/proc/${pid}/environ`)
    const at = environ.indexOf(entry)
    return at === 0 || (at > 0 && environ[at - 1] === 0)
  })
}

/** Without those that have ended and are only waited for. */
export async function processesOfGroup(group: number): Promise<readonly number[]> {
  return filterProcesses(await processIds(), async pid => {
    const stat = await processStat(pid)
    return stat.group === group && !stat.ended
  })
}

/** Whether something of the group still runs. What has ended, and its parent did not ask how, does not count. */
export async function isGroupRunning(group: number): Promise<boolean> {
  if (!isAlive(-group)) return false
  return process.platform !== 'linux' || (await processesOfGroup(group)).length > 0
}

export interface ProcessStat {
  readonly group: number
  /** A zombie, or less. */
  readonly ended: boolean
  /** In clock ticks since the system started: with the pid it names a process for ever. */
  readonly startTime: string
}

/** Throws where there is no such process, or the system does not tell. */
export async function processStat(pid: number): Promise<ProcessStat> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field, the program's name in brackets, may hold anything (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', , group] = fields
  return { group: Number(group), ended: /[ZXx]/.test(state), startTime: fields[19] ?? '' }
}

/** As the process was called; undefined where it is gone. */
export async function commandLine(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text === '' ? undefined : text.replaceAll('\0', ' ').trim()
}

/** Whether there is such a process, or group when it is negative. */
export function isAlive(target: number): boolean {
  return sendSignal(target, 0)
}

/** False where there is none. */
export function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal)
  } catch {
    return false
  }
}

async function filterProcesses(
  pids: readonly number[],
  isWanted: (pid: number) => Promise<boolean>,
): Promise<readonly number[]> {
  // A process that goes while we look is not wanted.
  const wanted = await Promise.all(pids.map(pid => isWanted(pid).catch(() => false)))
  return pids.filter((_, index) => wanted[index])
}
