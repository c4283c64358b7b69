import { stringify } from 'yaml'
import type { InstallValues } from '../../../mesh/install/install-values.ts'
import { renderInstall } from '../../../mesh/install/render-install.ts'

/** The objects of an installation as `kubectl apply -f -` takes them. */
export function installYaml(values: InstallValues): string {
  return renderInstall(values)
    .map(object => `---\n${stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })}`)
    .join('')
}
