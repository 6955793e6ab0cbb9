import { View } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';

export function Overview() {
  const status = useCall('status', {});
  return (
    <View title="Overview">
      {status.isPending ? <Loading /> : null}
      {status.isError ? <ErrorState error={status.error} onRetry={() => void status.refetch()} fill /> : null}
    </View>
  );
}
