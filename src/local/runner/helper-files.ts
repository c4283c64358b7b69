import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Plain files that other processes run: they are not part of any bundle. */
export type HelperFile = 'reaper.mjs' | 'bind-hook.cjs'

/** The one place that knows where they are: beside this source, or in the folder that whoever bundles us names. */
export function helperPath(file: HelperFile, helperDir?: string): string {
  if (helperDir !== undefined) return join(helperDir, file)
  return fileURLToPath(new URL(`./${file}`, import.meta.url))
}
