/** What `kubectl explain` says of kinds and other messages, by their names. */
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['ClusterRole', 'Rules that may be granted in all namespaces, or in one.'],
  ['ClusterRoleBinding', 'Grants a ClusterRole to subjects, in all namespaces.'],
  ['ConfigMap', 'Settings that containers can read as variables or files.'],
  ['Container', 'One program of a pod: what is run, with which settings.'],
  ['CronJob', 'Starts a Job at set times.'],
  ['CustomResourceDefinition', 'Makes a kind of its own part of the API.'],
  ['DaemonSet', 'Runs one pod on each node.'],
  [
    'Deployment',
    'Keeps a number of like pods running, and replaces them step by step when the template changes.',
  ],
  ['EndpointSlice', 'Some of the addresses behind a Service.'],
  ['Endpoints', 'The addresses behind a Service, in one object.'],
  ['Event', 'Something that happened to another object.'],
  ['Ingress', 'Leads HTTP from outside to Services.'],
  ['Job', 'Runs pods until enough of them ended well.'],
  ['LabelSelector', 'Selects objects by their labels. An empty selector selects all.'],
  ['Lease', 'Says who holds a role, and until when.'],
  ['MutatingWebhookConfiguration', 'Services that may change objects before they are stored.'],
  ['Namespace', 'Holds objects whose names differ from each other.'],
  ['NetworkPolicy', 'Which connections pods may have.'],
  ['Node', 'A machine that runs pods.'],
  ['ObjectMeta', 'What every object has: its name, labels, owners and the marks of the server.'],
  ['Pod', 'Containers that run together on one node.'],
  ['PodSpec', 'What a pod runs and how.'],
  ['PodTemplateSpec', 'What the pods made of it look like.'],
  ['Probe', 'A check of a container that is made again and again.'],
  ['ReplicaSet', 'Keeps a number of like pods running.'],
  ['Role', 'Rules that may be granted in one namespace.'],
  ['RoleBinding', 'Grants a role to subjects, in one namespace.'],
  ['Scale', 'The wanted and present number of replicas of another object.'],
  ['Secret', 'Settings that are to stay secret. Values of `data` are base64.'],
  ['Service', 'One name and address for the pods that a selector finds.'],
  ['ServiceAccount', 'The identity that the processes of a pod have towards the API.'],
  ['StatefulSet', 'Keeps pods running that have names and volumes of their own.'],
  ['ValidatingWebhookConfiguration', 'Services that may refuse objects before they are stored.'],
])

