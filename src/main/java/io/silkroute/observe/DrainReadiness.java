package io.silkroute.observe;

import io.silkroute.ingress.Drain;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready from the signal to stop on. */
@Readiness
@Singleton
public class DrainReadiness implements HealthCheck {

    private final Drain drain;

    @Inject
    public DrainReadiness(Drain drain) {
        this.drain = drain;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("not stopping")
                .status(!drain.hasBegun())
                .build();
    }
}
