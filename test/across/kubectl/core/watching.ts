import { expect } from 'vitest'
import { type Chapter, tellSteps } from '../chapter.ts'

export const WATCHING: readonly Chapter[] = [
  {
    title: 'watches',
    everywhere: true,
    async tell(kubectl) {
      const table = kubectl.start('get cm -w -l watched --output-watch-events')
      const json = kubectl.start('get cm --watch-only -l watched -o jsonpath={.metadata.name}={.data.a};')
      // The list is printed when the watch may not run yet, and objects that come in between are told all the same.
      await tellSteps(kubectl, [
        ['create cm c --from-literal=a=1', 'created'],
        ['label cm c watched=yes', 'labeled'],
        [`patch cm c -p '{"data":{"a":"2"}}'`, 'patched'],
      ])
      await table.until(/ADDED +c +1 +\d+s\n(.*\n)*MODIFIED +c +1 +\d+s\n/)
      await kubectl.run('label cm c watched-')
      await table.until(/DELETED +c +1 +\d+s\n/)
      await kubectl.run('delete cm c')
      await table.end()
      await json.end()
    },
  },
  {
    title: 'waits, and tells events',
    async tell(kubectl) {
      const gone = kubectl.start('wait --for=delete cm/later --timeout=20s')
      await tellSteps(kubectl, [
        ['create cm later', 'created'],
        ['delete cm later', 'deleted'],
        ['run p --image=none --restart=Never --command -- sleep 1000', 'pod/p created'],
        ['wait --for=condition=Ready pod/p --timeout=20s', 'pod/p condition met'],
        ['wait --for=jsonpath={.status.phase}=Running pod/p --timeout=20s', 'pod/p condition met'],
        [
          'wait --for=condition=Nope pod/p --timeout=1s',
          'timed out waiting for the condition on pods/p',
          { fails: true },
        ],
        ['get events --field-selector involvedObject.name=p', /Normal +Started +pod\/p +Started container p/],
        ['get events --sort-by=.lastTimestamp -o wide', /SUBOBJECT(.|\n)*pod\/p/],
        ['events --for pod/p', /Normal +Started +Pod\/p +Started container p/],
        ['describe pod p', /Events:\n(.|\n)*Normal +Started +(<invalid>|\d+s) +\S+ +Started container p/],
        ['delete pod p --now', 'pod "p" deleted'],
        ['get pods', /No resources found/],
      ])
      expect((await gone.ended).code).toBe(0)
    },
  },
  {
    title: 'deletes a namespace',
    async tell(kubectl) {
      const name = `${kubectl.namespace}-gone`
      const there = kubectl.in(name)
      await tellSteps(there, [
        [`create namespace ${name}`, `namespace/${name} created`],
        ['create cm c', 'created'],
        ['create deployment d --image=none -- sleep 1000', 'created'],
        [`delete namespace ${name}`, `namespace "${name}" deleted`],
        [`get namespace ${name}`, `namespaces "${name}" not found`, { fails: true }],
        ['create cm c', `namespaces "${name}" not found`, { fails: true }],
        ['get all', /No resources found/],
      ])
    },
  },
]
