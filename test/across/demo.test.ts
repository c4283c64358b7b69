import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'

const osm = join(import.meta.dirname, '..', '..', 'bin', 'osm.cjs')
const FREE_PORTS = ['--page-port', '0', '--zipkin-port', '0']
const folders: string[] = []

function stateDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kiseki-demo-test-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  output: string
}

function run(args: readonly string[], cwd: string = process.cwd()): Run {
  const child = spawn(process.execPath, [osm, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const started: Run = {
    child,
    output: '',
    ended: new Promise(resolve => child.once('close', code => resolve(code))),
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', text => {
      started.output += text
    })
  }
  return started
}

/** The id of the run that takes the state folder; all its processes carry it in their environment. */
async function runIdOf(folder: string): Promise<string> {
  let found: string | undefined
  const seen = () => {
    try {
      found = JSON.parse(readFileSync(join(folder, 'run.lock'), 'utf8')).runId
    } catch {
      // Not yet there.
    }
    return found !== undefined
  }
  await until(seen, 'the run has taken its state folder')
  return found ?? ''
}

/** Those that live. Linux only, like this test. */
function processesWith(runId: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(pid => {
      try {
        const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1')
        // A zombie has left already; only its parent has not noticed.
        return (read('cmdline') + read('environ')).includes(runId) && !/^State:\s+Z/m.test(read('status'))
      } catch {
        return false
      }
    })
    .map(Number)
}

async function until(condition: () => boolean, what: string, timeoutMillis = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMillis
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await delay(10)
  }
}

describe.skipIf(process.platform !== 'linux')('osm demo', () => {
  it('--once prints the success line and the spans of a complete trace, exits 0 and leaves no process', async () => {
    const folder = stateDir()
    const demo = run(['demo', '--once', '--timeout', '90s', '--state-dir', folder, ...FREE_PORTS])
    const runId = await runIdOf(folder)
    expect(await demo.ended, demo.output).toBe(0)
    expect(demo.output).toContain('MAESTRO! THIS TEST SUCCEEDED!')
    expect(demo.output).toMatch(/bookbuyer\s+CLIENT/)
    expect(demo.output).toMatch(/bookstore-v[12]\s+SERVER/)
    expect(demo.output).toMatch(/bookstore-v[12]\s+CLIENT/)
    expect(demo.output).toMatch(/bookwarehouse\s+SERVER/)
    expect(processesWith(runId)).toEqual([])
    // Promised: the first complete trace within 10 s; asserted with fivefold slack.
    const [, seconds] = /^\s*([\d.]+) s {2}first complete trace/m.exec(demo.output) ?? []
    expect(Number(seconds)).toBeLessThan(50)
  })

  it('runs without Jaeger, in a mesh of another name, where .env says so', async () => {
    const folder = stateDir()
    writeFileSync(join(folder, '.env'), 'DEPLOY_JAEGER=false\nMESH_NAME=mine\nK8S_NAMESPACE=mesh-of-mine\n')
    const demo = run(['demo', '--once', '--state-dir', join(folder, 'state'), ...FREE_PORTS], folder)
    expect(await demo.ended, demo.output).toBe(0)
    expect(demo.output).toContain('mesh mine is installed in namespace mesh-of-mine, tracing is off')
    expect(demo.output).toContain('MAESTRO! THIS TEST SUCCEEDED!')
    expect(demo.output).toContain('Spans so far: 0 recorded')
    expect(demo.output).not.toContain('Missing')
  })

  it('--once exits 1 and says what was missing when time is up', async () => {
    const folder = stateDir()
    const demo = run(['demo', '--once', '--timeout', '1ms', '--state-dir', folder, ...FREE_PORTS])
    const runId = await runIdOf(folder)
    expect(await demo.ended).toBe(1)
    expect(demo.output).toMatch(/Missing|did not|in time/)
    expect(processesWith(runId)).toEqual([])
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('leaves no process behind after %s', async signal => {
    const folder = stateDir()
    const demo = run(['demo', '--timeout', '90s', '--state-dir', folder, ...FREE_PORTS])
    const runId = await runIdOf(folder)
    await until(() => demo.output.includes('Ctrl-C ends everything'), 'the demo runs')
    expect(demo.output).toMatch(/The page is at http:\/\/localhost:\d+/)
    expect(processesWith(runId).length).toBeGreaterThan(10)
    demo.child.kill(signal)
    await demo.ended
    await until(() => processesWith(runId).length === 0, 'all processes have ended', 20_000)
  })

  it('ends in order when the terminal and whoever started it both ask for the end', async () => {
    const folder = stateDir()
    const demo = run(['demo', '--timeout', '90s', '--state-dir', folder, ...FREE_PORTS])
    await until(() => demo.output.includes('Ctrl-C ends everything'), 'the demo runs')
    demo.child.kill('SIGINT')
    // Another signal, because two of one kind may arrive as one.
    demo.child.kill('SIGTERM')
    expect(await demo.ended, demo.output).toBe(0)
    expect(demo.output).toContain('ending the demo')
    expect(existsSync(join(folder, 'run.lock'))).toBe(false)
  })

  it('tells of no failure when it is asked to end while it starts', async () => {
    const folder = stateDir()
    const demo = run(['demo', '--timeout', '90s', '--state-dir', folder, ...FREE_PORTS])
    const runId = await runIdOf(folder)
    demo.child.kill('SIGINT')
    expect(await demo.ended, demo.output).toBe(0)
    expect(demo.output).not.toMatch(/Error|did not become ready/)
    expect(processesWith(runId)).toEqual([])
  })

  it('ends in order when nobody reads any more what it says', async () => {
    const folder = stateDir()
    const demo = run(['demo', '--timeout', '90s', '--state-dir', folder, ...FREE_PORTS])
    const runId = await runIdOf(folder)
    demo.child.stdout?.destroy()
    demo.child.stderr?.destroy()
    expect(await new Promise(resolve => demo.child.once('exit', resolve))).toBe(0)
    expect(existsSync(join(folder, 'run.lock'))).toBe(false)
    expect(processesWith(runId)).toEqual([])
  })

  it('says what to do about a state folder that it cannot use', async () => {
    const file = join(stateDir(), 'file')
    writeFileSync(file, '')
    const demo = run(['demo', '--state-dir', file, ...FREE_PORTS])
    expect(await demo.ended).toBe(1)
    expect(demo.output).toMatch(/--state-dir cannot be used: EEXIST.*Name a folder/s)
  })

  it('ends when npm, which started it, is killed', async () => {
    const folder = stateDir()
    const flags = ['--state-dir', folder, ...FREE_PORTS]
    const npm = spawn('npm', ['run', 'demo', '--', ...flags], { cwd: join(osm, '..', '..'), stdio: 'ignore' })
    const runId = await runIdOf(folder)
    await until(() => processesWith(runId).length > 10, 'the demo runs')
    npm.kill('SIGKILL')
    await until(() => processesWith(runId).length === 0, 'all processes have ended', 20_000)
  })

  it('names a wrong flag and exits 2', async () => {
    const demo = run(['demo', '--page-port', 'many'])
    expect(await demo.ended).toBe(2)
    expect(demo.output).toContain('0 to 65535')
  })
})
