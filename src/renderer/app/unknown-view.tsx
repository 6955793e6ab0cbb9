import { EmptyState } from '../components/empty-state.tsx';
import { links } from './routes.ts';
import { View } from './view.tsx';

/** For an address that leads nowhere: typed, or from another version. */
export function UnknownView() {
  return (
    <View title="There is nothing here">
      <EmptyState title="This address leads nowhere." action={<a href={links.overview()}>All snapshots</a>}>
        It may come from another version of the panel.
      </EmptyState>
    </View>
  );
}
