import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { defaultInstallValues } from '../../../mesh/install/install-values.ts'
import { renderInstall } from '../../../mesh/install/render-install.ts'
import { installYaml } from './install-yaml.ts'

it.each(['1.1', '1.2'] as const)(
  'prints objects that a reader of YAML %s takes for what they are',
  version => {
    const values = defaultInstallValues({ meshName: 'osm', meshNamespace: 'osm-system' })
    const documents = parseAllDocuments(installYaml(values), { version })
    expect(Array.isArray(documents) && documents.map(document => document.toJS())).toEqual(
      renderInstall(values),
    )
  },
)
