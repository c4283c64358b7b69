import { type FormEvent, type ReactElement, useState } from 'react'
import { microsFromMillis } from '../../model/micros.ts'
import { useGo } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { EMPTY_SEARCH, type SearchState } from '../search-state.ts'
import { draftOf, type Problems, searchOf } from './search-draft.ts'
import { BoundFields, type Change, ServiceFields, TimeFields } from './search-fields.tsx'
import css from './search-form.module.css'

export interface SearchFormProps {
  /** What the form begins with; another one needs another `key`. */
  readonly search: SearchState
  readonly services: readonly string[]
}

export function SearchForm({ search, services }: SearchFormProps): ReactElement {
  const go = useGo()
  const [draft, setDraft] = useState(() => draftOf(search, microsFromMillis(Date.now())))
  const [problems, setProblems] = useState<Problems>({})
  const change: Change = changes => setDraft(before => ({ ...before, ...changes }))
  const find = (event: FormEvent): void => {
    event.preventDefault()
    const outcome = searchOf(draft, microsFromMillis(Date.now()))
    setProblems(outcome.status === 'unclear' ? outcome.problems : {})
    if (outcome.status === 'ready') go({ page: 'search', search: outcome.search })
  }
  const fields = { draft, problems, change }
  return (
    <form className={css['form']} onSubmit={find} noValidate aria-label="Search">
      <ServiceFields {...fields} services={services} />
      <Field label="Tags" problem={problems.tags}>
        {control => (
          <input
            {...control}
            type="text"
            placeholder="error=true http.method=GET"
            spellCheck={false}
            autoCapitalize="off"
            value={draft.tags}
            onChange={event => change({ tags: event.target.value })}
          />
        )}
      </Field>
      <TimeFields {...fields} />
      <BoundFields {...fields} />
      <div className={css['actions']}>
        <Button look="primary" type="submit">
          Find traces
        </Button>
        <Button look="quiet" onClick={() => go({ page: 'search', search: EMPTY_SEARCH })}>
          Reset
        </Button>
      </div>
    </form>
  )
}
