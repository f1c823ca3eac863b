// What the fields of a preset are called, and how what was typed in them is read.
import { hostnameSchema, type WorkspaceDocument } from '../../main/contract/config';
import type { EndpointDocument } from '../../main/contract/configEdit';
import type { Preset } from './presets';

export interface PresetForm {
  readonly hostname: string;
  readonly port: string;
  readonly otherPort: string;
  readonly ports: string;
  readonly server: string;
  readonly listenerPort: string;
  readonly isHttps: boolean;
}

export interface PresetValues {
  readonly hostname: string;
  readonly port: number;
  readonly otherPort: number;
  readonly ports: readonly number[];
  readonly server: EndpointDocument;
  readonly listenerPort: number;
  readonly isHttps: boolean;
}

export type PresetErrors = Partial<Record<keyof PresetForm, string>>;

export const emptyPresetForm: PresetForm = {
  hostname: '',
  port: '',
  otherPort: '',
  ports: '',
  server: '',
  listenerPort: '',
  isHttps: false,
};

interface PresetFieldText {
  readonly label: string;
  readonly placeholder: string;
  readonly help?: string;
}

export function presetFieldText(preset: Preset, field: Preset['fields'][number]): PresetFieldText {
  switch (field) {
    case 'hostname':
      return preset.id === 'passthrough'
        ? { label: 'Server name (SNI)', placeholder: 'bank.test' }
        : { label: 'Host name', placeholder: 'shop.test' };
    case 'port':
      return preset.id === 'canary'
        ? { label: 'Port of what runs today', placeholder: '3000' }
        : { label: 'Local port', placeholder: '3000', help: 'Where your server listens.' };
    case 'otherPort':
      return { label: 'Port of the new version', placeholder: '3001' };
    case 'ports':
      return { label: 'Local ports', placeholder: '3000, 3001, 3002' };
    case 'server':
      return preset.id === 'tcp'
        ? { label: 'Server', placeholder: '127.0.0.1:5432', help: 'Address and port.' }
        : {
            label: 'Server',
            placeholder: '127.0.0.1:8443',
            help: 'Address and port of the server that decrypts.',
          };
  }
}

const portMessage = 'A port is a number from 1 to 65535.';

/** The values of the form, or what is wrong at which field. */
export function readPresetForm(
  preset: Preset,
  form: PresetForm,
):
  | { readonly kind: 'read'; readonly values: PresetValues }
  | { readonly kind: 'errors'; readonly errors: PresetErrors } {
  const errors: { -readonly [Key in keyof PresetErrors]: string } = {};
  const asked = (field: Preset['fields'][number]) => preset.fields.includes(field);
  const hostname = form.hostname.trim().toLowerCase();
  if (asked('hostname') && !hostnameSchema.safeParse(hostname).success) {
    errors.hostname =
      hostname === ''
        ? 'Type a name, for example shop.test.'
        : 'Only the name, such as shop.test: no scheme, port or path.';
  }
  const port = readPort(form.port);
  if (asked('port') && port === null) errors.port = portMessage;
  const otherPort = readPort(form.otherPort);
  if (asked('otherPort') && otherPort === null) errors.otherPort = portMessage;
  const ports = form.ports
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(readPort);
  if (asked('ports') && (ports.length === 0 || ports.includes(null))) {
    errors.ports = 'Ports with commas between, for example 3000, 3001.';
  }
  const server = readServer(form.server);
  if (asked('server') && server === null) errors.server = 'Address and port, for example 127.0.0.1:5432.';
  const listenerPort = readPort(form.listenerPort);
  if (listenerPort === null) errors.listenerPort = portMessage;
  else if ([port, otherPort, ...ports].includes(listenerPort)) {
    errors.listenerPort = 'Your own server has this port; Hopscope needs another.';
  }
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
  const numbers = ports.filter((item) => item !== null);
  return {
    kind: 'read',
    values: {
      hostname,
      port: port ?? 0,
      otherPort: otherPort ?? 0,
      ports: numbers,
      server: server ?? { address: '127.0.0.1', port: 1 },
      listenerPort: listenerPort ?? 0,
      isHttps: form.isHttps,
    },
  };
}

function readPort(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,5}$/.test(trimmed)) return null;
  const port = Number(trimmed);
  return port >= 1 && port <= 65535 ? port : null;
}

function readServer(text: string): EndpointDocument | null {
  const found = /^\[?([^\s[\]]+?)\]?:(\d{1,5})$/.exec(text.trim());
  const port = readPort(found?.[2] ?? '');
  return found?.[1] === undefined || port === null ? null : { address: found[1].toLowerCase(), port };
}

const firstPorts = { http: 8080, https: 8443, tls: 9443, tcp: 5433 } as const;

/** Where to begin to look for a port: that of a listener that is there, else the usual one. `isThere` = it is ours. */
export function wantedPort(
  document: WorkspaceDocument,
  protocol: Preset['protocol'],
): { readonly port: number; readonly isThere: boolean } {
  const found =
    protocol === 'tcp'
      ? undefined
      : document.listeners?.find((listener) => listener.protocol === protocol && listener.port > 0);
  return found === undefined
    ? { port: firstPorts[protocol], isThere: false }
    : { port: found.port, isThere: true };
}
