// import, export, csr, sign.
import { writeFile } from 'node:fs/promises';
import { exportCertificate } from '../../certs/certificateExport';
import { importCertificates, previewImport } from '../../certs/certificateImport';
import {
  createCertificateRequest,
  deleteCertificateRequest,
  importRequestAnswer,
  signCertificateRequest,
} from '../../certs/certificateRequests';
import { AppError } from '../../contract/appError';
import { type ExportFormat, exportFormats } from '../../contract/certificateFiles';
import { UsageError } from '../commandLine';
import {
  type CertCommand,
  type CertContext,
  given,
  lineOf,
  number,
  onlyName,
  print,
  readFiles,
  readSecret,
  reportWarnings,
  text,
  texts,
} from './certCommand';
import { keyType, keyTypeHelp } from './storeCommands';

export const importFiles: CertCommand = {
  usage: 'import FILE... [options]',
  summary: 'certificates, keys and chains: PEM in any order, DER, PKCS#7, PKCS#12; "-" = stdin',
  help: `  --password-file FILE   a password for what is sealed: the first line of FILE; again for more
  --id ID                its id in workspaces (default: made from the first name)
  --replace              take the place of the certificate with that id, or with the same names
  --preview              say what would be imported, keep nothing`,
  options: {
    'password-file': { type: 'string', multiple: true },
    id: { type: 'string' },
    replace: { type: 'boolean', default: false },
    preview: { type: 'boolean', default: false },
  },
  check: (names) => {
    if (names.length === 0) throw new UsageError('name at least one FILE');
  },
  run: async (context) => {
    const { service, values, io } = context;
    const files = await readFiles(context.names, io);
    const passwords: string[] = [];
    for (const file of texts(values, 'password-file')) passwords.push(await readSecret(file, io));
    if (values.preview === true) return preview(context, { files, passwords });
    const selection = await select(context, { files, passwords });
    const imported = await importCertificates(service, {
      files,
      passwords,
      ...given('selection', selection),
    });
    print(context, imported, imported.map(lineOf));
    for (const certificate of imported) reportWarnings(certificate, io);
    return 0;
  },
};

type Input = Parameters<typeof previewImport>[1];

async function preview(context: CertContext, input: Input) {
  const found = await previewImport(context.service, input);
  print(context, found, [
    ...found.files.map((file) => `${file.name}\t${file.format}\t${file.message ?? file.status}`),
    ...found.candidates.map(
      ({ suggestedId, subject, problem, missingIssuer }) =>
        `${suggestedId}\t${subject}\t${problem ?? (missingIssuer === null ? 'whole chain' : `missing: ${missingIssuer}`)}`,
    ),
    ...found.leftOver,
  ]);
  return found.candidates.some((candidate) => candidate.problem === null) ? 0 : 1;
}

/** undefined = everything. With --id or --replace there must be one certificate only. */
async function select({ service, values }: CertContext, input: Input) {
  const id = text(values, 'id');
  if (id === undefined && values.replace !== true) return undefined;
  const { candidates } = await previewImport(service, input);
  const usable = candidates.filter((candidate) => candidate.problem === null);
  const [only, more] = usable;
  if (only === undefined) return undefined;
  if (more !== undefined) throw new UsageError('the files hold several certificates; import them one by one');
  return [{ fingerprint: only.fingerprint, ...given('id', id), replaces: values.replace === true }];
}

export const exportFile: CertCommand = {
  usage: 'export ID [options]',
  summary: 'a certificate, its chain, or its private key, to stdout or a file',
  help: `  --format FORMAT        ${exportFormats.join(', ')} (default pem); pkcs12 and key hold the private key
  --out FILE             write there (0600 with a key) instead of to stdout
  --yes-export-key       needed for pkcs12 and key: the private key leaves the store
  --password-file FILE   seals the key: the first line of FILE; "-" = stdin
  --plain-key            … or leave it unsealed
  --legacy               3DES and SHA-1 for old Windows, macOS and Java 8`,
  options: {
    format: { type: 'string' },
    out: { type: 'string' },
    'yes-export-key': { type: 'boolean', default: false },
    'password-file': { type: 'string' },
    'plain-key': { type: 'boolean', default: false },
    legacy: { type: 'boolean', default: false },
  },
  check: (names, values) => {
    onlyName(names, 'the ID of a certificate');
    const format = text(values, 'format') ?? 'pem';
    const known: readonly string[] = exportFormats;
    if (!known.includes(format))
      throw new UsageError(`--format is one of ${exportFormats.join(', ')}, not "${format}"`);
    const holdsKey = format === 'pkcs12' || format === 'key';
    if (holdsKey && values['yes-export-key'] !== true) {
      throw new UsageError('say --yes-export-key: the private key leaves the store');
    }
    if (holdsKey && text(values, 'password-file') === undefined && values['plain-key'] !== true) {
      throw new UsageError('give --password-file to seal the key, or --plain-key');
    }
  },
  run: async (context) => {
    const { service, names, values, io } = context;
    const passwordFile = text(values, 'password-file');
    const format = (text(values, 'format') ?? 'pem') as ExportFormat;
    const exported = await exportCertificate(service, {
      id: names[0]!,
      format,
      password: passwordFile === undefined ? '' : await readSecret(passwordFile, io),
      confirmsKeyExport: values['yes-export-key'] === true,
      allowsPlainKey: values['plain-key'] === true,
      isLegacy: values.legacy === true,
    });
    const bytes = Buffer.from(exported.contentBase64, 'base64');
    const out = text(values, 'out');
    if (out === undefined) {
      if (values.json === true) print(context, exported, '');
      else io.stdout.write(bytes);
      return 0;
    }
    await writeFile(out, bytes, { mode: format === 'pkcs12' || format === 'key' ? 0o600 : 0o644 });
    print(context, { file: out, mediaType: exported.mediaType }, [out]);
    return 0;
  },
};

