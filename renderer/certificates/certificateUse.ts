import type { WorkspaceDocument } from '../../main/contract/config';

/** The listeners that serve a certificate, by its id. */
export function listenersUsing(document: WorkspaceDocument, certificate: string): string[] {
  return (document.listeners ?? [])
    .filter((listener) => listener.tls?.certificates?.includes(certificate) === true)
    .map((listener) => listener.id);
}

/** "shop.test, *.shop.test 10.0.0.1" → the names, without repeats. */
export function readNames(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((name) => name !== ''))];
}

/** "CN=Hopscope local CA, O=Hopscope" → "Hopscope local CA"; a name without CN stays as it is. */
export function commonName(subject: string): string {
  return /(?:^|, ?)CN=((?:\\.|[^,])+)/.exec(subject)?.[1] ?? subject;
}
