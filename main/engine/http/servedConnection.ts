/** A client's connection on which some HTTP is spoken. */
export interface ServedConnection {
  /** Finishes what is in flight, takes nothing new, then closes. */
  drain(): void;
  destroy(reason: string): void;
}
