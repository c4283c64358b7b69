/** Everything that a machine can say about the code: types, lint and format, layers, dead code, unit tests. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

const STEPS: readonly Step[] = [
  { name: 'unit tests', command: ['node', 'scripts/test.ts', 'unit'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'lint and format', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'layers', command: ['npm', 'run', '--silent', 'layers'] },
  { name: 'dead code', command: ['npm', 'run', '--silent', 'dead'] },
]

const wanted = process.argv.includes('--no-tests') ? STEPS.filter(step => step.name !== 'unit tests') : STEPS
const queue = [...wanted]
const failures: string[] = []

async function worker(): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const started = performance.now()
    const { code, output } = await run(step.command)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`)
    if (code !== 0) {
      failures.push(step.name)
      console.log(output)
    }
  }
}

function run([command = '', ...args]: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => (output += text))
    child.on('error', error => resolve({ code: 1, output: error.message }))
    child.on('close', code => resolve({ code: code ?? 1, output }))
  })
}

await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
if (failures.length > 0) console.log(`failed: ${failures.join(', ')}`)
process.exitCode = failures.length === 0 ? 0 : 1
