import { type Chapter, chapter, everywhere, FAILS, tellSteps } from '../chapter.ts'

const SLEEP = '-- sleep 1000'

export const WORKLOADS: readonly Chapter[] = [
  everywhere(
    chapter('rolls out and back', [
      ['create deployment web --image=greeter:1 --replicas=2 --port=8080', 'deployment.apps/web created'],
      ['rollout status deploy/web --timeout=20s', 'deployment "web" successfully rolled out'],
      [
        'get deploy web -o wide',
        /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nweb +2\/2 +2 +2 +\d+s +greeter +greeter:1 +app=web\n$/,
      ],
      ['scale deploy web --replicas=1', 'deployment.apps/web scaled'],
      ['set image deploy/web greeter=greeter:2', 'deployment.apps/web image updated'],
      ['rollout restart deploy/web', 'deployment.apps/web restarted'],
      ['rollout undo deploy/web --to-revision=1', 'deployment.apps/web rolled back'],
      ['rollout status deploy/web --timeout=20s', 'successfully rolled out'],
      ['get deploy web -o jsonpath={.spec.template.spec.containers[0].image}', /^greeter:1$/],
      ['expose deploy web --port=80 --target-port=8080', 'service/web exposed'],
      ['describe deploy web', /Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable/],
      ['describe svc/web', /Endpoints: +127\.\d+\.\d+\.\d+:8080/],
      ['get events --field-selector involvedObject.kind=Deployment', /ScalingReplicaSet +deployment\/web/],
    ]),
  ),
  chapter('shows, pauses and remembers rollouts', [
    ['create deployment web --image=none --replicas=2 -- sleep 1000', 'deployment.apps/web created'],
    ['wait --for=condition=Available deploy/web --timeout=20s', 'deployment.apps/web condition met'],
    ['wait --for=jsonpath={.status.readyReplicas}=2 deploy/web --timeout=20s', 'condition met'],
    ['get all', /pod\/web-\w+-\w{5} +1\/1 +Running +0 +\d+s(.|\n)*replicaset.apps\/web-\w+ +2 +2 +2 /],
    ['scale deploy web --replicas=1 --current-replicas=2', 'deployment.apps/web scaled'],
    ['scale deploy web --replicas=3 --current-replicas=7', 'Expected replicas to be 7, was 1', FAILS],
    ['rollout pause deploy/web', 'deployment.apps/web paused'],
    ['set env deploy/web MOOD=good', 'deployment.apps/web env updated'],
    ['set env deploy/web --list', 'MOOD=good'],
    ['rollout history deploy/web', /^deployment.apps\/web ?\nREVISION +CHANGE-CAUSE\n1 +<none>\n\n?$/],
    ['rollout resume deploy/web', 'deployment.apps/web resumed'],
    ['rollout status deploy/web --timeout=20s', 'successfully rolled out'],
    ['set resources deploy/web --limits=memory=64Mi', 'deployment.apps/web resource requirements updated'],
    ['set serviceaccount deploy/web default', 'serviceaccount updated'],
    ['rollout status deploy/web --timeout=20s', 'successfully rolled out'],
    ['rollout history deploy/web --revision=2', /MOOD:\s+good/],
    ['expose deploy web --port=80 --target-port=8080', 'service/web exposed'],
    [
      'get svc web',
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nweb +ClusterIP +127\.\d+\.\d+\.\d+ +<none> +80\/TCP +\d+s\n$/,
    ],
    ['get endpoints web', /^web +127\.\d+\.\d+\.\d+:8080 +\d+s$/m],
    ['get endpointslices -l kubernetes.io/service-name=web', /web-\w+ +IPv4 +8080 +127\.\d+\.\d+\.\d+/],
    ['describe pods -l app=web', /Events:\n(.|\n)*Started +/],
    ['delete deploy/web svc/web', /deployment.apps "web" deleted(.|\n)*service "web" deleted/],
  ]),
  {
    title: 'deletes with or without dependents',
    async tell(kubectl) {
      await tellSteps(kubectl, [
        [`create deployment one --image=none --replicas=1 ${SLEEP}`, 'created'],
        ['rollout status deploy/one --timeout=20s', 'successfully rolled out'],
        ['delete deploy one --cascade=orphan', 'deployment.apps "one" deleted'],
        ['get rs -o jsonpath={.items[*].metadata.ownerReferences}', ''],
        ['get pods --no-headers', /^one-\w+-\w+ +1\/1 +Running/],
      ])
      const { stdout } = await kubectl.run('get rs -o name')
      await tellSteps(kubectl, [
        [`delete ${stdout.trim()} --cascade=foreground`, 'deleted'],
        ['get rs,pods', /No resources found/],
        [`create deployment two --image=none --replicas=1 ${SLEEP}`, 'created'],
        ['delete deploy two --cascade=background', 'deployment.apps "two" deleted'],
        [
          'wait --for=delete rs,pods -l app=two --timeout=20s',
          /^((pod|replicaset.apps)\/two-\S+ condition met\n)*$/,
        ],
      ])
    },
  },
  chapter('refuses what nothing runs here', [
    ['create job j --image=x', 'Jobs are not run on one machine', FAILS],
    [`create cronjob j --image=x --schedule='* * * * *'`, 'CronJobs are not run on one machine', FAILS],
    ['create deployment d --image=none --replicas=0 -- sleep 1', 'created'],
    ['autoscale deploy d --max=3', /HPA|nothing is scaled by itself/, FAILS],
    ['create quota q', 'quotas are not kept', FAILS],
    ['create ingress i --rule=a/b=c:80', 'there is no ingress controller', FAILS],
    ['get jobs,cronjobs,statefulsets,daemonsets,ingresses,hpa,pvc,pdb', /No resources found/],
  ]),
]
