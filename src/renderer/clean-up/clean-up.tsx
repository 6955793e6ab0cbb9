import { View } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { CleanUpPlan } from './clean-up-plan.tsx';

/** Which snapshots stay and which go, by rules that can be tried before they hold. */
export function CleanUp() {
  const settings = useCall('settings', {});
  const snapshots = useCall('snapshots', {});
  const error = settings.error ?? snapshots.error;
  if (settings.data !== undefined && snapshots.data !== undefined) {
    return <CleanUpPlan saved={settings.data.settings.retention} rows={snapshots.data} />;
  }
  return (
    <View title="Clean up">
      {error === null ? (
        <Loading label="Reading the snapshots" />
      ) : (
        <ErrorState
          fill
          error={error}
          onRetry={() => {
            void settings.refetch();
            void snapshots.refetch();
          }}
        />
      )}
    </View>
  );
}
