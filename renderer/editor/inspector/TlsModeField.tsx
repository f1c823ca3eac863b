import { useState } from 'react';
import { useStore } from 'zustand';
import type { RouteDocument } from '../../../main/contract/config';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { useEditor } from '../EditorContext';
import { fieldText } from '../fieldHelp';
import { readAsHttp, switchTlsMode, type TlsMode, tlsListeners, tlsModeOf, tlsModeTexts } from '../tlsMode';
import { RadioGroup } from './RadioGroup';

const modes: readonly TlsMode[] = ['terminate', 'passthrough', 'reencrypt'];

/** Who can read this host name's traffic, and who holds the key. Asks before something would be lost. */
export function TlsModeField({ route }: { readonly route: RouteDocument }) {
  const { config } = useEditor();
  const document = useStore(config, (state) => state.draft.document);
  const [asked, setAsked] = useState<TlsMode | null>(null);
  const mode = tlsModeOf(document, route);
  if (mode === null) return null;
  const change = (next: TlsMode) => {
    config.edit(switchTlsMode(document, route, next).edits);
    setAsked(null);
  };
  const losses = asked === null ? [] : switchTlsMode(document, route, asked).losses;
  const hasHttps = tlsListeners(document, route).some(({ protocol }) => protocol === 'https');
  return (
    <div className="tls-mode">
      <RadioGroup
        field="route.mode"
        label={fieldText('route.mode').label}
        value={asked ?? mode}
        choices={modes.map((value) => ({ value, ...tlsModeTexts[value] }))}
        onChange={(next) => {
          if (next === mode) setAsked(null);
          else if (switchTlsMode(document, route, next).losses.length > 0) setAsked(next);
          else change(next);
        }}
      />
      {asked !== null && losses.length > 0 && (
        <Notice
          tone="warning"
          isLive
          actions={
            <>
              <Button size="small" variant="primary" onClick={() => change(asked)}>
                {tlsModeTexts[asked].label}
              </Button>
              <Button size="small" onClick={() => setAsked(null)}>
                Keep
              </Button>
            </>
          }
        >
          {asked === 'passthrough' ? 'This goes: ' : ''}
          {losses.join(' ')}
        </Notice>
      )}
      {mode !== 'passthrough' && asked === null && hasHttps && (
        <RadioGroup
          label="After decrypting"
          value={route.kind === 'http' ? 'http' : 'bytes'}
          choices={[
            { value: 'http', label: 'Read as HTTP', help: 'Paths, headers and filters can be used.' },
            { value: 'bytes', label: 'Relay the bytes', help: 'Any protocol: a database, a message broker.' },
          ]}
          onChange={(value) => config.edit(readAsHttp(document, route, value === 'http'))}
        />
      )}
    </div>
  );
}
