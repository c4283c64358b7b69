import { chmod, mkdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRunningMesh } from '../../../src/app/mesh/background/running-mesh.ts'
import { createQueryClient } from '../../../src/client/query-client.ts'
import { DEPLOYMENTS, NAMESPACES, PODS, SERVICES } from '../../../src/kube/resources.ts'
import type { KubeObject } from '../../../src/model/kubernetes.ts'
import { type OsmUnderTest, openOsm, podProcesses, until } from './osm-under-test.ts'

const ECHO = join(import.meta.dirname, '..', 'apps', 'echo.mjs')
const TRACED = '--set=osm.deployJaeger=true,osm.tracing.enable=true'

describe.skipIf(process.platform !== 'linux')('osm run, osm tracing verify and explain', () => {
  let osm: OsmUnderTest

  beforeAll(async () => {
    osm = await openOsm()
  })
  afterAll(() => osm.close())

  const entryIn = (text: string): string => /from this machine +(http:\/\/\S+)/.exec(text)?.[1] ?? ''
  /** What is left of runs in the namespace that they make. */
  const left = async () => {
    const { client } = await osm.cluster()
    const lists = await Promise.all([
      client.list(DEPLOYMENTS, { namespace: 'apps' }),
      client.list(SERVICES, { namespace: 'apps' }),
      client.list(PODS, { namespace: 'apps' }),
    ])
    const objects = lists.flatMap<KubeObject>(({ items }) => items)
    return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  }
  const processesOfMesh = async () => podProcesses((await findRunningMesh(osm.stateDir))?.runId ?? '')

  it('says what is missing: a cluster, then a mesh', async () => {
    const run = ['run', '--name', 'echo', '--port', '8080', '--', 'node', ECHO]
    const alone = await osm.run(...run)
    expect(alone).toMatchObject({ code: 1, out: '' })
    expect(alone.err).toMatch(/no local cluster runs\n.*osm up.*osm install/)
    expect((await osm.run('up')).code).toBe(0)
    const bare = await osm.run(...run)
    expect(bare.code).toBe(1)
    expect(bare.err).toMatch(/no mesh is installed in the local cluster\n.*osm install/)
    expect((await osm.run('install', TRACED)).code).toBe(0)
  })

  it('verify says that there is no Service yet', async () => {
    const verify = await osm.run('tracing', 'verify')
    expect(verify.code).toBe(1)
    expect(verify.out).toMatch(
      /failed +a Service of the mesh takes requests\n.*no namespace of mesh osm has a Service/,
    )
  })

  it('runs a process behind a sidecar until Ctrl-C, and leaves nothing behind', async () => {
    const before = await processesOfMesh()
    const run = osm.start(['run', '--name', 'echo', '--port', '8080', '--', 'node', ECHO])
    await until(() => run.err().includes('to end it'), 'it is ready')
    expect(run.err()).toContain('  in the mesh        http://echo.apps:8080\n')
    const headers = { 'user-agent': 'a test' }
    const answer = await fetch(`${entryIn(run.err())}/hello?x=1`, { headers })
    expect(answer.status).toBe(200)
    // Only a sidecar adds them.
    expect(await answer.json()).toMatchObject({ url: '/hello?x=1', headers: { 'x-b3-sampled': '1' } })
    await until(() => run.out().includes('listening\n'), 'its output is printed')
    expect((await osm.run('ps')).out).toMatch(/apps +echo +2\/2 +Running +\d+,\d+ +http:\/\/127\.64\./)

    run.child.kill('SIGINT')
    const ended = await run.ended
    expect(ended.code, ended.err).toBe(0)
    expect(ended.err).toContain('echo is removed from the mesh')
    expect(await left()).toEqual([])
    const { client } = await osm.cluster()
    await until(async () => {
      const { items } = await client.list(NAMESPACES)
      return !items.some(({ metadata }) => metadata.name === 'apps')
    }, 'the namespace is gone, too')
    expect((await processesOfMesh()).length).toBe(before.length)
  })

  it('ends as the command ends, which runs once, here, with what --env says', async () => {
    const folder = join(osm.home, 'work')
    await mkdir(folder)
    const script = 'pwd; echo "$GREETING"; echo once >> runs; echo "$0 $1" >&2; exit 7'
    const args = ['run', '--name', 'job', '--port', '8080', '--env', 'GREETING=a $(PATH) $$ b']
    const ended = await osm.start([...args, '--', 'sh', '-c', script, '$(HOME)', 'x y'], { cwd: folder })
      .ended
    expect(ended.code, ended.err).toBe(7)
    const lines = [await realpath(folder), 'a $(PATH) $$ b', '$(HOME) x y']
    expect(ended.out.split('\n').slice(0, 3).sort()).toEqual(lines.sort())
    const cat = ['run', '--name', 'job', '--port', '8080', '--', 'cat', 'runs']
    expect((await osm.start(cat, { cwd: folder }).ended).out).toBe('once\n')
    expect(await left()).toEqual([])
  })

  it('prints what the process says when it is told to end', async () => {
    const script = 'trap "echo bye; exit 0" TERM; echo hello; while :; do sleep 0.05; done'
    const run = osm.start(['run', '--name', 'job', '--port', '8080', '--', 'sh', '-c', script])
    await until(() => run.out().includes('hello\n'), 'it runs')
    run.child.kill('SIGINT')
    expect(await run.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^hello\n(.*\n)*bye\n/) })
  })

  it('names a command that cannot be started, and leaves nothing behind', async () => {
    const absent = await osm.run('run', '--name', 'job', '--port', '8080', '--', 'no-such-program')
    expect(absent).toMatchObject({
      code: 1,
      err: expect.stringContaining('"no-such-program": it is not in $PATH'),
    })
    const broken = join(osm.home, 'broken')
    await writeFile(broken, '#!/no/such/interpreter\n')
    await chmod(broken, 0o755)
    const refused = await osm.run('run', '--name', 'job', '--port', '8080', '--', './broken')
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/cannot start ".*\/broken": .*ENOENT/)
    expect(await left()).toEqual([])
  })

  it('leaves it running with --detach; then its name is taken', async () => {
    const args = ['run', '--name', 'echo', '--port', '8080', '--detach', '--', 'node', ECHO]
    const run = await osm.run(...args)
    expect(run.code, run.err).toBe(0)
    expect((await fetch(entryIn(run.out))).status).toBe(200)
    expect(run.out).toContain('kubectl delete deployment,service echo -n apps')
    const again = await osm.run(...args)
    expect(again.code).toBe(1)
    expect(again.err).toContain('there is a Deployment echo in namespace apps already')
    expect((await left()).length).toBe(3)
  })

  const podOf = async (app: string) => {
    const { client } = await osm.cluster()
    const { items } = await client.list(PODS, { namespace: 'apps', labels: { app } })
    return items[0]?.metadata.name ?? ''
  }

  it('verify finds the trace of its request', async () => {
    const verify = await osm.run('tracing', 'verify', '--path', '/verified?a=1')
    expect(verify.code, verify.out + verify.err).toBe(0)
    expect(verify.out).toContain('http://echo.apps:8080/verified?a=1 answered 200')
    expect(verify.out).toMatch(/its trace is found\n +trace [0-9a-f]{32} after .* s: 1 span of echo\n/)
    const named = await osm.run('tracing', 'verify', '--service', 'apps/echo:8080', '-o', 'json')
    expect(JSON.parse(named.out)).toMatchObject({ ok: true })
    const wrong = await osm.run('tracing', 'verify', '--service', 'apps/echo:81')
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('Service apps/echo has no port 81') })
  })

  it('explain finds nothing wrong with a pod whose traces are there', async () => {
    const explain = await osm.run('tracing', 'explain', await podOf('echo'), '-n', 'apps', '-o', 'json')
    expect(explain.code, explain.out + explain.err).toBe(0)
    const { ok, steps } = JSON.parse(explain.out)
    expect(ok).toBe(true)
    expect(steps.map(({ answer }: { answer: string }) => answer)).toEqual(Array(13).fill('yes'))
    expect(steps.at(-1).detail).toMatch(/^Service osm-system\/jaeger-query has trace [0-9a-f]+ of echo$/)
  })

  it('verify and explain say that the collector takes nothing', async () => {
    await osm.run('tracing', 'set', '127.0.0.1:1')
    const verify = await osm.run('tracing', 'verify', '--timeout', '4s')
    expect(verify.code).toBe(1)
    expect(verify.out).toMatch(/failed +its trace is found\n.*does not know trace/)
    expect(verify.out).toContain('last answer of the collector: connect ECONNREFUSED')
    const explain = await osm.run('tracing', 'explain', await podOf('echo'), '-n', 'apps')
    expect(explain.code).toBe(1)
    expect(explain.out).toMatch(/failed +the collector has taken spans\n(.*\n)*.*ECONNREFUSED/)
    await osm.run('tracing', 'set', 'jaeger.osm-system.svc:9412')
    expect((await osm.run('tracing', 'verify')).out).toMatch(
      /failed +the collector can be reached\n +Service osm-system\/jaeger has no port 9412, but 9411/,
    )
    await osm.run('tracing', 'disable')
    const off = await osm.run('tracing', 'explain', await podOf('echo'), '-n', 'apps')
    expect(off).toMatchObject({ code: 1, out: expect.stringMatching(/^failed +tracing is switched on/) })
  })

  it('verify asks the query API that is named', async () => {
    await osm.run('tracing', 'enable', 'jaeger.osm-system.svc:9411')
    const wrong = await osm.run('tracing', 'verify', '--query-url', 'http://127.0.0.1:1', '--timeout', '2s')
    expect(wrong).toMatchObject({
      code: 1,
      out: expect.stringContaining('no answer from http://127.0.0.1:1'),
    })
    const jaeger = (await (await osm.cluster()).client.list(PODS, { labels: { app: 'jaeger' } })).items[0]
    const { address, port } = JSON.parse(jaeger?.metadata.annotations?.['kiseki.dev/ports'] ?? '{}')[16686]
    const queryUrl = `http://${address}:${port}`
    const verify = await osm.run('tracing', 'verify', '--query-url', queryUrl)
    expect(verify.code, verify.out).toBe(0)
    expect(await createQueryClient({ baseUrl: queryUrl }).services()).toContain('echo')
  })

  it('run names a namespace that belongs to no mesh', async () => {
    const { client } = await osm.cluster()
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } })
    const run = await osm.run('run', '--name', 'echo', '--namespace', 'other', '--port', '8080', '--', 'true')
    expect(run.code).toBe(1)
    expect(run.err).toMatch(
      /it would get no sidecar: other does not belong to mesh osm\n.*osm namespace add other/,
    )
  })
})
