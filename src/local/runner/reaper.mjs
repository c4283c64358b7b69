/**
 * Ends what a run has started when the run is gone: its pipe to us ends, however it went. We have a session of our
 * own, so that nothing that ends the run ends us.
 *
 * node reaper.mjs RUN GRACE_MILLIS; on the standard input `+PGID` and `-PGID`, a line each.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const RUN_VARIABLE = 'KISEKI_RUN'
const LOOK_MILLIS = 25
/** What SIGKILL does not end in this time is beyond us. */
const KILL_MILLIS = 5000

const [, , run = '', graceMillis = '3000'] = process.argv
const marker = Buffer.from(`${RUN_VARIABLE}=${run}\0`)
/** @type {Set<number>} */
const groups = new Set()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

let rest = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', text => {
  const lines = (rest + text).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    const group = Number(line.slice(1))
    if (!Number.isInteger(group) || group <= 1) continue
    if (line.startsWith('+')) groups.add(group)
    if (line.startsWith('-')) groups.delete(group)
  }
})
process.stdin.on('end', () => void reap())
process.stdin.on('error', () => void reap())

let reaping = false
async function reap() {
  if (reaping) return
  reaping = true
  signalAll('SIGTERM')
  if (!(await allGone(Number(graceMillis)))) {
    const deadline = performance.now() + KILL_MILLIS
    do signalAll('SIGKILL')
    while (!(await allGone(LOOK_MILLIS)) && performance.now() < deadline)
  }
  process.exit(0)
}

async function allGone(millis) {
  const deadline = performance.now() + millis
  while (isAnythingRunning()) {
    if (performance.now() >= deadline) return false
    await sleep(LOOK_MILLIS)
  }
  return true
}

function signalAll(signal) {
  for (const group of groups) sendSignal(-group, signal)
  // Those whose group we were never told, or that left it.
  for (const pid of processIds().filter(isMarked)) sendSignal(pid, signal)
}

function isAnythingRunning() {
  const left = [...groups].filter(group => sendSignal(-group, 0))
  if (process.platform !== 'linux') return left.length > 0
  return processIds().some(pid => isMarked(pid) || left.includes(runningGroup(pid)))
}

function processIds() {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 1 && pid !== process.pid)
}

/** The group of a process, if it still runs; what has ended and is only waited for does not count. */
function runningGroup(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return /[ZXx]/.test(state) ? undefined : Number(group)
  } catch {
    return undefined
  }
}

function isMarked(pid) {
  if (run === '') return false
  try {
    const environ = readFileSync(`/proc/${pid}/environ`)
    const at = environ.indexOf(marker)
    return at === 0 || (at > 0 && environ[at - 1] === 0)
  } catch {
    // It is gone, or another user's.
    return false
  }
}

function sendSignal(target, signal) {
  try {
    return process.kill(target, signal)
  } catch {
    return false
  }
}
