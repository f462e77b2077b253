package io.silkroute.ingress;

import io.silkroute.failover.Exchange;
import io.silkroute.upstream.HeaderRules;
import io.vertx.core.MultiMap;

/** The headers that tell a caller which way its request went. */
final class ReplyHeaders {

    static final String NODE = "x-silkroute-node";
    static final String ATTEMPTS = "x-silkroute-attempts";

    private ReplyHeaders() {}

    static void put(Exchange exchange, MultiMap headers) {
        headers.set(HeaderRules.REQUEST_ID, exchange.request().requestId());
        putWay(exchange, headers);
    }

    /** Node and attempts alone, where the id went out before. */
    static void putWay(Exchange exchange, MultiMap headers) {
        exchange.answeredBy().ifPresent(node -> headers.set(NODE, node));
        String attempts = exchange.ledger().toHeader();
        if (!attempts.isEmpty()) {
            headers.set(ATTEMPTS, attempts);
        }
    }
}
