// What is wrong with the settings of a filter, said at the entry that is wrong.
import { parseAddressRange } from './addressRange';
import type { Filter, Workspace } from './config';
import type { ConfigIssue } from './configIssue';
import { parsePasswordHash } from './passwordHash';

type Path = ConfigIssue['path'];
type FilterOf<Type extends Filter['type']> = Extract<Filter, { type: Type }>;

export function filterIssues(workspace: Workspace): ConfigIssue[] {
  return workspace.routes.flatMap((route, index) =>
    route.kind === 'http'
      ? route.filters.flatMap((filter, position) => issuesOf(filter, ['routes', index, 'filters', position]))
      : [],
  );
}

function issuesOf(filter: Filter, at: Path): ConfigIssue[] {
  switch (filter.type) {
    case 'access':
      return [...rangeIssues(filter, 'allow', at), ...rangeIssues(filter, 'deny', at)];
    case 'basicAuth':
      return userIssues(filter, at);
    default:
      return [];
  }
}

function rangeIssues(filter: FilterOf<'access'>, list: 'allow' | 'deny', at: Path): ConfigIssue[] {
  return filter[list].flatMap((text, position) => {
    const path = [...at, list, position];
    const range = parseAddressRange(text);
    if (range === null) {
      const message = `"${text}" is not an IP address or a range such as 10.0.0.0/8 or fd00::/8`;
      return [issue('error', path, message)];
    }
    if (!range.hasHostBits) return [];
    return [
      issue(
        'warning',
        path,
        `"${text}" means the whole range: bits behind /${text.split('/')[1]} do not count`,
      ),
    ];
  });
}

function userIssues(filter: FilterOf<'basicAuth'>, at: Path): ConfigIssue[] {
  const users = Object.entries(filter.users);
  if (users.length === 0) return [issue('warning', [...at, 'users'], 'without a user nobody can sign in')];
  return users.flatMap(([name, text]) => {
    const parsed = parsePasswordHash(text);
    return parsed.ok ? [] : [issue('error', [...at, 'users', name], parsed.reason)];
  });
}

function issue(severity: ConfigIssue['severity'], path: Path, message: string): ConfigIssue {
  return { code: 'invalid_value', severity, path, message };
}
