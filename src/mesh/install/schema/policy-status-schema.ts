import { type JsonSchema, object, text } from './json-schema.ts'

/** Written by the control plane. */
export const policyStatusSchema: JsonSchema = object({
  currentStatus: text({ description: '"committed": it is in force. "error": it is not.' }),
  reason: text({ description: 'Why it is not in force.' }),
})
