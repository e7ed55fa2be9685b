import type { JSX, TargetedSubmitEvent } from 'preact';
import { TEXTS } from '../texts.js';
import { useConsole } from './console-context.js';

/** Who one is, for a broker that the page speaks to itself. */
export function Login({ refused }: { readonly refused: string | undefined }): JSX.Element {
  const state = useConsole();
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    void state.connect({ username: String(given.get('username')), password: String(given.get('password')) });
  };
  return (
    <form class="login" onSubmit={submit}>
      <h1>{TEXTS.login.title}</h1>
      <p>{TEXTS.login.why}</p>
      {refused !== undefined && (
        <p role="alert" class="problem">
          {refused}
        </p>
      )}
      <label>
        {TEXTS.login.username}
        <input name="username" autocomplete="username" required defaultValue={state.login?.username} />
      </label>
      <label>
        {TEXTS.login.password}
        <input name="password" type="password" autocomplete="current-password" />
      </label>
      <button type="submit" class="main">
        {TEXTS.login.submit}
      </button>
    </form>
  );
}
