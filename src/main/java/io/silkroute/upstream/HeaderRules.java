package io.silkroute.upstream;

import io.silkroute.routing.NodeSpec;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which headers pass. Hop-by-hop headers speak of one connection only and never pass (RFC 9110, 7.6.1), nor do those that a
 * {@code Connection} header names; framing headers are written anew.
 */
public final class HeaderRules {

    /** Identifies a request to callers, nodes and operators alike. */
    public static final String REQUEST_ID = "x-request-id";

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** The caller's keys are for the gateway; host, length and expectations are those of the new request. */
    private static final Set<String> NOT_FORWARDED =
            Set.of("authorization", "x-api-key", "host", "content-length", "expect", REQUEST_ID);

    /** The caller knows its request by the id that it gave, or was given here. */
    private static final Set<String> NOT_RETURNED = Set.of(REQUEST_ID);

    private static final String OWN_PREFIX = "x-silkroute-";
    private static final int LONGEST_RULED = "proxy-authorization".length();

    private HeaderRules() {}

    /** Copies what a node may see of the caller's headers, and puts the node's own key in. */
    public static void forward(UpstreamRequest request, NodeSpec node, MultiMap to) {
        Set<String> named = namedByConnection(request.headers());
        for (Map.Entry<String, String> header : request.headers()) {
            String name = lower(header.getKey());
            if (!ruledOut(name, NOT_FORWARDED) && !named.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
        to.set(REQUEST_ID, request.requestId());
        node.apiKey().ifPresent(key -> {
            switch (node.authScheme()) {
                case X_API_KEY -> to.set("x-api-key", key);
                case BEARER -> to.set("authorization", "Bearer " + key);
                case NONE -> {
                    // The node is open; a stored key stays stored for the day the scheme changes back.
                }
            }
        });
    }

    /** Copies what the caller may see of a node's headers, the content length included. */
    public static void backward(MultiMap from, MultiMap to) {
        Set<String> named = namedByConnection(from);
        for (Map.Entry<String, String> header : from) {
            String name = lower(header.getKey());
            if (!ruledOut(name, NOT_RETURNED) && !named.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static boolean ruledOut(String name, Set<String> more) {
        return name.length() <= LONGEST_RULED && (HOP_BY_HOP.contains(name) || more.contains(name))
                || name.startsWith(OWN_PREFIX);
    }

    private static Set<String> namedByConnection(MultiMap headers) {
        String connection = headers.get("connection");
        if (connection == null) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : headers.getAll("connection")) {
            for (String name : value.split(",")) {
                named.add(lower(name.trim()));
            }
        }
        return named;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
