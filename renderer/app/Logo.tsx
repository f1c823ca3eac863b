/** Two endpoints, a hop, and a lens on it. */
export function Logo() {
  return (
    <span className="app-logo">
      <svg width="24" height="24" viewBox="0 0 24 24" fill="none" aria-hidden="true">
        <path
          d="M3 17.5C5 9 9 6.5 12 6.5s7 2.5 9 11"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
        <circle cx="12" cy="6.5" r="4" fill="var(--surface)" stroke="currentColor" strokeWidth="2" />
        <circle cx="3.5" cy="18.5" r="2" fill="currentColor" />
        <circle cx="20.5" cy="18.5" r="2" fill="currentColor" />
      </svg>
      Hopscope
    </span>
  );
}
