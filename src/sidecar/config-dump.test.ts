import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../model/json.ts'
import { createLogger } from '../runtime/logger.ts'
import { encodeSidecarConfig } from '../wire/sidecar-config-json.ts'
import type { SidecarSettings } from './settings.ts'
import { startSidecar } from './sidecar.ts'
import { closedAfterEach } from './testing/cleanup.ts'
import { startControlPlane } from './testing/fake-control-plane.ts'
import { ask } from './testing/http-client.ts'
import { clusterOf, configOf, type Rig, type RigOptions, startRig } from './testing/rig.ts'

const closing = closedAfterEach()
const SILENT = createLogger({ component: 'test', write: () => undefined })

const settingsFor = (controlPlaneUrl: string): SidecarSettings => ({
  pod: { address: '127.0.0.1', uid: 'uid-1', name: 'p', namespace: 'n' },
  controlPlaneUrl,
  listenHost: '127.0.0.1',
  ports: { admin: 0, outbound: 0, inbound: 0, metrics: 0 },
  stateDir: undefined,
})

const SHOP: RigOptions = {
  inbound: { '9001': { appPort: 19_001 } },
  hosts: { 'books.shop:80': 'shop/books|80', 'books:80': 'shop/books|80', 'db.shop:3306': 'shop/db|3306' },
  clusters: {
    'shop/books|80': {
      protocol: 'http',
      endpoints: [
        { address: '10.1.0.2', port: 80, weight: 3 },
        { address: '10.1.0.3', port: 80, weight: 1, via: { address: '127.0.0.3', port: 15_003 } },
      ],
    },
    'shop/db|3306': { protocol: 'tcp', endpoints: [] },
  },
  tracing: { sampledFraction: 0.25 },
}

async function dumpOf(rig: Rig): Promise<string> {
  const answer = await ask({ port: rig.sidecar.ports.admin, path: '/config_dump' })
  expect(answer.status).toBe(200)
  return answer.body.toString()
}

/** All objects and lists in it, however deep. */
function partsOf(value: Json): readonly Json[] {
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  return [value, ...inner.flatMap(partsOf)]
}

/** Clusters of the dump, by name. */
function clusterNames(dump: string): readonly unknown[] {
  return partsOf(JSON.parse(dump) as Json)
    .filter(isJsonObject)
    .filter(part => part['alt_stat_name'] !== undefined)
    .map(part => part['name'])
}

describe('the dump of the configuration', () => {
  it('is that of the golden file', async () => {
    const rig = closing(await startRig(SHOP))
    const dump = (await dumpOf(rig))
      .replaceAll(/"r\d+"/g, '"REVISION"')
      .replaceAll(new RegExp(`\\b(?:${rig.inbound}|${rig.outbound}|${rig.collector.port})\\b`, 'g'), '1')
    await expect(dump).toMatchFileSnapshot('./testdata/config-dump.json')
  })

  it('has the lines that the page of documentation shows, with its very indentation', async () => {
    const rig = closing(await startRig(SHOP))
    expect(await dumpOf(rig)).toContain(`"name": "pipy-tracing-cluster",
      "type": "LOGICAL_DNS",
      "connect_timeout": "1s",
      "alt_stat_name": "pipy-tracing-cluster",
      "load_assignment": {
       "cluster_name": "pipy-tracing-cluster",
       "endpoints": [
        {
         "lb_endpoints": [
          {
           "endpoint": {
            "address": {
             "socket_address": {
              "address": "jaeger.osm-system.svc.cluster.local",
              "port_value": 9411
`)
  })

  it('follows what is in force: another collector, off, and never what was refused', async () => {
    const rig = closing(await startRig(SHOP))
    await rig.reconfigure({ ...SHOP, tracing: { address: 'zipkin.example', port: 9999, endpoint: '/spans' } })
    const moved = await dumpOf(rig)
    expect(moved).toContain('"address": "zipkin.example",\n              "port_value": 9999\n')
    expect(JSON.parse(moved)).toMatchObject({
      revision: rig.control.answers.at(-1)?.revision,
      tracing: { enable: true, address: 'zipkin.example', port: 9999, endpoint: '/spans' },
    })
    expect(moved).not.toContain('jaeger.osm-system')

    const good = await dumpOf(rig)
    const answer = rig.control.nextAnswer()
    const bad = configOf(
      { ...SHOP, inbound: { '0': { appPort: 1 } }, tracing: { address: 'evil.example' } },
      1,
    )
    rig.control.send(encodeSidecarConfig(bad))
    expect(await answer).toMatchObject({ status: 'refused', revision: bad.revision })
    expect(await dumpOf(rig)).toBe(good)

    await rig.reconfigure({ ...SHOP, tracing: false })
    const off = await dumpOf(rig)
    expect(off).not.toContain('pipy-tracing-cluster')
    expect(off).not.toContain('zipkin.example')
    expect(JSON.parse(off)).toMatchObject({ tracing: { enable: false } })
    expect(clusterNames(off)).toEqual(['shop/books|80', 'shop/db|3306', 'shop/shop|9001|local'])
  })

  it('has no private key in it, though one came with the configuration', async () => {
    const rig = closing(await startRig(SHOP))
    const { revision, ...config } = configOf({ ...SHOP, clusters: { c: clusterOf(1) }, hosts: {} }, 1)
    const key = '-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----'
    const answer = rig.control.nextAnswer()
    rig.control.send(
      JSON.stringify({
        revision,
        ...config,
        certificate: { privateKey: key },
        identity: { ...config.identity, privateKey: key },
        tracing: { ...config.tracing, privateKey: key },
      }),
    )
    expect(await answer).toEqual({ status: 'applied', revision })
    const dump = await dumpOf(rig)
    expect(dump).toContain(revision)
    expect(dump).not.toMatch(/private/i)
    expect(dump).not.toContain('MC4CAQ')
  })

  it('is there before the first configuration, and says that there is none', async () => {
    const control = closing(await startControlPlane())
    const { ports } = closing(await startSidecar(settingsFor(control.url), { logger: SILENT }))
    const dump: unknown = JSON.parse((await ask({ port: ports.admin, path: '/config_dump' })).body.toString())
    expect(dump).toMatchObject({ revision: null, tracing: { enable: false }, sidecar_config: null })
    expect((await ask({ port: ports.admin, path: '/ready' })).status).toBe(503)
  })
})
