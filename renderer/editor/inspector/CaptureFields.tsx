import { useMemo } from 'react';
import { useStore } from 'zustand';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { NumberField, SelectField } from './BoundFields';
import { FormContext } from './FormContext';

/** What Flows keep of headers and bodies: settings of the whole workspace. */
export function CaptureFields() {
  const { config } = useEditor();
  const capture = useStore(config, (state) => state.draft.document.capture);
  const issues = useStore(config, (state) => state.issues);
  const scope = useMemo(() => ({ path: ['capture'], issues }), [issues]);
  const edit = (patch: NonNullable<typeof capture>, key: string) =>
    config.edit({ type: 'updateCapture', patch }, `capture ${key}`);
  return (
    <FormContext value={scope}>
      <Section
        title="What Flows keep"
        summary={capture?.headers === 'full' ? 'all headers' : 'headers masked'}
      >
        <SelectField
          name="capture.headers"
          at={['headers']}
          value={capture?.headers ?? 'masked'}
          choices={[
            { value: 'masked', label: 'Masked' },
            { value: 'full', label: 'As they are, secrets too' },
          ]}
          onChange={(headers) => edit({ headers }, 'headers')}
        />
        <SelectField
          name="capture.bodies"
          at={['bodies']}
          value={capture?.bodies ?? 'off'}
          choices={[
            { value: 'off', label: 'No' },
            { value: 'on', label: 'Yes' },
          ]}
          onChange={(bodies) => edit({ bodies }, 'bodies')}
        />
        <NumberField
          name="capture.maxBodyBytes"
          at={['maxBodyBytes']}
          value={capture?.maxBodyBytes}
          onChange={(maxBodyBytes) => edit({ maxBodyBytes }, 'maxBodyBytes')}
        />
      </Section>
    </FormContext>
  );
}
