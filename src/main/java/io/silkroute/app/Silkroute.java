package io.silkroute.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.util.ExceptionUtil;
import io.silkroute.registry.StoreOpening.StoreRefusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Starts the gateway: checks every setting, and, where no database is named, brings one along. */
@QuarkusMain
public final class Silkroute {

    private static final String DATABASE_URL = "DATABASE_URL";
    private static final String DATABASE_EXPECTED = "postgresql://host:5432/db";

    private Silkroute() {}

    /** Runs until the process is told to stop. */
    public static void main(String... args) {
        // Before anything logs, or the JVM's own log manager settles in and the log has two shapes.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        try {
            SettingReader reader = new SettingReader(Silkroute::fromSystem);
            Settings settings = Settings.read(reader);
            Optional<String> database = reader.text(DATABASE_URL);
            if (database.isEmpty()) {
                Path data = Path.of(reader.text("SILKROUTE_DATA").orElse("./data"));
                TryOut.prepare(reader, data, settings.port());
            } else if (!database.get().matches("postgresql://[^/@]+/[^/]+")) {
                throw new SettingException(DATABASE_URL, redacted(database.get()), DATABASE_EXPECTED);
            }
            Secrets.read(reader);
        } catch (SettingException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        Quarkus.run(null, Silkroute::exit, args);
    }

    /** What an operator can mend is said in one line; anything else is a defect, and shows where it is. */
    private static void exit(int code, Throwable failure) {
        if (failure != null) {
            Throwable cause = ExceptionUtil.getRootCause(failure);
            if (cause instanceof StoreRefusal) {
                System.err.println(cause.getMessage());
            } else if (cause instanceof IOException
                    && String.valueOf(cause.getMessage()).contains("in use")) {
                System.err.println(new SettingException(
                                "PORT",
                                System.getenv().getOrDefault("PORT", "8000"),
                                "a port that no other process uses")
                        .getMessage());
            } else {
                failure.printStackTrace();
            }
        }
        System.exit(code);
    }

    /** For an application that brings none along. */
    static SettingException noDatabase() {
        return new SettingException(DATABASE_URL, "not set", DATABASE_EXPECTED);
    }

    /** A URL that is refused may be so because it holds a password. */
    private static String redacted(String url) {
        return url.replaceAll("//[^/]*@", "//***@");
    }

    private static Optional<String> fromSystem(String name) {
        return Optional.ofNullable(System.getProperty(name)).or(() -> Optional.ofNullable(System.getenv(name)));
    }
}
