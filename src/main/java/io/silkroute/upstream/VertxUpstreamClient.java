package io.silkroute.upstream;

import io.netty.channel.EventLoop;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.NodeSpec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The upstream client on Vert.x. Each event loop has an HTTP client of its own, so that a request and its upstream connection
 * stay on the loop they came in on and no two loops contend for one pool.
 */
public final class VertxUpstreamClient implements UpstreamClient {

    /** Per event loop and node. The pool sets room for this many slots aside, so it is not simply without limit. */
    private static final int MAX_CONNECTIONS = 8192;

    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final UpstreamSettings settings;
    private final AddressBook addresses;
    private final Ticker ticker;
    private final ConcurrentMap<EventLoop, HttpClient> clients = new ConcurrentHashMap<>();

    public VertxUpstreamClient(Vertx vertx, UpstreamSettings settings, Ticker ticker) {
        this.vertx = vertx;
        this.settings = settings;
        this.ticker = ticker;
        this.addresses = new AddressBook(vertx, ticker);
    }

    @Override
    public UpstreamCall start(NodeSpec node, UpstreamRequest request, AttemptLimits limits) {
        if (!Context.isOnEventLoopThread()) {
            throw new IllegalStateException("an upstream call belongs to the event loop of its caller");
        }
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        VertxUpstreamCall call = new VertxUpstreamCall(vertx, node, request, settings, ticker, limits);
        call.begin(addresses, client(context.nettyEventLoop()));
        return call;
    }

    /**
     * Sees to it that the pool of this event loop has an idle connection to the node. To be called on an event loop; fails
     * when the node cannot be connected to.
     */
    Future<Void> connect(NodeSpec node) {
        HttpClient client = client(((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop());
        return addresses
                .find(node.baseUrl().getHost())
                .flatMap(address -> connect(client, node, HttpMethod.OPTIONS, "", address))
                // Taken back before anything is sent, which leaves the connection in the pool.
                .map(request -> {
                    request.exceptionHandler(taken -> {});
                    request.reset();
                    return null;
                });
    }

    /** Asks for a connection to the address of the node, under the name of the node. */
    static Future<HttpClientRequest> connect(
            HttpClient client, NodeSpec node, HttpMethod method, String uri, InetAddress address) {
        URI base = node.baseUrl();
        String target = base.getRawPath() + uri;
        boolean tls = base.getScheme().equals("https");
        int port = base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80;
        return client.request(new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(base.getHost())
                .setPort(port)
                .setSsl(tls)
                .setMethod(method)
                .setURI(target.isEmpty() ? "/" : target));
    }

    private HttpClient client(EventLoop loop) {
        HttpClient known = clients.get(loop);
        return known != null ? known : clients.computeIfAbsent(loop, l -> newClient());
    }

    private HttpClient newClient() {
        int connectMillis = (int) settings.connectTimeout().toMillis();
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_HEADER_BYTES);
        return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    }
}
