// The application's start: the theme first, so that nothing flashes, then the root element, which asks who is signed in.
import { applyTheme } from './controllers/theme.js';
import './app-root.js';

applyTheme();
