import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Button } from './Button';
import { ConfirmButton } from './ConfirmButton';

afterEach(cleanup);

describe('a button that cannot be pressed now', () => {
  it('keeps the focus, tells why and does nothing', () => {
    const onPress = vi.fn();
    render(
      <Button onPress={onPress} refusal="The target does not ring yet.">
        Complete
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Complete' });
    button.focus();
    fireEvent.click(button);
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(button.hasAttribute('disabled')).toBe(false);
    expect(document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent).toBe('The target does not ring yet.');
    expect(document.querySelector('.tip')?.textContent).toBe('The target does not ring yet.');
    expect(onPress).not.toHaveBeenCalled();
  });

  it('hides its reason with Escape, and Escape goes no further', () => {
    const outside = vi.fn();
    addEventListener('keydown', outside);
    render(
      <Button onPress={() => undefined} refusal="No.">
        Hold
      </Button>,
    );
    fireEvent.focus(screen.getByRole('button'));
    fireEvent.keyDown(screen.getByRole('button'), { key: 'Escape' });
    expect(document.querySelector('.tip')).toBeNull();
    expect(outside).not.toHaveBeenCalled();
    removeEventListener('keydown', outside);
  });
});

describe('a button for what cannot be taken back', () => {
  it('asks first and acts with the second press', () => {
    const onPress = vi.fn();
    render(<ConfirmButton icon="hangup" text="Clear" question="Clear Alice?" onPress={onPress} />);
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(onPress).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Clear Alice?' }));
    expect(onPress).toHaveBeenCalledOnce();
    expect(screen.getByRole('button', { name: 'Clear' })).toBeTruthy();
  });
});

describe('a button whose request is under way', () => {
  it('says "requested" and is not pressed twice', () => {
    const onPress = vi.fn();
    render(
      <Button onPress={onPress} requested>
        Hold
      </Button>,
    );
    fireEvent.click(screen.getByRole('button'));
    expect(screen.getByRole('button').textContent).toContain('requested');
    expect(onPress).not.toHaveBeenCalled();
  });
});
