package io.silkroute.upstream;

import io.silkroute.kernel.Ticker;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The addresses of nodes. A name is resolved once and then kept; when it has grown old it is resolved anew behind the
 * requests, which meanwhile use the old address, so that neither a slow nor a dead name server is felt once a node was
 * reached. A failed connection drops the entry, as the node may have moved. Every address is checked against
 * {@link AddressRules} here, at connect, so a name cannot lead elsewhere after it was saved.
 *
 * <p>Thread-safe.
 */
final class AddressBook {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Entry(InetAddress address, long resolvedAt) {}

    private final VertxInternal vertx;
    private final Ticker ticker;
    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

    AddressBook(Vertx vertx, Ticker ticker) {
        this.vertx = (VertxInternal) vertx;
        this.ticker = ticker;
    }

    /** The address of a host; at once when it is known. Fails with {@link UnknownHostException}. */
    Future<InetAddress> find(String host) {
        Entry known = entries.get(host);
        if (known == null) {
            return resolve(host);
        }
        if (ticker.nanos() - known.resolvedAt > FRESH_NANOS) {
            // Stamped first, so that one request asks and the others do not.
            Entry stamped = new Entry(known.address, ticker.nanos());
            if (entries.replace(host, known, stamped)) {
                resolve(host);
            }
        }
        return Future.succeededFuture(known.address);
    }

    /** Forgets a host whose address did not answer. */
    void forget(String host) {
        entries.remove(host);
    }

    private Future<InetAddress> resolve(String host) {
        Promise<InetAddress> promise = Promise.promise();
        vertx.resolveAddress(host, result -> keep(host, result, promise));
        return promise.future();
    }

    private void keep(String host, AsyncResult<InetAddress> result, Promise<InetAddress> promise) {
        if (result.failed()) {
            promise.fail(new UnknownHostException(host + ": name not resolved"));
        } else if (AddressRules.refused(result.result())) {
            entries.remove(host);
            promise.fail(new UnknownHostException(host + ": link-local or metadata address refused"));
        } else {
            entries.put(host, new Entry(result.result(), ticker.nanos()));
            promise.complete(result.result());
        }
    }
}
