/** The filter as text: coloured, completed, with the server's objection shown at its place. */
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { ApiProblem } from '../api/client.ts';
import { Icon } from '../ui/icons.tsx';
import { FilterText } from './filter-text.tsx';
import { rememberFilter } from './history.ts';
import { type Suggestion, useSuggestions, type ValuesOf } from './use-suggestions.ts';

export interface FilterBarHandle {
  focus(): void;
}

export function FilterBar(props: {
  ref: RefObject<FilterBarHandle | null>;
  project: string;
  experiment: string;
  /** The one in force. */
  filter: string;
  problem: ApiProblem | undefined;
  valuesOf: ValuesOf;
  onApply: (filter: string) => void;
  onLeave: () => void;
}) {
  const { filter } = props;
  const [draft, setDraft] = useState(filter);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const ids = { list: useId(), problem: useId() };

  // At once, before the next key is typed.
  const caretAfter = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (caretAfter.current === undefined) return;
    input.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = undefined;
  });

  // The filter in force changed elsewhere: Back, a cell, a link.
  useEffect(() => setDraft(filter), [filter]);
  useImperativeHandle(props.ref, () => ({
    focus() {
      input.current?.focus();
      input.current?.select();
    },
  }));

  const suggestions = useSuggestions({ ...props, text: draft, caret, open });
  const listed = open && suggestions.length > 0;
  const problem = draft.trim() === filter ? props.problem : undefined;
  const offset = draft.length - draft.trimStart().length;
  const wrong = problem?.at && { start: problem.at.start + offset, end: problem.at.end + offset };

  function edit(text: string, at: number): void {
    setDraft(text);
    setCaret(at);
    setChosen(-1);
    setOpen(true);
  }

  function accept({ insert, from, to }: Suggestion): void {
    const text = draft.slice(0, from) + insert + draft.slice(to);
    edit(text, from + insert.length);
    caretAfter.current = from + insert.length;
  }

  function apply(text: string): void {
    setOpen(false);
    setDraft(text.trim());
    rememberFilter(text);
    props.onApply(text.trim());
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && !open) setOpen(true);
    else if (step !== undefined && listed) {
      // One place more than there are suggestions: none.
      const places = suggestions.length + 1;
      setChosen(((chosen + 1 + step + places) % places) - 1);
    } else if (event.key === 'Tab' && listed && !event.shiftKey) accept(suggestions[Math.max(0, chosen)]!);
    else if (event.key === 'Enter') {
      const picked = listed ? suggestions[chosen] : undefined;
      if (picked === undefined) apply(draft);
      else accept(picked);
    } else if (event.key === 'Escape') {
      if (listed) setOpen(false);
      else if (draft.trim() !== filter) setDraft(filter);
      else props.onLeave();
    } else return;
    event.preventDefault();
  }

  return (
    <div className="filter">
      <div className={problem === undefined ? 'filter-box' : 'filter-box wrong'}>
        <Icon name="search" size={14} />
        <div className="filter-field">
          <div
            className="filter-colours"
            aria-hidden="true"
            style={{ transform: `translateX(${-scroll}px)` }}
          >
            <FilterText text={draft} wrong={wrong} />
          </div>
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-label="Filter runs"
            aria-expanded={listed}
            aria-controls={ids.list}
            aria-autocomplete="list"
            aria-activedescendant={listed && chosen >= 0 ? `${ids.list}-${chosen}` : undefined}
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : ids.problem}
            placeholder="Filter: metrics.val_loss.min < 0.1 and params.optimizer = 'adamw'"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={draft}
            onChange={(event) =>
              edit(event.target.value, event.target.selectionStart ?? event.target.value.length)
            }
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
            onFocus={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
        </div>
        {draft === '' ? (
          <span className="key filter-key" aria-hidden="true">
            /
          </span>
        ) : (
          <button
            type="button"
            className="icon-button small"
            aria-label="Clear the filter"
            onClick={() => apply('')}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      {listed && <SuggestionList id={ids.list} suggestions={suggestions} chosen={chosen} onAccept={accept} />}
      {problem !== undefined && !listed && (
        <p className="filter-problem" id={ids.problem} role="alert">
          {problem.message}
        </p>
      )}
    </div>
  );
}

function SuggestionList(props: {
  id: string;
  suggestions: readonly Suggestion[];
  chosen: number;
  onAccept: (suggestion: Suggestion) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <div className="suggestions">
      <div ref={list} id={props.id} role="listbox" aria-label="Completions" className="suggestion-list">
        {props.suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input, which keeps the focus
          <div
            key={`${suggestion.text} ${suggestion.detail}`}
            id={`${props.id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === props.chosen}
            className="suggestion"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onAccept(suggestion)}
          >
            <FilterText text={suggestion.text} />
            <span className="suggestion-detail">{suggestion.detail}</span>
          </div>
        ))}
      </div>
      <div className="suggestion-keys" aria-hidden="true">
        <kbd>Tab</kbd> completes <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> applies
      </div>
    </div>
  );
}
