export function findElectron(packageFolder: string): string | null;
export function fetchElectron(packageFolder: string, stallMs?: number): Promise<string | null>;
