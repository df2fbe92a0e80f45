import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { closePanel } from '../route';
import { Icon } from '../ui/Icon';

/** The side panel: not modal, so the list stays in use. It takes the focus when it opens. */
export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  const close = (): void => {
    closePanel();
    document.getElementById('grid')?.focus();
  };
  return (
    <aside className="panel" aria-labelledby="panel-title">
      <div className="panel-head">
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="button quiet" aria-label="Close" aria-keyshortcuts="Escape" onClick={close}>
          <Icon name="cross" />
        </button>
        {aside && <div className="panel-facts">{aside}</div>}
      </div>
      <div className="panel-body" tabIndex={-1}>
        {children}
      </div>
    </aside>
  );
}
