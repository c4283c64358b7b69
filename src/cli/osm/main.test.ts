import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

const MAIN = join(import.meta.dirname, 'main.ts')
const folder = mkdtempSync(join(tmpdir(), 'kiseki-osm-'))
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function osm(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_STATE_HOME: folder, ...env },
  })
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { code, ...output }
}

describe('the command line osm', () => {
  it.each([
    [['--help'], 0, ''],
    [['install', '--help'], 0, ''],
    [['uninstall', 'mesh', '--help'], 0, ''],
    [['version', '--client-only'], 0, ''],
    [['env'], 0, ''],
    [['nonsense'], 2, "unknown command 'nonsense'"],
    [['ns', 'add'], 2, "missing required argument 'namespace'"],
    [['install', '--set', 'osm.tracing.enabled=true'], 2, 'did you mean osm.tracing.enable?'],
    [['install', '--set=tracing.enable=true'], 2, 'did you mean osm.tracing.enable?'],
    [
      ['install', '--set', "can't set this"],
      2,
      'invalid format for --set: key "can\'t set this" has no value',
    ],
    [['install', '--osm-chart-path', 'x'], 2, '--osm-chart-path is not supported'],
    [['install', '--mesh-name', 'A b'], 2, '--mesh-name takes'],
    [['install', '-f', '/nowhere/values.yaml'], 1, '--values /nowhere/values.yaml cannot be read'],
    [['tracing', 'set'], 2, 'say what to set'],
    [['tracing', 'verify', '--service', 'shop'], 2, 'It takes NAMESPACE/NAME'],
    [['tracing', 'verify', '--path', 'x'], 2, 'It takes a path that begins with "/"'],
    [['tracing', 'explain', 'pod', '--query-url', 'ftp://x'], 2, 'It takes a URL'],
    [['tracing', 'explain'], 2, "missing required argument 'pod'"],
    [['up', '--api-port', '70000'], 2, '0 to 65535'],
    [['down', '--timeout', '0s'], 2, 'It takes a number and a unit'],
    [['down'], 0, ''],
    [['ps'], 0, ''],
    [['ps', '-o', 'yaml'], 2, 'Allowed choices are json'],
    [['run', '--port', '80', '--', 'x'], 2, "required option '--name <name>' not specified"],
    [['run', '--name', 'Ab', '--port', '80', '--', 'x'], 2, 'a letter first'],
    [['run', '--name', 'a', '--port', '0', '--', 'x'], 2, 'from 1 to 65535'],
    [['run', '--name', 'a', '--port', '80'], 2, "missing required argument 'command'"],
    [['run', '--name', 'a', '--port', '80', '--env', '=1', '--', 'x'], 2, '--env takes NAME=VALUE'],
    [['run', '--name', 'a', '--port', '80', '--', 'no-such-program'], 1, 'it is not in $PATH'],
    [['run', '--name', 'a', '--port', '80', '--', 'node'], 1, 'Start one: osm up'],
    [['tracing', 'set', 'a:0'], 2, 'the port must be a whole number'],
  ])('ends %j with %i', async (args, code, message) => {
    const ended = await osm(args)
    expect(ended.code, ended.err).toBe(code)
    expect(ended.err).toContain(message)
    if (message === '') expect(ended.out).not.toBe('')
  })

  it.each(['up', 'down', 'ps', 'run', 'tracing verify', 'tracing explain', 'demo'])(
    'tells the exit codes of %s in its help',
    async name => {
      const { code, out } = await osm([...name.split(' '), '--help'])
      expect(code).toBe(0)
      expect(out).toContain(`Usage: osm ${name} `)
      expect(out).toContain('Exit codes: ')
    },
  )

  it('prints an installation: flags win over files, the mesh name over both', async () => {
    const one = file(
      'a.yaml',
      'osm: {deployJaeger: true, tracing: {enable: true, sampledFraction: 0.5, port: 1}}',
    )
    const two = file('b.yaml', 'osm: {tracing: {port: 2}}')
    const set = ['--set', 'osm.tracing.port=3', '--set=osm.meshName=x']
    const { code, out, err } = await osm([
      'install',
      ...['--dry-run', '-f', one, '--values', two, ...set],
      ...['--osm-namespace', 'traced', '--mesh-name', 'm', '--enforce-single-mesh=false'],
    ])
    expect(code, err).toBe(0)
    const objects = [...parseAllDocuments(out)].map(document => document.toJS())
    expect(objects.find(({ kind }) => kind === 'MeshConfig')).toMatchObject({
      metadata: { namespace: 'traced' },
      spec: {
        observability: {
          tracing: { address: 'jaeger.traced.svc.cluster.local', port: 3, sampledFraction: '0.5' },
        },
      },
    })
    expect(objects.find(({ metadata }) => metadata.name === 'osm-controller').metadata.labels).toMatchObject({
      meshName: 'm',
      enforceSingleMesh: 'false',
    })
    expect(err).toContain('osm.meshName is a value of osm-edge that has no effect here')
  })

  it('follows the environment file, and says what is wrong with it', async () => {
    const managed = file('managed.yaml', 'install: {kind: managed, namespace: theirs}')
    const env = await osm(['env'], { OSM_CONFIG: managed })
    expect(env.out).toBe('---\ninstall:\n  kind: managed\n  distribution: ""\n  namespace: theirs\n')
    const install = await osm(['install'], { OSM_CONFIG: managed })
    expect(install.code).toBe(2)
    expect(install.err).toContain("unknown command 'install'")
    const bad = await osm(['env'], { OSM_CONFIG: file('bad.yaml', 'install: 7') })
    expect(bad.code).toBe(1)
    expect(bad.err).toContain('Error: Error parsing environment configuration: install must be an object')
  })
})
