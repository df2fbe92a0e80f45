import { type ReactElement, useEffect, useRef } from 'react';
import { Icon } from '../ui/Icon';
import { useKeysOn } from '../ui/keys';

const KEYS: [string[], string][] = [
  [['/'], 'Search the calls'],
  [['↑', '↓'], 'Move through the list, or through candidates'],
  [['Home', 'End'], 'First and last call'],
  [['Enter'], 'Open the call; in the transfer form, transfer'],
  [['T'], 'Transfer the open or the selected call'],
  [['Esc'], 'Close what is open, back to the list'],
  [['?'], 'This list'],
];

export function Shortcuts({ onClose }: { onClose: () => void }): ReactElement {
  const [keys, setKeys] = useKeysOn();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const box = dialog.current;
    if (!box?.open) box?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="shortcuts" aria-labelledby="shortcuts-title" onClose={onClose}>
      <div className="row">
        <h2 id="shortcuts-title">Keyboard</h2>
        <button type="button" className="button quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="cross" />
        </button>
      </div>
      <dl>
        {KEYS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" checked={keys} onChange={(e) => setKeys(e.target.checked)} />
        Single letters and signs act (/, T, ?)
      </label>
    </dialog>
  );
}
