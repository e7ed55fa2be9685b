// In place of what a browser has itself.
