package io.silkroute.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests, and in it a fresh database for each start of the application. */
public final class StoreResource implements QuarkusTestResourceLifecycleManager {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("DATABASE_URL", freshDatabase());
        settings.put("DATABASE_USERNAME", "postgres");
        settings.put("ADMIN_API_KEY", Operator.KEY);
        settings.put("SECRETS_KEY", SharedStore.SECRETS_KEY);
        // Short, so that nodes that hang are found out soon.
        settings.put("RETRY_PER_REQUEST_TIMEOUT_SEC", "1");
        settings.put("CONNECT_TIMEOUT_MS", "300");
        settings.put("WARMUP_TIMEOUT_MS", "300");
        // Nobody balances tests.
        settings.put("DRAIN_TIMEOUT_SEC", "0");
        // None in between, which could find out first what a test wants a request to find out.
        settings.put("HEALTH_INTERVAL_SEC", "86400");
        // Tests share the budget; the one about it sets its own.
        settings.put("RETRY_BUDGET_MIN_PER_SEC", "100000");
        return settings;
    }

    private static synchronized String freshDatabase() {
        try {
            if (postgres == null) {
                postgres = EmbeddedPostgres.start();
            }
            String name = "silkroute_" + DATABASES.incrementAndGet();
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            }
            return "postgresql://127.0.0.1:" + postgres.getPort() + "/" + name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        // The server ends with the JVM; the next start only takes another database.
    }
}
