// The extensions of a certificate in words: what stands there and what it means. Values come from strangers; what cannot be read
// is shown as hex.
import { addressText, alternativeNames, type CertificateExtension, oids } from './certificateFacts';
import {
  type DerElement,
  DerError,
  objectIdentifier,
  octets,
  readDer,
  smallInteger,
  tagOf,
} from './formats/der';
import { describeConstraints, readConstraints } from './nameConstraints';

interface ExtensionText {
  readonly name: string;
  readonly explanation: string;
  readonly values?: (value: Uint8Array) => readonly string[];
}

const mostLines = 100;

export function describeExtension({ oid, value }: CertificateExtension): {
  readonly name: string;
  readonly value: readonly string[];
  readonly explanation: string;
} {
  const text = texts[oid];
  const name = text?.name ?? 'Unknown extension';
  const explanation =
    text?.explanation ??
    'Not known here. When it is marked critical, clients that do not know it refuse the certificate.';
  return { name, value: linesOf(text, value), explanation };
}

function linesOf(text: ExtensionText | undefined, value: Uint8Array): readonly string[] {
  try {
    const lines = text?.values?.(value) ?? [hex(value)];
    return lines.length > mostLines
      ? [...lines.slice(0, mostLines), `… ${lines.length - mostLines} more`]
      : lines;
  } catch (error) {
    if (error instanceof DerError) return [hex(value)];
    throw error;
  }
}

const texts: Readonly<Record<string, ExtensionText>> = {
  [oids.subjectAltName]: {
    name: 'Alternative names',
    explanation:
      'The host names and addresses that it is valid for. A wildcard stands for exactly one label.',
    values: (value) => {
      const { dnsNames, ipAddresses } = alternativeNames(value);
      return [...dnsNames, ...ipAddresses, ...otherNames(value)];
    },
  },
  [oids.basicConstraints]: {
    name: 'Basic constraints',
    explanation: 'Whether it may sign other certificates (a CA), and how many CAs may stand below it.',
    values: (value) => {
      const [isCa, length] = readDer(value).children;
      if (isCa?.tag !== tagOf.boolean) return ['not a CA'];
      return length === undefined
        ? ['CA']
        : ['CA', `at most ${smallInteger(length, 'the path length')} CAs below it`];
    },
  },
  [oids.keyUsage]: {
    name: 'Key usage',
    explanation:
      'What its key may do. A server signs the handshake (digital signature); only CAs sign certificates.',
    values: (value) => namedBits(readDer(value).content, keyUsages),
  },
  [oids.extendedKeyUsage]: {
    name: 'Extended key usage',
    explanation: 'What it is for. A listener needs "server"; a client certificate needs "client".',
    values: (value) =>
      readDer(value).children.map((child) => {
        const oid = objectIdentifier(child, 'a purpose');
        return purposes[oid] ?? oid;
      }),
  },
  '2.5.29.14': {
    name: 'Subject key identifier',
    explanation:
      'A short name of its key. What it signs refers to it, so that the right CA is found among several of one name.',
    values: (value) => [hex(readDer(value).content)],
  },
  '2.5.29.35': {
    name: 'Authority key identifier',
    explanation: "The short name of its issuer's key.",
    values: (value) =>
      readDer(value)
        .children.slice(0, 1)
        .map((child) => hex(child.content)),
  },
  [oids.nameConstraints]: {
    name: 'Name constraints',
    explanation: 'The only names that this CA may sign for, whoever holds its key.',
    values: (value) => [describeConstraints(readConstraints(value)) || 'nothing'],
  },
  '2.5.29.31': {
    name: 'CRL distribution points',
    explanation: 'Where the list of revoked certificates of the issuer can be fetched.',
    values: uris,
  },
  '1.3.6.1.5.5.7.1.1': {
    name: 'Authority information access',
    explanation: "Where the issuer's certificate and its answers about revocation (OCSP) can be fetched.",
    values: uris,
  },
  '2.5.29.32': {
    name: 'Certificate policies',
    explanation: 'By which rules the issuer checked whom it is about.',
    values: (value) =>
      readDer(value).children.map((child) => {
        const oid = objectIdentifier(child.children[0], 'a policy');
        return policies[oid] ?? oid;
      }),
  },
  '1.3.6.1.4.1.11129.2.4.2': {
    name: 'Certificate transparency',
    explanation:
      'Proof that it stands in public logs. Browsers ask for it of public CAs, not of a local one.',
    values: (value) => [`${octets(readDer(value), 'the proofs').length} bytes of signed timestamps`],
  },
  '1.3.6.1.5.5.7.1.31': {
    name: 'ACME challenge',
    explanation: 'Answers a tls-alpn-01 challenge; never served to ordinary clients.',
    values: (value) => [hex(readDer(value).content)],
  },
  '1.3.6.1.5.5.7.1.24': {
    name: 'TLS feature',
    explanation: 'The server promises something of every handshake; 5 = a stapled OCSP answer.',
    values: (value) => readDer(value).children.map((child) => String(smallInteger(child, 'a feature'))),
  },
};

const keyUsages = [
  'digital signature',
  'non-repudiation',
  'key encipherment',
  'data encipherment',
  'key agreement',
  'sign certificates',
  'sign revocation lists',
  'encipher only',
  'decipher only',
];

const purposes: Readonly<Record<string, string>> = {
  [oids.serverAuth]: 'server (TLS)',
  '1.3.6.1.5.5.7.3.2': 'client (TLS)',
  '1.3.6.1.5.5.7.3.3': 'signing of programs',
  '1.3.6.1.5.5.7.3.4': 'e-mail',
  '1.3.6.1.5.5.7.3.8': 'timestamps',
  '1.3.6.1.5.5.7.3.9': 'OCSP answers',
  [oids.anyPurpose]: 'anything',
};

const policies: Readonly<Record<string, string>> = {
  '2.23.140.1.2.1': 'domain validated',
  '2.23.140.1.2.2': 'organisation validated',
  '2.23.140.1.2.3': 'individual validated',
  '2.23.140.1.1': 'extended validation',
};

function namedBits(content: Uint8Array, names: readonly string[]): string[] {
  return names.filter((_, bit) => ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function otherNames(value: Uint8Array): string[] {
  return readDer(value).children.flatMap(({ tag, content }) => {
    if (tag === 0x81) return [`e-mail ${ascii(content)}`];
    if (tag === 0x86) return [`URI ${ascii(content)}`];
    if (tag === 0x87 && addressText(content) === null) return [`address ${hex(content)}`];
    return [];
  });
}

/** Every URI in it, however deep. */
function uris(value: Uint8Array): string[] {
  const found: string[] = [];
  const visit = (element: DerElement): void => {
    if (element.tag === 0x86) found.push(ascii(element.content));
    for (const child of element.children) visit(child);
  };
  visit(readDer(value));
  return found;
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').slice(0, 500);
}

function hex(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, 64)).toString('hex').match(/../g)?.join(':') ?? '';
  return bytes.length > 64 ? `${shown}… (${bytes.length} bytes)` : shown;
}
