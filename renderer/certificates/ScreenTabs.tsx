import type { CertificatesTabId } from './CertificatesScreen';

const tabs: readonly { readonly id: CertificatesTabId; readonly label: string }[] = [
  { id: 'certificates', label: 'In the store' },
  { id: 'authority', label: 'Local CA and trust' },
  { id: 'public', label: 'Public CA' },
];

/** The parts of the screen. */
export function ScreenTabs(props: {
  readonly tab: CertificatesTabId;
  readonly onChange: (tab: CertificatesTabId) => void;
}) {
  return (
    <nav aria-label="Parts of this screen" className="certificates-nav">
      {tabs.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          className="tabs-trigger"
          data-state={id === props.tab ? 'active' : 'inactive'}
          aria-current={id === props.tab ? 'page' : undefined}
          onClick={() => props.onChange(id)}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
