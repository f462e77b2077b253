package io.silkroute.admin;

import io.silkroute.registry.NodeDraft;
import io.silkroute.registry.NodeDraft.KeyChange;
import io.silkroute.routing.AuthScheme;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What operators send to make or change a node; the record's fields are the schema, {@link #read} the rules.
 */
@Schema(description = "A node to be made or changed")
public record NodeForm(
        @Schema(description = "Unique within the account; goes into response headers", examples = "n1", required = true)
        String name,

        @Schema(
                description = "Where requests are sent: this plus the request's path",
                examples = "https://llm.example.com")
        String baseUrl,

        @Schema(
                description = "Priority: the smallest is preferred",
                defaultValue = "100",
                minimum = "0",
                maximum = "10000")
        Integer weight,

        @Schema(
                description = "Share among nodes that serve together",
                defaultValue = "100",
                minimum = "0",
                maximum = "100")
        Integer trafficWeight,

        @Schema(description = "The node's own key; null removes it, it is never shown again", nullable = true)
        String apiKey,

        @Schema(
                description = "How the key is sent",
                defaultValue = "x-api-key",
                enumeration = {"x-api-key", "bearer", "none"})
        String authScheme,

        @Schema(
                description = "Requests at a time; null for no limit",
                nullable = true,
                minimum = "1",
                maximum = "1000000")
        Integer maxConcurrency) {

    private static final Set<String> FIELDS =
            Set.of("name", "base_url", "weight", "traffic_weight", "api_key", "auth_scheme", "max_concurrency");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._:/@-]{0,62}[A-Za-z0-9])?");
    private static final String NAME_EXPECTED =
            "1 to 64 letters, digits, spaces or any of . _ : / @ -, a letter or digit first and last";
    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7E]{1,4096}");
    private static final String KEY_EXPECTED = "1 to 4096 visible ASCII characters, or null";
    private static final int MOST_WEIGHT = 10_000;
    private static final int MOST_CONCURRENCY = 1_000_000;

    private static final NodeDraft DEFAULTS =
            new NodeDraft("", URI.create(""), 100, 100, AuthScheme.X_API_KEY, Optional.empty(), new KeyChange.Keep());

    /**
     * Reads a whole node: fields that are not given take their defaults, an absent key stays as it is.
     *
     * @throws ProblemException when anything is wrong
     */
    static NodeDraft readWhole(String body) {
        Form form = Form.parse(body, FIELDS);
        form.require("name", NAME_EXPECTED);
        form.require("base_url", BaseUrl.EXPECTED);
        return read(form, DEFAULTS);
    }

    /**
     * Reads a change: fields that are not given stay as they are.
     *
     * @throws ProblemException when anything is wrong
     */
    static NodeDraft readChange(String body, NodeDraft stored) {
        return read(Form.parse(body, FIELDS), stored);
    }

    private static NodeDraft read(Form form, NodeDraft base) {
        NodeDraft draft = new NodeDraft(
                form.text("name", NAME_EXPECTED, NodeForm::name).orElse(base.name()),
                form.text("base_url", BaseUrl.EXPECTED, BaseUrl::parse, BaseUrl::shown)
                        .orElse(base.baseUrl()),
                form.integer("weight", 0, MOST_WEIGHT).orElse(base.weight()),
                form.integer("traffic_weight", 0, 100).orElse(base.trafficWeight()),
                form.text("auth_scheme", "x-api-key, bearer or none", AuthScheme::of)
                        .orElse(base.authScheme()),
                maxConcurrency(form, base),
                key(form));
        form.check();
        return draft;
    }

    private static Optional<String> name(String text) {
        return Optional.of(text).filter(t -> NAME.matcher(t).matches());
    }

    private static Optional<Integer> maxConcurrency(Form form, NodeDraft base) {
        if (!form.has("max_concurrency")) {
            return base.maxConcurrency();
        }
        return form.isNull("max_concurrency") ? Optional.empty() : form.integer("max_concurrency", 1, MOST_CONCURRENCY);
    }

    private static KeyChange key(Form form) {
        if (!form.has("api_key")) {
            return new KeyChange.Keep();
        }
        if (form.isNull("api_key")) {
            return new KeyChange.Remove();
        }
        return form.text("api_key", KEY_EXPECTED, NodeForm::replacement, hidden -> null)
                .orElseGet(KeyChange.Keep::new);
    }

    private static Optional<KeyChange> replacement(String key) {
        return HEADER_SAFE.matcher(key).matches() ? Optional.of(new KeyChange.Replace(key)) : Optional.empty();
    }
}
