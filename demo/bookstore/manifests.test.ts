import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

const here = new URL('./', import.meta.url)
const folder = new URL('k8s/', here)

interface Container {
  readonly name: string
  readonly image: string
  readonly ports: readonly { readonly containerPort: number }[]
  readonly command?: unknown
  readonly args?: unknown
}

interface Manifest {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: {
    readonly selector: Readonly<Record<string, string>>
    readonly ports: readonly { readonly port: number; readonly appProtocol: string }[]
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: { readonly serviceAccountName: string; readonly containers: readonly Container[] }
    }
  }
}

const files: readonly (readonly Manifest[])[] = readdirSync(folder)
  .sort()
  .map(file =>
    parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map(
      (document): Manifest => document.toJS(),
    ),
  )
const all = files.flat()
const of = (kind: string): readonly Manifest[] => all.filter(manifest => manifest.kind === kind)

describe('the manifests', () => {
  it('put every namespace into the mesh', () => {
    expect(of('Namespace').map(({ metadata }) => metadata)).toEqual(
      ['bookbuyer', 'bookstore', 'bookthief', 'bookwarehouse'].map(name => ({
        name,
        labels: { 'openservicemesh.io/monitored-by': 'osm' },
        annotations: { 'openservicemesh.io/sidecar-injection': 'enabled' },
      })),
    )
  })

  it('begin each with the namespace of all that follows, so that kubectl can create them in the order of the files', () => {
    for (const [first, ...others] of files) {
      expect(first?.kind).toBe('Namespace')
      expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(
        new Set([first?.metadata.name]),
      )
    }
  })

  it('select with every service the pods that it is meant for', () => {
    const selected = of('Service').map(service => [
      service.metadata.name,
      of('Deployment')
        .filter(({ metadata }) => metadata.namespace === service.metadata.namespace)
        .filter(({ spec }) =>
          Object.entries(service.spec.selector).every(
            ([key, value]) => spec.template.metadata.labels[key] === value,
          ),
        )
        .map(({ metadata }) => metadata.name),
    ])
    expect(Object.fromEntries(selected)).toEqual({
      bookstore: ['bookstore-v1', 'bookstore-v2'],
      'bookstore-v1': ['bookstore-v1'],
      'bookstore-v2': ['bookstore-v2'],
      bookwarehouse: ['bookwarehouse'],
    })
  })

  it('speak HTTP on 14001 everywhere, which is also the container port', () => {
    const ports = of('Service').flatMap(({ spec }) => spec.ports)
    expect(ports.every(({ port, appProtocol }) => port === 14001 && appProtocol === 'http')).toBe(true)
  })

  it('name the container as its app and leave the command to the image', () => {
    for (const { metadata, spec } of of('Deployment')) {
      const { containers } = spec.template.spec
      const name = spec.template.metadata.labels['app'] ?? ''
      expect(containers).toMatchObject([{ name, image: `kiseki/${name}`, ports: [{ containerPort: 14001 }] }])
      // A plain pod gives no other hint to the program.
      expect(containers).toMatchObject([{ env: expect.arrayContaining([{ name: 'PORT', value: '14001' }]) }])
      expect(containers[0]).not.toHaveProperty('command')
      expect(containers[0]).not.toHaveProperty('args')
      const accounts = of('ServiceAccount').filter(
        account => account.metadata.name === spec.template.spec.serviceAccountName,
      )
      expect(accounts.map(account => account.metadata.namespace)).toEqual([metadata.namespace])
    }
  })
})

describe('the table of images', () => {
  const table: Readonly<Record<string, { command: string[] }>> = JSON.parse(
    readFileSync(new URL('images.json', here), 'utf8'),
  )

  it('has a program for every image of the manifests, and no other', () => {
    const images = of('Deployment').flatMap(({ spec }) =>
      spec.template.spec.containers.map(({ image }) => image),
    )
    expect(Object.keys(table).sort()).toEqual([...new Set(images)].sort())
    for (const { command } of Object.values(table)) {
      const [node, file = ''] = command
      expect(node).toBe('node')
      const path = new URL(file.replace(/^\$\{dir\}\//, ''), here)
      expect(readFileSync(path, 'utf8')).toContain('runProgram(')
    }
  })
})

describe('the programs', () => {
  it('import nothing but Node, their own parts and, on demand, mysql2', () => {
    const sources = readdirSync(here).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    const imported = sources.flatMap(name => {
      const text = readFileSync(new URL(name, here), 'utf8')
      return [
        ...text.matchAll(/^(import type|import|export)\b[^'\n]*?from '([^']+)'|\bimport\('([^']+)'\)/gm),
      ]
        .filter(([, kind]) => kind !== 'import type')
        .map(([, , fixed, dynamic]) => fixed ?? `on demand ${dynamic}`)
    })
    expect(imported.filter(name => !/^(node:|\.\/)/.test(name))).toEqual(['on demand mysql2/promise'])
  })
})
