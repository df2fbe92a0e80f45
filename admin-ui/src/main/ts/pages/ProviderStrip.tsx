import type { ReactElement } from 'react';
import { openProvider } from '../route';
import { useStore } from '../store/store';
import { providerLook } from '../text';
import { StateTag } from '../ui/StateTag';

export function ProviderStrip(): ReactElement {
  const store = useStore();
  const providers = [...store.providers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const counts = store.callsByProvider();
  return (
    <section className="strip" aria-label="PBXs">
      {providers.length === 0 && <p className="muted">No PBX is configured. Put one into etc/org.jackfield.provider~NAME.cfg.</p>}
      {providers.map((provider) => (
        <button key={provider.name} type="button" className="jack" onClick={() => openProvider(provider.name)}>
          <StateTag look={providerLook(provider.state)} small />
          <span className="name">{provider.name}</span>
          <span className="muted">
            {provider.driver} {provider.version}
          </span>
          <span className="count">
            {counts.get(provider.name) ?? 0} <span className="muted">{counts.get(provider.name) === 1 ? 'call' : 'calls'}</span>
          </span>
        </button>
      ))}
    </section>
  );
}
