import type { Screen } from '../stores/uiStore';

const titles: Readonly<Record<Screen, string>> = {
  routes: 'Routes',
  flows: 'Flows',
  certificates: 'Certificates',
};

export function screenTitle(screen: Screen): string {
  return titles[screen];
}
