import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { KisekiError } from '../../model/errors.ts'
import { isAlive, processStat } from './processes.ts'

const LOCK_FILE = 'run.lock'
/** Becomes part of file names. */
const RUN_ID = /^[\w-]+$/

/** Whose a state folder is. */
export interface LockHolder {
  readonly runId: string
  readonly pid: number
  /** Tells the process from a later one with its pid; empty where the system does not tell. */
  readonly startTime: string
}

export interface StateLock {
  release(): Promise<void>
}

export interface StateLockOptions {
  readonly dir: string
  readonly runId: string
  /** Ends what a run left behind that did not end in order. */
  readonly reap: (runId: string) => Promise<void>
}

/** Takes a folder for this process. `KISEKI_STATE_IN_USE` while another run has it. */
export async function lockState(options: StateLockOptions): Promise<StateLock> {
  const { dir, runId } = options
  await mkdir(dir, { recursive: true })
  const file = join(dir, LOCK_FILE)
  const mine = join(dir, `${LOCK_FILE}.${runId}`)
  const holder: LockHolder = { runId, pid: process.pid, startTime: await startTimeOf(process.pid) }
  await writeFile(mine, JSON.stringify(holder))
  try {
    // A link appears with its content, or not at all.
    while (!(await linked(mine, file)) && !(await takenOver(file, mine, options)));
  } finally {
    await rm(mine, { force: true })
  }
  return {
    async release() {
      const present = await readHolder(file)
      if (isHolder(present) && present.runId === runId) await rm(file, { force: true })
    },
  }
}

/** Whose the folder is now; undefined where it is nobody's, or who had it is gone. */
export async function stateHolder(dir: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(join(dir, LOCK_FILE))
  return isHolder(holder) && (await isRunning(holder)) ? holder : undefined
}

/**
 * Replaces the lock of a run that is gone. Of all who find it, only one may: who first links a file that is named
 * after that run. False: look again.
 */
async function takenOver(file: string, mine: string, { dir, reap }: StateLockOptions): Promise<boolean> {
  const holder = await readHolder(file)
  if (holder === 'absent') return false
  if (isHolder(holder) && (await isRunning(holder))) throw inUse(dir, holder)
  const claim = `${file}.after-${isHolder(holder) ? holder.runId : holder}`
  if (!(await linked(mine, claim))) {
    const claimant = await readHolder(claim)
    if (isHolder(claimant) && (await isRunning(claimant))) throw inUse(dir, claimant)
    await rm(claim, { force: true })
    return false
  }
  try {
    // Who had the claim before may have replaced it.
    if (!isDeepStrictEqual(await readHolder(file), holder)) return false
    if (isHolder(holder)) await reap(holder.runId)
    await rename(mine, file)
    return true
  } finally {
    await rm(claim, { force: true })
  }
}

async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target)
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false
    throw error
  }
}

async function readHolder(file: string): Promise<LockHolder | 'absent' | 'unreadable'> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return 'absent'
  try {
    const { runId, pid, startTime }: Partial<LockHolder> = JSON.parse(text)
    if (typeof runId !== 'string' || !RUN_ID.test(runId)) return 'unreadable'
    if (typeof pid !== 'number' || typeof startTime !== 'string') return 'unreadable'
    return { runId, pid, startTime }
  } catch {
    return 'unreadable'
  }
}

function isHolder(read: LockHolder | 'absent' | 'unreadable'): read is LockHolder {
  return typeof read === 'object'
}

/** What has ended, and its parent never asked how, runs no more. */
async function isRunning({ pid, startTime }: LockHolder): Promise<boolean> {
  if (!isAlive(pid)) return false
  const stat = await processStat(pid).catch(() => undefined)
  return stat === undefined ? startTime === '' : !stat.ended && stat.startTime === startTime
}

async function startTimeOf(pid: number): Promise<string> {
  return processStat(pid).then(
    stat => stat.startTime,
    () => '',
  )
}

function inUse(dir: string, { pid }: LockHolder): KisekiError {
  return new KisekiError('KISEKI_STATE_IN_USE', `the state folder ${dir} is in use by process ${pid}`)
}

function isSystemError(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
