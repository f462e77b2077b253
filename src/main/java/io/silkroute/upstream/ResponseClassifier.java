package io.silkroute.upstream;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.silkroute.kernel.FailureCause;
import io.silkroute.routing.NodeSpec;
import io.silkroute.stream.Meaning;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Classifies, once, what came back from a node: a status, or an exception of the client. Stateless. */
final class ResponseClassifier {

    private static final int OVERLOADED = 529;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> KEY_REJECTED = Set.of(401, 402, 403);

    private ResponseClassifier() {}

    /** The failure that a status means, or empty when the response is the caller's. */
    static Optional<FailureCause> ofStatus(int status, NodeSpec node, Set<Integer> retryOnStatus) {
        if (status < 200) {
            // 100 and 103 never get here; what follows any other interim response is lost.
            return Optional.of(FailureCause.PROTOCOL);
        }
        if (status < 400) {
            return Optional.empty();
        }
        if (status == OVERLOADED) {
            return Optional.of(FailureCause.OVERLOADED);
        }
        if (status == TOO_MANY_REQUESTS) {
            return Optional.of(FailureCause.RATE_LIMITED);
        }
        if (KEY_REJECTED.contains(status) && node.usesOwnKey()) {
            return Optional.of(FailureCause.AUTH_REJECTED);
        }
        return status >= 500 || retryOnStatus.contains(status)
                ? Optional.of(FailureCause.STATUS_5XX)
                : Optional.empty();
    }

    /** The failure that an event means which comes before any content. */
    static UpstreamException ofStream(Meaning event) {
        if (event.kind() == Meaning.Kind.MALFORMED) {
            return new UpstreamException(FailureCause.PROTOCOL, "malformed event");
        }
        FailureCause cause =
                switch (event.errorType()) {
                    case "overloaded_error" -> FailureCause.OVERLOADED;
                    case "rate_limit_error" -> FailureCause.RATE_LIMITED;
                    default -> FailureCause.STREAM_ERROR;
                };
        return new UpstreamException(cause, "error event " + event.errorType() + ": " + event.message());
    }

    /** The failure that kept a connection from being made. */
    static UpstreamException whileConnecting(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return of(FailureCause.DNS, failure);
        }
        if (failure instanceof ConnectTimeoutException) {
            return of(FailureCause.CONNECT_TIMEOUT, failure);
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return of(FailureCause.CONNECT_REFUSED, failure);
        }
        if (has(failure, SSLException.class)) {
            return of(FailureCause.TLS, failure);
        }
        // Nothing was sent, whatever it was: an unreachable network, an address that may not be used.
        return of(FailureCause.CONNECT_REFUSED, failure);
    }

    /** The failure that ended a connection on which the request was, or was being, sent. */
    static UpstreamException whileExchanging(Throwable failure) {
        if (failure instanceof PrematureChannelClosureException) {
            return of(FailureCause.RESET, failure);
        }
        if (failure instanceof DecoderException || failure instanceof IllegalArgumentException) {
            return of(FailureCause.PROTOCOL, failure);
        }
        return of(FailureCause.RESET, failure);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static UpstreamException of(FailureCause cause, Throwable failure) {
        String message = failure.getMessage();
        boolean plain = failure instanceof IOException || failure instanceof RuntimeException;
        return new UpstreamException(
                cause, message == null || !plain ? failure.getClass().getSimpleName() : message);
    }
}
