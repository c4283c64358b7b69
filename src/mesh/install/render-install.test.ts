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
  it('installs the mesh in an order in which the API takes it, without Jaeger and tracing', () => {
    const objects = renderInstall(defaultInstallValues(mesh))
    expect(named(objects)).toEqual([
      'Namespace/osm-system',
      'CustomResourceDefinition/meshconfigs.config.openservicemesh.io',
      'MeshConfig/osm-mesh-config',
      'CustomResourceDefinition/upstreamtrafficsettings.policy.openservicemesh.io',
      'CustomResourceDefinition/retries.policy.openservicemesh.io',
      'ServiceAccount/osm',
      'ClusterRole/osm',
      'ClusterRoleBinding/osm',
      'Role/osm',
      'RoleBinding/osm',
      'MutatingWebhookConfiguration/osm-webhook-osm',
      'ValidatingWebhookConfiguration/osm-validator-mesh-osm',
      'Deployment/osm-controller',
      'Service/osm-controller',
      'Deployment/osm-injector',
      'Service/osm-injector',
    ])
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
    expect(tracing).toMatchObject({ enable: false, sampledFraction: '0.1', spanName: 'host' })
    expect(tracing.address).toBe('jaeger.osm-system.svc.cluster.local')
  })

  it('writes what spans and responses shall say only where it was set', () => {
    const flag =
      'osm.tracing.headerTags={x-tenant,X-Plan},osm.tracing.queryStrings=redact,osm.tracing.responseHeaders=false,osm.accessLog.enable=true'
    expect(meshConfigOf(renderInstall(values(flag))).written).toMatchObject({
      observability: {
        tracing: { headerTags: ['x-tenant', 'x-plan'], queryStrings: 'redact', responseHeaders: false },
        accessLog: { enable: true },
      },
    })
    const { written } = meshConfigOf(renderInstall(values('osm.tracing.enable=true')))
    expect(JSON.stringify(written)).not.toMatch(/headerTags|queryStrings|responseHeaders|accessLog/)
  })

  it('tells the controller which mesh it is of, and finds it by its labels', () => {
    const objects = renderInstall(
      defaultInstallValues({
        meshName: 'm',
        meshNamespace: 'n',
        version: '1.2.3',
        enforceSingleMesh: false,
      }),
    )
    const controller = objects.find(object => object.metadata.name === 'osm-controller')
    expect(controller?.metadata.labels).toMatchObject({
      app: 'osm-controller',
      meshName: 'm',
      enforceSingleMesh: 'false',
      'app.kubernetes.io/version': '1.2.3',
    })
  })

  it('sends pods of the namespaces of the mesh to the injector, and no others', () => {
    const objects = renderInstall(defaultInstallValues(mesh))
    const webhook = objects.find(({ kind }) => kind === 'MutatingWebhookConfiguration')
    expect(webhook).toMatchObject({
      webhooks: [
        {
          clientConfig: { service: { name: 'osm-injector', namespace: 'osm-system', port: 9090 } },
          namespaceSelector: { matchLabels: { 'openservicemesh.io/monitored-by': 'osm' } },
          failurePolicy: 'Fail',
        },
      ],
    })
  })

  it('takes the images from the values', () => {
    const flag = 'osm.osmController.image=a:1,osm.injector.image=b:2,osm.sidecarImage=c:3'
    const text = JSON.stringify(renderInstall(values(flag)))
    expect(text).toContain('"image":"a:1"')
    expect(text).toContain('"image":"b:2"')
    expect(text).toContain('{"name":"SIDECAR_IMAGE","value":"c:3"}')
  })

  it('has one Service with the label of the documentation, and it has one port', () => {
    const services = renderInstall(values('osm.deployJaeger=true,osm.tracing.port=9999')).filter(
      object => object.kind === 'Service' && object.metadata.labels?.['app'] === 'jaeger',
    )
    expect(services).toMatchObject([{ metadata: { name: 'jaeger' }, spec: { ports: [{ port: 9999 }] } }])
  })
})
