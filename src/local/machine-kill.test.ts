import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  createPod,
  eventually,
  isRunning,
  podOf,
  printedNumbers,
  scratchFolder,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const PROGRAM = fileURLToPath(new URL('./testing/machine-program.ts', import.meta.url))

async function startProgram(stateDir: string): Promise<{ child: ChildProcess; pids: readonly number[] }> {
  const child = spawn(process.execPath, [PROGRAM, stateDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('no output')
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, pids: String(line).split(' ').map(Number) }
}

const noneRuns = (pids: readonly number[]) =>
  eventually(async () => expect(await Promise.all(pids.map(isRunning))).toEqual(pids.map(() => false)))

describe.runIf(process.platform === 'linux')('a machine that is killed', () => {
  it('leaves no process behind', async () => {
    const { child, pids } = await startProgram(await scratchFolder())
    expect(pids).toHaveLength(3)
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true])
    child.kill('SIGKILL')
    await noneRuns(pids)
  })

  it('leaves a folder that the next one can take; who is there is not disturbed', async () => {
    const stateDir = await scratchFolder()
    const { child, pids } = await startProgram(stateDir)
    await expect(testMachine({ stateDir })).rejects.toMatchObject({
      code: 'KISEKI_STATE_IN_USE',
      message: `the state folder ${stateDir} is in use by process ${child.pid}`,
    })
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true])
    child.kill('SIGKILL')
    await once(child, 'exit')
    await testMachine({ stateDir })
    // The next run begins when nothing of the last is left.
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false])
  })

  it('and its reaper too, is cleaned up after by the next run', async () => {
    const stateDir = await scratchFolder()
    const { child, pids } = await startProgram(stateDir)
    const reapers = await childrenNamed(child.pid ?? 0, 'reaper.mjs')
    expect(reapers).toHaveLength(1)
    child.kill('SIGSTOP')
    for (const reaper of reapers) process.kill(reaper, 'SIGKILL')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await isRunning(pids[0] ?? 0)).toBe(true)
    await testMachine({ stateDir })
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false])
  })

  it('after its reaper was, has another one', async () => {
    const { child, pids } = await startProgram(await scratchFolder())
    const [first = 0] = await childrenNamed(child.pid ?? 0, 'reaper.mjs')
    process.kill(first, 'SIGKILL')
    await eventually(async () => {
      const [next = first] = await childrenNamed(child.pid ?? 0, 'reaper.mjs')
      expect(next).not.toBe(first)
    })
    child.kill('SIGKILL')
    await noneRuns(pids)
  })
})

describe('a machine that is stopped', () => {
  it('leaves no process and no lock, but its logs', async () => {
    const stateDir = await scratchFolder()
    const machine = await testMachine({ stateDir })
    const pod = await createPod(machine, podOf([shellContainer('echo $$$$; sleep 600 & wait')]))
    const pids = await printedNumbers(machine)
    await machine.stop()
    expect(await Promise.all(pids.map(isRunning))).toEqual([false])
    expect(await readdir(stateDir)).toEqual(['pods'])
    const log = join(stateDir, 'pods', `default_p_${pod.metadata.uid}`, 'app.log')
    expect(await readFile(log, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z stdout F \d+\n$/)
  })
})

async function childrenNamed(parent: number, name: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(each => /^\d+$/.test(each))
  const found: number[] = []
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(ppid) === parent && command.includes(name)) found.push(Number(pid))
  }
  return found
}
