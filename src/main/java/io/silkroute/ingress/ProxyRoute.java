package io.silkroute.ingress;

import io.silkroute.failover.Delivery;
import io.silkroute.failover.Exchange;
import io.silkroute.failover.FailoverRouter;
import io.silkroute.failover.Verdict;
import io.silkroute.routing.Account;
import io.silkroute.routing.Routing;
import io.silkroute.stream.Dialect;
import io.silkroute.upstream.BodyMemory;
import io.silkroute.upstream.HeaderRules;
import io.silkroute.upstream.UpstreamRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The way in for callers: authenticates, reads the body, hands the request to the {@link FailoverRouter}, and writes what
 * comes back. All on the event loop of the caller's connection.
 */
@Singleton
public class ProxyRoute {

    private static final Logger LOG = Logger.getLogger(ProxyRoute.class);

    /** Before any route of the framework: proxied paths belong to the nodes. */
    static final int FIRST = Integer.MIN_VALUE;

    /** Of a request; {@link Delivery} lists its values. */
    private static final String DELIVERY = "x-silkroute-delivery";

    private final Routing routing;
    private final CallerAuthentication authentication;
    private final FailoverRouter router;
    private final BodyMemory memory;
    private final IngressSettings settings;
    private final Drain drain;
    private final Vertx vertx;

    @Inject
    public ProxyRoute(
            Routing routing,
            FailoverRouter router,
            BodyMemory memory,
            IngressSettings settings,
            Drain drain,
            Vertx vertx) {
        this.drain = drain;
        this.vertx = vertx;
        this.routing = routing;
        this.authentication = new CallerAuthentication(routing);
        this.router = router;
        this.memory = memory;
        this.settings = settings;
    }

    void install(@Observes Router http) {
        settings.paths().forEach(path -> http.route(path).order(FIRST).handler(this::handle));
    }

    private void handle(RoutingContext context) {
        drain.count(context);
        HttpServerRequest request = context.request();
        String requestId = RequestIds.of(request.getHeader(HeaderRules.REQUEST_ID));
        if (!routing.loaded()) {
            ProxyErrors.starting(request.response(), requestId);
            request.resume();
            return;
        }
        Optional<Account> account = authentication.account(request.headers());
        if (account.isEmpty()) {
            ProxyErrors.unauthorized(request.response(), requestId);
            // Read what is left of the body, into nothing: the connection may carry a better request next.
            request.resume();
            return;
        }
        if ("websocket".equalsIgnoreCase(request.getHeader("upgrade"))) {
            ProxyErrors.noWebSockets(request.response(), requestId);
            request.resume();
            return;
        }
        String asked = request.getHeader(DELIVERY);
        Optional<Delivery> delivery = asked == null ? Optional.of(settings.delivery()) : Delivery.of(asked);
        if (delivery.isEmpty()) {
            ProxyErrors.unknownDelivery(request.response(), DELIVERY, asked, requestId);
            request.resume();
            return;
        }
        String uri = forwardedUri(context);
        BodyReader.read(
                request,
                memory,
                body -> forward(
                        context,
                        router.open(
                                account.get(),
                                new UpstreamRequest(request.method(), uri, request.headers(), requestId, body),
                                delivery.get())));
    }

    private void forward(RoutingContext context, Exchange exchange) {
        HttpServerRequest request = context.request();
        Runnable endWait =
                exchange.delivery() == Delivery.ASSURED ? KeepAlive.begin(vertx, exchange, request) : () -> {};
        // The context's own handlers, of which there may be several: the response has room for one of each kind.
        context.addEndHandler(ended -> {
            endWait.run();
            if (ended.failed()) {
                exchange.callerLeft();
            } else if (!exchange.request().body().replayable()) {
                // Answered before all of a large body was read: nobody wants the rest, and nothing can follow it.
                closeUnlessRead(request);
            }
        });
        router.route(exchange).whenComplete((upstream, error) -> {
            endWait.run();
            try {
                if (error == null) {
                    ReplyWriter.reply(exchange, upstream, request);
                } else {
                    conclude(exchange, request);
                }
            } catch (RuntimeException e) {
                // A defect of ours must not leave the caller waiting.
                LOG.errorf(
                        e,
                        "request %s failed inside the gateway",
                        exchange.request().requestId());
                exchange.callerLeft();
                ReplyWriter.breakOff(request);
            }
        });
    }

    private static void closeUnlessRead(HttpServerRequest request) {
        // On HTTP/2 it is only one stream of many, and ends by itself.
        if (!request.isEnded() && request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        }
    }

    private void conclude(Exchange exchange, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String requestId = exchange.request().requestId();
        Verdict verdict = exchange.verdict();
        if (verdict instanceof Verdict.CallerLeft) {
            return;
        }
        if (verdict instanceof Verdict.Relay relay) {
            ReplyWriter.reply(exchange, relay.response(), request);
        } else if (response.headWritten()) {
            ReplyHeaders.putWay(exchange, response.trailers());
            ProxyErrors.endStream(
                    response, verdict, Dialect.ofPath(exchange.request().uri()));
        } else if (verdict instanceof Verdict.AllFailed allFailed) {
            ReplyHeaders.put(exchange, response.headers());
            ProxyErrors.allFailed(response, allFailed, requestId);
        } else if (verdict instanceof Verdict.NoNode noNode) {
            ProxyErrors.noNode(response, noNode, requestId);
        }
    }

    /**
     * Path and query as the caller wrote them, unless the path climbs: the route was chosen by the path without its dots, and
     * the node must see the path that was chosen by.
     */
    private static String forwardedUri(RoutingContext context) {
        HttpServerRequest request = context.request();
        String path = request.path();
        if (!path.contains("/.") && !path.contains("%2")) {
            return request.uri();
        }
        String query = request.query();
        return query == null ? context.normalizedPath() : context.normalizedPath() + '?' + query;
    }
}
