import { type ChangeEvent, useId, useState } from 'react';
import { clientBounds } from '../../../main/contract/clientRequest';
import { AreaField } from '../../components/AreaField';
import { base64OfBytes } from '../../components/base64';
import { CheckField } from '../../components/CheckField';
import { FieldMessage } from '../../components/Field';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import { formatBytes } from '../../stores/flowFormat';
import type { ComposedBody } from '../composed';
import type { FormProps } from './formProps';

const kinds: readonly { readonly value: ComposedBody['kind']; readonly label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'fill', label: 'So many bytes' },
  { value: 'file', label: 'A file' },
];

export function BodyTab({ composed, change }: FormProps) {
  const { body, protocol } = composed;
  const setKind = (kind: ComposedBody['kind']) => {
    if (kind === 'text') change({ body: { kind, text: '' } });
    else if (kind === 'fill') change({ body: { kind, bytes: '5000' } });
    else change({ body: { kind, name: '', data: '', bytes: 0 } });
  };
  return (
    <div className="composer-form">
      <div className="field-pair">
        <SelectField label="Body" value={body.kind} choices={kinds} onChange={setKind} />
        <SelectField
          label="Its end is told by"
          value={composed.framing}
          choices={[
            { value: 'length', label: 'Content-Length' },
            { value: 'chunked', label: protocol === 'http1' ? 'chunked coding' : 'nothing (END_STREAM)' },
          ]}
          onChange={(framing) => change({ framing })}
        />
      </div>
      {body.kind === 'text' && (
        <AreaField
          label="Text"
          value={body.text}
          help="As UTF-8. A Content-Type is a header: it is not added."
          onChange={(text) => change({ body: { kind: 'text', text } })}
        />
      )}
      {body.kind === 'fill' && (
        <TextInput
          label="Length"
          unit="bytes"
          value={body.bytes}
          help="Filler of numbered lines, so that a piece can be told from another; up to 16 MiB."
          onChange={(bytes) => change({ body: { kind: 'fill', bytes } })}
        />
      )}
      {body.kind === 'file' && <FileBody body={body} onChange={(file) => change({ body: file })} />}
      <AreaField
        label="Trailers"
        value={composed.trailers}
        placeholder="X-Checksum: 7"
        help="Sent behind the body, with the chunked coding."
        onChange={(trailers) => change({ trailers })}
      />
      <CheckField
        label="Ask first (Expect: 100-continue)"
        help="The body waits for 100 Continue, at most a second."
        isChecked={composed.expectContinue}
        onChange={(expectContinue) => change({ expectContinue })}
      />
    </div>
  );
}

const mostFileBytes = (clientBounds.base64Characters / 4) * 3;

function FileBody(props: {
  readonly body: Extract<ComposedBody, { kind: 'file' }>;
  readonly onChange: (body: ComposedBody) => void;
}) {
  const { body } = props;
  const id = useId();
  const [problem, setProblem] = useState<string | undefined>();
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file === undefined) return;
    if (file.size > mostFileBytes) {
      setProblem(`${file.name} has ${formatBytes(file.size)}; at most 3 MB can be sent.`);
      return;
    }
    setProblem(undefined);
    const bytes = new Uint8Array(await file.arrayBuffer());
    props.onChange({ kind: 'file', name: file.name, data: base64OfBytes(bytes), bytes: bytes.length });
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        File
      </label>
      <input id={id} type="file" onChange={(event) => void choose(event)} />
      <FieldMessage error={problem} />
      <p className="field-help">
        {body.data === '' ? 'None is chosen yet.' : `${body.name}, ${formatBytes(body.bytes)}`}
      </p>
    </div>
  );
}
