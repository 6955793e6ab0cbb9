/** Calls another service of this Codex and gives its answer; throws when it doesn't answer with 200. */
export async function request(port, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(2000),
  });
  if (!response.ok) throw new Error(`${path} on port ${port} answered ${response.status}`);
  return await response.json();
}
