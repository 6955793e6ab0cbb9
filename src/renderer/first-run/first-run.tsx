export function FirstRunView() {
  return (
    <main>
      <h1>first-run</h1>
    </main>
  );
}
