import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const PACKAGE_NAME = 'kiseki'

/**
 * The folder of the package: where its package.json is, above the program that runs. Sources and bundles stand
 * at different depths, so it is searched for; a bundle in CommonJS has no `import.meta` to ask.
 */
export function packageRoot(start: string = dirname(resolve(process.argv[1] ?? '.'))): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (packageNameIn(folder) === PACKAGE_NAME) return folder
    if (folder === dirname(folder)) return process.cwd()
  }
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

function packageNameIn(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }).name
  } catch {
    return undefined
  }
}
