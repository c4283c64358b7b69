/** What forwarding costs, beside others: `node bench/sidecar/forwarding.ts --help`. */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Memory, memoryOf } from './accounting.ts'
import { barTable, type Results, type ScenarioResult } from './bars.ts'
import type { Ground } from './ground.ts'
import { loadWarning, type Machine, machine } from './machine.ts'
import { startUpstream } from './nginx.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { runProgram } from './program.ts'
import { type Absent, idleTable, scenarioTable } from './report.ts'
import { measure } from './rounds.ts'
import type { Scenario } from './scenarios.ts'
import { spanBooks } from './span-books.ts'
import { checkSpans } from './span-check.ts'
import { missingFor, type Subject, type SubjectName, startSubject, TITLES } from './subjects.ts'

/** After the start, until the memory of idle processes is looked at. */
const SETTLED_MILLIS = 3000

async function run(ground: Ground, options: Options): Promise<void> {
  const before = machine()
  console.log(headline(before, options))
  const warning = loadWarning(before)
  if (warning !== undefined) console.log(`\n${warning}`)
  await startUpstream(ground)
  const subjects = await startSubjects(ground, options.subjects)
  const idle = await idleMemory(subjects)
  console.log(`\nSpans, checked: ${await checkSpans(ground)}.\n\n${idleTable(idle)}`)
  const scenarios: ScenarioResult[] = []
  for (const scenario of options.scenarios)
    scenarios.push(await runScenario(ground, scenario, subjects, options))
  const results: Results = { scenarios, idle }
  console.log(barTable(results))
  for (const subject of subjects) {
    const books = await spanBooks(subject)
    if (books !== undefined) console.log(`${TITLES[subject.name]}: ${books}`)
  }
  const after = machine()
  console.log(`\nLoad average: ${before.load.toFixed(2)} before, ${after.load.toFixed(2)} after.`)
  if (options.json !== undefined) writeFileSync(options.json, raw(options, results, [before, after]))
}

function headline({ processor, cores, node }: Machine, { seconds, rounds }: Options): string {
  return (
    `Medians (least–most) of ${rounds} interleaved rounds of ${seconds} s; ${cores} cores of ${processor}; ` +
    `Node ${node}; ${new Date().toISOString().slice(0, 10)}.`
  )
}

async function startSubjects(ground: Ground, names: readonly SubjectName[]): Promise<readonly Subject[]> {
  const subjects: Subject[] = []
  for (const name of names) {
    const missing = missingFor(name)
    if (missing === undefined) subjects.push(await startSubject(ground, name))
    else console.log(`skipped: ${TITLES[name]} ${missing}`)
  }
  return subjects
}

async function idleMemory(subjects: readonly Subject[]): Promise<ReadonlyMap<SubjectName, Memory>> {
  await sleep(SETTLED_MILLIS)
  return new Map(
    subjects.filter(({ pids }) => pids().length > 0).map(({ name, pids }) => [name, memoryOf(pids())]),
  )
}

async function runScenario(
  ground: Ground,
  scenario: Scenario,
  subjects: readonly Subject[],
  options: Options,
): Promise<ScenarioResult> {
  process.stderr.write(`${scenario.title} …\n`)
  const able: Subject[] = []
  const absent: Absent[] = []
  for (const subject of subjects) {
    const reason = await scenario.refusal(ground, subject)
    if (reason === undefined) able.push(subject)
    else absent.push({ title: TITLES[subject.name], reason })
  }
  const measured = await measure(ground, scenario, able, options)
  console.log(scenarioTable(scenario, measured, absent))
  return { scenario, measured }
}

function raw(options: Options, { scenarios, idle }: Results, machines: readonly Machine[]): string {
  const { seconds, rounds } = options
  return JSON.stringify(
    {
      ...{ seconds, rounds, before: machines[0], after: machines[1], idle: Object.fromEntries(idle) },
      scenarios: scenarios.map(({ scenario, measured }) => ({
        title: scenario.title,
        subjects: Object.fromEntries(measured.map(one => [one.subject.name, one.rounds])),
      })),
    },
    undefined,
    1,
  )
}

await runProgram({ help: HELP, read: readOptions, run })
