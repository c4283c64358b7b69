import { boolean, dictionary, type JsonSchema, list, object, text, whole } from './json-schema.ts'

/** Sections of osm-edge's MeshConfig that are accepted, so that its manifests pass, and not acted on. */

export const clusterSetSchema: JsonSchema = object({
  properties: list(object({ name: text(), value: text() }, { required: ['name', 'value'] })),
})

export const repoServerSchema: JsonSchema = object({ ipaddr: text(), codebase: text() })

const secretName: JsonSchema = object(
  { name: text(), namespace: text() },
  { required: ['name', 'namespace'] },
)

export const certificateSchema: JsonSchema = object({
  serviceCertValidityDuration: text(),
  certKeyBitSize: whole(),
  ingressGateway: object({
    subjectAltNames: list(text(), { minItems: 1 }),
    validityDuration: text(),
    secret: secretName,
  }),
})

export const featureFlagsSchema: JsonSchema = dictionary(boolean())

const plugin: JsonSchema = object(
  {
    plugin: text(),
    // osm-edge says number, and its own chart has whole ones.
    priority: { type: 'number' },
    disable: boolean(),
  },
  { required: ['plugin', 'priority'] },
)

export const pluginChainsSchema: JsonSchema = dictionary(list(plugin))
