import { X } from 'lucide-react';
import { useState } from 'react';
import type { CacheInfo } from '../../../main/contract/api';
import { Button } from '../../components/Button';
import { counted, formatBytes } from '../../stores/flowFormat';
import { freshnessText } from '../cacheStore';

/** The last used entries of a cache as a table; each URL can be removed. */
export function CacheEntries(props: { readonly info: CacheInfo; readonly onRemove: (url: string) => void }) {
  const { latest, entries } = props.info;
  const [wanted, setWanted] = useState('');
  const more = entries - latest.length;
  const found = latest.filter(({ url }) => url.toLowerCase().includes(wanted.trim().toLowerCase()));
  if (entries === 0) return <p className="field-help">Nothing is stored now.</p>;
  return (
    <div className="cache-entries">
      <input
        className="input"
        aria-label="Find in URLs"
        placeholder="Find in URLs"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {found.length === 0 && <p className="field-help">No URL has this in it.</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">URL</th>
            <th scope="col">Status</th>
            <th scope="col">Size</th>
            <th scope="col">Hits</th>
            <th scope="col">Freshness</th>
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: variants of one URL differ by nothing that could name them.
            <tr key={`${index} ${entry.url}`}>
              <td className="cache-url" title={entry.url}>
                {entry.url}
                {entry.vary.length > 0 && <small>varies by {entry.vary.join(', ')}</small>}
              </td>
              <td>{entry.status}</td>
              <td>{formatBytes(entry.bytes)}</td>
              <td>{entry.hits.toLocaleString('en')}</td>
              <td>{freshnessText(entry.freshSeconds)}</td>
              <td>
                <Button
                  variant="ghost"
                  size="small"
                  aria-label={`Remove ${entry.url}`}
                  icon={<X size={14} aria-hidden />}
                  onClick={() => props.onRemove(entry.url)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <p className="field-help">{counted(more, 'entry', 'entries')} more, used longer ago than these.</p>
      )}
    </div>
  );
}
