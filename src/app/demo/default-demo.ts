import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { KisekiError } from '../../model/errors.ts'
import { packageRoot } from '../package-root.ts'

/** The demo that comes along: the first folder below `demo/` that has a `demo.json`. */
export function defaultDemoFolder(): string {
  const demos = join(packageRoot(), 'demo')
  const [first] = readdirSync(demos)
    .sort()
    .map(name => join(demos, name))
    .filter(folder => existsSync(join(folder, 'demo.json')))
  if (first === undefined) throw new KisekiError('KISEKI_NOT_FOUND', `no demo is in ${demos}`)
  return first
}
