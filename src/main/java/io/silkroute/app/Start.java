package io.silkroute.app;

import io.quarkus.arc.All;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.silkroute.registry.ChangeFeed;
import io.silkroute.registry.StoreOpening;
import io.silkroute.routing.Routing;
import io.silkroute.routing.RoutingListener;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Opens the store before the first caller is let in. While there is none to open, the process is alive but not ready, and tries
 * again: an orchestrator that restarted it would gain nothing.
 */
@Singleton
class Start {

    private static final Logger LOG = Logger.getLogger(Start.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final StoreOpening store;
    private final Routing routing;
    private final List<RoutingListener> listeners;
    private final SampleSetup samples;
    private final ChangeFeed changes;
    private final Vertx vertx;
    private final boolean embedded;

    @Inject
    Start(
            StoreOpening store,
            Routing routing,
            @All List<RoutingListener> listeners,
            SampleSetup samples,
            ChangeFeed changes,
            Vertx vertx,
            @ConfigProperty(name = TryOut.EMBEDDED, defaultValue = "false") boolean embedded) {
        this.store = store;
        this.routing = routing;
        this.listeners = listeners;
        this.samples = samples;
        this.changes = changes;
        this.vertx = vertx;
        this.embedded = embedded;
    }

    void on(@Observes StartupEvent event) throws Throwable {
        listeners.forEach(routing::listen);
        if (!store.attempt()) {
            tryAgain();
            return;
        }
        if (embedded) {
            VertxContextSupport.subscribeAndAwait(samples::prepare);
        }
        changes.begin();
    }

    private void tryAgain() {
        vertx.setTimer(
                PAUSE.toMillis(),
                id -> vertx.executeBlocking(store::attempt, false)
                        .onSuccess(open -> {
                            if (open) {
                                changes.begin();
                            } else {
                                tryAgain();
                            }
                        })
                        .onFailure(refusal -> {
                            LOG.error(refusal.getMessage());
                            Quarkus.asyncExit(1);
                        }));
    }
}
