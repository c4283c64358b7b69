import type { ReactElement } from 'react'
import { LOOKBACKS, lookbackLabel, parseLookback } from '../lookback.ts'
import { Field } from '../parts/field.tsx'
import { useOperations } from '../queries.ts'
import { MAX_LIMIT } from '../search-state.ts'
import type { Problems, SearchDraft } from './search-draft.ts'
import css from './search-form.module.css'

export type Change = (changes: Partial<SearchDraft>) => void

interface FieldsProps {
  readonly draft: SearchDraft
  readonly problems: Problems
  readonly change: Change
}

export function ServiceFields({
  draft,
  change,
  services,
}: FieldsProps & { services: readonly string[] }): ReactElement {
  const operations = useOperations(draft.service === '' ? undefined : draft.service)
  return (
    <>
      <Field label="Service">
        {control => (
          <select
            {...control}
            value={draft.service}
            onChange={event => change({ service: event.target.value, operation: '' })}
          >
            <option value="">All services</option>
            <Options values={services} chosen={draft.service} />
          </select>
        )}
      </Field>
      <Field label="Operation" problem={operations.error?.message}>
        {control => (
          <select
            {...control}
            disabled={draft.service === ''}
            value={draft.operation}
            onChange={event => change({ operation: event.target.value })}
          >
            <option value="">All operations</option>
            <Options values={operations.data ?? []} chosen={draft.operation} />
          </select>
        )}
      </Field>
    </>
  )
}

export function TimeFields({ draft, problems, change }: FieldsProps): ReactElement {
  const offered: readonly string[] = LOOKBACKS
  const more = [draft.lookback, 'custom'].filter(
    (each, place, all) => !offered.includes(each) && all.indexOf(each) === place,
  )
  return (
    <>
      <Field label="Lookback">
        {control => (
          <select
            {...control}
            value={draft.lookback}
            onChange={event => change({ lookback: event.target.value })}
          >
            {[...offered, ...more].map(each => (
              <option key={each} value={each}>
                {lookbackLabel(parseLookback(each) ?? 'custom')}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.lookback === 'custom' &&
        (['from', 'to'] as const).map(key => (
          <Field key={key} label={key === 'from' ? 'From' : 'To'} problem={problems[key]}>
            {control => (
              <input
                {...control}
                type="datetime-local"
                step="1"
                value={draft[key]}
                onChange={event => change({ [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
    </>
  )
}

const BOUNDS = [
  { key: 'minDuration', label: 'Min duration', placeholder: '1.2s, 100ms' },
  { key: 'maxDuration', label: 'Max duration', placeholder: '1.2s, 100ms' },
] as const

export function BoundFields({ draft, problems, change }: FieldsProps): ReactElement {
  return (
    <>
      {BOUNDS.map(({ key, label, placeholder }) => (
        <div key={key} className={css['half']}>
          <Field label={label} problem={problems[key]}>
            {control => (
              <input
                {...control}
                type="text"
                placeholder={placeholder}
                spellCheck={false}
                autoCapitalize="off"
                value={draft[key]}
                onChange={event => change({ [key]: event.target.value })}
              />
            )}
          </Field>
        </div>
      ))}
      <Field label="Limit" problem={problems.limit}>
        {control => (
          <input
            {...control}
            type="number"
            min={1}
            max={MAX_LIMIT}
            value={draft.limit}
            onChange={event => change({ limit: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}

interface OptionsProps {
  readonly values: readonly string[]
  /** Offered too where it is none of the values: an address may say more than a server knows. */
  readonly chosen: string
}

function Options({ values, chosen }: OptionsProps): ReactElement {
  const all = chosen === '' || values.includes(chosen) ? values : [chosen, ...values]
  return (
    <>
      {all.map(value => (
        <option key={value}>{value}</option>
      ))}
    </>
  )
}
