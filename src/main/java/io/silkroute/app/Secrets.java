package io.silkroute.app;

import io.silkroute.registry.SecretBox;
import java.util.Base64;

/**
 * The keys that the gateway itself holds, checked.
 *
 * @param adminKey what operators authenticate with
 * @param secretsKey what node keys are encrypted with
 */
record Secrets(String adminKey, byte[] secretsKey) {

    static final String ADMIN_API_KEY = "ADMIN_API_KEY";
    static final String SECRETS_KEY = "SECRETS_KEY";
    private static final int SHORTEST_ADMIN_KEY = 16;
    private static final String ADMIN_EXPECTED = "at least " + SHORTEST_ADMIN_KEY + " visible ASCII characters";
    private static final String SECRETS_EXPECTED = SecretBox.KEY_BYTES + " bytes in base64";

    /**
     * Reads both keys; a bad value is described, never repeated.
     *
     * @throws SettingException when one is missing or cannot be used
     */
    static Secrets read(SettingReader reader) {
        return new Secrets(adminKey(reader), secretsKey(reader));
    }

    private static String adminKey(SettingReader reader) {
        String key = required(reader, ADMIN_API_KEY, ADMIN_EXPECTED);
        if (!key.matches("[\\x21-\\x7E]{" + SHORTEST_ADMIN_KEY + ",}")) {
            throw new SettingException(ADMIN_API_KEY, "a text of " + key.length() + " characters", ADMIN_EXPECTED);
        }
        return key;
    }

    private static byte[] secretsKey(SettingReader reader) {
        String key = required(reader, SECRETS_KEY, SECRETS_EXPECTED);
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            if (bytes.length == SecretBox.KEY_BYTES) {
                return bytes;
            }
            throw new SettingException(SECRETS_KEY, bytes.length + " bytes in base64", SECRETS_EXPECTED);
        } catch (IllegalArgumentException e) {
            throw new SettingException(SECRETS_KEY, "not base64", SECRETS_EXPECTED);
        }
    }

    private static String required(SettingReader reader, String name, String expected) {
        return reader.text(name).orElseThrow(() -> new SettingException(name, "not set", expected));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "Secrets";
    }
}
