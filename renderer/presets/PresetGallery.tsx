import {
  ArrowRight,
  Database,
  GitFork,
  HardDriveDownload,
  Lock,
  LockKeyhole,
  type LucideIcon,
  Scale,
  ShieldCheck,
} from 'lucide-react';
import './presets.css';
import { type Preset, type PresetId, presets } from './presets';

export const presetIcons: Readonly<Record<PresetId, LucideIcon>> = {
  hostToPort: ArrowRight,
  canary: GitFork,
  https: Lock,
  passthrough: LockKeyhole,
  cache: HardDriveDownload,
  loadBalance: Scale,
  tcp: Database,
  redirect: ShieldCheck,
};

/** All presets as cards. */
export function PresetGallery(props: {
  readonly without?: PresetId;
  readonly onChoose: (preset: Preset) => void;
}) {
  return (
    <ul className="preset-gallery">
      {presets
        .filter(({ id }) => id !== props.without)
        .map((preset) => {
          const Icon = presetIcons[preset.id];
          return (
            <li key={preset.id}>
              <button type="button" className="preset-card" onClick={() => props.onChoose(preset)}>
                <Icon size={16} aria-hidden />
                <strong>{preset.title}</strong>
                <span>{preset.text}</span>
              </button>
            </li>
          );
        })}
    </ul>
  );
}
