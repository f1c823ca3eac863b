// How programs that do not look into the system's store come to trust the local CA. Pure: file name in, commands out.

export interface ClientInstruction {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** To be pasted into a terminal; empty = the text is all. */
  readonly commands: readonly string[];
}

/** `caFile`: where the CA's certificate lies, as PEM. */
export function clientInstructions(caFile: string): ClientInstruction[] {
  const file = shellQuoted(caFile);
  return [
    {
      id: 'curl',
      title: 'curl',
      text: 'For one command, or for all of a terminal.',
      commands: [`curl --cacert ${file} https://shop.test:8443/`, `export CURL_CA_BUNDLE=${file}`],
    },
    {
      id: 'node',
      title: 'Node.js',
      text: 'Read once at start; set it before Node runs.',
      commands: [`export NODE_EXTRA_CA_CERTS=${file}`],
    },
    {
      id: 'python',
      title: 'Python',
      text: 'For requests and for the standard library. They take the place of the well-known CAs.',
      commands: [`export REQUESTS_CA_BUNDLE=${file}`, `export SSL_CERT_FILE=${file}`],
    },
    {
      id: 'java',
      title: 'Java',
      text: 'Into the trust store of the Java that runs; “changeit” is its usual password.',
      commands: [
        `keytool -importcert -noprompt -alias hopscope -file ${file} -cacerts -storepass changeit`,
        'keytool -delete -alias hopscope -cacerts -storepass changeit',
      ],
    },
    {
      id: 'git',
      title: 'Git',
      text: 'For one server only.',
      commands: [`git config --global http.https://shop.test/.sslCAInfo ${file}`],
    },
    {
      id: 'firefox',
      title: 'Firefox',
      text: 'Settings → Privacy & Security → View Certificates → Authorities → Import, choose the file, tick “identify websites”. Where a profile of Firefox is listed above, “Trust…” does the same.',
      commands: [],
    },
    {
      id: 'ios',
      title: 'iPhone, iPad',
      text: 'Open the address of the QR code below in Safari and allow the profile. Then Settings → General → VPN & Device Management → install it, and Settings → General → About → Certificate Trust Settings → switch it on.',
      commands: [],
    },
    {
      id: 'android',
      title: 'Android',
      text: 'Open the address of the QR code below and save the file. Then Settings → Security → Encryption & credentials → Install a certificate → CA certificate. Browsers use it; most other apps trust only the CAs that came with the system.',
      commands: [],
    },
  ];
}

function shellQuoted(path: string): string {
  return /^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
