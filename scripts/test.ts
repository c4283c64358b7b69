/**
 * Runs test projects of vitest.config.ts, one after the other, and ends with `N passed, N failed, N skipped`
 * alone on a line, summed over them. `--add-to FILE` sums over several calls.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { addCounts, type Counts, countsOf, NO_COUNTS, printCounts } from './test-counts.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'add-to': { type: 'string' } },
})

const scratch = mkdtempSync(join(tmpdir(), 'kiseki-test-'))
let counts: Counts =
  values['add-to'] && existsSync(values['add-to'])
    ? JSON.parse(readFileSync(values['add-to'], 'utf8'))
    : NO_COUNTS
let failed = false

for (const project of positionals) {
  const report = join(scratch, `${project}.json`)
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')
  const run = spawnSync(process.execPath, [vitest, ...args], { stdio: 'inherit' })
  failed ||= run.status !== 0
  if (existsSync(report)) counts = addCounts(counts, countsOf(JSON.parse(readFileSync(report, 'utf8'))))
}

rmSync(scratch, { recursive: true, force: true })
if (values['add-to']) writeFileSync(values['add-to'], JSON.stringify(counts))
console.log(printCounts(counts))
process.exitCode = failed || counts.failed > 0 || counts.passed === 0 ? 1 : 0
