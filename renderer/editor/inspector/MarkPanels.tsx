import { Frame, StickyNote, Trash2, X } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../components/Button';
import { Field } from '../../components/Field';
import { joinGroup } from '../dropPlace';
import { useEditor } from '../EditorContext';
import { formatMark, nodeWords, parseNode } from '../nodeIds';

/** A group's name and members. */
export function GroupPanel({ id }: { readonly id: string }) {
  const { config, ui, remove } = useEditor();
  const groups = useStore(config, (state) => state.draft.document.layout?.groups ?? none);
  const group = groups.find((item) => item.id === id);
  if (group === undefined) return null;
  return (
    <>
      <header className="inspector-head">
        <Frame size={16} aria-hidden />
        <h2>Group</h2>
        <IconButton
          label="Ungroup"
          size="small"
          icon={<Trash2 size={15} aria-hidden />}
          onClick={() => remove([formatMark({ kind: 'group', id })])}
        />
      </header>
      <div className="inspector-scroll inspector-form">
        <Field label="Name" help="On the canvas only; it changes no traffic.">
          {(control) => (
            <input
              {...control}
              className="input"
              value={group.name}
              onChange={(event) =>
                config.edit(
                  {
                    type: 'setGroups',
                    groups: groups.map((item) =>
                      item.id === id ? { ...item, name: event.target.value } : item,
                    ),
                  },
                  `group ${id}`,
                )
              }
            />
          )}
        </Field>
        <h3>In it</h3>
        <ul className="plain-list">
          {group.members.map((member) => {
            const node = parseNode(member);
            const words = node === null ? member : nodeWords(node);
            const takeOut = () => config.edit(joinGroup(config.getState().draft.document, [member], null));
            return (
              <li key={member}>
                <Button size="small" variant="ghost" onClick={() => ui.select(member)}>
                  {words}
                </Button>
                <IconButton
                  label={`Take ${words} out of the group`}
                  size="small"
                  icon={<X size={14} aria-hidden />}
                  onClick={takeOut}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}

/** The text of a note. */
export function NotePanel({ id }: { readonly id: string }) {
  const { config, remove } = useEditor();
  const notes = useStore(config, (state) => state.draft.document.layout?.notes ?? none);
  const note = notes.find((item) => item.id === id);
  if (note === undefined) return null;
  return (
    <>
      <header className="inspector-head">
        <StickyNote size={16} aria-hidden />
        <h2>Note</h2>
        <IconButton
          label="Delete this note"
          size="small"
          icon={<Trash2 size={15} aria-hidden />}
          onClick={() => remove([formatMark({ kind: 'note', id })])}
        />
      </header>
      <div className="inspector-scroll inspector-form">
        <Field label="Text" help="On the canvas only; it is saved with the workspace.">
          {(control) => (
            <textarea
              {...control}
              className="input"
              rows={8}
              maxLength={10_000}
              value={note.text}
              onChange={(event) =>
                config.edit(
                  {
                    type: 'setNotes',
                    notes: notes.map((item) =>
                      item.id === id ? { ...item, text: event.target.value } : item,
                    ),
                  },
                  `note ${id}`,
                )
              }
            />
          )}
        </Field>
      </div>
    </>
  );
}

const none: readonly never[] = [];