const subjectOptions = {
  organization: { type: 'string' },
  unit: { type: 'string' },
  locality: { type: 'string' },
  state: { type: 'string' },
  country: { type: 'string' },
} as const;

export const csr: CertCommand = {
  usage: 'csr NAME... [options] | csr --answer ID FILE... | csr --delete ID',
  summary: 'make a CSR whose key stays here, and take the answer of the CA',
  help: `  --id ID            the id that the certificate will have (default: made from the first name)
${keyTypeHelp}
  --organization, --unit, --locality, --state, --country   fields of the subject
  --answer ID        import the certificate that the CA made of the CSR ID
  --delete ID        give the CSR ID up`,
  options: {
    id: { type: 'string' },
    'key-type': { type: 'string' },
    answer: { type: 'string' },
    delete: { type: 'string' },
    ...subjectOptions,
  },
  check: (names, values) => {
    keyType(values);
    const isDelete = text(values, 'delete') !== undefined;
    if (isDelete && names.length > 0) throw new UsageError(`"${names[0]}" is too much with --delete`);
    if (!isDelete && names.length === 0) {
      throw new UsageError(
        text(values, 'answer') === undefined ? 'name at least one host name' : 'name the FILE of the answer',
      );
    }
  },
  run: async (context) => {
    const { service, names, values, io } = context;
    const deleted = text(values, 'delete');
    const answered = text(values, 'answer');
    if (deleted !== undefined) {
      await deleteCertificateRequest(service, deleted);
      print(context, { deleted }, [`deleted ${deleted}`]);
    } else if (answered !== undefined) {
      const info = await importRequestAnswer(service, { id: answered, files: await readFiles(names, io) });
      print(context, info, [lineOf(info)]);
      reportWarnings(info, io);
    } else {
      const request = await createCertificateRequest(service, {
        names: [...names],
        ...given('id', text(values, 'id')),
        ...given('keyType', keyType(values)),
        ...given('organization', text(values, 'organization')),
        ...given('organizationalUnit', text(values, 'unit')),
        ...given('locality', text(values, 'locality')),
        ...given('state', text(values, 'state')),
        ...given('country', text(values, 'country')),
      });
      print(context, request, request.csrPem);
      io.stderr.write(`its key waits here: hopscope cert csr --answer ${request.id} FILE\n`);
    }
    return 0;
  },
};

export const sign: CertCommand = {
  usage: 'sign FILE [options]',
  summary: "sign somebody else's CSR by the local CA; prints the certificate and its CA (PEM)",
  help: `  --id ID            its id in the store (default: made from the first name)
  --days N           1 to 397 (default 397)
  --name NAME        sign for these names instead of those in the request; again for more`,
  options: { id: { type: 'string' }, days: { type: 'string' }, name: { type: 'string', multiple: true } },
  check: (names) => void onlyName(names, 'the FILE of the request'),
  run: async (context) => {
    const { service, names, values, io } = context;
    const [file] = await readFiles(names, io);
    if (file === undefined) throw new AppError('invalid_input', 'there is no request');
    const wanted = texts(values, 'name');
    const signed = await signCertificateRequest(service, {
      csrBase64: file.contentBase64,
      ...given('id', text(values, 'id')),
      ...given('days', number(values, 'days')),
      ...(wanted.length === 0 ? {} : { names: wanted }),
    });
    print(context, signed, signed.chainPem);
    return 0;
  },
};
