// Composition root of the window: line, api, stores, then the tree. No logic.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme.css';
import './base.css';
import '../components/components.css';
import './app.css';
import { connect } from '../client/connect';
import { App } from './App';
import { createStores } from './createStores';
import { followTheme } from './followTheme';

const client = connect();
const stores = createStores(client);
followTheme(stores.ui, document.documentElement);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App api={client} stores={stores} />
  </StrictMode>,
);
