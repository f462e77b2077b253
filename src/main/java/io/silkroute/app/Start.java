package io.silkroute.app;

import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.silkroute.registry.ChangeFeed;
import io.silkroute.registry.SnapshotLoader;
import io.silkroute.routing.Routing;
import io.silkroute.routing.RoutingListener;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What happens after the store was migrated and before the first caller is let in. */
@Singleton
class Start {

    private final SnapshotLoader snapshot;
    private final Routing routing;
    private final List<RoutingListener> listeners;
    private final SampleSetup samples;
    private final ChangeFeed changes;
    private final boolean embedded;

    @Inject
    Start(
            SnapshotLoader snapshot,
            Routing routing,
            @All List<RoutingListener> listeners,
            SampleSetup samples,
            ChangeFeed changes,
            @ConfigProperty(name = TryOut.EMBEDDED, defaultValue = "false") boolean embedded) {
        this.snapshot = snapshot;
        this.routing = routing;
        this.listeners = listeners;
        this.samples = samples;
        this.changes = changes;
        this.embedded = embedded;
    }

    void on(@Observes StartupEvent event) throws Throwable {
        listeners.forEach(routing::listen);
        VertxContextSupport.subscribeAndAwait(snapshot::reload);
        if (embedded) {
            VertxContextSupport.subscribeAndAwait(samples::prepare);
        }
        changes.begin();
    }
}
