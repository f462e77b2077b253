package io.silkroute.observe;

import io.silkroute.registry.StoreState;
import io.silkroute.routing.Routing;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready as soon as there is a routing table; from then on traffic needs nothing else, and the store is only reported. */
@Readiness
@Singleton
public class SnapshotReadiness implements HealthCheck {

    private final Routing routing;
    private final StoreState store;

    @Inject
    public SnapshotReadiness(Routing routing, StoreState store) {
        this.routing = routing;
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("routing table")
                .status(routing.loaded())
                .withData("database", store.trouble().orElse("reached"))
                .build();
    }
}
