package io.silkroute.upstream;

import io.netty.channel.EventLoop;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.NodeSpec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
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
 * The upstream client on Vert.x. Each event loop has HTTP clients of its own, so that a request and its upstream connection
 * stay on the loop they came in on and no two loops contend for one pool. Over TLS a node chooses between HTTP/2 and HTTP/1.1
 * (ALPN, RFC 7301); in the clear it is HTTP/1.1.
 */
public final class VertxUpstreamClient implements UpstreamClient {

    /** Per event loop and node. The pool sets room for this many slots aside, so it is not simply without limit. */
    private static final int MAX_CONNECTIONS = 8192;

    private static final int MAX_HEADER_BYTES = 64 * 1024;

    /** On one HTTP/2 connection; the next request opens another. */
    private static final int MAX_STREAMS = 64;

    /** What a node may send of one response ahead of its reader. */
    private static final int STREAM_WINDOW = 256 * 1024;

    /** Enough for all streams of a connection, so that a caller who does not read holds nobody up but himself. */
    private static final int CONNECTION_WINDOW = MAX_STREAMS * STREAM_WINDOW;

    /** For what still runs on a connection that is given up. */
    private static final long LAST_STREAMS_HOURS = 1;

    private final Vertx vertx;
    private final UpstreamSettings settings;
    private final AddressBook addresses;
    private final Ticker ticker;
    private final ConcurrentMap<EventLoop, Clients> clients = new ConcurrentHashMap<>();

    public VertxUpstreamClient(Vertx vertx, UpstreamSettings settings, Ticker ticker) {
        this.vertx = vertx;
        this.settings = settings;
        this.ticker = ticker;
        this.addresses = new AddressBook(vertx, ticker);
    }

    /** In the clear, ALPN is not there to choose by, so the two differ. */
    private record Clients(HttpClient clear, HttpClient tls) {
        HttpClient of(NodeSpec node) {
            return isTls(node) ? tls : clear;
        }
    }

    @Override
    public UpstreamCall start(NodeSpec node, UpstreamRequest request, AttemptLimits limits) {
        if (!Context.isOnEventLoopThread()) {
            throw new IllegalStateException("an upstream call belongs to the event loop of its caller");
        }
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        VertxUpstreamCall call = new VertxUpstreamCall(vertx, node, request, settings, ticker, limits);
        call.begin(addresses, clients(context.nettyEventLoop()).of(node));
        return call;
    }

    /**
     * Sees to it that the pool of this event loop has an idle connection to the node. To be called on an event loop; fails
     * when the node cannot be connected to.
     */
    Future<Void> connect(NodeSpec node) {
        HttpClient client = clients(((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop())
                .of(node);
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
        boolean tls = isTls(node);
        int port = base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80;
        return client.request(new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(base.getHost())
                .setPort(port)
                .setSsl(tls)
                .setMethod(method)
                .setURI(target.isEmpty() ? "/" : target));
    }

    /**
     * Ends an exchange that got stuck. An HTTP/2 connection is shared, and silence on it may mean that it is dead though nobody
     * closed it: it takes no new requests from here on, and ends with those it has.
     */
    static void giveUp(HttpClientRequest request) {
        request.reset();
        if (request.version() == HttpVersion.HTTP_2) {
            request.connection().shutdown(LAST_STREAMS_HOURS, TimeUnit.HOURS);
        }
    }

    private static boolean isTls(NodeSpec node) {
        return node.baseUrl().getScheme().equals("https");
    }

    private Clients clients(EventLoop loop) {
        Clients known = clients.get(loop);
        return known != null ? known : clients.computeIfAbsent(loop, l -> new Clients(clear(), tls()));
    }

    private HttpClient clear() {
        return vertx.createHttpClient(options(), new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    }

    private HttpClient tls() {
        HttpClientOptions options = options()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setHttp2MultiplexingLimit(MAX_STREAMS)
                .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW))
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW);
        return vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setHttp2MaxSize(MAX_CONNECTIONS));
    }

    private HttpClientOptions options() {
        int connectMillis = (int) settings.connectTimeout().toMillis();
        return new HttpClientOptions()
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_HEADER_BYTES);
    }
}
