import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { KisekiError } from '../../../model/errors.ts'

export interface ProgramPlace {
  readonly cwd: string
  /** `$PATH` */
  readonly path: string
  readonly platform?: NodeJS.Platform
}

/**
 * The file that a shell would run, absolute. Throws `KISEKI_NOT_FOUND` where there is none, before anything is created
 * for it. On Windows, where names may lack their end, it is taken as it is.
 */
export async function findProgram(program: string, place: ProgramPlace): Promise<string> {
  const { cwd, path, platform = process.platform } = place
  if (platform === 'win32') return program
  const isPath = program.includes('/')
  // An empty entry is the current folder (POSIX.1-2024, 8.3).
  const folders = path.split(delimiter).map(folder => (isAbsolute(folder) ? folder : resolve(cwd, folder)))
  const files = isPath ? [resolve(cwd, program)] : folders.map(folder => join(folder, program))
  for (const file of files) if (program !== '' && (await isProgram(file))) return file
  const why = isPath ? 'there is no such file that may be run' : 'it is not in $PATH'
  throw new KisekiError('KISEKI_NOT_FOUND', `cannot start ${JSON.stringify(program)}: ${why}`, {
    remedy: 'Write the command behind --, as you would type it in this folder.',
  })
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
