/** What Jaeger shows in the place of the service of a span that names none. */
export const NO_SERVICE = 'missing-service-name'
/** What it shows in the place of an empty span name. */
export const NO_NAME = 'empty-span-name'
