// Builds dist/ once before the tests that run the real programs. Unit tests do not need it.
import { execFileSync } from 'node:child_process';

interface Project {
  readonly name: string;
}

export default function setup(project: Project): void {
  if (project.name === 'unit') return;
  execFileSync(process.execPath, ['scripts/ensureBuilt.mjs'], { stdio: 'inherit' });
}
