// Builds dist/ once before the tests that run the real programs. Unit tests do not need it.
import { execFileSync } from 'node:child_process';

export default function setup(): void {
  execFileSync(process.execPath, ['scripts/ensureBuilt.mjs'], { stdio: 'inherit' });
}