/** By `Message.field`, or by the field alone where it says the same everywhere. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['apiVersion', 'Group and version of the kind: `apps/v1`, or `v1` for the core group.'],
  ['kind', 'The kind of the object.'],
  ['metadata', 'Name, namespace, labels, annotations and what the server keeps about the object.'],
  ['items', 'The objects of the list.'],
  ['conditions', 'What holds at present, each with the time since when.'],
  ['minReadySeconds', 'How long a new pod must be ready before it counts as available. Default 0.'],
  ['observedGeneration', 'The generation of the object that the status tells of.'],
  ['labels', 'Short values to select objects by.'],
  ['annotations', 'Values of any form for tools and people; nothing is selected by them.'],
  ['ConfigMap.data', 'The settings: texts by name.'],
  ['ConfigMap.binaryData', 'Settings that are no text, as base64.'],
  ['Container.args', 'Arguments of the command. Absent: those of the image.'],
  ['Container.command', 'The program and its first arguments. Absent: that of the image.'],
  ['Container.env', 'Variables of the environment.'],
  ['Container.envFrom', 'ConfigMaps and Secrets of which every entry becomes a variable.'],
  ['Container.image', 'What is run: `name:tag`.'],
  ['Container.imagePullPolicy', 'When the image is fetched: Always, IfNotPresent or Never.'],
  ['Container.lifecycle', 'What is done after the start and before the stop.'],
  ['Container.livenessProbe', 'The container is started again when this check fails.'],
  ['Container.name', 'The name of the container, of which a pod has each but once.'],
  ['Container.ports', 'Ports the container listens on. For information and for names of ports.'],
  ['Container.readinessProbe', 'The pod is left out of its Services while this check fails.'],
  ['Container.resources', 'What the container needs and what it may use at most.'],
  ['Container.securityContext', 'Rights of the processes.'],
  ['Container.startupProbe', 'The other checks wait until this one succeeded.'],
  ['Container.volumeMounts', 'Where volumes of the pod are seen in the file system.'],
  ['Container.workingDir', 'The folder it starts in. Absent: that of the image.'],
  ['ContainerPort.containerPort', 'The number of the port, 1 to 65535.'],
  ['ContainerPort.name', 'A name that Services can use in the place of the number.'],
  ['DeploymentSpec.paused', 'Whether changes of the template wait.'],
  [
    'DeploymentSpec.progressDeadlineSeconds',
    'After how long without progress a rollout has failed. Default 600.',
  ],
  ['DeploymentSpec.strategy', 'How pods are replaced: RollingUpdate (default) or Recreate.'],
  ['EnvVar.name', 'The name of the variable.'],
  ['EnvVar.value', 'Its value. `$(NAME)` stands for a variable before it.'],
  ['EnvVar.valueFrom', 'Where the value comes from, in the place of `value`.'],
  ['HTTPGetAction.path', 'The path that is asked for.'],
  ['HTTPGetAction.port', 'Number or name of the port.'],
  ['LabelSelector.matchExpressions', 'Conditions on labels, all of which must hold.'],
  ['LabelSelector.matchLabels', 'Labels with the values they must have.'],
  ['ObjectMeta.creationTimestamp', 'When the object was created. Set by the server.'],
  ['ObjectMeta.deletionTimestamp', 'When deletion was asked for. Set by the server.'],
  ['ObjectMeta.finalizers', 'Who must still agree before the object is gone.'],
  ['ObjectMeta.generateName', 'What the name begins with when there is none; the server adds the rest.'],
  ['ObjectMeta.generation', 'Counts the changes of what is wanted.'],
  ['ObjectMeta.name', 'The name, of which a kind and namespace has each but once. It cannot be changed.'],
  ['ObjectMeta.namespace', 'The namespace. It cannot be changed.'],
  ['ObjectMeta.ownerReferences', 'Objects this one belongs to; it is deleted when the last of them is.'],
  ['ObjectMeta.resourceVersion', 'The version of the object, to see whether it changed meanwhile.'],
  ['ObjectMeta.uid', 'Tells it from every other object, former ones with its name among them.'],
  ['PodSpec.containers', 'The programs of the pod, at least one.'],
  ['PodSpec.initContainers', 'Containers that run one after the other before the others start.'],
  ['PodSpec.restartPolicy', 'When containers are started again: Always (default), OnFailure or Never.'],
  ['PodSpec.serviceAccountName', 'The ServiceAccount the pod acts as.'],
  ['PodSpec.terminationGracePeriodSeconds', 'How long it may take to stop before it is killed. Default 30.'],
  ['PodSpec.volumes', 'Files that containers can mount.'],
  ['PodStatus.phase', 'Pending, Running, Succeeded, Failed or Unknown.'],
  ['PodStatus.podIP', 'The address of the pod.'],
  ['PodTemplateSpec.spec', 'What the pods run and how.'],
  ['Probe.failureThreshold', 'How many failures in a row count. Default 3.'],
  ['Probe.initialDelaySeconds', 'How long after the start the first check is made. Default 0.'],
  ['Probe.periodSeconds', 'How often it is made. Default 10.'],
  ['Probe.successThreshold', 'How many successes in a row count. Default 1.'],
  ['Probe.timeoutSeconds', 'After how long without an answer it failed. Default 1.'],
  ['ResourceRequirements.limits', 'The most it may use: `cpu: 500m`, `memory: 128Mi`.'],
  ['ResourceRequirements.requests', 'What is reserved for it.'],
  ['ScaleSpec.replicas', 'How many there are to be.'],
  ['Secret.data', 'The settings by name, each as base64.'],
  ['Secret.stringData', 'Settings as text, which the server writes into `data`.'],
  ['Secret.type', 'What the Secret is for. Default Opaque.'],
  ['ServiceSpec.selector', 'The pods it leads to, by their labels.'],
  ['ServicePort.name', 'The name of the port. Needed when there are several.'],
  ['ServicePort.port', 'The port of the Service.'],
  ['ServicePort.targetPort', 'Number or name of the port of the pods. Absent: as `port`.'],
  ['ServiceSpec.clusterIP', 'The address of the Service; `None` for one without.'],
  ['Status.status', 'Success or Failure.'],
  ['ServiceSpec.ports', 'The ports of the Service.'],
  ['ServiceSpec.type', 'ClusterIP (default), NodePort, LoadBalancer or ExternalName.'],
])

/** Of the fields of kinds that keep pods. */
const WORKLOAD_FIELDS: ReadonlyMap<string, string> = new Map([
  ['replicas', 'How many pods there are to be. Default 1.'],
  ['selector', 'Which pods belong to it, by their labels.'],
  ['template', 'The pod that replicas are made of. Its labels must fit the selector.'],
  ['revisionHistoryLimit', 'How many former versions are kept to go back to. Default 10.'],
])
const WORKLOAD_SPECS: ReadonlySet<string> = new Set(
  ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map(kind => `${kind}Spec`),
)

/** Of the fields of kinds, next to `metadata`; elsewhere such names say something else. */
const KIND_FIELDS: ReadonlyMap<string, string> = new Map([
  ['spec', 'What is wanted.'],
  ['status', 'What is. Written by controllers, not by users.'],
])

/** @param message its name without the group: `PodSpec` */
export function messageDescription(message: string): string | undefined {
  const kind = /^(?<kind>\w+)List$/.exec(message)?.groups?.['kind']
  return MESSAGES.get(message) ?? (kind === undefined ? undefined : `A list of ${kind} objects.`)
}

/** @param siblings the names of all fields of the message */
export function fieldDescription(
  message: string,
  field: string,
  siblings: { has(name: string): boolean } = new Set(),
): string | undefined {
  return (
    FIELDS.get(`${message}.${field}`) ??
    (WORKLOAD_SPECS.has(message) ? WORKLOAD_FIELDS.get(field) : undefined) ??
    (siblings.has('metadata') ? KIND_FIELDS.get(field) : undefined) ??
    FIELDS.get(field)
  )
}
