import { Suspense } from 'react';
import { Loading } from '../components/loading.tsx';
import { InterruptedOffer } from '../restore/interrupted-offer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import './frame.css';
import { JobBar } from './job-bar.tsx';
import { Navigation } from './navigation.tsx';
import { StandingNotices } from './standing-notices.tsx';
import { useFirstRun } from './use-first-run.ts';
import { useRoute } from './use-route.ts';
import { useWide } from './use-wide.ts';
import { findView } from './views.ts';

/** What is around every view: navigation, the state of the connection, and the work that runs. */
export function Frame() {
  const route = useRoute();
  const wide = useWide();
  useFirstRun(route);
  const { component: View, isFlow } = findView(route.view);
  return (
    <div className={`frame ${wide ? 'frame-wide' : 'frame-narrow'} ${isFlow ? 'frame-flow' : ''}`}>
      {wide && !isFlow ? <Navigation route={route} wide /> : null}
      <div className="frame-main">
        <ConnectionBanner />
        <StandingNotices route={route} />
        <ErrorBoundary key={route.view}>
          <Suspense fallback={<Loading />}>
            <View route={route} />
          </Suspense>
        </ErrorBoundary>
        <JobBar route={route} />
      </div>
      {wide || isFlow ? null : <Navigation route={route} />}
      <InterruptedOffer />
    </div>
  );
}
