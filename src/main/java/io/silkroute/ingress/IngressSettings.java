package io.silkroute.ingress;

import io.silkroute.failover.Delivery;
import java.time.Duration;
import java.util.List;

/**
 * What is proxied, how answers go out, and how it ends.
 *
 * @param paths each begins with a slash and may end with {@code /*} ({@code PROXY_PATHS})
 * @param delivery of requests that do not ask for another ({@code DELIVERY})
 * @param drainNotice how long balancers have to turn elsewhere before the gateway stops, zero or more
 * @param drainTimeout how long requests that run have to end, not shorter ({@code DRAIN_TIMEOUT_SEC})
 */
public record IngressSettings(List<String> paths, Delivery delivery, Duration drainNotice, Duration drainTimeout) {

    public IngressSettings {
        paths = List.copyOf(paths);
    }
}
