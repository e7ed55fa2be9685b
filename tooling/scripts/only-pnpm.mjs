// A bare `npm install` in the root installs half a tree; say what to run instead.
const agent = process.env.npm_config_user_agent ?? '';
if (!agent.startsWith('pnpm/')) {
  process.stderr.write('This workspace is installed by pnpm. Run `npm run setup` (needs nothing but npm).\n');
  process.exit(1);
}
