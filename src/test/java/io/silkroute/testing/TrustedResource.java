package io.silkroute.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A certificate that the whole JVM trusts while the application runs, as an operator would have it for nodes of his own. */
public final class TrustedResource implements QuarkusTestResourceLifecycleManager {

    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";

    private final SelfSigned certificate = SelfSigned.make();

    @Override
    public Map<String, String> start() {
        System.setProperty(STORE, certificate.store().toString());
        System.setProperty(PASSWORD, SelfSigned.PASSWORD);
        return Map.of();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(certificate, new TestInjector.MatchesType(SelfSigned.class));
    }

    @Override
    public void stop() {
        System.clearProperty(STORE);
        System.clearProperty(PASSWORD);
    }
}
