package io.silkroute.admin;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What operators send to make an account; the record's fields are the schema, the readers the rules. */
@Schema(description = "An account to be made")
public record AccountForm(
        @Schema(description = "Unique", examples = "team-a", required = true)
        String name,

        @Schema(description = "The key of its callers; made (256 random bits) when not given")
        String proxyApiKey) {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N} ._:/@-]{0,98}[\\p{L}\\p{N}])?");
    private static final String NAME_EXPECTED =
            "1 to 100 letters, digits, spaces or any of . _ : / @ -, a letter or digit first and last";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{16,512}");
    private static final String KEY_EXPECTED = "16 to 512 visible ASCII characters";
    private static final int MADE_KEY_BYTES = 32;

    /**
     * Reads a new account, making a key where none is given.
     *
     * @throws ProblemException when anything is wrong
     */
    static AccountForm readNew(String body) {
        Form form = Form.parse(body, Set.of("name", "proxy_api_key"));
        form.require("name", NAME_EXPECTED);
        Optional<String> name = form.text("name", NAME_EXPECTED, AccountForm::name);
        Optional<String> key = key(form);
        form.check();
        return new AccountForm(name.orElseThrow(), key.orElseGet(AccountForm::madeKey));
    }

    /**
     * Reads another name for an account.
     *
     * @throws ProblemException when anything is wrong
     */
    static String readName(String body) {
        Form form = Form.parse(body, Set.of("name"));
        form.require("name", NAME_EXPECTED);
        Optional<String> name = form.text("name", NAME_EXPECTED, AccountForm::name);
        form.check();
        return name.orElseThrow();
    }

    /**
     * Reads the key to rotate to, or makes one where none is given.
     *
     * @throws ProblemException when anything is wrong
     */
    static String readKey(String body) {
        Form form = Form.parse(body == null || body.isBlank() ? "{}" : body, Set.of("proxy_api_key"));
        Optional<String> key = key(form);
        form.check();
        return key.orElseGet(AccountForm::madeKey);
    }

    private static Optional<String> key(Form form) {
        return form.text("proxy_api_key", KEY_EXPECTED, AccountForm::usableKey, hidden -> null);
    }

    private static Optional<String> usableKey(String text) {
        return Optional.of(text).filter(t -> KEY.matcher(t).matches());
    }

    private static Optional<String> name(String text) {
        return Optional.of(text).filter(t -> NAME.matcher(t).matches());
    }

    private static String madeKey() {
        byte[] bits = new byte[MADE_KEY_BYTES];
        new SecureRandom().nextBytes(bits);
        return "sr_" + HexFormat.of().formatHex(bits);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "account " + name;
    }
}
