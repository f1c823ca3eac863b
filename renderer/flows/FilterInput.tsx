import { CircleAlert, Search, X } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import { filterFields } from '../stores/flowFilter';
import type { FlowStore } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { type Completion, completionsAt } from './filterCompletion';

/** Id of the input, for the key that goes there. */
export const filterInputId = 'flows-filter';

/** The filter of the list, with choices while typing and what is wrong with it. */
export function FilterInput(props: { readonly flowStore: FlowStore; readonly view: FlowsViewStore }) {
  const { flowStore, view } = props;
  const filter = useStore(flowStore, (state) => state.filter);
  const error = useStore(flowStore, (state) => state.filterError);
  const history = useStore(view, (state) => state.filterHistory);
  const input = useRef<HTMLInputElement>(null);
  const [choices, setChoices] = useState<readonly Completion[]>([]);
  const [current, setCurrent] = useState(-1);
  const listId = useId();

  const offer = (text: string, cursor: number) => {
    const past = history.map((entry) => ({
      text: entry,
      cursor: entry.length,
      label: entry,
      help: 'used before',
    }));
    const found =
      text.trim() === ''
        ? [...past.slice(0, 6), ...completionsAt('', 0, [])]
        : completionsAt(text, cursor, flowStore.getState().flows);
    setChoices(found);
    setCurrent(-1);
  };
  const change = (text: string) => flowStore.getState().setFilter(text);
  const close = () => setChoices([]);
  const take = (choice: Completion) => {
    // At once, so that what is typed next lands behind the choice.
    flushSync(() => {
      change(choice.text);
      offer(choice.text, choice.cursor);
    });
    input.current?.setSelectionRange(choice.cursor, choice.cursor);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { selectionStart, value } = event.currentTarget;
    const isInWord = /\S$/.test(value.slice(0, selectionStart ?? value.length));
    // Tab completes a word that is begun, as in a shell; else it goes on to the next field.
    const isCompleting = event.key === 'Tab' && !event.shiftKey && isInWord;
    const chosen = choices[current] ?? (isCompleting ? choices[0] : undefined);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (choices.length === 0) offer(filter, event.currentTarget.selectionStart ?? filter.length);
      else
        setCurrent((index) =>
          Math.min(choices.length - 1, Math.max(-1, index + (event.key === 'ArrowDown' ? 1 : -1))),
        );
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      view.remember(filter);
      close();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (choices.length > 0) close();
      else if (filter !== '') change('');
      else document.querySelector<HTMLElement>('.flow-rows')?.focus();
    }
  };
  return (
    <div className="flows-filter">
      <Search size={14} aria-hidden />
      <input
        ref={input}
        id={filterInputId}
        className="input"
        type="text"
        role="combobox"
        aria-label="Filter flows"
        aria-expanded={choices.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={current === -1 ? undefined : `${listId}-${current}`}
        aria-invalid={error !== null || undefined}
        aria-describedby={error === null ? undefined : `${listId}-error`}
        placeholder='Filter: status>=500 route:shop took>200ms "text"'
        title={`Fields: ${filterFields.map((field) => field.name).join(', ')}. "-" in front turns a word round.`}
        spellCheck={false}
        autoComplete="off"
        value={filter}
        onChange={(event) => {
          change(event.target.value);
          offer(event.target.value, event.target.selectionStart ?? event.target.value.length);
        }}
        onFocus={() => offer(filter, filter.length)}
        onBlur={() => {
          close();
          if (error === null) view.remember(filter);
        }}
        onKeyDown={onKeyDown}
      />
      {filter !== '' && (
        <button
          type="button"
          className="filter-clear"
          aria-label="Clear the filter"
          onClick={() => change('')}
        >
          <X size={13} aria-hidden />
        </button>
      )}
      <div
        id={listId}
        role="listbox"
        aria-label="What may come next"
        className="filter-choices"
        hidden={choices.length === 0}
      >
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: as above.
          <div
            key={`${choice.label} ${choice.help}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === current}
            className={index === current ? 'filter-choice filter-choice-current' : 'filter-choice'}
            onPointerDown={(event) => {
              event.preventDefault();
              take(choice);
            }}
          >
            <span className="mono">{choice.label}</span>
            <span className="muted">{choice.help}</span>
          </div>
        ))}
      </div>
      {error !== null && (
        <p id={`${listId}-error`} className="filter-error" role="status">
          <CircleAlert size={13} aria-hidden />
          <span>
            <span className="mono">{filter.slice(error.from, error.to)}</span>: {error.message}
          </span>
        </p>
      )}
    </div>
  );
}
