import { describe, expect, it } from 'vitest'
import type { KubeObject, MeshConfigObject } from '../../model/kubernetes.ts'
import { parseMeshConfig } from '../mesh-config/parse.ts'
import { defaultInstallValues, type InstallValues } from './install-values.ts'
import { renderInstall } from './render-install.ts'
import { valuesFromFlags } from './values-from-flags.ts'

const mesh = { meshName: 'osm', meshNamespace: 'osm-system' }

function values(flag: string): InstallValues {
  const outcome = valuesFromFlags([flag], mesh)
  if ('problems' in outcome) throw new Error(outcome.problems.join('\n'))
  return outcome.values
}

const named = (objects: readonly KubeObject[]) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)

function meshConfigOf(objects: readonly KubeObject[]) {
  const object = objects.find((candidate): candidate is MeshConfigObject => candidate.kind === 'MeshConfig')
  const outcome = parseMeshConfig(object?.spec)
  if ('problems' in outcome) throw new Error(JSON.stringify(outcome.problems))
  return { written: object?.spec, tracing: outcome.config.observability.tracing }
}

describe('renderInstall', () => {
  it('installs namespace and MeshConfig', () => {
    const objects = renderInstall(defaultInstallValues(mesh))
    expect(named(objects)).toEqual(['Namespace/osm-system', 'MeshConfig/osm-mesh-config'])
    expect(meshConfigOf(objects).tracing.enable).toBe(false)
  })

  it('installs Jaeger with tracing on', async () => {
    const objects = renderInstall(values('osm.deployJaeger=true,osm.tracing.enable=true'))
    await expect(`${JSON.stringify(objects, undefined, 2)}\n`).toMatchFileSnapshot(
      '../testdata/install-with-jaeger.json',
    )
  })

  it('writes the address of the Jaeger of the mesh as it will be used', () => {
    const { tracing } = meshConfigOf(renderInstall(values('osm.tracing.enable=true')))
    expect(tracing.address).toBe('jaeger.osm-system.svc.cluster.local')
  })

  it('writes another collector exactly as given', () => {
    const flag =
      'osm.tracing.enable=true,osm.tracing.address=zipkin.example,osm.tracing.port=9000,osm.tracing.endpoint=/s'
    const { written } = meshConfigOf(renderInstall(values(flag)))
    expect(written).toMatchObject({
      observability: { tracing: { enable: true, address: 'zipkin.example', port: 9000, endpoint: '/s' } },
    })
  })

  it('keeps the other values when tracing is off', () => {
    const { tracing } = meshConfigOf(
      renderInstall(values('osm.tracing.sampledFraction=0.1,osm.tracing.spanName=host')),
    )
    expect(tracing).toMatchObject({ enable: false, sampledFraction: '0.1', spanName: 'host', address: '' })
  })

  it('has one Service with the label of the documentation, and it has one port', () => {
    const services = renderInstall(values('osm.deployJaeger=true,osm.tracing.port=9999')).filter(
      object => object.kind === 'Service' && object.metadata.labels?.['app'] === 'jaeger',
    )
    expect(services).toMatchObject([{ metadata: { name: 'jaeger' }, spec: { ports: [{ port: 9999 }] } }])
  })
})
