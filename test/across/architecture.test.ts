import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

interface Cruise {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[]
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
  }
}

function cruise(...folders: string[]): Cruise {
  const bin = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const args = [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders]
  try {
    return JSON.parse(
      execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }),
    )
  } catch (failed) {
    // It exits with the number of violations; the report is there all the same.
    return JSON.parse((failed as { stdout: string }).stdout)
  }
}

const planted: string[] = []

function plant(folder: string, source: string): string {
  mkdirSync(join(root, folder), { recursive: true })
  const made = mkdtempSync(join(root, folder, 'planted-'))
  planted.push(made)
  writeFileSync(join(made, 'planted.ts'), source)
  return `${folder}/${made.split('/').at(-1)}`
}

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('the law of the house', () => {
  it('holds, and was really looked at', () => {
    const { modules, summary } = cruise('src', 'demo')
    expect(summary.violations.map(v => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([])
    // A cruiser that cannot parse TypeScript cruises nothing and is content.
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      file => file.endsWith('.ts') || file.endsWith('.tsx'),
    )
    const cruised = new Set(modules.map(module => module.source))
    expect(sources.filter(file => !cruised.has(join('src', file)))).toEqual([])
    expect(modules.filter(module => module.dependencies.length > 0).length).toBeGreaterThan(50)
  })

  it('is broken by planted imports of each kind', () => {
    const direct = plant(
      'src/wire',
      "import { createClock } from '../../runtime/clock.ts'\nexport const planted = createClock\n",
    )
    const type = plant('src/trace', "export type { SpanStore } from '../../storage/span-store.ts'\n")
    const node = plant(
      'src/mesh',
      "import { readFileSync } from 'node:fs'\nexport const planted = readFileSync\n",
    )
    const demo = plant(
      'demo',
      "import { createClock } from '../../src/runtime/clock.ts'\nexport const planted = createClock\n",
    )
    const found = cruise(direct, type, node, demo).summary.violations.map(v => v.rule.name)
    expect(found).toContain('wire-imports-only-model')
    expect(found).toContain('trace-imports-only-model')
    expect(found).toContain('mesh-never-reaches-node')
    expect(found).toContain('demo-knows-nothing-of-ours')
  })
})
