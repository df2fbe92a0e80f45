import type { ReactElement } from 'react';
import { useStore } from '../store/store';
import { providerLook, type Look } from '../text';
import { StateTag } from '../ui/StateTag';
import { Panel } from './Panel';

const EVER: Record<string, Look> = {
  yes: { text: 'Yes', tone: 'ok', icon: 'tick' },
  no: { text: 'No', tone: 'mute', icon: 'off' },
  unsaid: { text: 'Unsaid', tone: 'hold', icon: 'question' },
};
const SEVERITY: Record<string, Look> = {
  ok: { text: 'Ok', tone: 'ok', icon: 'tick' },
  warn: { text: 'Warning', tone: 'hold', icon: 'warn' },
  fail: { text: 'Error', tone: 'bad', icon: 'cross' },
};

const words = (camel: string): string => {
  const text = camel.replace(/([A-Z])/g, ' $1').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function ProviderPanel({ name }: { name: string }): ReactElement {
  const provider = useStore().providers.get(name);
  if (!provider) {
    return (
      <Panel title={name}>
        <p>No PBX of this name is configured.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title={provider.name}
      aside={
        <>
          <StateTag look={providerLook(provider.state)} />
          <span className="muted">
            {provider.driver} {provider.version}
          </span>
        </>
      }
    >
      {provider.why && <p>{provider.why}</p>}
      <h3>What this PBX can do</h3>
      <ul className="facts">
        {provider.capabilities.map((capability) => (
          <li key={capability.operation}>
            <StateTag look={EVER[capability.ever] ?? EVER.unsaid!} small />
            <span>{words(capability.operation)}</span>
            {capability.why && <span className="muted">{capability.why}</span>}
          </li>
        ))}
      </ul>
      {provider.probe.findings.length > 0 && (
        <>
          <h3>What the probe found</h3>
          <ul className="facts">
            {provider.probe.findings.map((finding) => (
              <li key={`${finding.subject}${finding.text}`}>
                <StateTag look={SEVERITY[finding.level] ?? SEVERITY.warn!} small />
                <span>{finding.subject}</span>
                <span className="muted">{finding.text}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
