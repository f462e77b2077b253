package io.silkroute.ingress;

import io.silkroute.failover.Delivery;
import java.util.List;

/**
 * What is proxied, and how answers go out.
 *
 * @param paths each begins with a slash and may end with {@code /*} ({@code PROXY_PATHS})
 * @param delivery of requests that do not ask for another ({@code DELIVERY})
 */
public record IngressSettings(List<String> paths, Delivery delivery) {

    public IngressSettings {
        paths = List.copyOf(paths);
    }
}
