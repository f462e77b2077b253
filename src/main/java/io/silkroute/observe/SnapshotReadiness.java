package io.silkroute.observe;

import io.silkroute.routing.Routing;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready as soon as there is a routing table; from then on traffic needs nothing else. */
@Readiness
@Singleton
public class SnapshotReadiness implements HealthCheck {

    private final Routing routing;

    @Inject
    public SnapshotReadiness(Routing routing) {
        this.routing = routing;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("routing table")
                .status(routing.loaded())
                .build();
    }
}
