package io.silkroute.app;

import io.silkroute.registry.SecretBox;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Lets the gateway run with nothing set up before: a PostgreSQL of its own, and keys made once. What is made is kept in the
 * data folder and handed to the rest of the start as system properties, as if an operator had set it.
 */
final class TryOut {

    /** Set while the database is embedded. */
    static final String EMBEDDED = "silkroute.embedded";

    private static final int ADMIN_KEY_BYTES = 24;

    private TryOut() {}

    /**
     * Starts the database and provides what is not set.
     *
     * @throws SettingException when the data folder cannot be used, or there is no database to bring along
     */
    static void prepare(SettingReader reader, Path data, int port) {
        if (!EmbeddedDatabase.isBundled()) {
            throw Silkroute.noDatabase();
        }
        try {
            DataFolder folder = DataFolder.open(data);
            EmbeddedDatabase database = EmbeddedDatabase.start(folder);
            System.setProperty("DATABASE_URL", database.url());
            System.setProperty("DATABASE_USERNAME", EmbeddedDatabase.USER);
            System.setProperty(EMBEDDED, "true");
            provide(reader, Secrets.SECRETS_KEY, folder, "secrets.key", TryOut::newSecretsKey);
            provide(reader, Secrets.ADMIN_API_KEY, folder, "admin.key", TryOut::newAdminKey);
            announce(reader, folder, port);
        } catch (IOException e) {
            throw new SettingException("SILKROUTE_DATA", data.toString(), "a folder to write to; " + e.getMessage());
        }
    }

    private static void provide(
            SettingReader reader, String name, DataFolder folder, String file, Supplier<String> maker)
            throws IOException {
        if (reader.text(name).isEmpty()) {
            System.setProperty(name, folder.secret(file, maker));
        }
    }

    /** To the console and not to the log, which may be shipped elsewhere. */
    private static void announce(SettingReader reader, DataFolder folder, int port) {
        System.out.printf(
                "Silkroute to try out, on an embedded PostgreSQL in %s%n  proxy key  default-proxy-key%n  admin key  %s%n"
                        + "  address    http://localhost:%d%n",
                folder.path(), reader.text(Secrets.ADMIN_API_KEY).orElseThrow(), port);
    }

    private static String newAdminKey() {
        return "admin_" + HexFormat.of().formatHex(random(ADMIN_KEY_BYTES));
    }

    private static String newSecretsKey() {
        return Base64.getEncoder().encodeToString(random(SecretBox.KEY_BYTES));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
