/** A user of the demo. */
export interface DemoUser {
  readonly id: string;
  readonly name: string;
}

/** Who one can be. What answers this serves the demo only, and no product would have it. */
export async function demoUsers(): Promise<readonly DemoUser[]> {
  const { users } = await json<{ users: readonly DemoUser[] }>(await fetch("/dev/users"));
  return users;
}

/** A token for one of them. */
export async function demoToken(user: string): Promise<string> {
  const response = await fetch("/dev/tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user }),
  });
  const { token } = await json<{ token: string }>(response);
  return token;
}

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) {
    throw new Error(`${new URL(response.url).pathname} answered ${response.status}`);
  }
  return (await response.json()) as T;
}
