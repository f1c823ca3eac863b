// A certificate authority of ours and what it issues, for tests of who trusts whom.
import type { KeyAndCertificate } from '../../main/certs/certificateAuthority';
import { parseCertificateNames } from '../../main/certs/certificateNames';
import { quickAuthority, quickLeaf } from '../../main/certs/quickAuthority';
import type { TestCertificate } from '../helpers/testCertificates';

export class TestAuthority {
  private constructor(private readonly pair: KeyAndCertificate) {}

  static async create(commonName = 'Test authority'): Promise<TestAuthority> {
    return new TestAuthority(await quickAuthority(commonName, Date.now()));
  }

  get pem(): string {
    return this.pair.certificatePem;
  }

  /** As the engine gets it: to be trusted, without its key. */
  get material() {
    return { certificateChainPem: this.pem, privateKeyPem: null, dnsNames: [] };
  }

  async issue(...names: string[]): Promise<TestCertificate> {
    const leaf = await quickLeaf(this.pair, parseCertificateNames(names), 2, Date.now());
    return { certificateChainPem: leaf.certificatePem, privateKeyPem: leaf.privateKeyPem, dnsNames: names };
  }
}
