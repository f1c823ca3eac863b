// How programs with trust stores of their own are told about the CA. Words and commands for people; nothing is run from here.

export interface TrustInstruction {
  readonly client: string;
  readonly steps: readonly { readonly text: string; readonly command: string | null }[];
}

/** `caFile` as the shell gets it; `platform` as Node names it. */
export function trustInstructions(caFile: string, platform: string): readonly TrustInstruction[] {
  const isWindows = platform === 'win32';
  const file = quoted(caFile, isWindows);
  const set = (name: string) => (isWindows ? `$env:${name} = ${file}` : `export ${name}=${file}`);
  const one = (client: string, text: string, command: string | null): TrustInstruction => ({
    client,
    steps: [{ text, command }],
  });
  return [
    one('curl', 'For one request:', `curl --cacert ${file} https://shop.test/`),
    one('Node.js', 'Before it starts (fetch, https and every library on them):', set('NODE_EXTRA_CA_CERTS')),
    {
      client: 'Python',
      steps: [
        { text: 'For the requests library:', command: set('REQUESTS_CA_BUNDLE') },
        {
          text: 'For everything on the ssl module. It takes the place of all other CAs:',
          command: set('SSL_CERT_FILE'),
        },
      ],
    },
    one(
      'Java',
      'Into the store of the Java that runs the program (its password is "changeit" unless somebody changed it):',
      `keytool -importcert -noprompt -cacerts -storepass changeit -alias hopscope-ca -file ${file}`,
    ),
    {
      client: 'Firefox',
      steps: [
        {
          text: 'Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import: choose the file, tick "identify websites".',
          command: null,
        },
        {
          text: 'On Windows and macOS it also takes what the system trusts: security.enterprise_roots.enabled in about:config.',
          command: null,
        },
      ],
    },
    one('git', 'For one repository:', `git config http.sslCAInfo ${file}`),
    one('Go', 'On Linux, beside what the system trusts:', isWindows ? null : set('SSL_CERT_FILE')),
    {
      client: 'iPhone and iPad',
      steps: [
        { text: 'Open the address of the certificate in Safari and allow the profile.', command: null },
        { text: 'Settings, Profile Downloaded, Install.', command: null },
        { text: 'Settings, General, About, Certificate Trust Settings: switch the CA on.', command: null },
      ],
    },
    {
      client: 'Android',
      steps: [
        { text: 'Open the address of the certificate in the browser and keep the file.', command: null },
        {
          text: 'Settings, Security, Encryption and credentials, Install a certificate, CA certificate: choose the file.',
          command: null,
        },
        {
          text: 'Browsers take it then; other apps only where their makers allow CAs of the user.',
          command: null,
        },
      ],
    },
  ];
}

function quoted(path: string, isWindows: boolean): string {
  if (isWindows) return `"${path.replaceAll('"', '')}"`;
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
