// A request that its sender gives up on purpose, at a moment that was chosen: what a server and a proxy do then is worth a look.
import type { HttpMessage } from '../../contract/clientRequest';

const afterWriteMs = 5;

/** Watches for the moment; `act` is called once, with why in words. */
export class GivingUp {
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  /** Nothing more is to be written. */
  isDue = false;

  constructor(
    private readonly plan: HttpMessage['giveUp'],
    private readonly act: (words: string) => void,
  ) {
    if (plan?.after === 'time') this.#timer = setTimeout(() => this.#do(`${plan.ms} ms`), plan.ms);
  }

  /** So many pieces are out; 0 = the head alone, where it is no piece. */
  wrote(pieces: number): void {
    const { plan } = this;
    if (plan?.after !== 'pieces' || pieces < plan.pieces || this.#timer !== undefined) return;
    const moment = pieces === 0 ? 'the head' : pieces === 1 ? '1 piece' : `${pieces} pieces`;
    // A reader in this process gets a turn for what was written: a reset would overtake it.
    this.isDue = true;
    this.#timer = setTimeout(() => this.#do(moment), afterWriteMs);
  }

  /** The head of the response is there. */
  gotHead(): void {
    if (this.plan?.after === 'head') this.#do('the head of the response');
  }

  /** There is nothing to give up any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #do(moment: string): void {
    if (this.#isOver) return;
    this.end();
    this.act(`given up after ${moment}, as it was asked for`);
  }
}
