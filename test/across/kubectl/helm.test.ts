import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELM_SOURCE, helmFile } from '../../../scripts/kubectl-cache.ts'
import { type ClusterUnderTest, openCluster } from './cluster.ts'
import { wordsOf } from './kubectl.ts'

const CHART: Readonly<Record<string, string>> = {
  'Chart.yaml': 'apiVersion: v2\nname: greeting\nversion: 0.1.0\n',
  'values.yaml': 'image: greeter:1\nreplicas: 1\n',
  'templates/deployment.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      containers:
        - name: greeter
          image: {{ .Values.image | quote }}
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
`,
  'templates/service.yaml': `
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: { app: {{ .Release.Name }} }
  ports: [{ port: 80, targetPort: 8080 }]
`,
  'templates/config.yaml': `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  kubernetes: {{ .Capabilities.KubeVersion.Version | quote }}
  deployments: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}
`,
}

let cluster: ClusterUnderTest
let chart: string

beforeAll(async () => {
  cluster = await openCluster()
  chart = join(cluster.folder, 'greeting')
  for (const [name, text] of Object.entries(CHART)) {
    const file = join(chart, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
})
afterAll(() => cluster?.close())

async function helm(command: string): Promise<string> {
  const { folder, kubeconfig, programs } = cluster
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig }
  const { code, stdout, stderr } = await programs.start(helmFile(), wordsOf(command), { env }).ended
  if (code !== 0) throw new Error(`helm ${command}\nended with ${code}\n${stdout}${stderr}`)
  return stdout
}

describe('helm', () => {
  it('installs, upgrades, rolls back and uninstalls a chart', async ({ skip }) => {
    if (!existsSync(helmFile()))
      skip('skipped: needs helm 4, install with `npx node scripts/fetch-kubectl.ts`')
    const kubectl = cluster.kubectl(HELM_SOURCE).in('greetings')
    const image = async () =>
      (await kubectl.run('get deploy hello -o jsonpath={.spec.template.spec.containers[0].image}')).stdout
    const place = '--namespace greetings'
    const waiting = '--wait --timeout 30s'

    expect(await helm(`install hello ${chart} ${place} --create-namespace ${waiting}`)).toContain(
      'STATUS: deployed',
    )
    expect((await kubectl.run('get deploy hello')).stdout).toMatch(/hello +1\/1 /)
    expect((await kubectl.run('get cm hello -o jsonpath={.data}')).stdout).toMatch(
      /"deployments":"true","kubernetes":"v1\./,
    )
    await helm(`upgrade hello ${chart} ${place} --set image=greeter:2 --set replicas=2 ${waiting}`)
    expect(await image()).toBe('greeter:2')
    expect((await kubectl.run('get deploy hello')).stdout).toMatch(/hello +2\/2 /)
    expect(JSON.parse(await helm(`history hello ${place} -o json`))).toMatchObject([
      { revision: 1, status: 'superseded' },
      { revision: 2, status: 'deployed' },
    ])
    await helm(`rollback hello 1 ${place} ${waiting}`)
    expect(await image()).toBe('greeter:1')
    expect(JSON.parse(await helm('list -A -o json'))).toMatchObject([{ name: 'hello', revision: '3' }])
    await helm(`uninstall hello ${place} --wait`)
    expect((await kubectl.run('get deploy,svc,cm -l app.kubernetes.io/managed-by=Helm')).stderr).toMatch(
      /No resources found/,
    )
    expect((await kubectl.run('get deploy,svc')).stderr).toMatch(/No resources found/)
  })
})
