package io.silkroute.ingress;

import java.util.List;

/**
 * The paths that are proxied ({@code PROXY_PATHS}).
 *
 * @param patterns each begins with a slash and may end with {@code /*}
 */
public record ProxyPaths(List<String> patterns) {

    public ProxyPaths {
        patterns = List.copyOf(patterns);
    }
}
