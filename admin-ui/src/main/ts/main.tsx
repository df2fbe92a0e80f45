import './style/fonts.css';
import './style/tokens.css';
import './style/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './pages/App';
import { store } from './store/store';
import { startTheme } from './ui/theme';

startTheme();

const query = new URLSearchParams(location.search);
const code = query.get('login');
if (code !== null) {
  // The code is spent with the first use; it has no place in the history.
  query.delete('login');
  const rest = query.toString();
  history.replaceState(null, '', rest ? `${location.pathname}?${rest}` : location.pathname);
}
void store.start(code);

const page = document.getElementById('page');
if (page) {
  createRoot(page).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
