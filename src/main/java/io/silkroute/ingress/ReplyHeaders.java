package io.silkroute.ingress;

import io.silkroute.failover.Exchange;
import io.silkroute.upstream.HeaderRules;
import io.vertx.core.http.HttpServerResponse;

/** The headers that tell a caller which way its request went. */
final class ReplyHeaders {

    private static final String NODE = "x-silkroute-node";
    private static final String ATTEMPTS = "x-silkroute-attempts";

    private ReplyHeaders() {}

    static void put(Exchange exchange, HttpServerResponse response) {
        response.putHeader(HeaderRules.REQUEST_ID, exchange.request().requestId());
        exchange.answeredBy().ifPresent(node -> response.putHeader(NODE, node));
        String attempts = exchange.ledger().toHeader();
        if (!attempts.isEmpty()) {
            response.putHeader(ATTEMPTS, attempts);
        }
    }
}
