// The Connection field: what it says about the connection and which other fields it makes hop-by-hop (RFC 9110 7.6.1).

import { trimBlanks } from './characters';
import { FieldId } from './fieldId';
import type { FieldIndex } from './fieldIndex';

/** Reused from message to message. */
export class ConnectionOptions {
  hasClose = false;
  hasKeepAlive = false;
  hasUpgrade = false;
  /** Lower-case names of fields that must not be passed on; null = none beyond the usual ones. */
  namedFields: Set<string> | null = null;

  read(raw: string, fields: FieldIndex): void {
    this.hasClose = false;
    this.hasKeepAlive = false;
    this.hasUpgrade = false;
    this.namedFields = null;
    if (!fields.has(FieldId.connection)) return;
    for (let index = 0; index < fields.count; index++) {
      if (fields.id(index) === FieldId.connection) this.#add(fields.value(raw, index));
    }
  }

  #add(value: string): void {
    // The two values that nearly every message has, without splitting.
    if (value === 'keep-alive') this.hasKeepAlive = true;
    else if (value === 'close') this.hasClose = true;
    else for (const part of value.split(',')) this.#addOption(trimBlanks(part).toLowerCase());
  }

  #addOption(option: string): void {
    if (option === 'close') this.hasClose = true;
    else if (option === 'keep-alive') this.hasKeepAlive = true;
    else if (option === 'upgrade') this.hasUpgrade = true;
    else if (option !== '') {
      this.namedFields ??= new Set();
      this.namedFields.add(option);
    }
  }
}
