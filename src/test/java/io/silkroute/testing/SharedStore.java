package io.silkroute.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** A PostgreSQL for several processes, which can be stopped and comes back where it was. */
public final class SharedStore implements AutoCloseable {

    static final String SECRETS_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private final Path files;
    private EmbeddedPostgres postgres;
    private int port;

    private SharedStore(Path files) {
        this.files = files;
    }

    public static SharedStore start(Path files) {
        SharedStore store = new SharedStore(files);
        store.restart();
        return store;
    }

    /** What a process needs to know. */
    public Map<String, String> environment() {
        return Map.of(
                "DATABASE_URL",
                "postgresql://127.0.0.1:" + port + "/postgres",
                "DATABASE_USERNAME",
                "postgres",
                "SECRETS_KEY",
                SECRETS_KEY);
    }

    public void stop() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void restart() {
        try {
            var builder = EmbeddedPostgres.builder().setDataDirectory(files).setCleanDataDirectory(false);
            if (port != 0) {
                builder.setPort(port);
            }
            postgres = builder.start();
            port = postgres.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
