import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Chapter, eventually, FAILS, manifest, tellSteps } from '../chapter.ts'
import type { Kubectl } from '../kubectl.ts'

const TWO = manifest({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'two' },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      { name: 'a', image: 'none', command: ['sh', '-c', 'echo one; echo two; echo three; sleep 1000'] },
      { name: 'b', image: 'none', command: ['sh', '-c', 'while :; do echo tick; sleep 0.1; done'] },
    ],
  },
})

const CRASHING = manifest({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'crash' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'a', image: 'none', command: ['sh', '-c', 'echo last words; sleep 0.2; exit 3'] }],
  },
})

const lines = (text: string) => text.trimEnd().split('\n')

async function tellLogs(kubectl: Kubectl): Promise<void> {
  await tellSteps(kubectl, [
    ['create -f -', 'pod/two created', TWO],
    ['wait --for=condition=Ready pod/two --timeout=20s', 'met'],
  ])
  await eventually(
    'three lines',
    async () => (await kubectl.run('logs two -c a')).stdout === 'one\ntwo\nthree\n',
  )
  await tellSteps(kubectl, [
    ['logs two -c a --tail=1', /^three\n$/],
    ['logs two -c a --timestamps --tail=1', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z three\n$/],
    ['logs two -c a --limit-bytes=5', /^one\nt$/],
    ['logs two -c a --since-time=2001-01-01T00:00:00Z', /^one\n/],
    ['logs two -c a --previous', 'previous terminated container "a" in pod "two" not found', FAILS],
    ['logs two -c nope', 'container nope is not valid for pod two', FAILS],
    ['logs two --all-containers --prefix --tail=1', /\[pod\/two\/a\] three\n/],
    ['logs two', /one\ntwo\nthree/],
  ])
  const recent = await kubectl.run('logs two -c b --since=1s')
  expect(lines(recent.stdout).length).toBeLessThan(25)
  const followed = kubectl.start('logs two -c b -f --tail=0')
  await followed.until(/tick\ntick\n/)
  await followed.end()
}

export const PODS: readonly Chapter[] = [
  {
    title: 'reads logs',
    async tell(kubectl) {
      await tellLogs(kubectl)
      await tellSteps(kubectl, [
        ['create -f -', 'pod/crash created', CRASHING],
        ['wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/crash --timeout=20s', 'met'],
        ['logs crash --previous', /^last words\n$/],
        ['get pod crash -o jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}', /^3$/],
        ['run unknown --image=nowhere/nothing:9', 'pod/unknown created'],
      ])
      await eventually('nothing to start', async () =>
        /^unknown +0\/1 +(ErrImagePull|ImagePullBackOff) +0 +\d+s$/m.test(
          (await kubectl.run('get pod unknown')).stdout,
        ),
      )
      await tellSteps(kubectl, [
        ['logs unknown', 'container "unknown" in pod "unknown" is waiting to start', FAILS],
        ['describe pod unknown', /Reason: +(ErrImagePull|ImagePullBackOff)/],
        ['delete pod two crash unknown --force --grace-period=0', 'force deleted'],
      ])
    },
  },
  {
    title: 'runs commands and copies files',
    everywhere: true,
    async tell(kubectl, { folder }) {
      await tellSteps(kubectl, [
        ['create -f -', 'pod/two created', TWO],
        ['wait --for=condition=Ready pod/two --timeout=20s', 'met'],
        ['exec two -c a -- echo hello', /^hello\n$/],
        ['exec two -- echo hello', /^hello\n(Defaulted container "a" out of: a, b\n)?$/],
        ['exec -i two -c a -- cat', /^piped in\n$/, { stdin: 'piped in\n' }],
        ['exec two -c a -- nope', 'executable file not found in $PATH', FAILS],
        ['exec two -c nope -- true', /container nope (is not valid for|not found in) pod two/, FAILS],
        ['exec pod/nope -- true', 'pods "nope" not found', FAILS],
      ])
      const failed = await kubectl.run(`exec two -c b -- sh -c 'echo out; echo err >&2; exit 7'`, FAILS)
      expect(failed).toMatchObject({ code: 7, stdout: 'out\n' })
      expect(failed.stderr).toMatch(/^err\ncommand terminated with exit code 7\n$/)

      const file = join(folder, `${kubectl.namespace}.txt`)
      const text = 'a line of some length\n'.repeat(20_000)
      await writeFile(file, text)
      await kubectl.run(`cp ${file} two:${file}.there -c a`)
      expect(await readFile(`${file}.there`, 'utf8')).toBe(text)
      await kubectl.run(`cp two:${file}.there ${file}.back -c a`)
      expect(await readFile(`${file}.back`, 'utf8')).toBe(text)

      const attached = kubectl.start('attach two -c b')
      await attached.until(/tick\ntick\n/)
      await attached.end()
      const { stdout } = await kubectl.run(
        'run once --image=none --restart=Never --rm -i --quiet --command -- cat',
        {
          stdin: '',
        },
      )
      expect(stdout).not.toMatch(/error/)
      await tellSteps(kubectl, [
        ['delete pod two --grace-period=1', 'pod "two" deleted'],
        ['get pods', /No resources found/],
      ])
    },
  },
  {
    title: 'forwards ports and proxies',
    everywhere: true,
    async tell(kubectl) {
      const { namespace } = kubectl
      await tellSteps(kubectl, [
        ['create deployment web --image=greeter:1 --port=8080', 'created'],
        ['expose deploy web --port=80 --target-port=8080', 'exposed'],
        ['rollout status deploy/web --timeout=20s', 'successfully rolled out'],
      ])
      const pod = (await kubectl.run('get pods -o name')).stdout.trim()
      const name = pod.replace('pod/', '')
      for (const [target, port] of [
        [pod, 8080],
        ['svc/web', 80],
        ['deploy/web', 8080],
      ]) {
        const forward = kubectl.start(`port-forward ${target} :${port}`)
        const [, local] = await forward.until(/Forwarding from 127\.0\.0\.1:(\d+)/)
        const answers = await Promise.all(
          [1, 2, 3].map(async () => (await fetch(`http://127.0.0.1:${local}/x`)).json()),
        )
        expect(answers, String(target)).toMatchObject(
          [1, 2, 3].map(() => ({ image: 'greeter:1', url: '/x' })),
        )
        await forward.end()
      }
      await tellSteps(kubectl, [
        [`get --raw /api/v1/namespaces/${namespace}/pods/${name}:8080/proxy/y?z=1`, '"url":"/y?z=1"'],
        [`get --raw /api/v1/namespaces/${namespace}/services/web:80/proxy/s`, '"url":"/s"'],
        [`get --raw /api/v1/namespaces/${namespace}/services/http:web:80/proxy/`, '"url":"/"'],
      ])
      const proxy = kubectl.start('proxy --port=0')
      const [, port] = await proxy.until(/Starting to serve on 127\.0\.0\.1:(\d+)/)
      const base = `http://127.0.0.1:${port}/api/v1/namespaces/${namespace}`
      expect(await (await fetch(`${base}/pods`)).json()).toMatchObject({ kind: 'PodList' })
      const posted = await fetch(`${base}/services/web:80/proxy/posted`, { method: 'POST', body: 'hello' })
      expect(await posted.json()).toMatchObject({ url: '/posted' })
      await proxy.end()
    },
  },
]
