import { stringify } from 'yaml'
import type { InstallValues } from '../../../mesh/install/install-values.ts'
import { renderInstall } from '../../../mesh/install/render-install.ts'

/** kubectl reads YAML 1.1, in which a bare `off` is a boolean. */
const OPTIONS = { aliasDuplicateObjects: false, lineWidth: 0, schema: 'yaml-1.1' } as const

/** The objects of an installation as `kubectl apply -f -` takes them. */
export function installYaml(values: InstallValues): string {
  return renderInstall(values)
    .map(object => `---\n${stringify(object, OPTIONS)}`)
    .join('')
}
