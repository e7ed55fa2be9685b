export { default } from 'vitepress/theme';

// After the theme, which it corrects.
import './style.css';
