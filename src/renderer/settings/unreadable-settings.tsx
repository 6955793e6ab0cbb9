import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ResetDialog } from './reset-section.tsx';

/** Settings that can't be read are left as they are: the user corrects the file, or starts anew. */
export function UnreadableSettings({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <ErrorState
        error={error}
        onRetry={onRetry}
        actions={
          <Button size="small" onClick={() => setAsking(true)}>
            Start anew…
          </Button>
        }
      />
      {isAsking ? <ResetDialog onClose={() => setAsking(false)} onDone={onRetry} /> : null}
    </>
  );
}
